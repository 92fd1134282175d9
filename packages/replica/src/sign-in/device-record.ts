import { type Bytes, bytesToHex, hexToBytes } from '@serment/core/bytes';
import type { DeviceLock, Way } from '@serment/core/keys/unlocker';
import { type RandomSource, randomBytes } from '@serment/core/random';

/**
 * What a device keeps to be unlocked, in hexadecimal: useless without the server's half, and without what the person knows
 * or holds. A way in that was not set up is null.
 */
export interface DeviceRecord {
  readonly practice: string;
  readonly author: string;
  readonly account: string | null;
  readonly deviceSecret: string;
  /** Shown at the server's gate, and the one that follows it; null unless a login is under way, or was cut. */
  readonly ticket: string;
  readonly nextTicket: string | null;
  /** The device's seed, sealed for the password. */
  readonly password: string | null;
  readonly pin: { readonly id: string; readonly sealedSeed: string } | null;
  readonly passkeys: readonly PasskeyLock[];
  /** Sealed for a CPS card or Pro Santé Connect. */
  readonly card: string | null;
  /** Sealed for the password alone, without the server: null unless the person chose it here. */
  readonly offline: OfflineLock | OfflineEnded | null;
}

/** What opens by the password and this record alone (docs/format/keys.md, Offline). */
export interface OfflineLock {
  readonly salt: string;
  readonly sealedSeed: string;
  /** What the server held of the account when the password was last known to be the member's: a hash. */
  readonly mark: string;
  /** When that was, by this device's clock, ms. */
  readonly confirmedAt: number;
}

/** The password, or the member's key, was changed elsewhere: the way was chosen here, and is to be chosen anew. */
export type OfflineEnded = 'ended';

export interface PasskeyLock {
  /** The credential's id, in hexadecimal. */
  readonly credential: string;
  readonly sealedSeed: string;
}

/** Where a device keeps its record: called before anything that the record must outlive. */
export type KeepRecord = (record: DeviceRecord) => Promise<void>;

/** A device that nothing unlocks yet. */
export function newDeviceRecord(
  { practice, author }: { readonly practice: Bytes; readonly author: Bytes },
  random: RandomSource = randomBytes,
): DeviceRecord {
  return {
    practice: bytesToHex(practice),
    author: bytesToHex(author),
    account: null,
    deviceSecret: bytesToHex(random(32)),
    ticket: bytesToHex(random(32)),
    nextTicket: null,
    password: null,
    pin: null,
    passkeys: [],
    card: null,
    offline: null,
  };
}

/** The lock of one way in, whose share is given. */
export function lockOf(record: DeviceRecord, way: Way, share: Bytes): DeviceLock {
  return {
    ...{ way, share, deviceSecret: hexToBytes(record.deviceSecret) },
    ...{ practice: hexToBytes(record.practice), author: hexToBytes(record.author) },
  };
}

/** The record with a next ticket, to be kept before it is sent: the one of a login that was cut serves again. */
export function drawTicket(record: DeviceRecord, random: RandomSource): DeviceRecord {
  return record.nextTicket === null ? { ...record, nextTicket: bytesToHex(random(32)) } : record;
}

/** The record once the server took the next ticket. */
export function takeTicket(record: DeviceRecord): DeviceRecord {
  return record.nextTicket === null ? record : { ...record, ticket: record.nextTicket, nextTicket: null };
}
