import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { RoutedBatch } from '@serment/records/import/batch';
import { newVersion } from '@serment/records/version';
import { importBatches } from '../src/bulk-import.ts';
import { memoryCache } from '../src/cache.ts';
import { enrolByKit, findPractice } from '../src/device.ts';
import type { Practice } from '../src/practice.ts';
import { Transport } from '../src/transport.ts';
import { vaultEvents } from '../src/vault.ts';
import { createTestPractice, note, openDevice, type TestPractice } from './practice-setup.ts';
import { type RunningServer, startRunningServer } from './running-server.ts';

/** More than any scan of the newest entries would reach back. */
const entries = 2200;

describe('what happened to the vault', () => {
  let server: RunningServer;
  let made: TestPractice;
  let device: Practice;
  const cache = memoryCache();

  before(async () => {
    server = await startRunningServer();
    made = await createTestPractice(server.url);
    const kit = { transport: new Transport({ baseUrl: server.url }), kitText: made.kitText };
    await enrolByKit({ ...kit, label: 'browser' });
    const { seed } = await findPractice(kit);
    await (await openDevice(made, { seed })).lock();
    device = await openDevice(made, { cache });
    await importBatches(device, notes(entries), {});
    await device.sync();
  });
  after(() => server?.remove());

  function* notes(count: number): Generator<RoutedBatch> {
    for (let place = 0; place < count; place += 1) {
      const resource = note(`n${place}`, 'p', `Note ${place}`);
      const versions = [newVersion({ resource, change: 'create' }, device.random)];
      yield { compartment: 'clinical', stream: 'patient/p', batch: { patient: 'Patient/p', versions, documents: [] } };
    }
  }

  const kinds = async (practice: Practice, limit: number) =>
    (await vaultEvents(practice, limit)).events.map(({ body }) => body.kind);

  it('is told from the first entry on, however many have come since', async () => {
    assert.ok(device.mirror.size > entries);
    const told = await kinds(device, 1000);
    assert.equal(told.at(-1), 'genesis');
    assert.equal(told.filter((kind) => kind === 'device').length, 2);
    assert.ok(told.includes('fetch'), 'what the kit read');
    const { events, hasMore } = await vaultEvents(device, 1000);
    assert.equal(hasMore, false);
    assert.deepEqual(
      events.map(({ index }) => index),
      events.map(({ index }) => index).toSorted((left, right) => right - left),
    );
    const own = events.filter(({ body }) => body.kind === 'fetch' && !body.isKit);
    assert.deepEqual(own, []);
  });

  it('is read no further than it is shown', async () => {
    const all = await kinds(device, 1000);
    const { mirror } = device;
    const entry = mirror.entry.bind(mirror);
    let read = 0;
    mirror.entry = (index) => {
      read += 1;
      return entry(index);
    };
    const { events, hasMore } = await vaultEvents(device, 2);
    assert.deepEqual(
      events.map(({ body }) => body.kind),
      all.slice(0, 2),
    );
    assert.equal(hasMore, true);
    assert.ok(read < 20, `${read} entries read`);
  });

  it('is the same from what the device kept', async () => {
    await device.lock();
    const reopened = await openDevice(made, { cache });
    assert.deepEqual((await kinds(reopened, 1000)).at(-1), 'genesis');
    assert.ok((await kinds(reopened, 1000)).includes('fetch'));
  });
});
