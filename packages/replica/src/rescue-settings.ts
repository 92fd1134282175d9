import { bytesToHex, bytesToUtf8, hexToBytes, utf8ToBytes } from '@serment/core/bytes';
import type { RescueKey } from '@serment/core/keys/rescue';
import type { RescuePlaceKind } from '@serment/records/fhir/rescue-trace';
import type { LocalVault } from './local-vault.ts';

const key = 'rescue';

/** Where this device puts its rescue copies. */
export interface RescuePlace {
  readonly kind: RescuePlaceKind;
  /** The folder's name; '' for a download. */
  readonly name: string;
}

/** A copy that was made here. */
export interface MadeRescue {
  /** This device's clock, ms. */
  readonly madeAt: number;
  readonly patients: number;
  /** Of the file. */
  readonly sizeBytes: number;
  readonly place: RescuePlace;
}

export interface RescueSetting {
  readonly place: RescuePlace;
  /** From which hour of the day on, 0 to 23. */
  readonly hour: number;
  /** When it was set up, this device's clock, ms. */
  readonly since: number;
  /** Null before the first. */
  readonly last: MadeRescue | null;
}

interface Stored {
  readonly setting: RescueSetting;
  /** Hexadecimal. */
  readonly key: string;
  readonly salt: string;
}

/** How this device makes rescue copies, sealed on it for who reads medical files. What opens them is kept; their passphrase is not. */
export class RescueSettings {
  readonly #vault: LocalVault;

  constructor(vault: LocalVault) {
    this.#vault = vault;
  }

  /** Null while none are made here. */
  async read(): Promise<(RescueSetting & { readonly stretched: RescueKey }) | null> {
    const stored = await this.#vault.get(key);
    if (stored === null) return null;
    const { setting, key: opens, salt } = JSON.parse(bytesToUtf8(stored)) as Stored;
    return { ...setting, stretched: { key: hexToBytes(opens), salt: hexToBytes(salt) } };
  }

  /** Throws CACHE_FAILED, COMPARTMENT_CLOSED. */
  async write({ key: opens, salt }: RescueKey, { place, hour, since, last }: RescueSetting): Promise<void> {
    const stored: Stored = { setting: { place, hour, since, last }, key: bytesToHex(opens), salt: bytesToHex(salt) };
    await this.#vault.put(key, utf8ToBytes(JSON.stringify(stored)), 'clinical');
  }

  async forget(): Promise<void> {
    await this.#vault.delete(key);
  }
}
