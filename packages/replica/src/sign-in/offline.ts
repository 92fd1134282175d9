import { bytesToHex, hexToBytes } from '@serment/core/bytes';
import { CodedError } from '@serment/core/error';
import { sha256 } from '@serment/core/hash';
import { offlineSaltSizeBytes, offlineShare } from '@serment/core/keys/offline';
import { openDeviceSeed, sealDeviceSeed } from '@serment/core/keys/unlocker';
import type { RandomSource } from '@serment/core/random';
import type { AccountStatus } from '@serment/core/wire/account';
import { ReplicaError } from '../error.ts';
import { type DeviceRecord, lockOf, type OfflineLock } from './device-record.ts';
import type { Unlocked } from './unlock.ts';

const dayMs = 24 * 60 * 60_000;
const servesMs = 30 * dayMs;
/** The hour is written down again after this long: a record is not rewritten at each look. */
const confirmEveryMs = 60 * 60_000;
/** How far back a clock may be set right without being taken for one that hides how long it has been. */
const clockSlackMs = dayMs;

/** What tells that neither the password nor the key it is kept for has changed since. */
export function markOf({ toMember }: Pick<AccountStatus, 'toMember'>): string {
  return toMember === null ? '' : bytesToHex(sha256(toMember.sealed));
}

interface OfflineSealing {
  readonly record: DeviceRecord;
  readonly seed: Uint8Array;
  readonly password: string;
  readonly mark: string;
  readonly nowMs: number;
  readonly random: RandomSource;
}

/** Seals a device's seed for its member's password alone. Throws core's MEMORY_SHORT. */
export async function sealOffline({
  record,
  seed,
  password,
  mark,
  nowMs,
  random,
}: OfflineSealing): Promise<OfflineLock> {
  const salt = random(offlineSaltSizeBytes);
  const lock = lockOf(record, 'offline', await offlineShare(password, salt));
  const sealedSeed = bytesToHex(await sealDeviceSeed(lock, seed, random));
  return { salt: bytesToHex(salt), sealedSeed, mark, confirmedAt: nowMs };
}

/** The record once the server said what it holds: the way ends when that is not what it was. */
export function followAccount(record: DeviceRecord, mark: string, nowMs: number): DeviceRecord {
  const { offline } = record;
  if (offline === null || offline === 'ended') return record;
  if (offline.mark !== mark) return { ...record, offline: 'ended' };
  const ageMs = nowMs - offline.confirmedAt;
  return ageMs >= 0 && ageMs < confirmEveryMs ? record : { ...record, offline: { ...offline, confirmedAt: nowMs } };
}

/** The record once this device sealed the account's secret anew by itself: the same password goes on. */
export function carryMark(record: DeviceRecord, from: string, to: string): DeviceRecord {
  const { offline } = record;
  if (offline === null || offline === 'ended' || offline.mark !== from) return record;
  return { ...record, offline: { ...offline, mark: to } };
}

/**
 * Opens a device by its member's password without the server, where the person chose that. Throws PASSWORD_WRONG,
 * WAY_UNKNOWN, OFFLINE_STALE once the server was not heard for 30 days, and core's MEMORY_SHORT.
 */
export async function unlockOffline(record: DeviceRecord, password: string, nowMs: number): Promise<Unlocked> {
  const { offline } = record;
  if (offline === null || offline === 'ended')
    throw new ReplicaError('WAY_UNKNOWN', 'This way in was not set up on this device');
  const ageMs = nowMs - offline.confirmedAt;
  if (ageMs > servesMs || ageMs < -clockSlackMs)
    throw new ReplicaError('OFFLINE_STALE', 'This device has not heard of its server for too long to open without it');
  const share = await offlineShare(password, hexToBytes(offline.salt));
  try {
    const seed = await openDeviceSeed(lockOf(record, 'offline', share), hexToBytes(offline.sealedSeed));
    return { seed, record };
  } catch (cause) {
    if (!(cause instanceof CodedError && cause.code === 'SEALED_INVALID')) throw cause;
    throw new ReplicaError('PASSWORD_WRONG', 'The password does not open this device', { cause });
  } finally {
    share.fill(0);
  }
}
