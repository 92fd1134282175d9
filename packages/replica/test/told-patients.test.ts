import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex } from '@serment/core/bytes';
import { newConsent } from '@serment/records/fhir/consent';
import { newCoverage } from '@serment/records/fhir/coverage';
import { newRelative } from '@serment/records/fhir/related-person';
import { memoryCache } from '../src/cache.ts';
import { exportPractice } from '../src/export.ts';
import { fileDifferences, fileInstants, restoreFile } from '../src/file-travel.ts';
import type { PatientFile } from '../src/patient-file.ts';
import { mergeRecords, separateRecords } from '../src/patient-merge.ts';
import type { Practice } from '../src/practice.ts';
import { restrictPatient } from '../src/restrictions.ts';
import { addMember, open, serveMembers } from './members-scene.ts';
import { Network } from './network.ts';
import { create, createTestPractice, note, openDevice, patient, settle } from './practice-setup.ts';

const [anna, bea] = ['Patient/anna', 'Patient/bea'] as const;
const amo = { coverage: 'amo', payer: 'CPAM du Rhône', relation: 'self' } as const;
const coverage = (id: string, more: object = {}) => newCoverage(id, { patient: anna }, { ...amo, ...more });
const ids = ({ records }: PatientFile) => records.map(({ id }) => id);

