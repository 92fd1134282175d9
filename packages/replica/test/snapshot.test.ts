import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ownBytes } from '@serment/core/bytes';
import { emptyStream, foldStream, type StreamState } from '@serment/records/fold';
import { encodeSnapshot } from '@serment/records/snapshot';
import { newVersion } from '@serment/records/version';
import { importBatches } from '../src/bulk-import.ts';
import { memoryCache } from '../src/cache.ts';
import type { Practice } from '../src/practice.ts';
import { loadStream } from '../src/stream-view.ts';
import { Network } from './network.ts';
import {
  create,
  createTestPractice,
  fileStream,
  note,
  openDevice,
  patient,
  settle,
  type TestPractice,
  titles,
} from './practice-setup.ts';
import { type RunningServer, startRunningServer } from './running-server.ts';

describe('snapshots', () => {
  let server: RunningServer;
  let made: TestPractice;
  let device: Practice;

  before(async () => {
    server = await startRunningServer();
    made = await createTestPractice(server.url);
    device = await openDevice(made);
  });
  after(() => server?.remove());

  const fill = async (id: string, notes: number) => {
    await create(device, id, patient(id, 'Long'));
    const batches = Array.from({ length: notes }, (_, place) => {
      const resource = note(`${id}-${place}`, id, `Note ${place}`);
      const versions = [newVersion({ resource, change: 'create' }, device.random)];
      return {
        compartment: 'clinical' as const,
        stream: `patient/${id}`,
        batch: { patient: `Patient/${id}`, versions, documents: [] },
      };
    });
    await importBatches(device, batches);
    await settle(device);
  };
  /** Signs a snapshot of this content, as a device that is wrong or worse would. */
  const writeWrong = async (id: string, state: StreamState, last?: number) => {
    const stream = fileStream(device, id);
    const index = last ?? device.mirror.entriesOf(stream.id).at(-1) ?? 0;
    const content = ownBytes(encodeSnapshot(state));
    await device.outbox.add([
      { stream, body: { kind: 'snapshot', index, id: (await device.mirror.entry(index)).id }, content, blobs: [] },
    ]);
    await settle(device);
    return device.mirror.snapshotOf(stream.id) ?? 0;
  };
  const stateOf = async (id: string) =>
    (await loadStream(fileStream(device, id), device.streamParts(), { isWhole: true })).state;

  it('are written once a stream has grown by more than 256 entries, and opening it then reads few of them', async () => {
    await fill('grown', 256);
    assert.equal(await device.upkeep.writeSnapshots(), 0);
    await create(device, 'grown', note('grown-last', 'grown', 'La dernière'));
    await settle(device);
    assert.equal(await (await openDevice(made)).upkeep.writeSnapshots(), 1);
    await device.sync();
    assert.equal(await (await openDevice(made)).upkeep.writeSnapshots(), 0);
    await create(device, 'grown', note('grown-after', 'grown', 'Depuis'));
    await settle(device);

    const network = new Network();
    const reader = await openDevice(made, { fetch: network.fetch });
    const file = await reader.readPatient('Patient/grown');
    assert.equal(titles(file).length, 258);
    assert.ok(titles(file).includes('La dernière') && titles(file).includes('Depuis'));
    assert.equal(file.isComplete, true);
    await reader.upkeep.checkSnapshots();
    assert.deepEqual(reader.status().findings, []);
    assert.equal((await reader.history('Patient/grown', 'Composition/grown-0')).length, 1);
  });

  it('that invent a version are refused at once, and the file shows what the entries say', async () => {
    await fill('invented', 3);
    const state = await stateOf('invented');
    const [index = 0] = device.mirror.entriesOf(fileStream(device, 'invented').id);
    const { id: entryId, header, receivedAt } = await device.mirror.entry(index);
    const versions = [newVersion({ resource: note('fake', 'invented', 'Inventé'), change: 'create' }, device.random)];
    const batch = { patient: null, versions, documents: [] };
    const wrong = foldStream([{ index, entryId, author: header.author, receivedAt, time: header.time, batch }]);
    const snapshot = await writeWrong('invented', wrong);
    const file = await (await openDevice(made)).readPatient('Patient/invented');
    assert.equal(titles(file).includes('Inventé'), false);
    assert.equal(titles(file).length, state.records.size);
    assert.deepEqual(
      file.findings.map(({ code, index: at }) => [code, at]),
      [['SNAPSHOT_MISMATCH', snapshot]],
    );
  });

  it('that change a version are refused at once', async () => {
    await fill('changed', 1);
    const state = await stateOf('changed');
    const [record] = state.records.values();
    assert.ok(record);
    const content = record.current[0]?.content?.replace('Note 0', 'Autre') ?? null;
    state.records.set(record.id, { ...record, current: record.current.map((version) => ({ ...version, content })) });
    await writeWrong('changed', state);
    const file = await (await openDevice(made)).readPatient('Patient/changed');
    assert.deepEqual(titles(file), ['Note 0']);
    assert.equal(file.findings[0]?.code, 'SNAPSHOT_MISMATCH');
  });

  it('that claim to stand for entries after them are refused: they would hide those', async () => {
    await fill('ahead', 2);
    const early = await stateOf('ahead');
    await create(device, 'ahead', note('ahead-last', 'ahead', 'Cachée'));
    await settle(device);
    await create(device, 'ahead-other', patient('ahead-other', 'Autre'));
    await settle(device);
    const elsewhere = device.mirror.entriesOf(device.keyring.stream('admin', 'directory').id).at(-1) ?? 0;
    const snapshot = await writeWrong('ahead', early, elsewhere);
    const file = await (await openDevice(made)).readPatient('Patient/ahead');
    assert.ok(titles(file).includes('Cachée'));
    assert.deepEqual(
      file.findings.map(({ code, index }) => [code, index]),
      [['SNAPSHOT_MISMATCH', snapshot]],
    );
  });

  it('that leave a version out are found by the full check, and serve no more', async () => {
    await fill('left-out', 4);
    const state = await stateOf('left-out');
    state.records.delete('Composition/left-out-2');
    const snapshot = await writeWrong('left-out', state);
    const reader = await openDevice(made, { cache: memoryCache() });
    assert.equal(titles(await reader.readPatient('Patient/left-out')).length, 3);
    await reader.upkeep.checkSnapshots();
    assert.deepEqual(
      reader.status().findings.map(({ code, index }) => [code, index]),
      [['SNAPSHOT_MISMATCH', snapshot]],
    );
    assert.equal(titles(await reader.readPatient('Patient/left-out')).length, 4);
  });

  it('of the directory that leave a patient out are found by the full check', async () => {
    const directory = device.keyring.stream('admin', 'directory');
    const whole = await loadStream(directory, device.streamParts(), { isWhole: true });
    whole.state.records.delete('Patient/grown');
    const index = device.mirror.entriesOf(directory.id).at(-1) ?? 0;
    const content = ownBytes(encodeSnapshot(whole.state));
    const body = { kind: 'snapshot' as const, index, id: (await device.mirror.entry(index)).id };
    await device.outbox.add([{ stream: directory, body, content, blobs: [] }]);
    await settle(device);
    const cache = memoryCache();
    const reader = await openDevice(made, { cache });
    assert.equal(reader.directory.get('Patient/grown'), null);
    await reader.persist();
    const again = await openDevice(made, { cache });
    await again.upkeep.checkSnapshots();
    assert.equal(again.status().findings[0]?.code, 'SNAPSHOT_MISMATCH');
    assert.equal(again.directory.get('Patient/grown')?.family, 'Long');
  });

  it('of nothing, and of streams that are not records, are never written', async () => {
    const empty = emptyStream();
    assert.equal(encodeSnapshot(empty).length > 0, true);
    for (let place = 0; place < 3; place += 1) await device.openPatient('Patient/grown');
    await settle(device);
    assert.equal(await (await openDevice(made)).upkeep.writeSnapshots(), 0);
  });
});
