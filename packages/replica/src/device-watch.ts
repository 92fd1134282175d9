import type { ChangeWatch, ChangeWatchParts, MassChange } from './change-watch.ts';
import { type HeldDevice, heldDevices } from './holds.ts';
import { isSilence } from './payload-reader.ts';

export interface DeviceWatchParts extends ChangeWatchParts {
  readonly onChange: () => void;
}

/** What the practice's devices do that a person must know of: those that are held, and those that change much at once. */
export class DeviceWatch {
  readonly #parts: DeviceWatchParts;
  #held: readonly HeldDevice[] = [];
  #changes: ChangeWatch | null = null;

  constructor(parts: DeviceWatchParts) {
    this.#parts = parts;
  }

  /** This one first. */
  get held(): readonly HeldDevice[] {
    return this.#held;
  }

  /** Those that nobody said are meant, the last one first. */
  get massChanges(): readonly MassChange[] {
    return this.#changes?.found ?? [];
  }

  /** An entry that is not on this device, while nobody answers, leaves what was known. */
  async followHolds(): Promise<void> {
    try {
      this.#held = await heldDevices(this.#parts);
    } catch (error) {
      if (!isSilence(error)) throw error;
    }
  }

  /** Judges what came since the last time: devices that ruin faster than a person could. */
  async followChanges(): Promise<void> {
    if (await (await this.#watch()).follow()) this.#parts.onChange();
  }

  /** A person says that what a device, in hexadecimal, did in numbers is meant. */
  async acceptChanges(author: string): Promise<void> {
    await (await this.#watch()).accept(author);
    this.#parts.onChange();
  }

  /** Its code comes once a practice is open: nobody waits for what it finds. */
  async #watch(): Promise<ChangeWatch> {
    const { ChangeWatch } = await import('./change-watch.ts');
    this.#changes ??= new ChangeWatch(this.#parts);
    return this.#changes;
  }
}
