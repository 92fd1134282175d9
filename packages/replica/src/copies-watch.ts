import type { CopyStatus } from '@serment/core/wire/status';

/** What the host says of its copies, and the saves that wait to be in one. */
export class CopiesWatch {
  readonly #awaiting = new Map<string, number>();
  readonly #onCopied: (id: string) => void;
  #copies: readonly CopyStatus[] = [];

  constructor(onCopied: (id: string) => void) {
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

  take(copies: readonly CopyStatus[]): void {
    this.#copies = copies;
    this.#tell();
  }

  #tell(): void {
    for (const [id, index] of this.#awaiting) {
      if (index >= this.size) continue;
      this.#awaiting.delete(id);
      this.#onCopied(id);
    }
  }
}
