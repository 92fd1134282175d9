import { createHash } from 'node:crypto';
import { formatCopyName } from '@serment/core/copy/names';
import type { CaptureSource } from './capture-source.ts';
import { CopyError } from './copy-error.ts';
import type { Destination, DestinationBatch } from './destination.ts';

const barrierBlobs = 64;

/** Brings blobs over before the entries that need them. */
export class BlobCopier {
  readonly #source: CaptureSource;
  readonly #destination: Destination;
  readonly #practice: string;
  /** Blobs that the source could not give, tried again at each publish. */
  readonly unreadable = new Set<string>();
  #batch: DestinationBatch | null = null;
  #staged = new Set<string>();

  constructor(options: { source: CaptureSource; destination: Destination; practice: string }) {
    this.#source = options.source;
    this.#destination = options.destination;
    this.#practice = options.practice;
  }

  /** Copies the blobs that the destination lacks; they are durable once what `take` returns has run, or `commit`. */
  async add(hashes: readonly string[]): Promise<void> {
    for (const hash of hashes) {
      if (this.#staged.has(hash)) continue;
      const name = formatCopyName({ kind: 'blob', practice: this.#practice, hash });
      if (!(await this.#destination.has(name))) await this.#copy(hash, name);
      else this.unreadable.delete(hash);
    }
  }

  async retryUnreadable(): Promise<void> {
    if (this.unreadable.size === 0) return;
    await this.add([...this.unreadable]);
    await this.commit();
  }

  /** Hands over what is staged; the caller makes it durable when its turn comes. */
  take(): () => Promise<void> {
    const batch = this.#batch;
    this.#batch = null;
    this.#staged = new Set();
    return async () => {
      if (batch === null) return;
      try {
        await batch.commit();
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
    this.#staged.add(hash);
    if (this.#staged.size >= barrierBlobs) await this.commit();
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

function unreadable(hash: string, cause: unknown): CopyError {
  return new CopyError('COPY_BLOB_UNREADABLE', 'The store cannot give a document that an entry names', {
    cause,
    fields: { hash },
    hint: 'Restore the document from another copy; entries are copied meanwhile.',
  });
}
