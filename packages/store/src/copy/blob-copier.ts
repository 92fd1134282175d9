import { createHash } from 'node:crypto';
import { formatCopyName } from '@serment/core/copy/names';
import { inParallel } from '@serment/core/in-parallel';
import type { CaptureSource } from './capture-source.ts';
import { CopyError } from './copy-error.ts';
import type { Destination, DestinationBatch } from './destination.ts';

const barrierBlobs = 64;
const blobsAtOnce = 4;
// Forgetting costs a reading back, no more.
const maxProven = 65_536;

/** Brings blobs over before the entries that need them. */
export class BlobCopier {
  readonly #source: CaptureSource;
  readonly #destination: Destination;
  readonly #practice: string;
  /** Made durable or read back by this process. */
  readonly #proven: Set<string>;
  /** Blobs that the source could not give, tried again at each publish. */
  readonly unreadable = new Set<string>();
  /** Blobs under whose name other bytes stand at the destination: nothing is written over them. */
  readonly foreign = new Set<string>();
  #batch: DestinationBatch | null = null;
  #staged = new Set<string>();

  constructor(options: {
    source: CaptureSource;
    destination: Destination;
    practice: string;
    provenBlobs: Set<string>;
  }) {
    this.#source = options.source;
    this.#destination = options.destination;
    this.#practice = options.practice;
    this.#proven = options.provenBlobs;
  }

  /** Copies the blobs that the destination lacks; they are durable once what `take` returns has run, or `commit`. */
  async add(hashes: readonly string[]): Promise<void> {
    const wanted = new Set(hashes.filter((hash) => !(this.#staged.has(hash) || this.#proven.has(hash))));
    for (const some of chunks([...wanted], barrierBlobs)) {
      await inParallel(some, blobsAtOnce, async (hash) => {
        const name = formatCopyName({ kind: 'blob', practice: this.#practice, hash });
        if (await this.#destination.has(name)) await this.#adopt(hash, name);
        else await this.#copy(hash, name);
      });
      if (this.#staged.size >= barrierBlobs) await this.commit();
    }
  }

  async retryUnreadable(): Promise<void> {
    if (this.unreadable.size + this.foreign.size === 0) return;
    await this.add([...this.unreadable, ...this.foreign]);
    await this.commit();
  }

  /** Hands over what is staged; the caller makes it durable when its turn comes. */
  take(): () => Promise<void> {
    const batch = this.#batch;
    const staged = this.#staged;
    this.#batch = null;
    this.#staged = new Set();
    return async () => {
      if (batch === null) return;
      try {
        await batch.commit();
        for (const hash of staged) this.#prove(hash);
      } finally {
        await batch.abandon();
      }
    };
  }

  async commit(): Promise<void> {
    await this.take()();
  }

  async abandon(): Promise<void> {
    await this.#batch?.abandon();
    this.#batch = null;
    this.#staged = new Set();
  }

  /** Reads a blob back that an earlier writer, or somebody else, has put there. */
  async #adopt(hash: string, name: string): Promise<void> {
    const hasher = createHash('sha256');
    for await (const piece of this.#destination.stream(name)) hasher.update(piece);
    this.unreadable.delete(hash);
    if (hasher.digest('hex') === hash) this.#prove(hash);
    else this.foreign.add(hash);
  }

  #prove(hash: string): void {
    if (this.#proven.size >= maxProven) this.#proven.clear();
    this.#proven.add(hash);
    this.foreign.delete(hash);
  }

  async #copy(hash: string, name: string): Promise<void> {
    this.#batch ??= this.#destination.batch();
    try {
      await this.#batch.put(name, this.#verified(hash));
    } catch (cause) {
      if (!(cause instanceof CopyError && cause.code === 'COPY_BLOB_UNREADABLE')) throw cause;
      this.unreadable.add(hash);
      return;
    }
    this.unreadable.delete(hash);
    this.foreign.delete(hash);
    this.#staged.add(hash);
  }

  async *#verified(hash: string): AsyncGenerator<Uint8Array> {
    const hasher = createHash('sha256');
    try {
      for await (const piece of this.#source.openBlob(this.#practice, hash)) {
        hasher.update(piece);
        yield piece;
      }
    } catch (cause) {
      throw unreadable(hash, cause);
    }
    if (hasher.digest('hex') !== hash) throw unreadable(hash, null);
  }
}

function* chunks(hashes: readonly string[], size: number): Generator<string[]> {
  for (let from = 0; from < hashes.length; from += size) yield hashes.slice(from, from + size);
}

function unreadable(hash: string, cause: unknown): CopyError {
  return new CopyError('COPY_BLOB_UNREADABLE', 'The store cannot give a document that an entry names', {
    cause,
    fields: { hash },
    hint: 'Restore the document from another copy; entries are copied meanwhile.',
  });
}
