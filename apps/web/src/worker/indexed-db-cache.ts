import type { Cache, Durability } from '@serment/replica/cache';
import { ReplicaError } from '@serment/replica/error';
import type { IDBPDatabase } from 'idb';
import type { LocalSchema } from './local-database.ts';

/** As it is open now. */
type Database = () => Promise<IDBPDatabase<LocalSchema>>;

/** The device's cache in IndexedDB: sealed bytes, verified entries, the verifier's state; never a clear record. */
export function indexedDbCache(database: Database): Cache {
  return {
    get: (key) => failing(async () => (await (await database()).get('cache', key)) ?? null),
    put: (key, value, durability) => failing(() => putAll(database, [[key, value]], durability)),
    putMany: (values, durability) => failing(() => putAll(database, values, durability)),
    delete: (key) => failing(async () => (await database()).delete('cache', key)),
    keys: (prefix) =>
      failing(async () => (await database()).getAllKeys('cache', IDBKeyRange.bound(prefix, `${prefix}\uffff`))),
  };
}

async function putAll(
  database: Database,
  values: Parameters<Cache['putMany']>[0],
  kept: Durability = 'lasting',
): Promise<void> {
  // What a person was told is on this device must survive a power cut, not only a closed tab.
  const durability = kept === 'lasting' ? 'strict' : 'relaxed';
  const transaction = (await database()).transaction('cache', 'readwrite', { durability });
  for (const [key, value] of values) void transaction.store.put(value, key);
  await transaction.done;
}

async function failing<Value>(act: () => Promise<Value>): Promise<Value> {
  try {
    return await act();
  } catch (cause) {
    const isFull = cause instanceof DOMException && cause.name === 'QuotaExceededError';
    throw new ReplicaError('CACHE_FAILED', 'The browser could not keep this on the device', {
      cause,
      fields: { isFull },
    });
  }
}
