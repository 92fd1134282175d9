import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Cache, memoryCache } from '../src/cache.ts';
import { folderCache } from '../src/cache-node.ts';
import { ReplicaError } from '../src/error.ts';
import { Network } from './network.ts';
import {
  create,
  createTestPractice,
  note,
  openDevice,
  patient,
  settle,
  type TestPractice,
  titles,
} from './practice-setup.ts';
import { type RunningServer, startRunningServer } from './running-server.ts';

describe('the cache of a device', () => {
  let server: RunningServer;
  let made: TestPractice;

  before(async () => {
    server = await startRunningServer();
    made = await createTestPractice(server.url);
    const device = await openDevice(made);
    await create(device, 'kept', patient('kept', 'Gardé'), note('kept-note', 'kept', 'Tension 12/8'));
    await settle(device);
  });
  after(() => server?.remove());

  /** A cache that a device has filled by opening the file. */
  const filled = async (cache: Cache = memoryCache()): Promise<Cache> => {
    const device = await openDevice(made, { cache });
    await device.readPatient('Patient/kept');
    await device.persist();
    return cache;
  };
  const keysOf = (cache: Cache) => cache.keys('device/');
  const readsWell = async (cache: Cache, network = new Network()) => {
    const device = await openDevice(made, { cache, fetch: network.fetch });
    const file = await device.readPatient('Patient/kept');
    assert.deepEqual(titles(file), ['Tension 12/8']);
    assert.equal(file.isComplete, true);
    assert.equal(device.status().hostLie, null);
    assert.deepEqual(device.status().findings, []);
    return device;
  };

  it('opens a file that was read here before, without the server', async () => {
    const cache = await filled();
    const network = new Network();
    network.isUp = false;
    const device = await readsWell(cache, network);
    assert.equal(device.status().online, false);
    assert.equal(device.search('garde', 5).length, 1);
  });

  it('comes back by itself once a device that was opened offline finds the server', async () => {
    const cache = await filled();
    const network = new Network();
    network.isUp = false;
    const device = await openDevice(made, { cache, fetch: network.fetch });
    network.isUp = true;
    await device.sync();
    assert.equal(device.status().hostLie, null);
  });

  it('may lose any one of its values: the file reads the same', async () => {
    for (const key of await keysOf(await filled())) {
      const cache = await filled();
      await cache.delete(key);
      await readsWell(cache);
    }
  });

  it('may have any one of its values damaged: the host is not accused, and the file reads the same', async () => {
    for (const key of await keysOf(await filled())) {
      for (const place of [0, 0.5, 1]) {
        const cache = await filled();
        const value = new Uint8Array((await cache.get(key)) ?? []);
        const at = Math.round(place * (value.length - 1));
        value[at] = (value[at] ?? 0) ^ 0x10;
        await cache.put(key, value);
        await readsWell(cache);
      }
      const cache = await filled();
      await cache.put(key, new Uint8Array());
      await readsWell(cache);
    }
  });

  it('may be lost as a whole, or lie in a folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'serment-cache-test-'));
    const cache = await filled(folderCache(folder));
    await readsWell(cache);
    for (const key of await keysOf(cache)) await cache.delete(key);
    await readsWell(cache);
    await rm(folder, { recursive: true });
  });

  it('holds no clear record and no key', async () => {
    const cache = await filled();
    const device = await openDevice(made, { cache });
    const secrets = ['Tension 12/8', 'Gardé', 'Cabinet des Tilleuls', '1954-03-12'].map((text) => Buffer.from(text));
    secrets.push(Buffer.from(made.seed), Buffer.from(device.keyring.epochKey('clinical', 1)));
    for (const key of await cache.keys('')) {
      const value = Buffer.from((await cache.get(key)) ?? []);
      for (const secret of secrets) assert.equal(value.includes(secret), false, key);
    }
  });

  it('may be full: files are read and the vault locks, but a save that would not be kept is refused', async () => {
    for (const cache of [await filled(), memoryCache()]) {
      const device = await openDevice(made, {
        cache: { ...cache, put: () => Promise.reject(full()), putMany: () => Promise.reject(full()) },
      });
      assert.deepEqual(titles(await device.readPatient('Patient/kept')), ['Tension 12/8']);
      await assert.rejects(create(device, 'kept', note('n', 'kept', 'x')), { code: 'CACHE_FAILED' });
      await assert.rejects(device.drafts.put('note/Patient/kept', 'x'), { code: 'CACHE_FAILED' });
      await device.lock();
      assert.throws(() => device.keyring.epochKey('clinical', 1), { code: 'COMPARTMENT_CLOSED' });
    }
  });
});

function full(): ReplicaError {
  return new ReplicaError('CACHE_FAILED', 'full');
}
