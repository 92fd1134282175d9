import { bytesToUtf8, utf8ToBytes } from '@serment/core/bytes';
import type { LocalVault } from './local-vault.ts';

const key = 'news';

interface Marks {
  /** Entries of the journal below this number are no news any more; null before somebody looked. */
  readonly seenSize: number | null;
  /** Whether this member wants the system of this device to say that something came. */
  readonly isWished: boolean;
  /** `Patient/…` of files in which several versions wait for a choice, or may once what was written here has left. */
  readonly patients: readonly string[];
}

/** What a member was told of on this device, kept sealed on it. */
export class NewsMarks {
  readonly #vault: LocalVault;
  #marks: Marks = { seenSize: null, isWished: false, patients: [] };

  constructor(vault: LocalVault) {
    this.#vault = vault;
  }

  get current(): Marks {
    return this.#marks;
  }

  async load(): Promise<void> {
    const stored = await this.#vault.get(key);
    if (stored !== null) this.#marks = { ...this.#marks, ...(JSON.parse(bytesToUtf8(stored)) as Partial<Marks>) };
  }

  /** From that number on the journal holds other entries than those that were told: they are news. */
  async restart(size: number): Promise<void> {
    await this.load();
    const { seenSize } = this.#marks;
    if (seenSize !== null && seenSize > size) await this.set({ seenSize: size });
  }

  async set(change: Partial<Marks>): Promise<void> {
    this.#marks = { ...this.#marks, ...change };
    await this.#vault.put(key, utf8ToBytes(JSON.stringify(this.#marks)));
  }
}
