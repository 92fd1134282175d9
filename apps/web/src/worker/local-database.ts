import { deviceFolder, outboxFolder, scannedBatchFolder, unsentDraftFolder } from '@serment/replica/cache-places';
import type { DeviceRecord } from '@serment/replica/sign-in/device-record';
import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB } from 'idb';
import { type FirstDevice, firstDeviceNow, placeNow } from './first-layout.ts';

/**
 * A member's device that this browser can unlock. The record opens nothing without the password and the server's share,
 * or what else its member let open it.
 */
export interface StoredDevice {
  /** The device's author, which names it here. */
  readonly author: string;
  readonly practice: string;
  /** The practice's. */
  readonly name: string;
  /** Whose it is; null until a device of the first layout was opened once. */
  readonly person: StoredPerson | null;
  readonly isDemo: boolean;
  readonly usedAt: number;
  readonly record: DeviceRecord;
  /** The host said so: another device may take its place here. */
  readonly isRevoked?: true;
  /** Until when, ms, this device is let in though the kit that named it is not replaced. */
  readonly urgentUntil?: number;
}

/** Who works here, as the lock screen names them: in clear on this browser's disk. */
export interface StoredPerson {
  /** Hexadecimal. */
  readonly member: string;
  /** Null where the member's rights do not open the names. */
  readonly name: string | null;
  readonly role: string;
}

export interface LocalSchema extends DBSchema {
  cache: { key: string; value: Uint8Array };
  devices: { key: string; value: StoredDevice };
}

type Database = IDBPDatabase<LocalSchema>;

interface DatabaseEnds {
  readonly onTaken: () => void;
  readonly onEnded: () => void;
}

const databaseVersion = 2;

/**
 * Opens what this browser keeps of Serment. `onTaken` is called when a newer version of the application takes it over,
 * `onEnded` when the browser closes it by itself, as it does where it throws away what a site keeps.
 */
export function openLocalDatabase({ onTaken, onEnded }: DatabaseEnds): Promise<Database> {
  return openDB<LocalSchema>('serment', databaseVersion, {
    async upgrade(database, from, _to, transaction) {
      if (from === 0) {
        database.createObjectStore('cache');
        database.createObjectStore('devices', { keyPath: 'author' });
        return;
      }
      try {
        await leaveFirstLayout(database, transaction);
      } catch (error) {
        // All or nothing: what was there stays as it was.
        transaction.abort();
        throw error;
      }
    },
    blocking: onTaken,
    terminated: onEnded,
  });
}

/** The one used last comes first. */
export async function storedDevices(database: Database): Promise<StoredDevice[]> {
  const devices = await database.getAll('devices');
  return devices.sort((left, right) => right.usedAt - left.usedAt);
}

/** How much of what a device wrote is here alone: saves that wait for the host, drafts that it has not, batches. */
export async function waitingWrites(database: Database, author: string): Promise<number> {
  const folders = [outboxFolder, unsentDraftFolder, scannedBatchFolder];
  const counts = folders.map((folder) => database.count('cache', under(`${deviceFolder(author)}/${folder}`)));
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}

/** Forgets a device and all that is kept of it here. */
export async function removeDevice(database: Database, author: string): Promise<void> {
  const transaction = database.transaction(['cache', 'devices'], 'readwrite', { durability: 'strict' });
  void transaction.objectStore('devices').delete(author);
  void transaction.objectStore('cache').delete(under(`${deviceFolder(author)}/`));
  await transaction.done;
}

type Upgrade = IDBPTransaction<LocalSchema, ('cache' | 'devices')[], 'versionchange'>;

/** In the transaction that changes the version: a power cut leaves the one layout or the other, whole. */
async function leaveFirstLayout(database: Database, transaction: Upgrade): Promise<void> {
  const first: unknown[] = await transaction.objectStore('devices').getAll();
  const devices = first as FirstDevice[];
  database.deleteObjectStore('devices');
  const store = database.createObjectStore('devices', { keyPath: 'author' });
  for (const device of devices) await store.put(firstDeviceNow(device));
  const authors = new Map(devices.map(({ practice, record }) => [practice, record.author]));
  let cursor = await transaction.objectStore('cache').openCursor(under('practice/'));
  while (cursor !== null) {
    const place = placeNow(cursor.key, authors);
    if (place !== null) {
      await transaction.objectStore('cache').put(cursor.value, place);
      await cursor.delete();
    }
    cursor = await cursor.continue();
  }
}

function under(prefix: string): IDBKeyRange {
  return IDBKeyRange.bound(prefix, `${prefix}\uffff`);
}
