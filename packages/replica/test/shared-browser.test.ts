import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bytesToHex } from '@serment/core/bytes';
import { memoryCache } from '../src/cache.ts';
import { deviceFolder } from '../src/cache-places.ts';
import { addMember } from './members-scene.ts';
import { Network } from './network.ts';
import { create, createTestPractice, note, openDevice, patient, settle, type TestPractice } from './practice-setup.ts';
import { type RunningServer, startRunningServer } from './running-server.ts';

describe('two members who share one browser', () => {
  const cache = memoryCache();
  const network = new Network();
  let server: RunningServer;
  let made: TestPractice;
  let seeds: { readonly doctor: TestPractice['seed']; readonly secretary: TestPractice['seed'] };

  before(async () => {
    server = await startRunningServer();
    made = await createTestPractice(server.url);
    const doctor = await openDevice(made, { cache });
    await create(doctor, 'odile', patient('odile', 'Perrin'), note('one', 'odile', 'Tension 12/8'));
    await settle(doctor);
    const { seed } = await addMember(doctor, 'medical-secretary');
    seeds = { doctor: made.seed, secretary: seed };
    await doctor.lock();
  });
  after(() => server.remove());

  const opens = (seed: TestPractice['seed']) => openDevice(made, { cache, seed, fetch: network.fetch });

  it('have neither each other’s drafts, nor patients opened lately, nor saves that wait', async () => {
    const doctor = await opens(seeds.doctor);
    await doctor.openPatient('Patient/odile');
    await settle(doctor);
    network.isUp = false;
    await doctor.drafts.put('note/Patient/odile', 'Toux sèche');
    await create(doctor, 'odile', note('two', 'odile', 'Toux'));
    await doctor.lock();
    network.isUp = true;
    const secretary = await opens(seeds.secretary);
    assert.deepEqual(secretary.recent(5), []);
    assert.deepEqual(secretary.outbox.items, []);
    assert.deepEqual(await secretary.drafts.list(), []);
    assert.equal(await secretary.drafts.get('note/Patient/odile'), null);
    await secretary.drafts.put('note/Patient/odile', 'Rappel de vaccin');
    await settle(secretary);
    await secretary.lock();
    const again = await opens(seeds.doctor);
    assert.equal((await again.drafts.get('note/Patient/odile'))?.text, 'Toux sèche');
    assert.equal(again.outbox.items.length, 1);
    assert.equal(again.recent(5).length, 1);
    await settle(again);
    assert.deepEqual(again.outbox.items, []);
    await again.lock();
  });

  it('read offline what they fetched themselves, and nothing that the other one did', async () => {
    const doctor = await opens(seeds.doctor);
    await doctor.readPatient('Patient/odile');
    await doctor.lock();
    network.isUp = false;
    const secretary = await opens(seeds.secretary);
    await assert.rejects(secretary.readPatient('Patient/odile'), { code: 'UNREACHABLE' });
    await secretary.lock();
    const again = await opens(seeds.doctor);
    assert.equal((await again.readPatient('Patient/odile')).records.length > 0, true);
    await again.lock();
    network.isUp = true;
  });

  it('are each kept in a folder of their own, which can go without the other', async () => {
    const doctor = await opens(seeds.doctor);
    const own = `${deviceFolder(bytesToHex(doctor.keyring.signer.author))}/`;
    await doctor.lock();
    const keys = await cache.keys('');
    const folders = new Set(keys.map((key) => key.split('/').slice(0, 2).join('/')));
    assert.equal(folders.size, 2);
    assert.ok(keys.every((key) => key.startsWith('device/')));
    for (const key of keys) if (!key.startsWith(own)) await cache.delete(key);
    network.isUp = false;
    const again = await opens(seeds.doctor);
    assert.equal((await again.readPatient('Patient/odile')).isComplete, true);
    await again.lock();
    network.isUp = true;
  });
});
