import type { CopyStatus } from '@serment/core/wire/status';

/** What the host says of its copies, and the saves that wait to be in one. */
export class CopiesWatch {
  readonly #awaiting = new Map<string, number>();
  readonly #onCopied: (id: string, copiedAt: number | null) => void;
  #copies: readonly CopyStatus[] = [];

  /** `onCopied` is told when a copy that holds the save was written, the host's clock, ms. */
  constructor(onCopied: (id: string, copiedAt: number | null) => void) {
    this.#onCopied = onCopied;
  }

  get copies(): readonly CopyStatus[] {
    return this.#copies;
  }

  /** Entries that some copy holds. */
  get size(): number {
    return Math.max(0, ...this.#copies.map((copy) => copy.size));
  }

  /** Tells once a copy holds the entry numbered `index`. */
  await(id: string, index: number): void {
    this.#awaiting.set(id, index);
    this.#tell();
  }

  /** The host lost it: there is nothing to tell of it until it is taken again. */
  forget(id: string): void {
    this.#awaiting.delete(id);
  }

  /** The journal is another one: what was said of the copies was said of entries that had these numbers before. */
  restart(): void {
    this.#copies = [];
  }

  take(copies: readonly CopyStatus[]): void {
    this.#copies = copies;
    this.#tell();
  }

  #tell(): void {
    for (const [id, index] of this.#awaiting) {
      const holding = this.#copies.filter(({ size }) => size > index);
      if (holding.length === 0) continue;
      this.#awaiting.delete(id);
      const times = holding.flatMap(({ publishedAt }) => publishedAt ?? []);
      // Not that of a copy which was written since, and is behind.
      this.#onCopied(id, times.length === 0 ? null : Math.min(...times));
    }
  }
}
