import { bytesToUtf8, utf8ToBytes } from '@serment/core/bytes';
import type { DayPatients } from './day-patients.ts';
import { ReplicaError } from './error.ts';
import type { LocalVault } from './local-vault.ts';
import type { PatientFiles } from './patient-files.ts';
import { isSilence } from './payload-reader.ts';

export interface KeptFilesParts {
  /** One that fails when the device is full: a person who keeps a file is told. */
  readonly vault: LocalVault;
  readonly files: PatientFiles;
  /** Null when this member's rights do not open the agenda. */
  readonly today: DayPatients | null;
  readonly onChange: () => void;
}

/** How far a file is kept on this device. */
export interface KeptFile {
  /** A person asked that it stays. */
  readonly isPinned: boolean;
  /** Kept by itself, for the day. */
  readonly isOfToday: boolean;
  /** All of it is here, sealed: it reads without the line. */
  readonly isHere: boolean;
}

const key = 'pinned';
/** Files brought in one go at idle, of those that are not here: a day's patients, and as many more. */
const mostAtOnce = 96;

/**
 * The files that this device holds ready for a time without the line: the day's patients, and those that a person pinned.
 * What is kept is what opening them keeps, sealed bytes and nothing else.
 */
export class KeptFiles {
  readonly #parts: KeptFilesParts;
  #pinned: readonly string[] = [];
  #today: readonly string[] = [];
  #storing: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(parts: KeptFilesParts) {
    this.#parts = parts;
  }

  async load(): Promise<void> {
    const stored = await this.#parts.vault.get(key);
    if (stored !== null) this.#pinned = JSON.parse(bytesToUtf8(stored)) as string[];
  }

  /** `Patient/…` of the files that a person keeps here. */
  get pinned(): readonly string[] {
    return this.#pinned;
  }

  async of(patient: string): Promise<KeptFile> {
    return {
      isPinned: this.#pinned.includes(patient),
      isOfToday: this.#today.includes(patient),
      isHere: await this.#parts.files.isHere(patient),
    };
  }

  /** Keeps a file here from now on: brought at once where the line allows it, else when it is back. Throws CACHE_FAILED. */
  async pin(patient: string): Promise<void> {
    await this.#store((pinned) => [...new Set([...pinned, patient])]);
    await this.#bring(patient);
  }

  /** From now on it is kept as any file that was opened here. */
  async unpin(patient: string): Promise<void> {
    await this.#store((pinned) => pinned.filter((one) => one !== patient));
  }

  /** Brings what is to be here and is not. A file that cannot be had keeps no other from coming. */
  async fetchAhead(): Promise<void> {
    const { today, files } = this.#parts;
    if (today !== null) this.#today = await today.list();
    let brought = 0;
    for (const patient of new Set([...this.#today, ...this.#pinned])) {
      if (this.#isClosed || brought === mostAtOnce) return;
      if (await files.isHere(patient)) continue;
      if (!(await this.#bring(patient))) return;
      brought += 1;
    }
    this.#parts.onChange();
  }

  clear(): void {
    this.#isClosed = true;
    this.#pinned = [];
    this.#today = [];
  }

  /** False when the line is cut: nothing else will come either. */
  async #bring(patient: string): Promise<boolean> {
    try {
      await this.#parts.files.fetch(patient);
      this.#parts.onChange();
      return true;
    } catch (error) {
      // Restricted, merged away, or refused: it says so when it is opened.
      if (!(error instanceof ReplicaError)) throw error;
      return !isSilence(error);
    }
  }

  /** Each change is of what the one before it left. */
  #store(change: (pinned: readonly string[]) => readonly string[]): Promise<void> {
    const stored = this.#storing.then(async () => {
      const pinned = change(this.#pinned);
      await this.#parts.vault.put(key, utf8ToBytes(JSON.stringify(pinned)));
      this.#pinned = pinned;
      this.#parts.onChange();
    });
    this.#storing = stored.catch(() => undefined);
    return stored;
  }
}
