import { createHash } from 'node:crypto';
import { inParallel } from '@serment/core/in-parallel';
import { CopyError, systemToCopyError } from '../copy-error.ts';
import type { DestinationBatch } from '../destination.ts';
import type { Bucket, Part } from './bucket.ts';
import type { Versions } from './versions.ts';

/** A part of an upload; a document is at most some dozens of them. */
export const partBytes = 8 * 1024 * 1024;
// What a batch keeps until it is committed; what comes on top is sent at once, and seen at the commit all the same.
const heldBytes = 32 * 1024 * 1024;
const putsAtOnce = 8;

export interface S3BatchOptions {
  readonly bucket: Bucket;
  readonly versions: Versions;
  /** Names that stand for other bytes: they are compared again before anything more is written under them. */
  readonly taken: Set<string>;
  readonly lockedUntil: (name: string) => number;
  /** SHA-256 of the version that counts, in hexadecimal; null when there is none. */
  readonly hashOf: (name: string) => Promise<string | null>;
}

interface Staged {
  readonly name: string;
  readonly sha256: string;
  /** Whole bytes, or the parts of an upload that waits to be finished. */
  readonly content: Uint8Array | { readonly upload: string; readonly parts: readonly Part[] };
}

/**
 * Objects that are seen once `commit` returns. Nothing locked can be taken back, so small ones wait here, and large ones
 * as parts of an upload, which the store shows to nobody before it is finished.
 */
export class S3Batch implements DestinationBatch {
  readonly #options: S3BatchOptions;
  #staged: Staged[] = [];
  #held = 0;

  constructor(options: S3BatchOptions) {
    this.#options = options;
  }

  async put(name: string, content: Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
    const hasher = createHash('sha256');
    const parts = new PartsOf(content, (piece) => hasher.update(piece));
    const first = await parts.next();
    if (parts.isEnded && this.#held + first.length <= heldBytes) {
      this.#held += first.length;
      this.#staged.push({ name, sha256: hasher.digest('hex'), content: first });
      return;
    }
    const { bucket, lockedUntil } = this.#options;
    const upload = await bucket.startUpload(name, lockedUntil(name));
    const sent: Part[] = [];
    try {
      sent.push(await bucket.uploadPart(name, upload, 1, first));
      while (!parts.isEnded) sent.push(await bucket.uploadPart(name, upload, sent.length + 1, await parts.next()));
      this.#staged.push({ name, sha256: hasher.digest('hex'), content: { upload, parts: sent } });
    } catch (cause) {
      await this.#abort(name, upload);
      throw cause;
    }
  }

  async commit(): Promise<void> {
    const taken: string[] = [];
    await inParallel([...this.#staged], putsAtOnce, async (staged) => {
      if (!(await this.#give(staged))) taken.push(staged.name);
      this.#staged = this.#staged.filter((one) => one !== staged);
    });
    this.#held = 0;
    const [name] = taken;
    if (name !== undefined)
      throw new CopyError('COPY_NAME_TAKEN', 'The copy already has other bytes under this name', {
        fields: { name },
        hint: 'Run verify on the copy; if another installation writes into this bucket, give each its own prefix.',
      });
  }

  async abandon(): Promise<void> {
    const staged = this.#staged;
    this.#staged = [];
    this.#held = 0;
    for (const { name, content } of staged)
      if (!(content instanceof Uint8Array)) await this.#abort(name, content.upload);
  }

  /** Returns false when the version that counts has other bytes. */
  async #give(staged: Staged): Promise<boolean> {
    const { versions, taken, hashOf } = this.#options;
    const { name, sha256 } = staged;
    if (!taken.has(name)) {
      const put = await this.#write(staged);
      // A store may let a second version in beside the first, and only the first counts.
      if ((await versions.ask(name)).first?.id === put) return true;
    }
    const found = await hashOf(name);
    if (found === null) {
      taken.delete(name);
      return this.#give(staged);
    }
    if (found === sha256) taken.delete(name);
    else taken.add(name);
    return found === sha256;
  }

  #write({ name, content }: Staged): Promise<string> {
    const { bucket, lockedUntil } = this.#options;
    if (content instanceof Uint8Array) return bucket.put(name, content, lockedUntil(name));
    return bucket.finishUpload(name, content.upload, content.parts, lockedUntil(name));
  }

  /** Parts that stay are seen by nobody, and the bucket's own rule removes them (docs/operations.md). */
  async #abort(name: string, upload: string): Promise<void> {
    await Promise.allSettled([this.#options.bucket.abortUpload(name, upload)]);
  }
}

/** Content in parts of `partBytes`, the last one shorter; one part at a time is in memory. */
class PartsOf {
  readonly #pieces: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  readonly #onPiece: (piece: Uint8Array) => void;
  #rest: Uint8Array = new Uint8Array(0);
  isEnded = false;

  constructor(content: Uint8Array | AsyncIterable<Uint8Array>, onPiece: (piece: Uint8Array) => void) {
    this.#pieces = content instanceof Uint8Array ? [content].values() : content[Symbol.asyncIterator]();
    this.#onPiece = onPiece;
  }

  async next(): Promise<Uint8Array> {
    const kept: Uint8Array[] = [];
    let size = 0;
    while (size < partBytes) {
      if (this.#rest.length === 0 && !(await this.#pull())) break;
      const piece = this.#rest.subarray(0, partBytes - size);
      this.#rest = this.#rest.subarray(piece.length);
      kept.push(piece);
      size += piece.length;
    }
    if (this.#rest.length === 0) await this.#pull();
    return Buffer.concat(kept);
  }

  async #pull(): Promise<boolean> {
    while (!this.isEnded) {
      const next = await this.#read();
      if (next.done === true) {
        this.isEnded = true;
        return false;
      }
      this.#onPiece(next.value);
      // Whoever gave it may use its memory again.
      this.#rest = next.value.slice();
      if (this.#rest.length > 0) return true;
    }
    return false;
  }

  async #read(): Promise<IteratorResult<Uint8Array>> {
    try {
      return await this.#pieces.next();
    } catch (cause) {
      throw systemToCopyError(cause);
    }
  }
}
