import { createHash } from 'node:crypto';
import { type CopyName, formatCopyName } from '@serment/core/copy/names';
import { CopyError, isOutOfReach } from './copy-error.ts';
import type { Destination } from './destination.ts';
import { type CopyFinding, makeFinding } from './finding.ts';

export type BlobName = Extract<CopyName, { kind: 'blob' }>;

// Forgetting some costs reading them again, or a finding less for an entry whose document has one already.
const maxKept = 65_536;

/** Reads documents whole and compares them with the hash in their name. */
export class BlobCheck {
  readonly #destination: Destination;
  readonly #find: (finding: CopyFinding) => void;
  readonly #onRead: (bytes: number) => void;
  /** As practice/hash. */
  readonly #bad = new Set<string>();
  readonly #read = new Set<string>();

  constructor(options: {
    destination: Destination;
    find: (finding: CopyFinding) => void;
    onRead: (bytes: number) => void;
  }) {
    this.#destination = options.destination;
    this.#find = options.find;
    this.#onRead = options.onRead;
  }

  isBad(practice: string, hash: string): boolean {
    return this.#bad.has(`${practice}/${hash}`);
  }

  /** For an entry that needs it: reads it unless this verification has done so. */
  async readOnce(name: BlobName): Promise<void> {
    const key = `${name.practice}/${name.hash}`;
    if (this.#read.has(key)) return;
    if (this.#read.size >= maxKept) this.#read.clear();
    this.#read.add(key);
    const finding = await this.read(name);
    if (finding !== null) this.#find(finding);
  }

  /** What is wrong with a document, or null. Throws when the whole copy is out of reach. */
  async read(name: BlobName): Promise<CopyFinding | null> {
    const text = formatCopyName(name);
    const hasher = createHash('sha256');
    let bytes = 0;
    try {
      for await (const piece of this.#destination.stream(text)) {
        hasher.update(piece);
        bytes += piece.length;
      }
    } catch (cause) {
      if (!(cause instanceof CopyError) || isOutOfReach(cause)) throw cause;
      this.markBad(name);
      return makeFinding('OBJECT_UNREADABLE', text, { practice: name.practice }, cause.code);
    }
    this.#onRead(bytes);
    if (hasher.digest('hex') === name.hash) return null;
    this.markBad(name);
    // The entries that name it say whom it touches, in findings of their own.
    return makeFinding('BLOB_DAMAGED', text, { practice: name.practice });
  }

  markBad({ practice, hash }: BlobName): void {
    if (this.#bad.size < maxKept) this.#bad.add(`${practice}/${hash}`);
  }
}
