import { deviceFolder } from '@serment/replica/cache-places';
import type { DeviceRecord } from '@serment/replica/sign-in/device-record';
import type { StoredDevice } from './local-database.ts';

/** How version 1 of the database kept a device: one for each practice, of a member that it did not name. */
export interface FirstDevice {
  readonly practice: string;
  readonly name: string;
  readonly isDemo: boolean;
  readonly usedAt: number;
  readonly record: Omit<DeviceRecord, 'offline'>;
  readonly isRevoked?: true;
}

const placeForm = /^practice\/([0-9a-f]{64})\/(?:author\/([0-9a-f]{64})\/)?(.+)$/s;

/** The same device as it is kept now. */
export function firstDeviceNow(device: FirstDevice): StoredDevice {
  const { record } = device;
  return { ...device, author: record.author, person: null, record: { ...record, offline: null } };
}

/**
 * Where a value of the first cache stands now: what named its author is that one's, and what was the practice's is the
 * device's that read it. Null for what belongs to no device here: it stays where it is.
 */
export function placeNow(key: string, authors: ReadonlyMap<string, string>): string | null {
  const [, practice = '', named, rest = ''] = placeForm.exec(key) ?? [];
  const author = named ?? authors.get(practice);
  return author === undefined ? null : `${deviceFolder(author)}/${rest}`;
}
