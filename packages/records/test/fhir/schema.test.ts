import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AllergyIntolerance, allergyAnswer, noKnownAllergy } from '../../src/fhir/allergy.ts';
import { newPractice, newPractitioner } from '../../src/fhir/directory.ts';
import { checkOwnResource, hasSchema } from '../../src/fhir/schema.ts';
import { jsonNumber, stringifyJson } from '../../src/json-text.ts';

const subject = { reference: 'Patient/p1' };
const code = { coding: [{ system: 'http://loinc.org', code: '29463-7' }] };
const weight = {
  resourceType: 'Observation',
  id: 'o1',
  status: 'final',
  code,
  subject,
  effectiveDateTime: '2026-11-23T14:05:00+01:00',
  valueQuantity: { value: jsonNumber('72.50'), unit: 'kg', system: 'http://unitsofmeasure.org', code: 'kg' },
};

test('one well-made resource of each clinical type is accepted', () => {
  const resources = [
    weight,
    { resourceType: 'Encounter', id: 'e1', status: 'finished', class: { code: 'AMB' }, subject },
    { resourceType: 'Condition', id: 'c1', code: { text: 'HTA' }, subject },
    {
      resourceType: 'MedicationRequest',
      id: 'm1',
      status: 'active',
      intent: 'order',
      medicationCodeableConcept: { text: 'X' },
      subject,
    },
    {
      resourceType: 'Immunization',
      id: 'i1',
      status: 'completed',
      vaccineCode: { text: 'ROR' },
      patient: subject,
      occurrenceDateTime: '2020',
    },
    { resourceType: 'Procedure', id: 'q1', status: 'completed', code: { text: 'Suture' }, subject },
    {
      resourceType: 'DocumentReference',
      id: 'd1',
      status: 'current',
      subject,
      content: [
        { attachment: { contentType: 'application/pdf', url: `urn:serment:document:${'ab'.repeat(16)}`, size: 10 } },
      ],
    },
    {
      resourceType: 'PractitionerRole',
      id: 'r1',
      practitioner: { reference: 'Practitioner/d1' },
      organization: { reference: 'Organization/o1' },
    },
    newPractitioner('d1', { family: 'Martin', given: 'Claire', prefix: 'Dr', rpps: '10000001916' }),
    newPractice('o1', { name: 'Cabinet des Lilas', phone: '01 23 45 67 89' }),
  ];
  for (const resource of resources) assert.doesNotThrow(() => checkOwnResource(resource), resource.resourceType);
});

test('a measure keeps the decimals it was typed with', () => {
  assert.match(stringifyJson(weight), /"value":72\.50,/);
});

test('a misspelt field, a wrong code and a missing subject are refused', () => {
  for (const wrong of [
    { ...weight, statuss: 'final' },
    { ...weight, status: 'done' },
    { ...weight, subject: undefined },
    { ...weight, id: 'a/b' },
    { ...weight, valueQuantity: { value: '72' } },
    { ...weight, effectiveDateTime: '2026-13-01' },
    { ...weight, extension: [] },
    { ...weight, note: [{ text: '' }] },
    { resourceType: 'Claim', id: 'x' },
  ])
    assert.throws(() => checkOwnResource(wrong), { code: 'RESOURCE_INVALID' }, JSON.stringify(wrong));
});

test('an RPPS number is written under both its authorities', () => {
  const { identifier } = newPractitioner('d1', { family: 'M', rpps: '8 10000001916' });
  assert.deepEqual(
    identifier?.map(({ system, value }) => [system, value]),
    [
      ['https://rpps.esante.gouv.fr', '10000001916'],
      ['urn:oid:1.2.250.1.71.4.2.1', '810000001916'],
    ],
  );
});

test('"no known allergy" is a record, and no record is not it', () => {
  const none = noKnownAllergy('a1', {
    patient: 'Patient/p1',
    recorder: 'Practitioner/d1',
    recordedDate: '2026-11-23T14:05:00Z',
  });
  const peanut: AllergyIntolerance = {
    resourceType: 'AllergyIntolerance',
    id: 'a2',
    code: { text: 'Arachide' },
    patient: subject,
  };
  const refuted: AllergyIntolerance = { ...peanut, verificationStatus: { coding: [{ code: 'refuted' }] } };
  const resolved: AllergyIntolerance = { ...peanut, clinicalStatus: { coding: [{ code: 'resolved' }] } };
  assert.equal(allergyAnswer([]), 'not-asked');
  assert.equal(allergyAnswer([refuted]), 'not-asked');
  assert.equal(allergyAnswer([none]), 'none-known');
  assert.equal(allergyAnswer([none, resolved]), 'none-known');
  assert.equal(allergyAnswer([none, peanut]), 'some');
});

test('types that Serment does not write are known as such', () => {
  assert.ok(hasSchema('Patient') && !hasSchema('Claim') && !hasSchema('toString'));
});
