import { bytesToUtf8, utf8ToBytes } from '@serment/core/bytes';
import type { LocalVault } from './local-vault.ts';

const key = 'recent';
const kept = 12;

/** Patients opened last on this device, kept sealed on it. */
export class RecentPatients {
  readonly #vault: LocalVault;
  #ids: readonly string[] = [];

  constructor(vault: LocalVault) {
    this.#vault = vault;
  }

  /** `Patient/…`, newest first. */
  get ids(): readonly string[] {
    return this.#ids;
  }

  async load(): Promise<void> {
    const stored = await this.#vault.get(key);
    if (stored !== null) this.#ids = JSON.parse(bytesToUtf8(stored)) as string[];
  }

  async add(id: string): Promise<void> {
    this.#ids = [id, ...this.#ids.filter((one) => one !== id)].slice(0, kept);
    await this.#vault.put(key, utf8ToBytes(JSON.stringify(this.#ids)));
  }
}
