import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { memoryCache } from '../src/cache.ts';
import { addDocument, blobIdOf, documentsOnTheirWay, openDocument } from '../src/patient-documents.ts';
import type { Practice } from '../src/practice.ts';
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

const anna = 'Patient/anna';
const megabyte = 1_048_576;

describe('a patient’s document', () => {
  let server: RunningServer;
  let made: TestPractice;

  before(async () => {
    server = await startRunningServer();
    made = await createTestPractice(server.url);
    const doctor = await openDevice(made);
    await create(doctor, 'anna', patient('anna', 'Durand'));
    await create(doctor, 'bea', patient('bea', 'Morel'));
    await settle(doctor);
  });
  after(() => server?.remove());

  const bytes = new Uint8Array(20 * megabyte).map((_, at) => at % 251);

  async function add(practice: Practice): Promise<string> {
    const id = crypto.randomUUID();
    let blobId = '';
    await addDocument(practice, {
      patient: anna,
      upload: { clear: new Blob([bytes]).stream(), mediaType: 'application/pdf' },
      resource: (key) => {
        blobId = blobIdOf(key);
        return { resourceType: 'DocumentReference', id, subject: { reference: anna }, description: 'Scan' };
      },
    });
    return blobId;
  }

  it('is in the file and read before the host has it, and goes once the line is back', async () => {
    const network = new Network();
    const doctor = await openDevice(made, { fetch: network.fetch });
    await doctor.readPatient(anna);
    network.isUp = false;
    const blobId = await add(doctor);
    await doctor.outbox.flush().catch(() => undefined);
    const file = await doctor.readPatient(anna);
    assert.equal(file.records.find(({ type }) => type === 'DocumentReference')?.state, 'device');
    assert.deepEqual((await openDocument(doctor, { patient: anna, blobId })).bytes, bytes);
    const [waiting] = documentsOnTheirWay(doctor, anna);
    assert.equal(waiting?.sent, 0);
    assert.deepEqual(documentsOnTheirWay(doctor, 'Patient/bea'), []);
    network.isUp = true;
    await settle(doctor);
    assert.deepEqual(documentsOnTheirWay(doctor, anna), []);
    assert.deepEqual(await doctor.cache.keys('upload/'), []);
    const other = await openDevice(made);
    assert.deepEqual((await openDocument(other, { patient: anna, blobId })).bytes, bytes);
    await assert.rejects(openDocument(other, { patient: 'Patient/bea', blobId }), { code: 'DOCUMENT_UNKNOWN' });
  });

  it('is sent on after a cut and a restart, with only the parts that are missing', async () => {
    const cache = memoryCache();
    const network = new Network();
    const doctor = await openDevice(made, { fetch: network.fetch, cache });
    network.losing.push(/^PUT .*\/uploads\/[0-9a-f]+\/1$/);
    network.cutsWithLoss = true;
    const blobId = await add(doctor);
    await doctor.outbox.flush().catch(() => undefined);
    assert.equal(network.isUp, false);
    // The window is closed: nothing is told to the device.
    const again = new Network();
    const reopened = await openDevice(made, { fetch: again.fetch, cache });
    await settle(reopened);
    assert.equal(again.asked.filter((asked) => asked.startsWith('PUT ')).length, 1);
    assert.deepEqual((await openDocument(reopened, { patient: anna, blobId })).bytes, bytes);
  });

  it('lets what is written of others go before it, and keeps the order of its own file', async () => {
    const network = new Network();
    const doctor = await openDevice(made, {
      fetch: async (input, init) => {
        if (init?.method === 'PUT') await gate.promise;
        return network.fetch(input, init);
      },
    });
    const gate = Promise.withResolvers<void>();
    await add(doctor);
    await create(doctor, 'anna', note('own', 'anna', 'Du même dossier'));
    await create(doctor, 'bea', note('other', 'bea', 'D’un autre dossier'));
    const reader = await openDevice(made);
    while (!titles(await reader.readPatient('Patient/bea')).includes('D’un autre dossier')) {
      await reader.sync();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.deepEqual(titles(await reader.readPatient(anna)), []);
    gate.resolve();
    await settle(doctor);
    await reader.sync();
    assert.deepEqual(titles(await reader.readPatient(anna)), ['Du même dossier']);
  });

  it('that was being sealed when the last window closed is swept away', async () => {
    const cache = memoryCache();
    const doctor = await openDevice(made, { cache });
    await doctor.cache.put('upload/0123/0', new Uint8Array(4));
    await openDevice(made, { cache });
    assert.deepEqual(await doctor.cache.keys('upload/'), []);
  });

  it('that the disk damaged before it left is said to be lost, and keeps no other here', async () => {
    const network = new Network();
    const doctor = await openDevice(made, { fetch: network.fetch });
    network.isUp = false;
    await add(doctor);
    const [damaged = ''] = await doctor.cache.keys('upload/');
    const part = new Uint8Array((await doctor.cache.get(damaged)) ?? assert.fail());
    part[1000] = (part[1000] ?? 0) ^ 1;
    await doctor.cache.put(damaged, part);
    await add(doctor);
    await doctor.outbox.flush().catch(() => undefined);
    network.isUp = true;
    await settle(doctor);
    assert.deepEqual(
      doctor.outbox.items.map(({ problem }) => problem),
      ['UPLOAD_LOST'],
    );
    await doctor.lock();
  });
});
