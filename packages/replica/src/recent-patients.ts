import { bytesToUtf8, utf8ToBytes } from '@serment/core/bytes';
import type { LocalVault } from './local-vault.ts';

const key = 'recent';
const kept = 12;
/** A file that was just opened is being drawn, and another one may follow at once, ms. */
const restMs = 500;

/** Patients opened last on this device, kept sealed on it a moment later: the list is lost with no harm. */
export class RecentPatients {
  readonly #vault: LocalVault;
  readonly #onChange: () => void;
  #ids: readonly string[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(vault: LocalVault, onChange: () => void) {
    this.#vault = vault;
    this.#onChange = onChange;
  }

  /** `Patient/…`, newest first. */
  get ids(): readonly string[] {
    return this.#ids;
  }

  async load(): Promise<void> {
    const stored = await this.#vault.get(key);
    if (stored !== null) this.#ids = JSON.parse(bytesToUtf8(stored)) as string[];
  }

  add(id: string): void {
    this.#ids = [id, ...this.#ids.filter((one) => one !== id)].slice(0, kept);
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#onChange();
      void this.settle().catch(() => undefined);
    }, restMs);
  }

  /** Kept when it returns. */
  async settle(): Promise<void> {
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
    await this.#vault.put(key, utf8ToBytes(JSON.stringify(this.#ids)));
  }
}
