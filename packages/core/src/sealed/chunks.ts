import { platform } from '#platform/sealed/aead';
import { type Bytes, utf8ToBytes } from '../bytes.ts';
import { CoreError } from '../error.ts';
import { type Aead, tagSizeBytes } from './aead.ts';
import { type InputKey, inputKey } from './expand.ts';

export const chunkSizeBytes = 16_384;
export const sealedChunkSizeBytes = chunkSizeBytes + tagSizeBytes;
export const saltSizeBytes = 24;
export const commitmentSizeBytes = 32;
export const prefixSizeBytes = saltSizeBytes + commitmentSizeBytes;
export const maxChunks = 2 ** 38;

const keySizeBytes = 32;
const nonceSizeBytes = 12;
const suite = utf8ToBytes('c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0');

// Enough for every thread of the browser's pool to find its next chunk waiting; half a megabyte.
export const chunksInFlight = 32;

export interface MessageSecrets {
  readonly keyBytes: Bytes;
  readonly baseNonce: Bytes;
  readonly commitment: Bytes;
}

export interface MessageKey {
  readonly aead: Aead;
  readonly baseNonce: Bytes;
}

/** The key of a message as a caller has it: its bytes, or made ready before. */
export type SealingKey = Uint8Array | InputKey;

/** What one message is sealed with. Throws KEY_INVALID. */
export function deriveSecrets(key: SealingKey, context: Uint8Array, salt: Uint8Array): MessageSecrets {
  const ready = key instanceof Uint8Array ? inputKey(key) : key;
  const expanded = ready.expand(suite, salt, context);
  const nonceEnd = keySizeBytes + nonceSizeBytes;
  return {
    keyBytes: expanded.slice(0, keySizeBytes),
    baseNonce: expanded.slice(keySizeBytes, nonceEnd),
    commitment: expanded.slice(nonceEnd, nonceEnd + commitmentSizeBytes),
  };
}

export async function importMessageKey({ keyBytes, baseNonce }: MessageSecrets): Promise<MessageKey> {
  return { aead: await platform.importKey(keyBytes), baseNonce };
}

export interface ChunkRun {
  /** Clear bytes when sealing, sealed chunks when opening: whole chunks, but for the last of the message. */
  readonly source: Bytes;
  /** Receives the result, chunk beside chunk. */
  readonly target: Bytes;
  /** Number in the message of the first chunk of `source`. */
  readonly firstChunk: number;
  readonly chunkCount: number;
}

/** Seals `clear` as chunk `index` of a message into `target`; `clear` is read before this returns. */
export function sealChunk({ aead, baseNonce }: MessageKey, index: number, clear: Bytes, target: Bytes): Promise<void> {
  return aead.seal(chunkNonce(baseNonce, index), clear, target);
}

/** As `sealChunk`, opening. Rejects for whatever is wrong; `target` is then worth nothing. */
export function openChunk({ aead, baseNonce }: MessageKey, index: number, sealed: Bytes, target: Bytes): Promise<void> {
  return aead.open(chunkNonce(baseNonce, index), sealed, target);
}

/** Seals `run.source` into `run.target`, several chunks at a time. */
export function sealChunks(message: MessageKey, run: ChunkRun): Promise<void> {
  return inLanes(run.chunkCount, (index) => {
    const chunk = partOf(run.source, index, chunkSizeBytes);
    return sealChunk(message, run.firstChunk + index, chunk, targetOf(run, index, chunk, tagSizeBytes));
  });
}

/** As `sealChunks`, opening. Throws SEALED_INVALID; `run.target` is then worth nothing. */
export async function openChunks(message: MessageKey, run: ChunkRun): Promise<void> {
  try {
    await inLanes(run.chunkCount, (index) => {
      const sealed = partOf(run.source, index, sealedChunkSizeBytes);
      return openChunk(message, run.firstChunk + index, sealed, targetOf(run, index, sealed, -tagSizeBytes));
    });
  } catch (cause) {
    throw sealedInvalid(cause);
  }
}

function partOf(bytes: Bytes, index: number, sizeBytes: number): Bytes {
  return bytes.subarray(index * sizeBytes, (index + 1) * sizeBytes);
}

/** Where the result of a chunk goes: as many bytes as `source` has, and `growth` more. */
function targetOf({ target }: ChunkRun, index: number, source: Bytes, growth: number): Bytes {
  const start = index * ((growth > 0 ? chunkSizeBytes : sealedChunkSizeBytes) + growth);
  return target.subarray(start, start + source.length + growth);
}

/**
 * Starts 0 to `count`, each lane the next when its own was done; stops at the first failure. Callbacks, since the three
 * async functions that would read better cost a quarter of the time of a whole chunk.
 */
function inLanes(count: number, start: (index: number) => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    let started = 0;
    let done = 0;
    const startNext = (): void => {
      start(started++)
        .then(() => {
          done += 1;
          if (done === count) resolve();
          else if (started < count) startNext();
        })
        .catch((cause: unknown) => {
          started = count;
          reject(cause);
        });
    };
    while (started < Math.min(chunksInFlight, count)) startNext();
  });
}

/** The one error of opening: it does not say whether key, context or bytes are wrong. */
export function sealedInvalid(cause?: unknown): CoreError {
  return new CoreError('SEALED_INVALID', 'Sealed bytes do not open', { cause });
}

/** Base nonce XOR chunk number, big-endian; the number has 38 bits at most. */
function chunkNonce(baseNonce: Bytes, index: number): Bytes {
  const nonce = baseNonce.slice();
  const view = new DataView(nonce.buffer);
  view.setUint32(8, view.getUint32(8) ^ (index % 2 ** 32));
  view.setUint32(4, view.getUint32(4) ^ Math.floor(index / 2 ** 32));
  return nonce;
}
