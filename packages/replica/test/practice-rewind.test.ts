import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bytesToHex } from '@serment/core/bytes';
import { memoryCache } from '../src/cache.ts';
import { enrolByKit } from '../src/device.ts';
import type { Practice } from '../src/practice.ts';
import { openPractice } from '../src/practice-opening.ts';
import { type ChosenFile, undoWrites, type Writes, writesSince } from '../src/practice-rewind.ts';
import { partsOfSave } from '../src/saving.ts';
import { Transport } from '../src/transport.ts';
import { addMember } from './members-scene.ts';
import { create, createTestPractice, note, openDevice, patient, settle, titles } from './practice-setup.ts';
import { type RunningServer, startRunningServer } from './running-server.ts';

const files = ['anna', 'bruno', 'chloe'];

describe('going back on what somebody wrote', () => {
  let server: RunningServer;

  before(async () => {
    server = await startRunningServer();
  });
  after(() => server?.remove());

  /** A doctor's device, and another one of the same doctor that a virus has: three patients with a note each. */
  const scene = async () => {
    const made = await createTestPractice(server.url);
    const doctor = await openDevice(made);
    const device = await enrolByKit({
      transport: new Transport({ baseUrl: made.url }),
      kitText: made.kitText,
      label: 'script',
    });
    const { practice, seed } = device;
    const virus = await openPractice({
      transport: new Transport({ baseUrl: made.url }),
      cache: memoryCache(),
      practice,
      seed,
    });
    for (const id of files) await create(doctor, id, patient(id, id), note(`${id}-note`, id, `Note de ${id}`));
    await settle(doctor);
    await virus.sync();
    return { made, doctor, virus, since: (await lastReceivedAt(doctor)) + 1 };
  };
  const by = (practice: Practice) => ({ kind: 'device' as const, id: bytesToHex(practice.keyring.signer.author) });
  const titlesOf = async (practice: Practice, id: string) => titles(await practice.readPatient(`Patient/${id}`));
  const all = ({ files: found }: Writes): ChosenFile[] =>
    found.map(({ patient: one, records }) => ({ patient: one, ids: records.map(({ id }) => id) }));

  /** Puts other words into a record, or takes it out. */
  const rewrite = async (practice: Practice, id: string, recordId: string, change: 'edit' | 'entered-in-error') => {
    const file = await practice.readPatient(`Patient/${id}`);
    const record = file.records.find((one) => one.id === recordId);
    assert.ok(record?.content != null);
    const resource = { ...JSON.parse(record.content), ...(change === 'edit' ? { title: 'x7f3' } : {}) };
    const replaces = record.versions.map(({ version }) => version);
    await practice.save({ patient: `Patient/${id}`, records: [{ resource, change, replaces }] });
  };
  const ruin = async (virus: Practice) => {
    await rewrite(virus, 'anna', 'Composition/anna-note', 'edit');
    await rewrite(virus, 'bruno', 'Composition/bruno-note', 'entered-in-error');
    await create(virus, 'chloe', note('junk', 'chloe', 'Du bruit'));
    await settle(virus);
  };

  it('tells what each record would be, changes nothing by itself, and makes them that again', async () => {
    const { doctor, virus, since } = await scene();
    await ruin(virus);
    const writes = await writesSince(doctor, { by: by(virus), since, until: null });
    assert.deepEqual(
      writes.files.map(({ patient: one, records }) => [
        one,
        records.map(({ id, kind, isFollowed }) => [id, kind, isFollowed]),
      ]),
      [
        ['Patient/chloe', [['Composition/junk', 'added', false]]],
        ['Patient/bruno', [['Composition/bruno-note', 'gone', false]]],
        ['Patient/anna', [['Composition/anna-note', 'changed', false]]],
      ],
    );
    assert.deepEqual([writes.entries, writes.closed], [3, 0]);
    assert.deepEqual(await titlesOf(doctor, 'anna'), ['x7f3']);
    const steps: number[] = [];
    const undone = await undoWrites(doctor, writes, all(writes), { onProgress: (done) => steps.push(done) });
    await settle(doctor);
    assert.deepEqual(undone, { files: 3, records: 3, left: [] });
    assert.deepEqual(steps, [1, 2, 3]);
    await virus.sync();
    for (const device of [doctor, virus]) {
      assert.deepEqual(await titlesOf(device, 'anna'), ['Note de anna']);
      assert.deepEqual(await titlesOf(device, 'bruno'), ['Note de bruno']);
      const junk = (await device.readPatient('Patient/chloe')).records.find(({ id }) => id === 'Composition/junk');
      assert.equal(junk?.change, 'entered-in-error');
    }
    assert.equal((await doctor.history('Patient/anna', 'Composition/anna-note')).length, 3);
    assert.deepEqual((await writesSince(doctor, { by: by(virus), since, until: null })).files, []);
  });

  it('is itself undone the same way', async () => {
    const { doctor, virus, since } = await scene();
    await ruin(virus);
    const writes = await writesSince(doctor, { by: by(virus), since, until: null });
    const before = (await lastReceivedAt(doctor)) + 1;
    await undoWrites(doctor, writes, all(writes));
    await settle(doctor);
    const own = await writesSince(doctor, { by: by(doctor), since: before, until: null });
    await undoWrites(doctor, own, all(own));
    await settle(doctor);
    assert.deepEqual(await titlesOf(doctor, 'anna'), ['x7f3']);
    const changeOf = async (id: string, record: string) =>
      (await doctor.readPatient(`Patient/${id}`)).records.find((one) => one.id === record)?.change;
    assert.equal(await changeOf('bruno', 'Composition/bruno-note'), 'entered-in-error');
    assert.equal(await changeOf('chloe', 'Composition/junk'), 'restore');
  });

  it('says where somebody else has written over it, and leaves what came meanwhile', async () => {
    const { doctor, virus, since } = await scene();
    await ruin(virus);
    await doctor.sync();
    await rewrite(doctor, 'anna', 'Composition/anna-note', 'edit');
    await settle(doctor);
    const writes = await writesSince(doctor, { by: by(virus), since, until: null });
    const anna = writes.files.find(({ patient: one }) => one === 'Patient/anna');
    assert.deepEqual(
      anna?.records.map(({ was, isFollowed }) => [JSON.parse(was ?? '{}').title, isFollowed]),
      [['Note de anna', true]],
    );
    await create(virus, 'bruno', note('bruno-note', 'bruno', 'Encore'));
    await settle(virus);
    const undone = await undoWrites(doctor, writes, all(writes));
    assert.deepEqual(undone, { files: 2, records: 2, left: [{ patient: 'Patient/bruno', code: 'FILE_CHANGED' }] });
  });

  it('goes no further back than was said, nor later, and finds all devices of a member', async () => {
    const { doctor, virus, since } = await scene();
    await ruin(virus);
    await doctor.sync();
    const until = await lastReceivedAt(doctor);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await create(virus, 'bruno', note('late', 'bruno', 'Plus tard'));
    await settle(virus);
    const ids = ({ files: found }: Writes) => found.flatMap(({ records }) => records.map(({ id }) => id)).sort();
    const ruined = ['Composition/anna-note', 'Composition/bruno-note', 'Composition/junk'];
    assert.deepEqual(ids(await writesSince(doctor, { by: by(virus), since, until })), ruined);
    const member = { kind: 'member' as const, id: bytesToHex(doctor.keyring.member) };
    const everything = await writesSince(doctor, { by: member, since: 0, until: null });
    assert.ok(everything.files.some(({ records }) => records.some(({ id }) => id === 'Patient/anna')));
    assert.deepEqual((await writesSince(doctor, { by: by(virus), since: Date.now() + 60_000, until: null })).files, []);
  });

  it('puts back what was signed, whatever was signed over it', async () => {
    const { doctor, virus } = await scene();
    const signed = { ...note('signed', 'anna', 'Signée'), status: 'final' };
    await create(doctor, 'anna', signed);
    await settle(doctor);
    const since = (await lastReceivedAt(doctor)) + 1;
    await virus.sync();
    const [record] = (await virus.readPatient('Patient/anna')).records.filter(({ id }) => id === 'Composition/signed');
    const replaces = record?.versions.map(({ version }) => version) ?? [];
    const resource = { ...signed, title: 'x7f3' };
    // Its own program does not refuse it: a signed note gives way to a restored one (docs/format/record.md, rule 6).
    const request = { patient: 'Patient/anna', records: [{ resource, change: 'restore' as const, replaces }] };
    await virus.saveParts(partsOfSave(request, virus.keyring, virus.random));
    await settle(virus);
    const writes = await writesSince(doctor, { by: by(virus), since, until: null });
    const undone = await undoWrites(doctor, writes, all(writes));
    await settle(doctor);
    assert.deepEqual(undone.left, []);
    assert.ok((await titlesOf(doctor, 'anna')).includes('Signée'));
    assert.ok(!(await titlesOf(doctor, 'anna')).includes('x7f3'));
  });

  it('tells how much of it this member may not look at', async () => {
    const { made, doctor, virus, since } = await scene();
    const { seed } = await addMember(doctor, 'desk');
    await ruin(virus);
    const desk = await openDevice(made, { seed });
    const writes = await writesSince(desk, { by: by(virus), since, until: null });
    assert.deepEqual([writes.entries, writes.closed, writes.files], [3, 3, []]);
  });

  it('ends when it is told to, with nothing written', async () => {
    const { doctor, virus, since } = await scene();
    await ruin(virus);
    const signal = AbortSignal.abort();
    await assert.rejects(writesSince(doctor, { by: by(virus), since, until: null }, { signal }), {
      name: 'AbortError',
    });
    const writes = await writesSince(doctor, { by: by(virus), since, until: null });
    await assert.rejects(undoWrites(doctor, writes, all(writes), { signal }), { name: 'AbortError' });
    assert.deepEqual(await titlesOf(doctor, 'anna'), ['x7f3']);
  });
});

async function lastReceivedAt({ mirror }: Practice): Promise<number> {
  return (await mirror.entry(mirror.size - 1)).receivedAt;
}
