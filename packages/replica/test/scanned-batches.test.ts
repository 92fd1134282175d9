import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { memoryCache } from '../src/cache.ts';
import { openDocument } from '../src/patient-documents.ts';
import type { Practice } from '../src/practice.ts';
import { fileScanned, isFiled } from '../src/scanned-filing.ts';
import { Network } from './network.ts';
import { create, createTestPractice, openDevice, patient, settle, type TestPractice } from './practice-setup.ts';
import { type RunningServer, startRunningServer } from './running-server.ts';

const anna = 'Patient/anna';
const bytes = new Uint8Array(9_000_000).map((_, at) => at % 251);

describe('a scanned batch', () => {
  let server: RunningServer;
  let made: TestPractice;

  before(async () => {
    server = await startRunningServer();
    made = await createTestPractice(server.url);
    const doctor = await openDevice(made);
    await create(doctor, 'anna', patient('anna', 'Durand'));
    await settle(doctor);
  });
  after(() => server?.remove());

  const fileOne = (practice: Practice, id: string, isToRead = true) =>
    fileScanned(practice, {
      ...{ id, patient: anna, pdf: new Blob([bytes]), isMadeInert: false, isToRead },
      ...{ title: 'Courrier', type: 'letter', day: '2026-11-23', author: '', tags: [] },
    });

  it('is sealed on its device, found again after a restart, and leaves nothing once dropped', async () => {
    const cache = memoryCache();
    const doctor = await openDevice(made, { cache });
    await doctor.scanned.put('one', '{"words":"Durand"}');
    await doctor.scanned.addFile('one', 0, new Blob([bytes]).stream());
    await doctor.scanned.putPicture('one', 0, bytes.subarray(0, 100));
    for (const key of await cache.keys('')) {
      const text = Buffer.from((await cache.get(key)) ?? []).toString('latin1');
      assert.ok(!(text.includes('Durand') || text.includes('\x00\x01\x02\x03\x04\x05\x06')), key);
    }
    await doctor.lock();
    const again = await openDevice(made, { cache });
    assert.deepEqual(await again.scanned.ids(), ['one']);
    assert.equal(await again.scanned.text('one'), '{"words":"Durand"}');
    assert.deepEqual(await again.scanned.file('one', 0), bytes);
    assert.deepEqual(await again.scanned.picture('one', 0), bytes.slice(0, 100));
    await assert.rejects(again.scanned.file('one', 1), { code: 'DOCUMENT_UNKNOWN' });
    await again.scanned.drop('one');
    assert.equal(await again.scanned.text('one'), null);
    assert.deepEqual(
      (await cache.keys('')).filter((key) => key.includes('scanned')),
      [],
    );
  });

  it('files a document and that it is to be read in one save, without a network, and once', async () => {
    const network = new Network();
    const doctor = await openDevice(made, { fetch: network.fetch });
    await doctor.readPatient(anna);
    await doctor.inbox.waiting();
    network.isUp = false;
    const id = crypto.randomUUID();
    assert.equal(await isFiled(doctor, { id, patient: anna }), false);
    const before = doctor.outbox.items.length;
    await fileOne(doctor, id);
    assert.equal(doctor.outbox.items.length, before + 1);
    // An attempt whose end was not seen is looked for, and not filed twice.
    assert.equal(await isFiled(doctor, { id, patient: anna }), true);
    await doctor.outbox.flush().catch(() => undefined);
    network.isUp = true;
    await settle(doctor);
    const other = await openDevice(made);
    const { items } = await other.inbox.waiting();
    assert.deepEqual(
      items.map((item) => [item.kind, item.title, item.patient?.id, item.focus]),
      [['to-read', 'Courrier', anna, `DocumentReference/${id}`]],
    );
    const { records } = await other.readPatient(anna);
    const content = records.find((record) => record.id === `DocumentReference/${id}`)?.content ?? assert.fail();
    const blobId = /urn:serment:document:([0-9a-f]{32})/.exec(content)?.[1] ?? assert.fail();
    assert.deepEqual((await openDocument(other, { patient: anna, blobId })).bytes, bytes);
    await other.inbox.markRead(id, null);
    await settle(other);
    assert.deepEqual((await other.inbox.waiting()).items, []);
  });

  it('asks nobody to read what is only kept, and files nothing for nobody', async () => {
    const doctor = await openDevice(made);
    await doctor.readPatient(anna);
    await fileOne(doctor, crypto.randomUUID(), false);
    await settle(doctor);
    assert.deepEqual((await doctor.inbox.waiting()).items, []);
    const nobody = { id: 'x', patient: 'Patient/nobody', pdf: new Blob([bytes]), isMadeInert: false, isToRead: true };
    const details = { title: 'Courrier', type: null, day: '', author: '', tags: [] };
    await assert.rejects(fileScanned(doctor, { ...nobody, ...details }), { code: 'PATIENT_UNKNOWN' });
    assert.deepEqual(await doctor.cache.keys('upload/'), []);
  });
});
