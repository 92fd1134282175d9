import { type Bytes, concatBytes, equalSecret, plainBytes } from '../bytes.ts';
import { type RandomSource, randomBytes } from '../random.ts';
import { tagSizeBytes } from './aead.ts';
import type { PieceSink } from './chunk-pipeline.ts';
import {
  chunkSizeBytes,
  commitmentSizeBytes,
  deriveSecrets,
  importMessageKey,
  type MessageKey,
  maxChunks,
  openChunk,
  openChunks,
  prefixSizeBytes,
  type SealingKey,
  saltSizeBytes,
  sealChunk,
  sealChunks,
  sealedChunkSizeBytes,
  sealedInvalid,
} from './chunks.ts';
import { type ChunkWork, type MessageWriter, messageWriter } from './message-writer.ts';

/** Size of a sealed message of `clearSizeBytes`. */
export function sealedSize(clearSizeBytes: number): number {
  return prefixSizeBytes + clearSizeBytes + tagSizeBytes * chunkCountOf(clearSizeBytes);
}

/** Clear size of a sealed message of `sealedSizeBytes`. Throws SEALED_INVALID for a size that no message has. */
export function clearSize(sealedSizeBytes: number): number {
  const body = sealedSizeBytes - prefixSizeBytes;
  const last = body % sealedChunkSizeBytes;
  const fullChunks = Math.floor(body / sealedChunkSizeBytes);
  if (!Number.isSafeInteger(body) || body < 0 || last < tagSizeBytes || fullChunks >= maxChunks) throw sealedInvalid();
  return fullChunks * chunkSizeBytes + last - tagSizeBytes;
}

/**
 * Seals `clear` as one message (docs/format/sealing.md, C2SP chunked-encryption). `clear` must not change before the
 * promise settles. Throws KEY_INVALID when `key` has not 32 bytes.
 */
export async function sealBytes(
  key: SealingKey,
  context: Uint8Array,
  clear: Uint8Array,
  random: RandomSource = randomBytes,
): Promise<Bytes> {
  const salt = random(saltSizeBytes);
  const secrets = deriveSecrets(key, context, salt);
  const sealed = new Uint8Array(sealedSize(clear.length));
  sealed.set(salt);
  sealed.set(secrets.commitment, saltSizeBytes);
  const message = await importMessageKey(secrets);
  await sealChunks(message, {
    source: plainBytes(clear),
    target: sealed.subarray(prefixSizeBytes),
    firstChunk: 0,
    chunkCount: chunkCountOf(clear.length),
  });
  return sealed;
}

/** Opens a whole message. Throws SEALED_INVALID, whatever is wrong; KEY_INVALID when `key` has not 32 bytes. */
export async function openBytes(key: SealingKey, context: Uint8Array, sealed: Uint8Array): Promise<Bytes> {
  const clear = new Uint8Array(clearSize(sealed.length));
  const message = await openPrefix(key, context, sealed.subarray(0, prefixSizeBytes));
  await openChunks(message, {
    source: plainBytes(sealed.subarray(prefixSizeBytes)),
    target: clear,
    firstChunk: 0,
    chunkCount: chunkCountOf(clear.length),
  });
  return clear;
}

/** A sealed message that is read in parts, from a file or a blob store. */
export interface SealedSource {
  readonly sizeBytes: number;
  /** Exactly `length` bytes from `offset`; its own failures pass through as they are. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/**
 * Clear bytes `start` (included) to `end` (excluded), reading only the chunks they touch. The bytes are authentic; the
 * size that `source` claims is not, unless the range reaches its end. Throws SEALED_INVALID, and RangeError for a
 * range outside the message.
 */
// biome-ignore lint/complexity/useMaxParams: a key and its context, a source and a range read best in this order.
export async function openRange(
  key: SealingKey,
  context: Uint8Array,
  source: SealedSource,
  start: number,
  end: number,
): Promise<Bytes> {
  const clearSizeBytes = clearSize(source.sizeBytes);
  if (!(Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start <= end && end <= clearSizeBytes))
    throw new RangeError('The range is not inside the message');
  const firstChunk = Math.floor(start / chunkSizeBytes);
  // A range that reaches the end also opens the last chunk, be it empty: that is what proves the end.
  const lastChunk = Math.floor((end === clearSizeBytes ? end : Math.max(start, end - 1)) / chunkSizeBytes);
  const offset = prefixSizeBytes + firstChunk * sealedChunkSizeBytes;
  const length = Math.min((lastChunk - firstChunk + 1) * sealedChunkSizeBytes, source.sizeBytes - offset);
  const [prefix, sealed] = await Promise.all([source.read(0, prefixSizeBytes), source.read(offset, length)]);
  if (sealed.length !== length) throw sealedInvalid();
  const message = await openPrefix(key, context, prefix);
  const chunkCount = lastChunk - firstChunk + 1;
  const clear = new Uint8Array(length - chunkCount * tagSizeBytes);
  await openChunks(message, { source: plainBytes(sealed), target: clear, firstChunk, chunkCount });
  const shift = firstChunk * chunkSizeBytes;
  return clear.subarray(start - shift, end - shift);
}

/** Seals what is written as one message, in constant memory. */
export function sealTo(
  sink: PieceSink,
  key: SealingKey,
  context: Uint8Array,
  random: RandomSource = randomBytes,
): MessageWriter {
  let message: MessageKey;
  const work: ChunkWork = {
    prefixSizeBytes: 0,
    chunkSizeBytes,
    resultSizeBytes: sealedChunkSizeBytes,
    async begin() {
      const salt = random(saltSizeBytes);
      const secrets = deriveSecrets(key, context, salt);
      message = await importMessageKey(secrets);
      return concatBytes(salt, secrets.commitment);
    },
    step: (index, clear, target) => sealChunk(message, index, clear, target),
  };
  return messageWriter(work, sink);
}

/**
 * Opens what is written, in constant memory. Every byte it gives is authentic and in its place, yet only `end` says that
 * the message is whole. Both throw SEALED_INVALID, and what the sink throws.
 */
export function openTo(sink: PieceSink, key: SealingKey, context: Uint8Array): MessageWriter {
  let message: MessageKey;
  const work: ChunkWork = {
    prefixSizeBytes,
    chunkSizeBytes: sealedChunkSizeBytes,
    resultSizeBytes: chunkSizeBytes,
    async begin(prefix) {
      message = await openPrefix(key, context, prefix);
      return new Uint8Array(0);
    },
    step(index, sealed, target) {
      // A full chunk is never the last, so a message that was cut between two chunks ends here.
      if (sealed.length < tagSizeBytes) return Promise.reject(sealedInvalid());
      return openChunk(message, index, sealed, target).catch((cause: unknown) => {
        throw sealedInvalid(cause);
      });
    },
  };
  return messageWriter(work, sink);
}

function chunkCountOf(clearSizeBytes: number): number {
  const count = Math.floor(clearSizeBytes / chunkSizeBytes) + 1;
  if (!(count >= 1 && count <= maxChunks)) throw new RangeError('No message has this size');
  return count;
}

/** The message's key, once the commitment was found right. */
async function openPrefix(key: SealingKey, context: Uint8Array, prefix: Uint8Array): Promise<MessageKey> {
  const secrets = deriveSecrets(key, context, prefix.subarray(0, saltSizeBytes));
  const commitment = prefix.subarray(saltSizeBytes);
  if (commitment.length !== commitmentSizeBytes || !equalSecret(commitment, secrets.commitment)) throw sealedInvalid();
  return importMessageKey(secrets);
}
