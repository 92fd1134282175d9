import type { Bytes } from '../bytes.ts';
import { chunksInFlight, maxChunks, plainBytes, sealedInvalid } from './chunks.ts';

export interface ChunkWork {
  /** Bytes to gather before `begin`. */
  readonly prefixSizeBytes: number;
  readonly chunkSizeBytes: number;
  /** Called once, with the prefix; what it gives goes out first. */
  begin(prefix: Bytes): Promise<Bytes>;
  /**
   * A whole chunk, or (`isLast`) what is left at the end, perhaps nothing. It must have copied the chunk by the time it
   * returns its promise, as WebCrypto does.
   */
  run(chunk: Bytes, index: number, isLast: boolean): Promise<Bytes>;
}

/** Cuts what flows through it into chunks, works on several at once, and lets the results out in order. */
export function chunkStream(work: ChunkWork): TransformStream<Uint8Array, Uint8Array> {
  type Controller = TransformStreamDefaultController<Uint8Array>;
  const prefix = new Uint8Array(work.prefixSizeBytes);
  const partial = new Uint8Array(work.chunkSizeBytes);
  let gathering = prefix;
  let filled = 0;
  let nextChunk = 0;
  const pending: Promise<Bytes>[] = [];

  const begin = async (controller: Controller): Promise<void> => {
    enqueue(controller, await work.begin(prefix));
    gathering = partial;
    filled = 0;
  };
  const launch = (chunk: Bytes, isLast: boolean): void => {
    if (nextChunk >= maxChunks) throw sealedInvalid();
    const result = work.run(chunk, nextChunk, isLast);
    // Only the first failure is awaited; the chunks behind it fail unheard.
    result.catch(() => undefined);
    nextChunk += 1;
    pending.push(result);
  };
  const drain = async (controller: Controller, keep: number): Promise<void> => {
    for (let result = pending[0]; result !== undefined && pending.length > keep; result = pending[0]) {
      enqueue(controller, await result);
      pending.shift();
    }
  };

  return new TransformStream({
    async start(controller) {
      if (prefix.length === 0) await begin(controller);
    },
    async transform(bytes, controller) {
      let rest = bytes;
      while (rest.length > 0) {
        // Whole chunks go as they are; only what straddles two inputs is gathered.
        const isWhole = gathering === partial && filled === 0 && rest.length >= partial.length;
        const part = rest.subarray(0, gathering.length - filled);
        rest = rest.subarray(part.length);
        if (!isWhole) {
          gathering.set(part, filled);
          filled += part.length;
          if (filled < gathering.length) return;
        }
        if (gathering === prefix) await begin(controller);
        else {
          launch(isWhole ? plainBytes(part) : partial, false);
          filled = 0;
          if (pending.length >= chunksInFlight) await drain(controller, chunksInFlight - 1);
        }
      }
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
