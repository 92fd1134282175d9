import type { Bytes } from '../bytes.ts';
import { type ChunkRun, chunksInFlight, maxChunks, plainBytes, sealedInvalid } from './chunks.ts';

/** A message that is sealed or opened as its bytes come, in constant memory. */
export interface MessageWriter {
  /** Takes the next bytes, which may change once the promise settles. One call at a time. */
  write(bytes: Uint8Array): Promise<void>;
  /** The message ends here. */
  end(): Promise<void>;
}

/** Receives what comes out, in order. The bytes are used again once it is done with them. */
export type PieceSink = (piece: Bytes) => void | Promise<void>;

export interface ChunkWork {
  /** Bytes to gather before `begin`. */
  readonly prefixSizeBytes: number;
  readonly chunkSizeBytes: number;
  readonly resultSizeBytes: number;
  /** Called once, with the prefix; what it gives goes out first. */
  begin(prefix: Bytes): Promise<Bytes>;
  /** Works on chunks, the last of which may be short, even empty. Returns the size of the result in `target`. */
  run(run: ChunkRun): Promise<number>;
}

// A megabyte of buffers at first, four in the end. They are used again: a fresh array costs as much as the cipher.
const fewestAtOnce = 32;
const mostAtOnce = 128;

/** Cuts what is written into chunks and gives the results to `sink`. A full chunk is never a message's last. */
export function messageWriter(work: ChunkWork, sink: PieceSink): MessageWriter {
  const { prefixSizeBytes, chunkSizeBytes, resultSizeBytes } = work;
  let atOnce = fewestAtOnce;
  let gathered = new Uint8Array(atOnce * chunkSizeBytes);
  let target = new Uint8Array(atOnce * resultSizeBytes);
  let filled = 0;
  let nextChunk = 0;
  let hasBegun = false;
  let isBusy = false;

  const begin = async (): Promise<void> => {
    hasBegun = true;
    const first = await work.begin(gathered.slice(0, prefixSizeBytes));
    if (first.length > 0) await sink(first);
  };
  const run = async (source: Bytes, chunkCount: number): Promise<void> => {
    if (nextChunk + chunkCount > maxChunks) throw sealedInvalid();
    const sizeBytes = await work.run({ source, target, firstChunk: nextChunk, chunkCount });
    nextChunk += chunkCount;
    if (sizeBytes > 0) await sink(target.subarray(0, sizeBytes));
  };
  const grow = (): void => {
    if (atOnce === mostAtOnce) return;
    atOnce = mostAtOnce;
    gathered = new Uint8Array(atOnce * chunkSizeBytes);
    target = new Uint8Array(atOnce * resultSizeBytes);
  };
  /** Takes what it can of `bytes`, and says how much that was. */
  const take = async (bytes: Uint8Array): Promise<number> => {
    const whole = hasBegun && filled === 0 ? Math.min(Math.floor(bytes.length / chunkSizeBytes), atOnce) : 0;
    if (whole >= chunksInFlight) {
      // So many whole chunks need not be copied.
      const part = bytes.subarray(0, whole * chunkSizeBytes);
      await run(plainBytes(part), whole);
      grow();
      return part.length;
    }
    const limit = hasBegun ? gathered.length : prefixSizeBytes;
    const part = bytes.subarray(0, limit - filled);
    gathered.set(part, filled);
    filled += part.length;
    if (filled < limit) return part.length;
    filled = 0;
    if (!hasBegun) await begin();
    else {
      await run(gathered, atOnce);
      grow();
    }
    return part.length;
  };
  /** After a failure nothing more is taken: the message is worth nothing. */
  const alone = async (step: () => Promise<void>): Promise<void> => {
    if (isBusy) throw new TypeError('A message takes one call at a time, and none after a failure or its end');
    isBusy = true;
    if (!hasBegun && prefixSizeBytes === 0) await begin();
    await step();
  };

  return {
    async write(bytes) {
      await alone(async () => {
        for (let taken = 0; taken < bytes.length; ) taken += await take(bytes.subarray(taken));
      });
      isBusy = false;
    },
    end: () =>
      alone(async () => {
        if (!hasBegun) throw sealedInvalid();
        await run(gathered.subarray(0, filled), Math.floor(filled / chunkSizeBytes) + 1);
      }),
  };
}
