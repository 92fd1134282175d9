import type { DeviceRecord } from '@serment/replica/sign-in/device-record';
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';

/** A practice that this browser can unlock. The record opens nothing without the password and the server's share. */
export interface StoredDevice {
  readonly practice: string;
  readonly name: string;
  readonly isDemo: boolean;
  readonly usedAt: number;
  readonly record: DeviceRecord;
  /** The host said so: another device may take its place here. */
  readonly isRevoked?: true;
}

export interface LocalSchema extends DBSchema {
  cache: { key: string; value: Uint8Array };
  devices: { key: string; value: StoredDevice };
}

const databaseVersion = 1;

/** Opens what this browser keeps of Serment. `onGone` is called when a newer version of the application takes it over. */
export function openLocalDatabase(onGone: () => void): Promise<IDBPDatabase<LocalSchema>> {
  return openDB<LocalSchema>('serment', databaseVersion, {
    upgrade(database) {
      database.createObjectStore('cache');
      database.createObjectStore('devices', { keyPath: 'practice' });
    },
    blocking: onGone,
    terminated: onGone,
  });
}

/** The one used last comes first. */
export async function storedDevices(database: IDBPDatabase<LocalSchema>): Promise<StoredDevice[]> {
  const devices = await database.getAll('devices');
  return devices.sort((left, right) => right.usedAt - left.usedAt);
}
