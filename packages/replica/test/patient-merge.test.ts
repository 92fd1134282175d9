import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { memoryCache } from '../src/cache.ts';
import { enrolByKit } from '../src/device.ts';
import { exportPractice } from '../src/export.ts';
import { mergeRecords, separateRecords } from '../src/patient-merge.ts';
import type { Practice } from '../src/practice.ts';
import { Transport } from '../src/transport.ts';
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
