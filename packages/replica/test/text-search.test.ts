import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex } from '@serment/core/bytes';
import { encodePayloadsAnswer } from '@serment/core/wire/read';
import { memoryCache } from '../src/cache.ts';
import { ReplicaError } from '../src/error.ts';
import { renewKeys } from '../src/key-renewal.ts';
import { mergeRecords } from '../src/patient-merge.ts';
import type { Practice } from '../src/practice.ts';
import { restrictPatient } from '../src/restrictions.ts';
import type { TextSearch } from '../src/text-search.ts';
import { cborAnswer, Liar } from './liar.ts';
import { addMember, open, serveMembers } from './members-scene.ts';
import { Network } from './network.ts';
import { create, createTestPractice, openDevice, patient, settle } from './practice-setup.ts';

describe('the search in all files', () => {
  const server = serveMembers();

  const note = (id: string, title: string) => ({ resourceType: 'Composition', id, status: 'preliminary', title });
  const textsOf = (practice: Practice): TextSearch => practice.texts ?? assert.fail();

  async function found(practice: Practice, query: string): Promise<string[]> {
    const { hits } = await textsOf(practice).search(query, { limit: 10, goesOn: async () => true });
    return hits.map(({ document }) => document.record).sort();
  }

  async function makeScene() {
    const made = await createTestPractice(server.url);
    const doctor = await open(made, made.seed);
    await create(doctor, 'anna', patient('anna', 'Durand'), note('n1', 'Entorse de la cheville'));
    await create(doctor, 'bea', patient('bea', 'Morel'), note('n2', 'Entorse du genou'));
    await settle(doctor);
    return { made, doctor };
  }

  it('reads nothing before it is asked to, then everything, then what is new', async () => {
    const { doctor } = await makeScene();
    assert.equal(await textsOf(doctor).load(), false);
    assert.equal(textsOf(doctor).status().state, 'off');
    await textsOf(doctor).follow();
    assert.deepEqual(await found(doctor, 'entorse'), []);
    await textsOf(doctor).begin(() => undefined);
    assert.deepEqual(textsOf(doctor).status(), { state: 'ready', done: 2, total: 2, documents: 2 });
    assert.deepEqual(await found(doctor, 'entorse'), ['Composition/n1', 'Composition/n2']);
    await create(doctor, 'bea', note('n3', 'Entorse du poignet'));
    await settle(doctor);
    await textsOf(doctor).follow();
    assert.deepEqual(await found(doctor, 'poignet'), ['Composition/n3']);
  });

  it('finds what a record says now, and nothing that was entered in error', async () => {
    const { doctor } = await makeScene();
    await textsOf(doctor).begin(() => undefined);
    const change = async (id: string, resource: object, kind: 'edit' | 'entered-in-error') => {
      const file = await doctor.readPatient('Patient/anna');
      const replaces = file.records.find((record) => record.id === id)?.versions.map(({ version }) => version) ?? [];
      await doctor.save({ patient: 'Patient/anna', records: [{ resource, change: kind, replaces }] });
      await settle(doctor);
      await textsOf(doctor).follow();
    };
    await change('Composition/n1', note('n1', 'Fracture de la cheville'), 'edit');
    assert.deepEqual(await found(doctor, 'entorse'), ['Composition/n2']);
    assert.deepEqual(await found(doctor, 'fracture'), ['Composition/n1']);
    await change('Composition/n1', note('n1', 'Fracture de la cheville'), 'entered-in-error');
    assert.deepEqual(await found(doctor, 'fracture'), []);
  });

  it('is there after a lock without asking the host again, sealed on the device', async () => {
    const { made, doctor } = await makeScene();
    const cache = memoryCache();
    const network = new Network();
    const first = await openDevice(made, { cache, fetch: network.fetch });
    await textsOf(first).begin(() => undefined);
    await first.lock();
    for (const key of await cache.keys(''))
      assert.ok(!Buffer.from((await cache.get(key)) ?? []).includes('Entorse'), `${key} is clear`);
    network.asked.length = 0;
    const again = await openDevice(made, { cache, fetch: network.fetch });
    assert.equal(await textsOf(again).load(), true);
    await textsOf(again).follow();
    assert.deepEqual(await found(again, 'entorse'), ['Composition/n1', 'Composition/n2']);
    assert.ok(!network.asked.some((name) => name.endsWith('/payloads')));
    await textsOf(again).forget();
    assert.deepEqual(await found(again, 'entorse'), []);
    assert.deepEqual(
      (await cache.keys('')).filter((key) => key.includes('/texts/')),
      [],
    );
    await doctor.lock();
    await again.lock();
  });

  it('goes on where a cut line left it', async () => {
    const { made } = await makeScene();
    const network = new Network();
    const device = await openDevice(made, { fetch: network.fetch });
    network.isUp = false;
    await assert.rejects(
      textsOf(device).begin(() => undefined),
      { code: 'UNREACHABLE' },
    );
    assert.equal(textsOf(device).status().state, 'partial');
    network.isUp = true;
    await textsOf(device).follow();
    assert.equal(textsOf(device).status().state, 'ready');
    await device.lock();
  });

  it('reads again what the host gave nothing of, and what no key was granted for', async () => {
    const { made, doctor } = await makeScene();
    const liar = await Liar.start(server.url);
    liar.lie(/^POST .*\/payloads$/, () => cborAnswer(encodePayloadsAnswer([])));
    const held = await openDevice(made, { url: liar.url });
    await textsOf(held).begin(() => undefined);
    assert.deepEqual(textsOf(held).status(), { state: 'partial', done: 0, total: 2, documents: 0 });
    liar.repent();
    await textsOf(held).follow();
    assert.deepEqual(textsOf(held).status(), { state: 'ready', done: 2, total: 2, documents: 2 });
    await held.lock();
    await liar.close();

    await addMember(doctor, 'substitute');
    await renewKeys(doctor);
    const device = await openDevice(made);
    const { keyring } = device;
    const granted = keyring.epochKey.bind(keyring);
    assert.equal(keyring.currentEpoch('clinical').epoch, 2);
    keyring.stream('clinical', 'patient/anna');
    keyring.epochKey = (compartment, epoch) => {
      if (compartment === 'clinical' && epoch === 1) throw new ReplicaError('COMPARTMENT_CLOSED', 'Not granted');
      return granted(compartment, epoch);
    };
    await textsOf(device).begin(() => undefined);
    assert.deepEqual(textsOf(device).status(), { state: 'partial', done: 0, total: 2, documents: 0 });
    keyring.epochKey = granted;
    await textsOf(device).follow();
    assert.deepEqual(await found(device, 'entorse'), ['Composition/n1', 'Composition/n2']);
    await device.lock();
  });

  it('keeps nothing where it is told to forget before it began to read', async () => {
    const { made } = await makeScene();
    const cache = memoryCache();
    const gate = Promise.withResolvers<void>();
    const held: typeof cache = {
      ...cache,
      put: async (key, bytes) => {
        if (key.includes('/texts/')) await gate.promise;
        await cache.put(key, bytes);
      },
    };
    const device = await openDevice(made, { cache: held });
    const beginning = textsOf(device).begin(() => undefined);
    await textsOf(device).load();
    const forgetting = textsOf(device).forget();
    gate.resolve();
    await Promise.all([beginning, forgetting]);
    const keys = await cache.keys('');
    assert.deepEqual(
      keys.filter((key) => key.includes('/texts/')),
      [],
    );
    assert.deepEqual(await found(device, 'entorse'), []);
    assert.equal(textsOf(device).status().state, 'off');
    await device.lock();
  });

  it('reads everything again where the journal became another while it read', async () => {
    const { made } = await makeScene();
    const gate = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const isReading = String(input).endsWith('/payloads');
      if (isReading) asked.resolve();
      if (isReading) await gate.promise;
      return globalThis.fetch(input, init);
    };
    const device = await openDevice(made, { fetch });
    const beginning = textsOf(device).begin(() => undefined);
    await asked.promise;
    await textsOf(device).restart();
    const following = textsOf(device).follow();
    gate.resolve();
    await Promise.all([beginning, following]);
    assert.deepEqual(textsOf(device).status(), { state: 'ready', done: 2, total: 2, documents: 2 });
    await device.lock();
  });

  it('reads the files of records that were merged, as they stand', async () => {
    const { doctor } = await makeScene();
    await mergeRecords(doctor, { kept: 'Patient/anna', gone: 'Patient/bea' });
    await settle(doctor);
    await textsOf(doctor).begin(() => undefined);
    assert.deepEqual(await found(doctor, 'entorse'), ['Composition/n1', 'Composition/n2']);
  });

  it('tells nothing of a file that was restricted to others, and keeps nothing of it', async () => {
    const { made, doctor } = await makeScene();
    const { seed } = await addMember(doctor, 'doctor');
    const cache = memoryCache();
    const colleague = await openDevice(made, { seed, cache });
    await textsOf(colleague).begin(() => undefined);
    assert.equal((await found(colleague, 'entorse')).length, 2);
    await restrictPatient(doctor, 'Patient/anna', [bytesToHex(doctor.keyring.member)]);
    await colleague.sync();
    assert.deepEqual(await found(colleague, 'entorse'), ['Composition/n2']);
    await textsOf(colleague).follow();
    assert.deepEqual(textsOf(colleague).status(), { state: 'ready', done: 1, total: 1, documents: 1 });
    await restrictPatient(doctor, 'Patient/anna', null);
    await colleague.sync();
    await textsOf(colleague).follow();
    assert.equal((await found(colleague, 'entorse')).length, 2);
    await colleague.lock();
  });

  it('is not there for who reads no medical file', async () => {
    const { made, doctor } = await makeScene();
    const { seed } = await addMember(doctor, 'desk');
    assert.equal((await open(made, seed)).texts, null);
  });
});