describe('what the directory tells of a patient beside their own record', () => {
  const server = serveMembers();

  async function makeScene() {
    const made = await createTestPractice(server.url);
    const doctor = await open(made, made.seed);
    await create(doctor, 'anna', patient('anna', 'Durand'), note('one', 'anna', 'Avant'));
    await create(doctor, 'bea', patient('bea', 'Morel'));
    await settle(doctor);
    return { made, doctor };
  }

  async function edit(practice: Practice, resource: { resourceType: string; id: string }, kind: 'edit' = 'edit') {
    const { records } = await practice.files.administrative(anna);
    const known = records.find(({ id }) => id === `${resource.resourceType}/${resource.id}`);
    const replaces = known?.versions.map(({ version }) => version) ?? [];
    await practice.save({ patient: anna, records: [{ resource, change: kind, replaces }] });
  }

  it('is of the file at once, after it was sent, and on another device; a consent stays clinical', async () => {
    const { made, doctor } = await makeScene();
    const consent = { kind: 'dmp', decision: 'given', by: 'patient' } as const;
    const recorder = `Practitioner/${bytesToHex(doctor.keyring.member)}`;
    await create(doctor, 'anna', coverage('c'), newConsent('k', { patient: anna, recorder }, consent));
    const told = ['Patient/anna', 'Coverage/c', 'Composition/one', 'Consent/k'];
    assert.deepEqual(ids(await doctor.readPatient(anna)), told);
    await settle(doctor);
    assert.deepEqual(ids(await doctor.readPatient(anna)), told);
    await edit(doctor, coverage('c', { payer: 'MSA' }));
    await settle(doctor);
    const { seed } = await addMember(doctor, 'desk');
    const desk = await open(made, seed);
    const seen = await desk.readPatient(anna);
    assert.deepEqual([ids(seen), seen.canReadClinical], [['Patient/anna', 'Coverage/c'], false]);
    assert.match(JSON.stringify(seen.records[1]?.resource), /MSA/);
    assert.deepEqual(
      (await desk.history(anna, 'Coverage/c')).map(({ change }) => change),
      ['edit', 'create'],
    );
    const administrative = await desk.files.administrative(anna);
    assert.deepEqual([ids(administrative), administrative.isComplete], [ids(seen), true]);
    await edit(desk, coverage('c', { payer: 'CPAM de l’Ain' }));
    await settle(desk);
    await doctor.sync();
    assert.match(JSON.stringify((await doctor.readPatient(anna)).records[1]?.resource), /Ain/);
  });

  it('is on a device that opens again from what it kept, and reads without the line', async () => {
    const { made, doctor } = await makeScene();
    await create(doctor, 'anna', coverage('c'));
    await create(doctor, 'anna', newRelative('r', { patient: anna, relative: bea, kinship: 'PRN' }));
    await settle(doctor);
    const cache = memoryCache();
    const first = await openDevice(made, { cache });
    await first.files.fetch(anna);
    await first.lock();
    const network = new Network();
    network.isUp = false;
    const again = await openDevice(made, { cache, fetch: network.fetch });
    assert.equal(await again.files.isHere(anna), true);
    assert.deepEqual(ids(await again.files.administrative(anna)), [anna, 'Coverage/c', 'RelatedPerson/r']);
    assert.deepEqual(
      (await again.files.linkedTo(bea)).map(({ id }) => id),
      ['RelatedPerson/r'],
    );
    await create(again, 'anna', newRelative('s', { patient: anna, relative: bea, kinship: 'GUARD' }));
    assert.deepEqual((await again.files.linkedTo(bea)).map(({ id }) => id).sort(), [
      'RelatedPerson/r',
      'RelatedPerson/s',
    ]);
    assert.deepEqual(await again.files.linkedTo(anna), []);
    await again.lock();
  });

  it('goes back in time with the file, in part or whole', async () => {
    const { doctor } = await makeScene();
    await create(doctor, 'anna', coverage('c'));
    await settle(doctor);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await create(doctor, 'anna', note('two', 'anna', 'Instant'));
    await settle(doctor);
    const [{ at } = assert.fail()] = await fileInstants(doctor, anna);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await edit(doctor, coverage('c', { payer: 'MSA' }));
    await create(doctor, 'anna', coverage('d', { coverage: 'amc', payer: 'Mutuelle' }));
    await settle(doctor);
    const then = await doctor.files.at(anna, at);
    assert.deepEqual(ids(then), [anna, 'Coverage/c', 'Composition/one', 'Composition/two']);
    assert.match(then.records[1]?.content ?? '', /Rhône/);
    assert.deepEqual(
      (await fileDifferences(doctor, anna, at)).map(({ id, kind }) => [id, kind]),
      [
        ['Coverage/c', 'changed'],
        ['Coverage/d', 'added'],
      ],
    );
    await restoreFile(doctor, anna, { at, ids: ['Coverage/c', 'Coverage/d'] });
    const now = await doctor.files.administrative(anna);
    assert.match(now.records.find(({ id }) => id === 'Coverage/c')?.content ?? '', /Rhône/);
    assert.equal(now.records.find(({ id }) => id === 'Coverage/d')?.resource, null);
  });

  it('is told with the file that a patient was merged into, changed where it stands, and comes apart with it', async () => {
    const { doctor } = await makeScene();
    await create(doctor, 'anna', coverage('c'));
    await settle(doctor);
    const versions = async (id: string) =>
      (await doctor.patientRecord(id))?.versions.map(({ version }) => version) ?? assert.fail();
    await mergeRecords(doctor, {
      ...{ kept: bea, gone: anna },
      versions: { kept: await versions(bea), gone: await versions(anna) },
    });
    await settle(doctor);
    const file = await doctor.readPatient(bea);
    assert.deepEqual(ids(file), [bea, anna, 'Coverage/c', 'Composition/one']);
    const known = file.records.find(({ id }) => id === 'Coverage/c') ?? assert.fail();
    const replaces = known.versions.map(({ version }) => version);
    const resource = coverage('c', { payer: 'MSA' });
    await doctor.save({ patient: bea, records: [{ resource, change: 'edit', replaces }] });
    await settle(doctor);
    await separateRecords(doctor, anna);
    await settle(doctor);
    assert.deepEqual(ids(await doctor.files.administrative(bea)), [bea]);
    assert.match((await doctor.files.administrative(anna)).records[1]?.content ?? '', /MSA/);
  });

  it('is exported in the folder of its patient, and is read of a file that is restricted to others', async () => {
    const { made, doctor } = await makeScene();
    const recorder = `Practitioner/${bytesToHex(doctor.keyring.member)}`;
    const consent = newConsent('k', { patient: anna, recorder }, { kind: 'dmp', decision: 'refused', by: 'patient' });
    const relative = newRelative('r', { patient: anna, relative: bea, kinship: 'SIB' });
    await create(doctor, 'anna', coverage('c'), relative, consent);
    await settle(doctor);
    const files = new Map<string, string>();
    const source = { ...doctor.streamParts(), keyring: doctor.keyring, openDocument: () => assert.fail() };
    const write = async (path: string, bytes: Uint8Array) => void files.set(path, new TextDecoder().decode(bytes));
    const report = await exportPractice(source, { write });
    assert.deepEqual(report.findings, []);
    for (const id of ['"c"', '"r"', '"k"']) {
      assert.ok(files.get('patients/anna/bundle.json')?.includes(`"id":${id}`), id);
      assert.ok(!files.get('patients/bea/bundle.json')?.includes(`"id":${id}`), id);
    }
    assert.match(files.get('patients/anna/index.html') ?? '', /Mon espace santé.*refusé/);

    const { seed } = await addMember(doctor, 'doctor');
    const colleague = await open(made, seed);
    await restrictPatient(doctor, anna, [bytesToHex(doctor.keyring.member)]);
    await colleague.sync();
    await assert.rejects(colleague.readPatient(anna), { code: 'PATIENT_RESTRICTED' });
    assert.deepEqual(ids(await colleague.files.administrative(anna)), [anna, 'Coverage/c', 'RelatedPerson/r']);
    await assert.rejects(colleague.history(anna, 'Consent/k'), { code: 'PATIENT_RESTRICTED' });
  });
});
