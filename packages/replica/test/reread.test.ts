import assert from 'node:assert/strict';
import { readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { addDocument } from '../src/patient-documents.ts';
import type { Practice } from '../src/practice.ts';
import { rereadCopy } from '../src/reread.ts';
import { create, createTestPractice, note, openDevice, patient, settle, type TestPractice } from './practice-setup.ts';
import { type RunningServer, startRunningServer } from './running-server.ts';

const hourMs = 3_600_000;
const copy = 'copy';
let server: RunningServer;
let made: TestPractice;
let device: Practice;
let now = Date.now();
const opened: Practice[] = [];

before(async () => {
  server = await startRunningServer();
  made = await createTestPractice(server.url);
  device = await open();
  await create(device, 'p1', patient('p1', 'Aubry'), note('n0', 'p1', 'Une note'));
  const requests = Array.from({ length: 260 }, (_, place) => ({
    patient: 'Patient/p1',
    records: [{ resource: note(`m${place}`, 'p1', `Note ${place}`), change: 'create' as const, replaces: [] }],
  }));
  await device.saveAll(requests);
  const clear = new Blob([new Uint8Array(50_000).fill(9)]).stream();
  await addDocument(device, {
    patient: 'Patient/p1',
    upload: { clear, mediaType: 'application/pdf' },
    resource: () => ({ resourceType: 'DocumentReference', id: 'd1', status: 'current' }),
  });
  await settle(device);
  await copied();
});
after(async () => {
  for (const one of opened) await one.lock();
  await server.remove();
});

async function open(): Promise<Practice> {
  const practice = await openDevice(made, { clock: () => now });
  opened.push(practice);
  practice.start();
  return practice;
}

async function copied(): Promise<void> {
  for (const end = Date.now() + 60_000; ; await delay(30)) {
    const [status] = await device.transport.copies();
    if (status !== undefined && status.size >= device.mirror.size && device.status().copies.length > 0) return;
    assert.ok(Date.now() < end, 'the copy never came');
  }
}

const under = (folder: string, part: string) =>
  readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.includes(part))
    .map((name) => join(folder, name));

test('records and documents of a copy are read back, opened and compared, and the journal says so to every member', async () => {
  const { outcome, codes, records, documents, size, bytes } = await device.rereads.run(copy);
  assert.deepEqual([outcome, codes], ['proven', []]);
  assert.ok(records >= 28 && records <= 32, String(records));
  assert.equal(documents, 1);
  assert.ok(size > 256 && bytes > 50_000);
  await settle(device);
  const told = device.status().rereads?.[0];
  assert.equal(told?.proven?.records, records);
  assert.equal(told?.proven?.member, device.status().member);
  const other = await open();
  await other.sync();
  assert.equal(other.status().rereads?.[0]?.proven?.index, told?.proven?.index);
  assert.equal((await other.rereads.history(5)).rereads.length, 1);
});

test('what a copy has lost is found, and what the live side has lost is told apart', async () => {
  const [payloads = ''] = under(server.copyDir, '/payload/000');
  const aside = join(server.dataDir, 'aside');
  renameSync(payloads, aside);
  writeFileSync(payloads, '');
  const lost = await device.rereads.run(copy);
  assert.equal(lost.outcome, 'failed');
  assert.deepEqual(lost.codes, ['PAYLOAD_MISSING']);
  rmSync(payloads);
  renameSync(aside, payloads);

  const [blob = ''] = under(server.copyDir, '/blob/').filter((path) => /[0-9a-f]{64}$/.test(path));
  const document = readFileSync(blob);
  truncateSync(blob, 100);
  assert.deepEqual((await device.rereads.run(copy)).codes, ['BLOB_MISMATCH']);
  renameSync(blob, aside);
  assert.deepEqual((await device.rereads.run(copy)).codes, ['BLOB_MISSING']);

  renameSync(aside, blob);
  writeFileSync(blob, document);

  const [live = ''] = under(join(server.dataDir, 'blobs'), '').filter((path) =>
    /\/[0-9a-f]{2}\/[0-9a-f]{64}$/.test(path),
  );
  truncateSync(live, 100);
  assert.deepEqual((await device.rereads.run(copy)).codes, ['LIVE_BLOB_MISMATCH']);
  rmSync(live);
  assert.deepEqual((await device.rereads.run(copy)).codes, ['LIVE_BLOB_MISSING']);
  await settle(device);
  assert.equal(device.status().rereads?.[0]?.answered?.outcome, 'failed');
  assert.equal(device.status().rereads?.[0]?.proven?.outcome, 'proven');
  await device.transport.mendBlob(copy, Uint8Array.from(Buffer.from(basename(live), 'hex')));
  assert.equal((await device.rereads.run(copy)).outcome, 'proven');
});

test('a copy that is not there is no answer', async () => {
  renameSync(server.copyDir, `${server.copyDir}-away`);
  const { outcome, codes, records } = await device.rereads.run(copy);
  assert.deepEqual([outcome, codes, records], ['inconclusive', ['COPY_FOLDER_MISSING'], 0]);
  const unknown = await device.rereads.run('ailleurs');
  assert.deepEqual([unknown.outcome, unknown.codes], ['inconclusive', ['NOT_FOUND']]);
  renameSync(`${server.copyDir}-away`, server.copyDir);
});

test('it is done by itself every week, by whichever device comes first', async () => {
  const count = async () => (await device.rereads.history(100)).rereads.length;
  await settle(device);
  const before = await count();
  const other = await open();
  for (const one of [device, other]) {
    await one.sync();
    await one.rereads.runDue();
  }
  assert.equal(await count(), before, 'it was asked for just now');
  now += 8 * 24 * hourMs;
  await device.rereads.runDue();
  await settle(device);
  assert.equal(await count(), before + 1);
  now = Date.now();
  await other.rereads.runDue();
  await settle(device);
  assert.equal(await count(), before + 1);
});

test('of a practice that has little, all is read, whatever the lot', async () => {
  const small = await createTestPractice(server.url, 'Petit cabinet');
  const only = await openDevice(small);
  opened.push(only);
  await create(only, 'q1', patient('q1', 'Roy'), note('r1', 'q1', 'Une note'));
  const clear = new Blob([new Uint8Array(900).fill(3)]).stream();
  await addDocument(only, {
    patient: 'Patient/q1',
    upload: { clear, mediaType: 'application/pdf' },
    resource: () => ({ resourceType: 'DocumentReference', id: 'd2', status: 'current' }),
  });
  await settle(only);
  const { size } = only.mirror;
  for (const end = Date.now() + 60_000; (await only.transport.copies())[0]?.size !== size; await delay(30))
    assert.ok(Date.now() < end, 'the copy never came');
  const counts = new Set<string>();
  for (let time = 0; time < 12; time += 1) {
    const { outcome, records, documents } = await rereadCopy(copy, only);
    counts.add(`${outcome} ${records} ${documents}`);
  }
  assert.deepEqual([...counts], ['proven 4 1']);
});
