import { type Bytes, plainBytes } from '../bytes.ts';
import { ChunkPipeline, type ChunkStep, type PieceSink } from './chunk-pipeline.ts';
import { sealedInvalid } from './chunks.ts';

/** A message that is sealed or opened as its bytes come, in constant memory. */
export interface MessageWriter {
  /** Takes the next bytes, which may change once the promise settles. One call at a time. */
  write(bytes: Uint8Array): Promise<void>;
  /** The message ends here. Settles once everything was given to the sink. */
  end(): Promise<void>;
  /** Gives nothing more; settles once the sink has nothing in its hands. May be called at any time. */
  abandon(): Promise<void>;
}

export interface ChunkWork {
  /** Bytes to gather before `begin`. */
  readonly prefixSizeBytes: number;
  readonly chunkSizeBytes: number;
  readonly resultSizeBytes: number;
  /** Called once, with the prefix; what it gives goes out first. */
  begin(prefix: Bytes): Promise<Bytes>;
  /** The last chunk may be short, even empty. */
  readonly step: ChunkStep;
}

/** Cuts what is written into chunks and gives the results to `sink`. A full chunk is never a message's last. */
export function messageWriter(work: ChunkWork, sink: PieceSink): MessageWriter {
  const { prefixSizeBytes, chunkSizeBytes, resultSizeBytes, step } = work;
  const pipeline = new ChunkPipeline({ step, growth: resultSizeBytes - chunkSizeBytes, resultSizeBytes, sink });
  /** The beginning of the prefix, or of a chunk, whose rest is still to come. */
  const gathered = new Uint8Array(chunkSizeBytes);
  let filled = 0;
  let hasBegun = false;
  let isBusy = false;

  const begin = async (): Promise<void> => {
    hasBegun = true;
    const first = await work.begin(gathered.slice(0, prefixSizeBytes));
    if (first.length > 0) await sink(first);
  };
  /** Takes bytes up to `limit`, and says how many that was. */
  const gather = (bytes: Bytes, limit: number): number => {
    const part = bytes.subarray(0, limit - filled);
    gathered.set(part, filled);
    filled += part.length;
    return part.length;
  };
  const takeChunks = async (bytes: Bytes): Promise<void> => {
    let at = 0;
    while (bytes.length - at + filled >= chunkSizeBytes) {
      const room = pipeline.room();
      if (room !== null) await room;
      if (filled === 0) {
        pipeline.start(bytes.subarray(at, at + chunkSizeBytes));
        at += chunkSizeBytes;
      } else {
        at += gather(bytes.subarray(at), chunkSizeBytes);
        filled = 0;
        pipeline.start(gathered);
      }
    }
    gather(bytes.subarray(at), chunkSizeBytes);
  };
  const take = async (bytes: Bytes): Promise<void> => {
    let at = 0;
    if (!hasBegun) {
      at = gather(bytes, prefixSizeBytes);
      if (filled < prefixSizeBytes) return;
      filled = 0;
      await begin();
    }
    await takeChunks(bytes.subarray(at));
  };
  const finish = async (): Promise<void> => {
    if (!hasBegun && prefixSizeBytes > 0) throw sealedInvalid();
    if (!hasBegun) await begin();
    await pipeline.room();
    pipeline.start(gathered.subarray(0, filled));
    await pipeline.finish();
  };
  /** After a failure nothing more is taken: the message is worth nothing. */
  const alone = async (work: () => Promise<void>): Promise<void> => {
    if (isBusy) throw new TypeError('A message takes one call at a time, and none after a failure or its end');
    isBusy = true;
    try {
      await work();
    } finally {
      // What follows a failure is the caller's: by then the sink has nothing in its hands.
      if (pipeline.hasFailed) await pipeline.abandon();
    }
  };

  return {
    async write(bytes) {
      await alone(() => take(plainBytes(bytes)));
      isBusy = false;
    },
    end: () => alone(finish),
    abandon() {
      isBusy = true;
      return pipeline.abandon();
    },
  };
}
