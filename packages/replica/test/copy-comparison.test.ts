import assert from 'node:assert/strict';
import { readdirSync, renameSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { compareWithCopy, restoreFromCopy } from '../src/copy-comparison.ts';
import { addDocument, openDocument } from '../src/patient-documents.ts';
import type { Practice } from '../src/practice.ts';
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

const copy = 'copy';
const asked = { copy, patient: 'Patient/p1' };
let server: RunningServer;
let made: TestPractice;
let device: Practice;
/** The checkpoint of the copy before anything else was written. */
let earlier = '';

before(async () => {
  server = await startRunningServer();
  made = await createTestPractice(server.url);
  device = await openDevice(made);
  await create(device, 'p1', patient('p1', 'Aubry'), note('n1', 'p1', 'Toux'), note('n2', 'p1', 'Fièvre'));
  const clear = new Blob([new Uint8Array(50_000).fill(9)]).stream();
  await addDocument(device, {
    patient: 'Patient/p1',
    upload: { clear, mediaType: 'application/pdf' },
    resource: ({ blobId }) => ({
      ...{ resourceType: 'DocumentReference', id: 'd1', status: 'current' },
      content: [{ attachment: { title: 'Radio', url: `urn:blob:${Buffer.from(blobId).toString('hex')}` } }],
    }),
  });
  await settle(device);
  await copied();
  earlier = (await device.transport.copyEntries(copy, [])).note;
});
after(async () => {
  await device.lock();
  await server.remove();
});

async function copied(): Promise<void> {
  for (const end = Date.now() + 60_000; ; await delay(30)) {
    const [status] = await device.transport.copies();
    if (status !== undefined && status.size >= device.mirror.size) return;
    assert.ok(Date.now() < end, 'the copy never came');
  }
}

function liveBlob(): string {
  const blobs = join(server.dataDir, 'blobs');
  const names = readdirSync(blobs, { recursive: true }).map(String);
  return join(blobs, names.find((name) => /\/[0-9a-f]{2}\/[0-9a-f]{64}$/.test(name)) ?? '');
}

test('a copy that says the same has nothing to restore', async () => {
  const { same, differences, since, lost, documents, lostDocuments } = await compareWithCopy(device, asked);
  assert.deepEqual([same, differences, since, lost, documents, lostDocuments], [4, [], 0, 0, 1, []]);
});

test('a document that the live side has lost, or damaged, comes back from the copy', async () => {
  const path = liveBlob();
  for (const harm of [() => truncateSync(path, 100), () => rmSync(path)]) {
    harm();
    const comparison = await compareWithCopy(device, asked);
    const [lost] = comparison.lostDocuments;
    assert.equal(lost?.isInCopy, true);
    const restored = await restoreFromCopy(device, comparison, { records: [], documents: [lost?.blobId ?? ''] });
    assert.deepEqual(restored, { id: null, records: [], documents: 1 });
    const { bytes } = await openDocument(device, { patient: asked.patient, blobId: lost?.blobId ?? '' });
    assert.equal(bytes.length, 50_000);
    assert.deepEqual((await compareWithCopy(device, asked)).lostDocuments, []);
  }
});

test('what was changed or taken out since is told as such, and comes back only when it is chosen, as new versions', async () => {
  const { records } = await device.readPatient(asked.patient);
  const versionsOf = (id: string) => records.find((one) => one.id === id)?.versions.map(({ version }) => version) ?? [];
  // A copy that lags: what is written from here on is not in what was read.
  const before = await compareWithCopy(device, asked);
  await device.save({
    patient: asked.patient,
    records: [
      { resource: note('n1', 'p1', 'Toux grasse'), change: 'edit', replaces: versionsOf('Composition/n1') },
      { resource: note('n2', 'p1', 'Fièvre'), change: 'entered-in-error', replaces: versionsOf('Composition/n2') },
      { resource: note('n3', 'p1', 'Otite'), change: 'create', replaces: [] },
    ],
  });
  await settle(device);
  const lagging = device.transport.copyEntries.bind(device.transport);
  device.transport.copyEntries = async (name, indexes) => {
    const answer = await lagging(name, indexes);
    return indexes.length === 0 ? { ...answer, note: earlier } : answer;
  };
  assert.equal(before.differences.length, 0);
  const comparison = await compareWithCopy(device, asked);
  device.transport.copyEntries = lagging;
  assert.deepEqual(
    comparison.differences.map(({ id, kind, isSince }) => [id, kind, isSince]),
    [
      ['Composition/n1', 'changed', true],
      ['Composition/n2', 'gone', true],
    ],
  );
  assert.equal(comparison.since, 2);
  const { records: rewritten } = await restoreFromCopy(device, comparison, {
    records: ['Composition/n1'],
    documents: [],
  });
  assert.equal(rewritten.length, 1);
  await settle(device);
  assert.deepEqual(titles(await device.readPatient(asked.patient)).sort(), ['Fièvre', 'Otite', 'Toux']);
  const versions = await device.history(asked.patient, 'Composition/n1');
  assert.deepEqual(
    versions.map(({ change }) => change),
    ['restore', 'edit', 'create'],
  );
});

test('what the live side has lost is written again from the copy', async () => {
  await create(device, 'p1', note('n5', 'p1', 'Angine'));
  await settle(device);
  await copied();
  const { transport } = device;
  const index = device.mirror.entriesOf(fileStream(device, 'p1').id).at(-1) ?? 0;
  const stream = transport.stream.bind(transport);
  transport.stream = async (...args) => {
    const answer = await stream(...args);
    const payloads = answer.payloads.map((one) => (one.index === index ? { ...one, payload: null } : one));
    return { ...answer, payloads };
  };
  const comparison = await compareWithCopy(device, asked);
  assert.deepEqual(
    comparison.differences.map(({ id, kind, isSince }) => [id, kind, isSince]),
    [['Composition/n5', 'gone', false]],
  );
  await restoreFromCopy(device, comparison, { records: ['Composition/n5'], documents: [] });
  await settle(device);
  assert.deepEqual((await compareWithCopy(device, asked)).differences, []);
  transport.stream = stream;
  assert.deepEqual(titles(await device.readPatient(asked.patient)).sort(), ['Angine', 'Fièvre', 'Otite', 'Toux']);
});

test('a copy that is away, unknown, or of another history is said to be', async () => {
  await assert.rejects(compareWithCopy(device, { ...asked, copy: 'ailleurs' }), { code: 'SERVER_REFUSED' });
  renameSync(server.copyDir, `${server.copyDir}-away`);
  await assert.rejects(compareWithCopy(device, asked), { code: 'COPY_UNAVAILABLE' });
  renameSync(`${server.copyDir}-away`, server.copyDir);
  const { transport } = device;
  const real = transport.copyEntries.bind(transport);
  transport.copyEntries = async (...args) => ({ ...(await real(...args)), note: 'none\n\n' });
  await assert.rejects(compareWithCopy(device, asked), { code: 'HOST_LIES' });
  transport.copyEntries = real;
});
