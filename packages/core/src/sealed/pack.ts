import { type Bytes, concatBytes, plainBytes } from '../bytes.ts';
import { deflate, inflate } from '../deflate.ts';
import { CoreError } from '../error.ts';
import { padmeSize } from './padme.ts';

const packVersion = 1;
const prefixSizeBytes = 5;
const maxContentSizeBytes = 512 * 1024 * 1024;

// Under this size the platform's streams cost more than what is done at once; above it they are faster, do not hold up
// the thread and can be stopped. DEFLATE gains at most 1032 times, so what inflates at once stays under 68 MB.
const streamFromSizeBytes = 64 * 1024;

/** Content deflated and padded, ready to be sealed (docs/format/sealing.md, payloads). */
export async function packContent(content: Uint8Array): Promise<Bytes> {
  if (content.length > maxContentSizeBytes)
    throw new CoreError('PAYLOAD_INVALID', 'The content is too large', { fields: { maxContentSizeBytes } });
  const deflated = content.length < streamFromSizeBytes ? deflate(content) : await deflateStreamed(plainBytes(content));
  const packed = new Uint8Array(padmeSize(prefixSizeBytes + deflated.length));
  packed[0] = packVersion;
  new DataView(packed.buffer).setUint32(1, deflated.length);
  packed.set(deflated, prefixSizeBytes);
  return packed;
}

/**
 * The content of what `packContent` made. Throws PAYLOAD_INVALID for a packing that breaks a rule of the format, and
 * for a content over `maxSizeBytes`.
 */
export async function unpackContent(packed: Uint8Array, maxSizeBytes = maxContentSizeBytes): Promise<Bytes> {
  const parts: Uint8Array[] = [];
  for await (const part of unpackParts(packed, maxSizeBytes)) parts.push(part);
  const [first] = parts;
  return parts.length === 1 && first !== undefined ? plainBytes(first) : concatBytes(...parts);
}

/** The same in parts, for content that need not be held whole. Throws as `unpackContent`, before a part or after some. */
export async function* unpackParts(
  packed: Uint8Array,
  maxSizeBytes = maxContentSizeBytes,
): AsyncGenerator<Uint8Array, void, undefined> {
  const deflated = deflatedIn(packed);
  if (deflated.length >= streamFromSizeBytes) return yield* inflateStreamed(deflated, maxSizeBytes);
  const inflated = inflate(deflated, { maxBytes: maxSizeBytes });
  if (inflated === null || inflated.restBytes > 0) throw payloadInvalid();
  yield inflated.content;
}

function deflatedIn(packed: Uint8Array): Bytes {
  if (packed.length < prefixSizeBytes || packed[0] !== packVersion) throw payloadInvalid();
  const deflatedSize = new DataView(packed.buffer, packed.byteOffset, packed.byteLength).getUint32(1);
  const end = prefixSizeBytes + deflatedSize;
  if (end > packed.length || padmeSize(end) !== packed.length) throw payloadInvalid();
  if (packed.subarray(end).some((byte) => byte !== 0)) throw payloadInvalid();
  return plainBytes(packed.subarray(prefixSizeBytes, end));
}

function payloadInvalid(cause?: unknown): CoreError {
  return new CoreError('PAYLOAD_INVALID', 'A payload is not packed as it must be', { cause });
}

async function deflateStreamed(content: Bytes): Promise<Bytes> {
  const stream = new Blob([content]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function* inflateStreamed(deflated: Bytes, maxSizeBytes: number): AsyncGenerator<Uint8Array, void, undefined> {
  let sizeBytes = 0;
  const reader = new Blob([deflated]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  try {
    while (true) {
      const { done, value } = await read(reader);
      if (done) return;
      sizeBytes += value.length;
      if (sizeBytes > maxSizeBytes) throw payloadInvalid();
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function read(reader: ReadableStreamDefaultReader<Uint8Array>) {
  try {
    return await reader.read();
  } catch (cause) {
    throw payloadInvalid(cause);
  }
}
