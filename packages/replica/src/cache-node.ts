import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { type Cache, memoryCache } from './cache.ts';
import { ReplicaError } from './error.ts';

/** Entries of a journal above which memory is spared. */
const manyEntries = 100_000;

/**
 * A cache in a folder of this machine: one file for each key, seen whole or not at all. It is lost, not damaged, when
 * the power goes: nothing is forced to the disk. Throws CACHE_FAILED.
 */
export function folderCache(root: string): Cache {
  const put = async (key: string, value: Uint8Array) => {
    const path = pathOf(root, key);
    const written = `${path}.new`;
    await asCacheError(async () => {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeFile(written, value, { mode: 0o600 });
      await rename(written, path);
    });
  };
  return {
    get: (key) =>
      asCacheError(async () => {
        try {
          return new Uint8Array(await readFile(pathOf(root, key)));
        } catch (cause) {
          if (isMissing(cause)) return null;
          throw cause;
        }
      }),
    put,
    putMany: async (values) => {
      for (const [key, value] of values) await put(key, value);
    },
    delete: (key) => asCacheError(() => rm(pathOf(root, key), { force: true })),
    keys: (prefix) =>
      asCacheError(async () => {
        const items = await readdir(root, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
          if (isMissing(cause)) return [];
          throw cause;
        });
        return items
          .filter((item) => item.isFile() && item.name.endsWith('.bin'))
          .map((item) => keyOf(root, join(item.parentPath, item.name)))
          .filter((key) => key.startsWith(prefix))
          .sort();
      }),
  };
}

/** Runs with a cache that is gone afterwards: in memory, or in a folder of the system's for a long journal. */
export async function withTemporaryCache<Result>(
  entries: number,
  use: (cache: Cache) => Promise<Result>,
): Promise<Result> {
  if (entries <= manyEntries) return use(memoryCache());
  const folder = await asCacheError(() => mkdtemp(join(tmpdir(), 'serment-cache-')));
  try {
    return await use(folderCache(folder));
  } finally {
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** A key's segments are escaped: what reads as a path elsewhere is a name here. */
function pathOf(root: string, key: string): string {
  const segments = key.split('/').map((segment) => `${encodeURIComponent(segment).replaceAll('.', '%2E')}`);
  return `${join(root, ...segments)}.bin`;
}

function keyOf(root: string, path: string): string {
  return relative(root, path).slice(0, -'.bin'.length).split(sep).map(decodeURIComponent).join('/');
}

async function asCacheError<Value>(run: () => Promise<Value>): Promise<Value> {
  try {
    return await run();
  } catch (cause) {
    if (cause instanceof ReplicaError) throw cause;
    throw new ReplicaError('CACHE_FAILED', 'The folder of this device’s cache cannot be used', {
      cause,
      hint: 'Free space on the disk, or choose another temporary folder (TMPDIR).',
    });
  }
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}
