import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bytesToHex, bytesToUtf8, utf8ToBytes } from '@serment/core/bytes';
import { memoryCache } from '../src/cache.ts';
import { enrolByKit } from '../src/device.ts';
import { uploadDocument } from '../src/documents.ts';
import { exportPractice } from '../src/export.ts';
import { fileDifferences } from '../src/file-travel.ts';
import { openDocument } from '../src/patient-documents.ts';
import { mergeRecords, separateRecords } from '../src/patient-merge.ts';
import type { Practice } from '../src/practice.ts';
import { moveRecord } from '../src/record-move.ts';
import { restrictPatient } from '../src/restrictions.ts';
import { Transport } from '../src/transport.ts';
import { addMember } from './members-scene.ts';
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

const shown = (practice: Practice) => practice.directory.list().map(({ id }) => id.slice('Patient/'.length));

describe('two records of one person', () => {
  let server: RunningServer;
  let made: TestPractice;
  let seed: TestPractice['seed'];

  before(async () => {
    server = await startRunningServer();
  });
  after(async () => {
    await server?.remove();
  });

  /** A practice with two records of one person, on two devices that hold it all. */
  const scene = async () => {
    made = await createTestPractice(server.url);
    const transport = new Transport({ baseUrl: server.url });
    seed = (await enrolByKit({ transport, kitText: made.kitText, label: 'cli' })).seed;
    const first = await openDevice(made);
    const more = { x: 1.1, name: [{ use: 'official', family: 'Lévy', given: ['Élise'] }] };
    await create(first, 'a', patient('a', 'Durand'), note('na', 'a', 'Toux'));
    await create(first, 'b', patient('b', 'Lévy', more), note('nb', 'b', 'Vaccin'));
    await settle(first);
    const second = await openDevice(made, { seed });
    return { first, second };
  };

  it('are one file with the records of both, each where it was, and come apart again', async () => {
    const { first, second } = await scene();
    const entries = () => ['a', 'b'].map((id) => first.mirror.entriesOf(fileStream(first, id).id).length);
    const before = entries();
    await mergeRecords(first, { kept: 'Patient/a', gone: 'Patient/b' });
    assert.deepEqual(shown(first), ['a'], 'at once, before the host has it');
    await settle(first);
    assert.deepEqual(entries(), before, 'nothing is moved');
    await second.sync();
    assert.deepEqual(shown(second), ['a']);
    assert.deepEqual(
      second.search('lévy', 5).map(({ id }) => id),
      ['Patient/a'],
    );
    const file = await second.openPatient('Patient/a');
    assert.deepEqual(titles(file), ['Toux', 'Vaccin']);
    assert.equal(file.records[0]?.id, 'Patient/a');
    assert.equal(file.records.find(({ id }) => id === 'Composition/nb')?.patient, 'Patient/b');
    assert.deepEqual(
      file.merged.map(({ row }) => row.id),
      ['Patient/b'],
    );
    assert.equal((await second.readPatient('Patient/b')).mergedInto?.id, 'Patient/a');
    // What is changed of the other one's is changed where it stands.
    const record = file.records.find(({ id }) => id === 'Composition/nb');
    const replaces = record?.versions.map(({ version }) => version) ?? [];
    const records = [
      { resource: note('nb', 'b', 'Vaccin fait'), change: 'edit' as const, replaces },
      { resource: note('nc', 'a', 'Contrôle'), change: 'create' as const, replaces: [] },
    ];
    await second.save({ patient: 'Patient/a', records });
    await settle(second);
    assert.equal((await second.history('Patient/a', 'Composition/nb')).length, 2);
    await separateRecords(second, 'Patient/b');
    await settle(second);
    await first.sync();
    assert.deepEqual(shown(first), ['a', 'b']);
    assert.deepEqual(titles(await first.readPatient('Patient/a')), ['Toux', 'Contrôle']);
    assert.deepEqual(titles(await first.readPatient('Patient/b')), ['Vaccin fait']);
    const record0 = await first.patientRecord('Patient/b');
    assert.ok(record0?.content?.includes('"x":1.1'));
    assert.ok(!record0?.content?.includes('"link"'));
    assert.equal((await first.history('Patient/b', 'Patient/b')).length, 3);
  });

  it('are one again on a device that was closed meanwhile, from what it kept', async () => {
    const { first, second } = await scene();
    const cache = memoryCache();
    const third = await openDevice(made, { cache, seed: made.seed });
    await mergeRecords(third, { kept: 'Patient/b', gone: 'Patient/a' });
    await settle(third);
    await third.lock();
    const opened = await openDevice(made, { cache, seed: made.seed });
    assert.deepEqual(shown(opened), ['b']);
    assert.deepEqual(titles(await opened.readPatient('Patient/b')).sort(), ['Toux', 'Vaccin']);
    await first.sync();
    await second.sync();
    assert.deepEqual(shown(second), ['b']);
  });

  it('are both shown, in two versions, where two members decide at once, until one of them does again', async () => {
    const { first, second } = await scene();
    await mergeRecords(first, { kept: 'Patient/a', gone: 'Patient/b' });
    await mergeRecords(second, { kept: 'Patient/b', gone: 'Patient/a' });
    await settle(first);
    await settle(second);
    await first.sync();
    for (const device of [first, second]) {
      assert.deepEqual(shown(device), ['a', 'b']);
      const file = await device.readPatient('Patient/a');
      assert.equal(file.records[0]?.isConflict, true);
      assert.deepEqual(titles(file), ['Toux']);
      await assert.rejects(mergeRecords(device, { kept: 'Patient/a', gone: 'Patient/b' }), {
        code: 'MERGE_IMPOSSIBLE',
      });
    }
    // One keeps the version of both that says the same.
    for (const id of ['Patient/a', 'Patient/b']) {
      const record = await first.patientRecord(id);
      const kept = record?.versions.find(({ content }) =>
        content?.includes(id === 'Patient/a' ? '"replaces"' : 'replaced-by'),
      );
      const replaces = record?.versions.map(({ version }) => version) ?? [];
      const records = [{ resource: JSON.parse(kept?.content ?? '') as object, change: 'edit' as const, replaces }];
      await first.save({ patient: id, records });
    }
    await settle(first);
    await second.sync();
    for (const device of [first, second]) assert.deepEqual(shown(device), ['a']);
  });

  it('are both exported, each saying so, also where one is asked for', async () => {
    const { first } = await scene();
    await mergeRecords(first, { kept: 'Patient/a', gone: 'Patient/b' });
    await settle(first);
    for (const chosen of [{}, { patient: 'b' }]) {
      const files = new Map<string, string>();
      const source = { ...first.streamParts(), keyring: first.keyring, openDocument: () => assert.fail() };
      const write = async (path: string, bytes: Uint8Array) => void files.set(path, new TextDecoder().decode(bytes));
      const report = await exportPractice(source, { ...chosen, write });
      assert.deepEqual(report.findings, []);
      assert.equal(report.patients, 2);
      assert.match(files.get('patients/a/index.html') ?? '', /href="\.\.\/b\/index\.html">LÉVY Élise/);
      assert.match(files.get('patients/b/index.html') ?? '', /Dossier réuni à celui de.*href="\.\.\/a\/index\.html"/);
      assert.ok(files.get('patients/b/bundle.json')?.includes('"nb"'));
      assert.ok(!files.get('patients/a/bundle.json')?.includes('"nb"'));
      assert.match(files.get('index.html') ?? '', /réuni à celui de/);
      const index = JSON.parse(files.get('index.json') ?? '') as { patients: { links?: unknown }[] };
      assert.deepEqual(index.patients[1]?.links, [{ type: 'replaced-by', patient: 'Patient/a' }]);
    }
  });

  it('hold what was moved from one to the other before, where it came to', async () => {
    const { first } = await scene();
    await moveRecord(first, { from: 'Patient/b', to: 'Patient/a', recordId: 'Composition/nb' });
    await moveRecord(first, { from: 'Patient/a', to: 'Patient/b', recordId: 'Composition/na' });
    await mergeRecords(first, { kept: 'Patient/a', gone: 'Patient/b' });
    await settle(first);
    const file = await first.readPatient('Patient/a');
    const owners = file.records.map(({ id, patient: owner }) => `${id} ${owner}`);
    assert.deepEqual(owners.slice(2).sort(), ['Composition/na Patient/b', 'Composition/nb Patient/a']);
    const before = Math.max(...file.records.map(({ savedAt }) => savedAt));
    for (const id of ['na', 'nb']) {
      const record = file.records.find((one) => one.id === `Composition/${id}`);
      const replaces = record?.versions.map(({ version }) => version) ?? [];
      const resource = note(id, record?.patient === 'Patient/a' ? 'a' : 'b', `Suite ${id}`);
      await first.save({ patient: 'Patient/a', records: [{ resource, change: 'edit', replaces }] });
    }
    await settle(first);
    const after = await first.readPatient('Patient/a');
    assert.deepEqual(titles(after).sort(), ['Suite na', 'Suite nb']);
    assert.ok(after.records.every(({ isConflict }) => !isConflict));
    const differences = await fileDifferences(first, 'Patient/a', before);
    assert.deepEqual(differences.map(({ id, kind }) => `${kind} ${id}`).sort(), [
      'changed Composition/na',
      'changed Composition/nb',
    ]);
    for (const to of ['Patient/a', 'Patient/b'])
      await assert.rejects(moveRecord(first, { from: 'Patient/a', to, recordId: 'Composition/na' }), {
        code: 'SAVE_INVALID',
      });
  });

  it('keep a document with the record of the other one that came to refer to it, and open it from the one', async () => {
    const { first } = await scene();
    await mergeRecords(first, { kept: 'Patient/a', gone: 'Patient/b' });
    await settle(first);
    const clear = new Blob([utf8ToBytes('un courrier')]).stream();
    const key = await uploadDocument({ clear, mediaType: 'text/plain' }, first);
    const blobId = Buffer.from(key.blobId).toString('hex');
    const record = (await first.readPatient('Patient/a')).records.find(({ id }) => id === 'Composition/nb');
    const replaces = record?.versions.map(({ version }) => version) ?? [];
    const extension = [{ url: 'https://example.org/', valueUrl: `urn:serment:document:${blobId}` }];
    const resource = { ...note('nb', 'b', 'Vaccin'), extension };
    const records = [{ resource, change: 'edit' as const, replaces }];
    await first.save({ patient: 'Patient/a', records, documents: [key] });
    await settle(first);
    const { bytes } = await openDocument(first, { patient: 'Patient/a', blobId });
    assert.equal(bytesToUtf8(bytes), 'un courrier');
    await separateRecords(first, 'Patient/b');
    await settle(first);
    assert.notEqual(await first.documentKey('Patient/b', blobId), null);
    assert.equal(await first.documentKey('Patient/a', blobId), null);
  });

  it('leave no record of what is restricted in the file to be undone, nor the past of one whole', async () => {
    const { first } = await scene();
    const { seed: other } = await addMember(first, 'doctor');
    const colleague = await openDevice(made, { seed: other });
    await mergeRecords(first, { kept: 'Patient/a', gone: 'Patient/b' });
    await settle(first);
    await restrictPatient(first, 'Patient/b', [bytesToHex(first.keyring.member)]);
    await colleague.sync();
    const at = Date.now() + 60_000;
    assert.deepEqual(await fileDifferences(colleague, 'Patient/a', at), []);
    assert.equal((await colleague.files.at('Patient/a', at)).isComplete, false);
  });

  it('are kept here both, and the one is read without the line where the other never came', async () => {
    const { first } = await scene();
    await mergeRecords(first, { kept: 'Patient/a', gone: 'Patient/b' });
    await settle(first);
    const cache = memoryCache();
    const network = new Network();
    const third = await openDevice(made, { cache, seed, fetch: network.fetch });
    await third.files.fetch('Patient/b');
    assert.equal((await third.kept.of('Patient/a')).isHere, false);
    await third.kept.pin('Patient/a');
    assert.equal((await third.kept.of('Patient/a')).isHere, true);
    await third.lock();
    network.isUp = false;
    const cut = await openDevice(made, { cache, seed, fetch: network.fetch });
    assert.deepEqual(titles(await cut.readPatient('Patient/a')), ['Toux', 'Vaccin']);
    await cut.reader.forgetStream(fileStream(cut, 'b').id);
    cut.files.clear();
    const file = await cut.readPatient('Patient/a');
    assert.deepEqual([titles(file), file.absent, file.isComplete], [['Toux'], 1, false]);
    network.isUp = true;
    await cut.sync();
    const whole = await cut.readPatient('Patient/a');
    assert.deepEqual([titles(whole), whole.absent, whole.isComplete], [['Toux', 'Vaccin'], 0, true]);
  });

  it('refuse what is no merge', async () => {
    const { first } = await scene();
    const refused = (kept: string, gone: string, code: string) =>
      assert.rejects(mergeRecords(first, { kept, gone }), { code });
    await refused('Patient/a', 'Patient/a', 'MERGE_IMPOSSIBLE');
    await refused('Patient/a', 'Patient/none', 'PATIENT_UNKNOWN');
    await assert.rejects(separateRecords(first, 'Patient/a'), { code: 'MERGE_IMPOSSIBLE' });
    await mergeRecords(first, { kept: 'Patient/a', gone: 'Patient/b' });
    await refused('Patient/b', 'Patient/a', 'MERGE_IMPOSSIBLE');
  });
});
