import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newVersion } from '@serment/records/version';
import { importBatches } from '../src/bulk-import.ts';
import { type Cache, memoryCache } from '../src/cache.ts';
import type { Practice } from '../src/practice.ts';
import { Network } from './network.ts';
import {
  create,
  createTestPractice,
  fileStream,
  note,
  openCut,
  openDevice,
  patient,
  settle,
  type TestPractice,
  titles,
} from './practice-setup.ts';
import { type RunningServer, startRunningServer } from './running-server.ts';

const secret = 'Sarcoïdose médiastinale';

describe('a device without the line', () => {
  let server: RunningServer;
  let made: TestPractice;
  let writer: Practice;

  before(async () => {
    server = await startRunningServer();
    made = await createTestPractice(server.url);
    writer = await openDevice(made);
    for (const id of ['read', 'unread', 'pinned', 'today'])
      await create(writer, id, patient(id, `Nom${id}`), note(`${id}-note`, id, `${secret} ${id}`));
    await settle(writer);
  });
  after(() => server?.remove());

  const cutOpen = (cache: Cache) => openCut(made, cache);
  const notesOf = async (device: Practice, id: string) => titles(await device.readPatient(`Patient/${id}`));

  it('lists every patient, reads what was opened here, and says of the rest that it is not here', async () => {
    const cache = memoryCache();
    const online = await openDevice(made, { cache });
    await online.openPatient('Patient/read');
    await online.lock();
    const { device } = await cutOpen(cache);
    assert.equal(device.directory.size, 4);
    assert.deepEqual(await notesOf(device, 'read'), [`${secret} read`]);
    await assert.rejects(device.readPatient('Patient/unread'), { code: 'UNREACHABLE' });
    assert.deepEqual(device.status().findings, []);
  });

  it('shows what it has of a file that is open where the line is cut before what is new of it came', async () => {
    await create(writer, 'cut', patient('cut', 'Nomcut'), note('cut-note', 'cut', 'Avant'));
    await settle(writer);
    const network = new Network();
    const device = await openDevice(made, { fetch: network.fetch });
    await device.openPatient('Patient/cut');
    await create(writer, 'cut', note('cut-later', 'cut', 'Après'));
    await settle(writer);
    await device.mirror.sync();
    network.isUp = false;
    const file = await device.readPatient('Patient/cut');
    assert.deepEqual([titles(file), file.absent], [['Avant'], 1]);
    network.isUp = true;
    assert.equal(titles(await device.readPatient('Patient/cut')).length, 2);
  });

  it('reads on where what stands before a server that is down answers in its place', async () => {
    const cache = memoryCache();
    const fetch = async () => new Response('<h1>502 Bad Gateway</h1>', { status: 502 });
    await create(writer, 'proxied', patient('proxied', 'Nomproxied'), note('proxied-note', 'proxied', 'Avant'));
    await settle(writer);
    const online = await openDevice(made, { cache });
    await online.readPatient('Patient/proxied');
    await create(writer, 'proxied', note('proxied-later', 'proxied', 'Pendant la panne'));
    await settle(writer);
    await online.mirror.sync();
    await online.persist();
    const device = await openDevice(made, { cache, fetch });
    const file = await device.readPatient('Patient/proxied');
    assert.deepEqual([titles(file), file.absent], [['Avant'], 1]);
  });

  it('reads what this device wrote and sent itself, though nothing was opened and it was never locked', async () => {
    const cache = memoryCache();
    const online = await openDevice(made, { cache });
    await create(online, 'mine', patient('mine', 'Nommine'), note('mine-note', 'mine', 'Écrit ici'));
    await settle(online);
    const { device } = await cutOpen(cache);
    assert.equal(device.search('nommine', 5).length, 1);
    assert.deepEqual(await notesOf(device, 'mine'), ['Écrit ici']);
  });

  it('says how much of a file came to the host and not here, shows the rest, and makes it whole with the line', async () => {
    const cache = memoryCache();
    const online = await openDevice(made, { cache });
    await online.readPatient('Patient/read');
    await create(writer, 'read', note('read-later', 'read', 'Écrit ailleurs'));
    await settle(writer);
    await online.mirror.sync();
    await online.persist();
    const { device, network } = await cutOpen(cache);
    const file = await device.readPatient('Patient/read');
    assert.deepEqual(titles(file), [`${secret} read`]);
    assert.deepEqual([file.absent, file.isComplete, file.findings.length], [1, false, 0]);
    network.isUp = true;
    await device.sync();
    const whole = await device.readPatient('Patient/read');
    assert.deepEqual([titles(whole).length, whole.absent, whole.isComplete], [2, 0, true]);
  });

  it('opens a file from its snapshot, whichever of its entries would be looked at', async () => {
    await create(writer, 'long', patient('long', 'Long'));
    const batches = Array.from({ length: 300 }, (_, place) => {
      const resource = note(`long-${place}`, 'long', `Note ${place}`);
      const versions = [newVersion({ resource, change: 'create' }, writer.random)];
      const batch = { patient: 'Patient/long', versions, documents: [] };
      return { compartment: 'clinical' as const, stream: 'patient/long', batch };
    });
    await importBatches(writer, batches);
    await settle(writer);
    assert.ok((await writer.upkeep.writeSnapshots()) > 0);
    await writer.sync();
    const cache = memoryCache();
    const online = await openDevice(made, { cache });
    assert.notEqual(online.mirror.snapshotOf(fileStream(online, 'long').id), null);
    await online.readPatient('Patient/long');
    await online.persist();
    for (let times = 0; times < 3; times += 1) {
      const { device } = await cutOpen(cache);
      const file = await device.readPatient('Patient/long');
      assert.deepEqual([titles(file).length, file.absent, file.isComplete], [300, 0, true]);
    }
  });

  it('reads what was pinned by hand, and what today brings, which nobody opened: no trace says that somebody did', async () => {
    const start = new Date();
    start.setHours(23, 0, 0, 0);
    const participant = [{ actor: { reference: 'Patient/today' }, status: 'accepted' }];
    const appointment = {
      resourceType: 'Appointment',
      id: 'a1',
      status: 'booked',
      start: start.toISOString(),
      participant,
    };
    await writer.save({ patient: null, records: [{ resource: appointment, change: 'create', replaces: [] }] });
    await settle(writer);
    const cache = memoryCache();
    const online = await openDevice(made, { cache });
    const traces = online.keyring.stream(
      'admin',
      `opened/${Buffer.from(online.keyring.signer.author).toString('hex')}`,
    );
    const before = online.mirror.entriesOf(traces.id).length;
    await online.kept.pin('Patient/pinned');
    await online.kept.fetchAhead();
    await settle(online);
    assert.equal(online.mirror.entriesOf(traces.id).length, before);
    assert.deepEqual(await online.kept.of('Patient/today'), { isPinned: false, isOfToday: true, isHere: true });
    await online.lock();
    const { device } = await cutOpen(cache);
    assert.deepEqual(await device.kept.of('Patient/pinned'), { isPinned: true, isOfToday: false, isHere: true });
    assert.deepEqual(await notesOf(device, 'pinned'), [`${secret} pinned`]);
    assert.deepEqual(await notesOf(device, 'today'), [`${secret} today`]);
    assert.equal((await device.kept.of('Patient/unread')).isHere, false);
  });

  it('brings what was pinned without the line once it is back', async () => {
    const cache = memoryCache();
    await (await openDevice(made, { cache })).persist();
    const { device, network } = await cutOpen(cache);
    await device.kept.pin('Patient/unread');
    assert.deepEqual(await device.kept.of('Patient/unread'), { isPinned: true, isOfToday: false, isHere: false });
    network.isUp = true;
    await device.sync();
    await device.kept.fetchAhead();
    assert.equal((await device.kept.of('Patient/unread')).isHere, true);
    await device.kept.unpin('Patient/unread');
    assert.equal((await device.kept.of('Patient/unread')).isPinned, false);
  });

  it('keeps nothing on its disk that can be read: no name, no word of a note', async () => {
    const cache = memoryCache();
    const online = await openDevice(made, { cache });
    for (const id of ['read', 'unread', 'pinned']) await online.openPatient(`Patient/${id}`);
    await online.kept.pin('Patient/pinned');
    await online.drafts.put('note/Patient/read', secret);
    await settle(online);
    await online.lock();
    const clear = [secret, 'Nomread', 'Élise', 'Patient/', 'pinned-note', '1954-03-12'];
    for (const key of await cache.keys('')) {
      const bytes = Buffer.from((await cache.get(key)) ?? new Uint8Array());
      for (const text of clear) assert.equal(bytes.includes(text), false, `${text} in ${key}`);
    }
  });
});
