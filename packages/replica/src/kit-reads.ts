import { bytesToHex } from '@serment/core/bytes';
import type { JournalMirror } from './journal-mirror.ts';

/** What kits and passkeys read from the server, as the host traced it. */
export class KitReads {
  readonly #mirror: JournalMirror;
  /** Number of the last trace, by the holder's author in hexadecimal. */
  readonly #last = new Map<string, number>();
  #after = -1;
  #isWhole = true;

  constructor(mirror: JournalMirror) {
    this.#mirror = mirror;
  }

  lastOf(author: string): number | null {
    return this.#last.get(author) ?? null;
  }

  /** Reads the traces that came since the last time; all of them once the entries before a `heads` were read. */
  async follow(): Promise<void> {
    const isWhole = this.#mirror.unread === null;
    if (isWhole && !this.#isWhole) this.forget();
    this.#isWhole = isWhole;
    for (const index of this.#mirror.hostEvents().filter((event) => event > this.#after)) {
      const { body } = (await this.#mirror.entry(index)).header;
      // Of what devices read, the mirror keeps no place: what is left is theirs.
      if (body.kind === 'fetch') this.#last.set(bytesToHex(body.reader), index);
      this.#after = index;
    }
  }

  /** The journal is another one. */
  forget(): void {
    this.#last.clear();
    this.#after = -1;
  }
}
