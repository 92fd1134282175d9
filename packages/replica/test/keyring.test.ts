import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ownBytes } from '@serment/core/bytes';
import { newSeed, seedToRecipient } from '@serment/core/keys/seed';
import { randomBytes } from '@serment/core/random';
import { memoryCache } from '../src/cache.ts';
import { enrolByKit } from '../src/device.ts';
import type { Practice } from '../src/practice.ts';
import { Transport } from '../src/transport.ts';
import { govern, rotate } from './epoch-scene.ts';
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

describe('keys of a practice', () => {
  let server: RunningServer;

  before(async () => {
    server = await startRunningServer();
  });

  after(() => server.remove());

  async function practiceWithNote(): Promise<{ made: TestPractice; device: Practice }> {
    const made = await createTestPractice(server.url);
    const device = await openDevice(made);
    await create(device, 'anna', patient('anna', 'Durand'), note('one', 'anna', 'Ancienne'));
    await settle(device);
    return { made, device };
  }

  it('open all the same after a grant that opens to nobody, and tell which entry it is', async () => {
    const { made, device } = await practiceWithNote();
    const { member, generation } = [...device.mirror.governance.members.values()][0] ?? assert.fail();
    const recipient = await seedToRecipient(newSeed());
    const sealed = { sealedInbox: randomBytes(104), sealedPrevious: randomBytes(104) };
    await govern(device, {
      kind: 'epoch',
      compartment: 'clinical',
      number: 2,
      recipient,
      check: randomBytes(32),
      ...sealed,
    });
    const wrap = ownBytes(device.mirror.governance.wraps.values().next().value?.[0]?.wrap ?? assert.fail());
    await govern(device, { kind: 'grant', compartment: 'clinical', number: 2, member, generation, wrap });
    const again = await openDevice(made);
    assert.deepEqual(titles(await again.readPatient('Patient/anna')), ['Ancienne']);
    assert.ok(again.status().findings.some((finding) => finding.detail === 'KEY'));
    const enrolled = await enrolByKit({
      transport: new Transport({ baseUrl: made.url }),
      kitText: made.kitText,
      label: 'cli',
    });
    const byKit = await openDevice(made, { seed: enrolled.seed });
    assert.deepEqual(titles(await byKit.readPatient('Patient/anna')), ['Ancienne']);
    for (const opened of [device, again, byKit]) await opened.lock();
  });

  it('of a new epoch let a save go that was signed under the old one', async () => {
    const { made, device } = await practiceWithNote();
    const network = new Network();
    const other = await openDevice(made, { fetch: network.fetch });
    network.isUp = false;
    await create(other, 'anna', note('two', 'anna', 'Hors ligne'));
    await assert.rejects(other.outbox.flush(), { code: 'UNREACHABLE' });
    await rotate(device);
    network.isUp = true;
    await settle(other);
    assert.deepEqual([other.status().pending, other.status().refused], [0, 0]);
    assert.equal(other.keyring.currentEpoch('clinical').epoch, 2);
    const fresh = await openDevice(made);
    assert.deepEqual(titles(await fresh.readPatient('Patient/anna')).sort(), ['Ancienne', 'Hors ligne']);
    for (const opened of [device, other, fresh]) await opened.lock();
  });

  it('keep an unsent clinical save from whoever opens only the directory', async () => {
    const { made, device } = await practiceWithNote();
    const cache = memoryCache();
    const network = new Network();
    const offline = await openDevice(made, { cache, fetch: network.fetch });
    network.isUp = false;
    await create(offline, 'anna', note('three', 'anna', 'Clinique'));
    const names = (await cache.keys('device/')).filter((name) => name.includes('/outbox/'));
    assert.equal(names.length, 1);
    const kept = Buffer.from((await cache.get(names[0] ?? '')) ?? assert.fail());
    assert.ok(kept.includes('clinical'));
    for (const opened of [device, offline]) await opened.lock();
  });

  it('that cannot seal one save do not hold the others back', async () => {
    const { device } = await practiceWithNote();
    const documents = Array.from({ length: 900 }, () => ({
      ...{ blobId: randomBytes(16), key: randomBytes(32), sealedHash: randomBytes(32), hash: randomBytes(32) },
      ...{ sealedSize: 100, size: 44, mediaType: 'text/plain' },
    }));
    const records = [{ resource: note('wide', 'anna', 'Trop'), change: 'create' as const, replaces: [] }];
    await device.save({ patient: 'Patient/anna', records, documents });
    await create(device, 'anna', note('narrow', 'anna', 'Juste'));
    await settle(device);
    assert.deepEqual([device.status().pending, device.status().refused], [0, 1]);
    await device.lock();
  });
});
