import { ReplicaError } from './error.ts';

/** `lasting` outlives a power cut; `loose` may go with one, since the host has it: nobody waits for the disk. */
export type Durability = 'lasting' | 'loose';

/**
 * Where a device keeps what it may lose: sealed bytes, verified entries, the verifier's state. Never clear records.
 * Keys are slash-separated ASCII names. A cache may vanish at any time; the journal is at the host.
 */
export interface Cache {
  get(key: string): Promise<Uint8Array | null>;
  /** `lasting` when nothing is said, where the store can. */
  put(key: string, value: Uint8Array, durability?: Durability): Promise<void>;
  /** All or none, where the store can; the order given otherwise. */
  putMany(values: readonly (readonly [key: string, value: Uint8Array])[], durability?: Durability): Promise<void>;
  delete(key: string): Promise<void>;
  /** Keys that begin with `prefix`, sorted. */
  keys(prefix: string): Promise<string[]>;
}

/** A cache that lives as long as the process: for scripts and the first steps of a new device. */
export function memoryCache(): Cache {
  const values = new Map<string, Uint8Array>();
  return {
    get: async (key) => values.get(key) ?? null,
    put: async (key, value) => {
      values.set(key, value);
    },
    putMany: async (entries) => {
      for (const [key, value] of entries) values.set(key, value);
    },
    delete: async (key) => {
      values.delete(key);
    },
    keys: async (prefix) => [...values.keys()].filter((key) => key.startsWith(prefix)).sort(),
  };
}

/** The same cache, seen under a folder of its own. */
export function cacheUnder(cache: Cache, folder: string): Cache {
  const inside = (key: string) => `${folder}/${key}`;
  return {
    get: (key) => cache.get(inside(key)),
    put: (key, value, durability) => cache.put(inside(key), value, durability),
    putMany: (entries, durability) =>
      cache.putMany(
        entries.map(([key, value]) => [inside(key), value]),
        durability,
      ),
    delete: (key) => cache.delete(inside(key)),
    keys: async (prefix) => (await cache.keys(inside(prefix))).map((key) => key.slice(folder.length + 1)),
  };
}

/** The same cache for what can be read again from the host: a device that is full reads on, and keeps nothing more. */
export function sparingCache(cache: Cache): Cache {
  const trying = (work: Promise<void>) =>
    work.catch((error: unknown) => {
      if (!(error instanceof ReplicaError && error.code === 'CACHE_FAILED')) throw error;
    });
  return {
    ...cache,
    put: (key, value) => trying(cache.put(key, value, 'loose')),
    putMany: (values) => trying(cache.putMany(values, 'loose')),
    delete: (key) => trying(cache.delete(key)),
  };
}
