import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type Cache, memoryCache } from '../src/cache.ts';
import { folderCache, withTemporaryCache } from '../src/cache-node.ts';

const folder = mkdtempSync(join(tmpdir(), 'serment-cache-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** What every cache does, whatever it is made of. */
async function checkCache(cache: Cache): Promise<void> {
  assert.equal(await cache.get('a/b'), null);
  assert.deepEqual(await cache.keys(''), []);
  await cache.put('a/b', Uint8Array.of(1));
  await cache.put('a/b', Uint8Array.of(2, 3));
  await cache.putMany([
    ['a/bc', Uint8Array.of(4)],
    ['a/b/c', new Uint8Array(0)],
    ['z', Uint8Array.of(5)],
  ]);
  assert.deepEqual(await cache.get('a/b'), Uint8Array.of(2, 3));
  assert.deepEqual(await cache.get('a/b/c'), new Uint8Array(0));
  assert.deepEqual(await cache.keys('a/'), ['a/b', 'a/b/c', 'a/bc']);
  await cache.delete('a/b');
  await cache.delete('absent');
  assert.equal(await cache.get('a/b'), null);
  assert.deepEqual(await cache.keys(''), ['a/b/c', 'a/bc', 'z']);
}

test('a cache in memory keeps the contract', () => checkCache(memoryCache()));
test('a cache in a folder keeps the contract', () => checkCache(folderCache(join(folder, 'contract'))));

test('no key leads out of the folder', async () => {
  const cache = folderCache(join(folder, 'inside'));
  for (const key of ['../out', '..', 'a/../../out', '/abs', 'C:\\x', 'a/./b']) {
    await cache.put(key, Uint8Array.of(7));
    assert.deepEqual(await cache.get(key), Uint8Array.of(7), key);
  }
  assert.deepEqual(readdirSync(folder).sort(), ['contract', 'inside']);
});

test('a folder that cannot be used is CACHE_FAILED', async () => {
  writeFileSync(join(folder, 'file'), 'x');
  await assert.rejects(folderCache(join(folder, 'file')).put('a', Uint8Array.of(1)), { code: 'CACHE_FAILED' });
});

test('a temporary cache is in memory for a short journal, in a folder that goes away for a long one', async () => {
  for (const entries of [10, 1_000_000])
    assert.equal(
      await withTemporaryCache(entries, async (cache) => {
        await cache.put('k', Uint8Array.of(9));
        return (await cache.get('k'))?.[0];
      }),
      9,
    );
});
