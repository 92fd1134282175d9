import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newPatient, type PatientTraits, readPatient } from '../../src/fhir/patient.ts';

const traits: PatientTraits = {
  birthName: 'LEFÈVRE',
  firstGivenName: 'ANNE-SOPHIE',
  birthGivenNames: 'ANNE-SOPHIE MARIE',
  usedName: 'Durand',
  usedGivenName: 'Sophie',
  birthDate: '1960-05-30',
  sex: 'female',
  birthPlaceCode: '88154',
  birthPlaceName: 'Domrémy-la-Pucelle',
  identityStatus: 'qualified',
  ins: { kind: 'INS-NIR-TEST', value: '260058815400233' },
  phone: '01 23 45 67 89',
  mobile: '06 12 34 56 78',
  email: 'sophie@example.org',
  address: { line: ['3 rue des Lilas'], postalCode: '69003', city: 'Lyon' },
};

test('the traits of an identity go into FR Core elements and come back', () => {
  const patient = newPatient('p1', traits);
  assert.deepEqual(readPatient(JSON.parse(JSON.stringify(patient))), traits);
  assert.equal(patient.identifier?.[0]?.system, 'urn:oid:1.2.250.1.213.1.4.10');
  assert.equal(patient.extension?.[0]?.extension?.[0]?.valueCoding?.code, 'QUAL');
});

test('the least that is known makes a patient', () => {
  const patient = newPatient('p1', {
    birthName: 'X',
    firstGivenName: 'Y',
    sex: 'unknown',
    identityStatus: 'provisional',
  });
  assert.equal(readPatient(patient)?.identityStatus, 'provisional');
  assert.equal(readPatient(patient)?.ins, undefined);
  assert.ok(!JSON.stringify(patient).includes('undefined'));
});

test('a patient with a trait that is none is refused by path, never by value', () => {
  const bad: readonly Partial<PatientTraits>[] = [
    { birthName: '  ' },
    { birthDate: '30/05/1960' },
    { birthDate: '1960-02-30' },
    { sex: 'F' as PatientTraits['sex'] },
    { birthPlaceCode: '' },
    { phone: '' },
  ];
  for (const change of bad)
    assert.throws(
      () => newPatient('p1', { ...traits, ...change }),
      (error: Error & { code?: string; fields?: object }) =>
        error.code === 'RESOURCE_INVALID' && !JSON.stringify(error.fields).includes('LEFÈVRE'),
      JSON.stringify(change),
    );
});

test('a patient from elsewhere is read as far as it goes', () => {
  const odd = {
    resourceType: 'Patient',
    name: [{ family: 'Walsh', given: ['Claudie', 7] }, 'x'],
    gender: 'F',
    telecom: {},
    birthDate: 1960,
  };
  const read = readPatient(odd);
  assert.equal(read?.sex, 'unknown');
  assert.equal(read?.birthDate, undefined);
  assert.equal(readPatient({ resourceType: 'Patient' })?.birthName, '');
  assert.equal(readPatient({ resourceType: 'Observation' }), null);
});

test('a maiden name given apart is the birth name', () => {
  const read = readPatient({
    resourceType: 'Patient',
    name: [
      { use: 'official', family: 'Walsh', given: ['A'] },
      { use: 'maiden', family: 'Hyatt', given: ['A'] },
    ],
  });
  assert.deepEqual([read?.birthName, read?.usedName], ['Hyatt', 'Walsh']);
});
