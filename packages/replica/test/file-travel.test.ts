import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToUtf8, utf8ToBytes } from '@serment/core/bytes';
import { openDocumentBytes, uploadDocument } from '../src/documents.ts';
import { fileDifferences, fileInstants, restoreFile, restoreVersion } from '../src/file-travel.ts';
import type { Practice } from '../src/practice.ts';
import { moveRecord, recordsToMove } from '../src/record-move.ts';
import { addMember, open, serveMembers } from './members-scene.ts';
import { create, createTestPractice, patient, settle } from './practice-setup.ts';

const anna = 'Patient/anna';
const bea = 'Patient/bea';

describe('a file', () => {
  const server = serveMembers();

  const of = (id: string, title: string, more: object = {}) => ({
    ...{ resourceType: 'Composition', id, status: 'preliminary', subject: { reference: anna }, title },
    ...more,
  });

  async function change(
    practice: Practice,
    resource: { resourceType: string; id: string },
    kind: 'edit' | 'entered-in-error',
  ) {
    const file = await practice.readPatient(anna);
    const record = file.records.find(({ id }) => id === `${resource.resourceType}/${resource.id}`);
    const replaces = record?.versions.map(({ version }) => version) ?? [];
    await practice.save({ patient: anna, records: [{ resource, change: kind, replaces }] });
    await settle(practice);
  }

  /** Another clock tick of the host's, so that instants differ. */
  const tick = () => new Promise((resolve) => setTimeout(resolve, 5));

  async function makeScene() {
    const made = await createTestPractice(server.url);
    const doctor = await open(made, made.seed);
    await create(doctor, 'anna', patient('anna', 'Durand'), of('n1', 'Entorse'), of('n2', 'Grippe'));
    await settle(doctor);
    await tick();
    return { made, doctor };
  }

  const titlesOf = (file: { records: readonly { type: string; resource: unknown }[] }) =>
    file.records.flatMap(({ resource }) => {
      const { title } = (resource ?? {}) as { title?: string };
      return title === undefined ? [] : [title];
    });

  it('is shown as it was at an instant, with whom it was about then', async () => {
    const { doctor } = await makeScene();
    const [first = assert.fail()] = await fileInstants(doctor, anna);
    await change(doctor, of('n1', 'Fracture'), 'edit');
    await create(doctor, 'anna', of('n3', 'Angine'));
    await change(doctor, of('n2', 'Grippe'), 'entered-in-error');
    await change(doctor, patient('anna', 'Martin'), 'edit');
    const instants = await fileInstants(doctor, anna);
    assert.deepEqual(
      instants.map(({ records }) => records),
      [1, 1, 1, 2],
    );
    assert.deepEqual([first.author, first.at], [instants.at(-1)?.author, instants.at(-1)?.at]);
    const was = await doctor.files.at(anna, first.at);
    assert.deepEqual(titlesOf(was), ['Entorse', 'Grippe']);
    assert.match(was.records[0]?.content ?? '', /Durand/);
    assert.match((await doctor.readPatient(anna)).records[0]?.content ?? '', /Martin/);
    assert.deepEqual(titlesOf(await doctor.files.at(anna, 0)), []);
    const differences = await fileDifferences(doctor, anna, first.at);
    assert.deepEqual(differences.map(({ id, kind }) => `${kind} ${id}`).sort(), [
      'added Composition/n3',
      'changed Composition/n1',
      `changed ${anna}`,
      'gone Composition/n2',
    ]);
  });

  it('becomes again what it was, in part or whole, and back', async () => {
    const { doctor } = await makeScene();
    const [first = assert.fail()] = await fileInstants(doctor, anna);
    await change(doctor, of('n1', 'Fracture'), 'edit');
    await create(doctor, 'anna', of('n3', 'Angine'));
    await change(doctor, of('n2', 'Grippe'), 'entered-in-error');
    await tick();
    const [before = assert.fail()] = await fileInstants(doctor, anna);
    await restoreFile(doctor, anna, { at: first.at, ids: ['Composition/n1'] });
    await settle(doctor);
    assert.deepEqual(titlesOf(await doctor.readPatient(anna)).sort(), ['Angine', 'Entorse']);
    await assert.rejects(restoreFile(doctor, anna, { at: first.at, ids: ['Composition/n1'] }), {
      code: 'SAVE_INVALID',
    });
    await restoreFile(doctor, anna, { at: first.at, ids: ['Composition/n2', 'Composition/n3'] });
    await settle(doctor);
    assert.deepEqual(titlesOf(await doctor.readPatient(anna)).sort(), ['Entorse', 'Grippe']);
    assert.deepEqual(await fileDifferences(doctor, anna, first.at), []);
    const ids = (await fileDifferences(doctor, anna, before.at)).map(({ id }) => id);
    await restoreFile(doctor, anna, { at: before.at, ids });
    await settle(doctor);
    assert.deepEqual(titlesOf(await doctor.readPatient(anna)).sort(), ['Angine', 'Fracture']);
    const history = await doctor.history(anna, 'Composition/n1');
    assert.deepEqual(
      history.map(({ change: kind }) => kind),
      ['restore', 'restore', 'edit', 'create'],
    );
  });

  it('has a record say again what it said in one of its versions', async () => {
    const { doctor } = await makeScene();
    await change(doctor, of('n1', 'Fracture'), 'edit');
    const [, first = assert.fail()] = await doctor.history(anna, 'Composition/n1');
    await restoreVersion(doctor, anna, { recordId: 'Composition/n1', version: first.version });
    await settle(doctor);
    assert.deepEqual(titlesOf(await doctor.readPatient(anna)).sort(), ['Entorse', 'Grippe']);
    const none = { recordId: 'Composition/n1', version: '00'.repeat(16) };
    await assert.rejects(restoreVersion(doctor, anna, none), { code: 'RECORD_UNKNOWN' });
  });

  it('of the past is read by nobody who may not read it now', async () => {
    const { made, doctor } = await makeScene();
    const desk = await open(made, (await addMember(doctor, 'desk')).seed);
    await assert.rejects(desk.files.at(anna, Date.now()), { code: 'COMPARTMENT_CLOSED' });
    await assert.rejects(fileInstants(desk, anna), { code: 'COMPARTMENT_CLOSED' });
  });

  it('gives to another what was written in it by mistake, with all that goes with it, and takes it back', async () => {
    const { made, doctor } = await makeScene();
    await create(doctor, 'bea', patient('bea', 'Morel'));
    const encounter = { encounter: { reference: 'Encounter/e' } };
    const clear = new Blob([utf8ToBytes('un courrier')]).stream();
    const document = await uploadDocument({ clear, mediaType: 'text/plain' }, doctor);
    const url = `urn:serment:document:${Buffer.from(document.blobId).toString('hex')}`;
    const letter = {
      ...of('d', ''),
      resourceType: 'DocumentReference',
      content: [{ attachment: { url } }],
      ...encounter,
    };
    const meeting = { resourceType: 'Encounter', id: 'e', subject: { reference: anna } };
    const records = [meeting, of('n4', 'Otite', encounter), letter].map((resource) => ({
      ...{ resource, change: 'create' as const, replaces: [] },
    }));
    await doctor.save({ patient: anna, records, documents: [document] });
    await settle(doctor);
    const told = await recordsToMove(doctor, anna, 'Composition/n4');
    assert.deepEqual(
      told.map(({ id }) => id),
      ['Composition/n4', 'Encounter/e', 'DocumentReference/d'],
    );
    await moveRecord(doctor, { from: anna, to: bea, recordId: 'Composition/n4' });
    await settle(doctor);
    assert.deepEqual(titlesOf(await doctor.readPatient(anna)), ['Entorse', 'Grippe']);
    const moved = await doctor.readPatient(bea);
    assert.ok(titlesOf(moved).includes('Otite'));
    assert.ok(moved.records.every(({ content }) => !content?.includes(anna)));
    // A colleague opens the document from its new place, where its key is too.
    const colleague = await open(made, (await addMember(doctor, 'doctor')).seed);
    const key = await colleague.documentKey(bea, Buffer.from(document.blobId).toString('hex'));
    const bytes = bytesToUtf8(await openDocumentBytes(key ?? assert.fail(), colleague));
    assert.equal(bytes, 'un courrier');
    const [taken] = await doctor.history(anna, 'Composition/n4');
    assert.deepEqual([taken?.change, taken?.content], ['removed', null]);
    await moveRecord(doctor, { from: bea, to: anna, recordId: 'Encounter/e' });
    await settle(doctor);
    assert.deepEqual(titlesOf(await doctor.readPatient(anna)).sort(), ['', 'Entorse', 'Grippe', 'Otite'].sort());
    assert.deepEqual(titlesOf(await doctor.readPatient(bea)), []);
    await assert.rejects(moveRecord(doctor, { from: bea, to: anna, recordId: 'Composition/n4' }), {
      code: 'RECORD_UNKNOWN',
    });
    await assert.rejects(moveRecord(doctor, { from: anna, to: anna, recordId: 'Composition/n1' }), {
      code: 'SAVE_INVALID',
    });
  });
});
