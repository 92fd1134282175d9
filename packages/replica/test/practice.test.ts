import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { memoryCache } from '../src/cache.ts';
import { enrolByKit, prepareNewPractice } from '../src/device.ts';
import { Transport } from '../src/transport.ts';
import { Liar } from './liar.ts';
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
import { revokeHolder } from './revoke-holder.ts';
import { type RunningServer, startRunningServer } from './running-server.ts';

describe('a practice on its devices', () => {
  let server: RunningServer;
  let made: TestPractice;
  let liar: Liar;

  before(async () => {
    server = await startRunningServer();
    made = await createTestPractice(server.url);
    liar = await Liar.start(server.url);
  });
  after(async () => {
    await liar?.close();
    await server?.remove();
  });

  const enrol = async () => {
    const transport = new Transport({ baseUrl: server.url });
    return enrolByKit({ transport, kitText: made.kitText, label: 'cli' });
  };

  it('names the practice and its doctor, and gives the founder every compartment', async () => {
    const device = await openDevice(made);
    const status = device.status();
    assert.equal(status.practiceName, 'Cabinet des Tilleuls');
    assert.equal(status.memberName, 'Dr Claire Vasseur');
    assert.equal(status.role, 'doctor');
    assert.equal(status.compartments.length, 4);
    assert.deepEqual(status.findings, []);
    assert.equal(status.hostLie, null);
  });

  it('sends nothing before the kit was kept, and creates the same practice when the answer was lost', async () => {
    const transport = new Transport({ baseUrl: liar.url });
    const doctor = { family: 'Morel', given: 'Paul' };
    const prepared = await prepareNewPractice({ transport, practiceName: 'Perdu', doctor, label: 'browser' });
    assert.equal(await transport.findPractice(prepared.practice.slice(0, 16)), null);
    let cuts = 1;
    liar.lie(/^POST \/api\/practices$/, () => (cuts-- > 0 ? 'cut' : null));
    await assert.rejects(prepared.commit(), { code: 'UNREACHABLE' });
    const { practice, seed } = await prepared.commit();
    liar.repent();
    const device = await openDevice({ url: server.url, practice, seed, kitText: '' });
    assert.equal(device.status().memberName, 'Paul Morel');
    assert.deepEqual(device.status().findings, []);
  });

  it('brings a save to a second device, which opens the file and leaves a trace', async () => {
    const first = await openDevice(made);
    const second = await openDevice(made, { seed: (await enrol()).seed });
    const states: string[] = [];
    first.subscribe((event) => {
      if (event.type === 'save') states.push(event.state);
    });
    await create(first, 'sync', patient('sync', 'Traversée'));
    await create(first, 'sync', note('sync-note', 'sync', 'Toux sèche'));
    await settle(first);
    await second.sync();
    const file = await second.openPatient('Patient/sync');
    assert.deepEqual(titles(file), ['Toux sèche']);
    assert.equal(file.isComplete, true);
    assert.equal(file.records[1]?.versions[0]?.authorName, 'Dr Claire Vasseur');
    assert.equal(file.records[1]?.state, 'host');
    assert.ok(states.includes('device') && states.includes('host'));
    await settle(second);
    await first.sync();
    const opened = second.keyring.stream(
      'admin',
      `opened/${Buffer.from(second.keyring.signer.author).toString('hex')}`,
    );
    assert.equal(first.mirror.entriesOf(opened.id).length, 1);
  });

  it('reads ahead a file that is about to be opened, once, and traces its opening alone', async () => {
    const network = new Network();
    const first = await openDevice(made);
    await create(first, 'ahead', patient('ahead', 'Attendue'), note('ahead-note', 'ahead', 'Déjà là'));
    await settle(first);
    const second = await openDevice(made, { fetch: network.fetch });
    network.asked.length = 0;
    second.expectPatient('Patient/ahead');
    second.expectPatient('Patient/nobody');
    assert.deepEqual(titles(await second.openPatient('Patient/ahead')), ['Déjà là']);
    assert.equal(network.asked.filter((path) => /\/(?:streams|payloads)/.test(path)).length, 2);
    assert.equal(second.outbox.items.length, 1);
    await assert.rejects(second.openPatient('Patient/nobody'), { code: 'PATIENT_UNKNOWN' });
    await settle(second);
  });

  it('enrols several devices at the same moment', async () => {
    const seeds = await Promise.all([enrol(), enrol(), enrol()]);
    for (const { seed } of seeds) assert.equal((await openDevice(made, { seed })).status().role, 'doctor');
  });

  it('refuses a kit of another practice, a mistyped one and one that is none', async () => {
    const transport = new Transport({ baseUrl: server.url });
    const other = await prepareNewPractice({ transport, practiceName: 'X', doctor: { family: 'Y' }, label: 'cli' });
    const tryKit = (kitText: string) => enrolByKit({ transport, kitText, label: 'cli' });
    await assert.rejects(tryKit(other.kit.text), { code: 'KIT_WRONG' });
    const typed = made.kitText.replace(/^./, (first) => (first === '0' ? '1' : '0'));
    await assert.rejects(tryKit(typed), { code: 'KIT_CHECKSUM' });
    await assert.rejects(tryKit('bonjour'), { code: 'KIT_INVALID' });
  });

  it('keeps and shows both of two saves that replaced the same version, until a person chooses', async () => {
    const first = await openDevice(made);
    const second = await openDevice(made, { seed: (await enrol()).seed });
    await create(first, 'duel', patient('duel', 'Duel'), note('duel-note', 'duel', 'Départ'));
    await settle(first);
    await second.sync();
    const start = (await first.readPatient('Patient/duel')).records[1]?.versions[0]?.version ?? '';
    const edit = (title: string) => ({
      patient: 'Patient/duel',
      records: [{ resource: note('duel-note', 'duel', title), change: 'edit' as const, replaces: [start] }],
    });
    await first.save(edit('À droite'));
    await second.save(edit('À gauche'));
    await settle(first);
    await settle(second);
    await first.sync();
    for (const device of [first, second]) {
      const [, record] = (await device.readPatient('Patient/duel')).records;
      assert.equal(record?.isConflict, true);
      assert.deepEqual(record.versions.map(({ content }) => JSON.parse(content ?? '').title).sort(), [
        'À droite',
        'À gauche',
      ]);
    }
    const [, record] = (await first.readPatient('Patient/duel')).records;
    const replaces = record?.versions.map(({ version }) => version) ?? [];
    const chosen = { resource: note('duel-note', 'duel', 'Au milieu'), change: 'edit' as const, replaces };
    await first.save({ patient: 'Patient/duel', records: [chosen] });
    await settle(first);
    await second.sync();
    assert.deepEqual(titles(await second.readPatient('Patient/duel')), ['Au milieu']);
    assert.equal((await second.history('Patient/duel', 'Composition/duel-note')).length, 4);
  });

  it('saves records of several compartments together or not at all', async () => {
    const device = await openDevice(made);
    const size = device.mirror.size;
    await create(device, 'whole', patient('whole', 'Entier'), note('whole-note', 'whole', 'Avec le reste'));
    await settle(device);
    const entries = [...new Array(device.mirror.size - size).keys()].map((place) => device.mirror.entry(size + place));
    const kinds = (await Promise.all(entries)).filter(({ header }) => header.kind === 'records');
    assert.deepEqual(kinds.map(({ header }) => header.compartment).sort(), ['admin', 'clinical']);
    await assert.rejects(create(device, 'whole', note('n', 'whole', 'ok'), { resourceType: 'Composition' }), {
      code: 'SAVE_INVALID',
    });
    assert.equal(device.outbox.items.length, 0);
  });

  it('closes the vault on a device that was revoked, without losing what it had not sent', async () => {
    const { seed } = await enrol();
    const cache = memoryCache();
    const revoked = await openDevice(made, { seed, cache });
    const founder = await openDevice(made);
    await founder.sync();
    await revokeHolder(founder, revoked.keyring.signer.author);
    await create(revoked, 'late', patient('late', 'Tardif'));
    await assert.rejects(settle(revoked), { code: 'HOLDER_REVOKED' });
    assert.equal(revoked.outbox.items.length, 1);
    await assert.rejects(openDevice(made, { seed, cache }), (error: { code?: string }) =>
      ['HOLDER_REVOKED', 'SESSION_REFUSED'].includes(error.code ?? ''),
    );
    await founder.sync();
    assert.deepEqual(founder.search('tardif', 5), []);
  });

  it('forgets the keys when it locks, even while a save is under way', async () => {
    const device = await openDevice(made);
    await create(device, 'lock', patient('lock', 'Verrou'), note('lock-note', 'lock', 'Dernière ligne'));
    await device.lock();
    assert.throws(() => device.keyring.epochKey('clinical', 1), { code: 'COMPARTMENT_CLOSED' });
    assert.throws(() => device.outbox, { code: 'CLOSED' });
    await assert.rejects(device.save({ patient: null, records: [] }), { code: 'SAVE_INVALID' });
  });

  it('forgets the keys when it locks, though the disk answers no more', async ({ mock }) => {
    const device = await openDevice(made);
    device.persist = () => new Promise(() => undefined);
    mock.timers.enable({ apis: ['setTimeout'] });
    const locking = device.lock();
    const isOpen = () => device.keyring.canRead('clinical');
    for (let second = 0; isOpen() && second < 60; second += 1) {
      await new Promise(setImmediate);
      mock.timers.tick(1000);
    }
    mock.timers.reset();
    assert.ok(!isOpen());
    await locking;
    assert.throws(() => device.keyring.epochKey('clinical', 1), { code: 'COMPARTMENT_CLOSED' });
  });
});
