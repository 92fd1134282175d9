import type { Bytes } from '../bytes.ts';
import { chunksInFlight, maxChunks, plainBytes, sealedInvalid } from './chunks.ts';

export interface ChunkWork {
  /** Bytes to gather before `begin`. */
  readonly prefixSizeBytes: number;
  readonly chunkSizeBytes: number;
  /** Called once, with the prefix; what it gives goes out first. */
  begin(prefix: Bytes): Promise<Bytes>;
  /**
   * Works on whole chunks, `chunksInFlight` at most, the first of which has this number in the message; or, when
   * `isLast`, on what is left at the end, perhaps nothing. Reads `chunks` before it returns.
   */
  run(chunks: Bytes, firstChunk: number, isLast: boolean): Promise<Bytes>;
}

/** Batches of chunks under way: one is worked on while the next is started. */
const maxChunksPending = 2 * chunksInFlight;

/** Cuts what flows through it into chunks, works on several at once, and lets the results out in order. */
export function chunkStream(work: ChunkWork): TransformStream<Uint8Array, Uint8Array> {
  type Controller = TransformStreamDefaultController<Uint8Array>;
  const prefix = new Uint8Array(work.prefixSizeBytes);
  const partial = new Uint8Array(work.chunkSizeBytes);
  let gathering = prefix;
  let filled = 0;
  let nextChunk = 0;
  const pending: { readonly result: Promise<Bytes>; readonly end: number }[] = [];

  const begin = async (controller: Controller): Promise<void> => {
    enqueue(controller, await work.begin(prefix));
    gathering = partial;
    filled = 0;
  };
  const launch = (chunks: Bytes, isLast: boolean): void => {
    const count = isLast ? 1 : chunks.length / work.chunkSizeBytes;
    if (nextChunk + count > maxChunks) throw sealedInvalid();
    const result = work.run(chunks, nextChunk, isLast);
    // Only the first failure is awaited; what is behind it fails unheard.
    result.catch(() => undefined);
    nextChunk += count;
    pending.push({ result, end: nextChunk });
  };
  const drain = async (controller: Controller, keep: number): Promise<void> => {
    for (let oldest = pending[0]; oldest !== undefined && nextChunk - oldest.end >= keep; oldest = pending[0]) {
      enqueue(controller, await oldest.result);
      pending.shift();
    }
  };
  /** Takes what it can use of `bytes`, and gives the rest back. */
  const take = async (bytes: Uint8Array, controller: Controller): Promise<Uint8Array> => {
    // Whole chunks go as they are; only what straddles two inputs is gathered.
    const whole = gathering === partial && filled === 0 ? Math.floor(bytes.length / partial.length) : 0;
    if (whole > 0) {
      const end = Math.min(whole, chunksInFlight) * partial.length;
      launch(plainBytes(bytes.subarray(0, end)), false);
      await drain(controller, maxChunksPending - chunksInFlight);
      return bytes.subarray(end);
    }
    const part = bytes.subarray(0, gathering.length - filled);
    gathering.set(part, filled);
    filled += part.length;
    if (filled === gathering.length && gathering === prefix) await begin(controller);
    else if (filled === gathering.length) {
      launch(partial, false);
      filled = 0;
      await drain(controller, maxChunksPending - chunksInFlight);
    }
    return bytes.subarray(part.length);
  };

  return new TransformStream({
    async start(controller) {
      if (prefix.length === 0) await begin(controller);
    },
    async transform(bytes, controller) {
      for (let rest = bytes; rest.length > 0; ) rest = await take(rest, controller);
    },
    async flush(controller) {
      if (gathering !== partial) throw sealedInvalid();
      launch(partial.subarray(0, filled), true);
      await drain(controller, 0);
    },
  });
}

function enqueue(controller: TransformStreamDefaultController<Uint8Array>, bytes: Bytes): void {
  if (bytes.length > 0) controller.enqueue(bytes);
}
