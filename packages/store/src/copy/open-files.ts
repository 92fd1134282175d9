import { closeSync, openSync, readSync } from 'node:fs';

/** Files kept open for reading, the first opened closed first. Objects never change once named, so neither do these. */
export class OpenFiles {
  readonly #root: string;
  readonly #limit: number;
  readonly #files = new Map<string, number>();

  constructor(root: string, limit = 2048) {
    this.#root = root;
    this.#limit = limit;
  }

  /** Fills `target` from `position`; returns how many bytes there were. */
  read(name: string, target: Uint8Array, position: number): number {
    const file = this.#open(name);
    let filled = 0;
    while (filled < target.length) {
      const count = readSync(file, target, filled, target.length - filled, position + filled);
      if (count === 0) break;
      filled += count;
    }
    return filled;
  }

  close(): void {
    for (const file of this.#files.values()) closeSync(file);
    this.#files.clear();
  }

  #open(name: string): number {
    const known = this.#files.get(name);
    if (known !== undefined) return known;
    while (this.#files.size >= this.#limit && this.#closeOldest());
    let file: number;
    try {
      file = openSync(`${this.#root}/${name}`, 'r');
    } catch (cause) {
      const isOutOfFiles =
        cause instanceof Error && 'code' in cause && (cause.code === 'EMFILE' || cause.code === 'ENFILE');
      if (!(isOutOfFiles && this.#files.size > 0)) throw cause;
      this.close();
      file = openSync(`${this.#root}/${name}`, 'r');
    }
    this.#files.set(name, file);
    return file;
  }

  #closeOldest(): boolean {
    const oldest = this.#files.entries().next();
    if (oldest.done === true) return false;
    this.#files.delete(oldest.value[0]);
    closeSync(oldest.value[1]);
    return true;
  }
}
