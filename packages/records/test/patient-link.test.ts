import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../src/json-text.ts';
import { patientOf } from '../src/patient-link.ts';
import { chainResolvers, indexReferences, resolveReference } from '../src/reference.ts';

const system = 'urn:oid:1.2.250.1.213.1.4.10';
const record = (id: string, fullUrl: string | null, resource: JsonObject = {}) => {
  const [resourceType = '', logicalId = ''] = id.split('/');
  return { id, fullUrl, resource: { resourceType, id: logicalId, ...resource } };
};
const resolver = indexReferences([
  record('Patient/p1', 'urn:uuid:1111', { identifier: [{ system, value: 'A' }] }),
  record('Patient/p2', 'https://one.example/fhir/Patient/p2', { identifier: [{ system, value: 'B' }] }),
  record('Patient/p3', null, { identifier: [{ system, value: 'B' }] }),
  record('Claim/c1', null, { patient: { reference: 'Patient/p1' } }),
  record('Observation/o1', 'urn:uuid:2222', { subject: { reference: 'urn:uuid:1111' } }),
  record('Group/g1', null, {
    member: [{ entity: { reference: 'Patient/p1' } }, { entity: { reference: 'Patient/p2' } }],
  }),
  record('Device/d1', null),
]);
const link = (resource: JsonObject) => {
  const found = patientOf(resource, resolver);
  return found.kind === 'one' ? found.patient : found.kind;
};
const about = (reference: JsonObject | string) =>
  link({ resourceType: 'Observation', subject: typeof reference === 'string' ? { reference } : reference });

test('a patient is its own', () => {
  assert.equal(link({ resourceType: 'Patient', id: 'x' }), 'Patient/x');
  assert.equal(link({ resourceType: 'Patient' }), 'unknown');
});

test('references of every kind reach the patient', () => {
  assert.equal(about('Patient/p1'), 'Patient/p1');
  assert.equal(about('Patient/not-here-yet'), 'Patient/not-here-yet');
  assert.equal(about('Patient/p1/_history/3'), 'Patient/p1');
  assert.equal(about('urn:uuid:1111'), 'Patient/p1');
  assert.equal(about('https://one.example/fhir/Patient/p2'), 'Patient/p2');
  assert.equal(about('https://one.example/fhir/Patient/p2/_history/1'), 'Patient/p2');
  assert.equal(about(`Patient?identifier=${encodeURIComponent(`${system}|A`)}`), 'Patient/p1');
  assert.equal(about('Patient?identifier=A'), 'Patient/p1');
  assert.equal(about({ type: 'Patient', identifier: { system, value: 'A' } }), 'Patient/p1');
  assert.equal(about({ reference: 'urn:uuid:9999', identifier: { system, value: 'A' } }), 'Patient/p1');
});

test('each type says its patient in its own place', () => {
  const patient = { reference: 'Patient/p1' };
  for (const resource of [
    { resourceType: 'Immunization', patient },
    { resourceType: 'Coverage', beneficiary: patient },
    { resourceType: 'Task', for: patient },
    { resourceType: 'ResearchSubject', individual: patient },
    { resourceType: 'Account', subject: [patient] },
    { resourceType: 'Appointment', participant: [{ actor: { reference: 'Practitioner/x' } }, { actor: patient }] },
    { resourceType: 'PaymentNotice', request: { reference: 'Claim/c1' } },
    { resourceType: 'Provenance', target: [{ reference: 'urn:uuid:2222' }] },
    { resourceType: 'Binary', securityContext: { reference: 'Observation/o1' } },
    {
      resourceType: 'Bundle',
      entry: [{ resource: { resourceType: 'Patient', id: 'p1' } }, { resource: { resourceType: 'Device' } }],
    },
  ] satisfies JsonObject[])
    assert.equal(link(resource), 'Patient/p1', resource.resourceType);
});

test('contained patients are known by their identifiers only', () => {
  const contained = (patient: JsonObject) =>
    link({
      resourceType: 'Observation',
      subject: { reference: '#p' },
      contained: [{ resourceType: 'Patient', id: 'p', ...patient }],
    });
  assert.equal(contained({ identifier: [{ system, value: 'A' }] }), 'Patient/p1');
  assert.equal(contained({ identifier: [{ system, value: 'B' }] }), 'unknown');
  assert.equal(contained({}), 'unknown');
  assert.equal(about('#nothing'), 'unknown');
});

test('what could be anybody is unknown, never guessed', () => {
  for (const reference of [
    'urn:uuid:9999',
    'Patient?identifier=B',
    'Patient?name=x',
    'Patient?identifier=A&active=true',
    'https://two.example/Patient/p2',
    'nonsense',
  ])
    assert.equal(about(reference), 'unknown', reference);
  assert.equal(about({ type: 'Patient', identifier: { system, value: 'Z' } }), 'unknown');
});

test('a reference made to exhaust the reader is unknown', () => {
  for (const part of ['/_history/1', '/A?', 'Patient/', '/'])
    assert.equal(about(`Patient/p1${part.repeat(1_000_000)}\n`), 'unknown', part);
});

test('what names no patient concerns none', () => {
  assert.equal(about('Device/d1'), 'none');
  assert.equal(about('Location/far'), 'none');
  assert.equal(about('https://x.example/Location/far'), 'none');
  assert.equal(about({ display: 'someone' }), 'none');
  assert.equal(link({ resourceType: 'Medication' }), 'none');
  assert.equal(link({ resourceType: 'Observation', subject: 'Patient/p1' }), 'none');
});

test('two patients are several', () => {
  assert.equal(about('Group/g1'), 'several');
  assert.equal(
    link({ resourceType: 'Account', subject: [{ reference: 'Patient/p1' }, { reference: 'Patient/p2' }] }),
    'several',
  );
});

test('records that refer to each other in a circle end the search', () => {
  const circle = indexReferences([
    record('Provenance/a', null, { target: [{ reference: 'Provenance/b' }] }),
    record('Provenance/b', null, { target: [{ reference: 'Provenance/a' }] }),
  ]);
  assert.deepEqual(patientOf({ resourceType: 'Provenance', target: [{ reference: 'Provenance/a' }] }, circle), {
    kind: 'none',
  });
});

test('a fullUrl that two records share resolves to neither', () => {
  const twice = indexReferences([record('Patient/a', 'urn:uuid:1'), record('Patient/b', 'urn:uuid:1')]);
  assert.equal(resolveReference('urn:uuid:1', twice), null);
});

test('a file is asked before the vault', () => {
  const vault = indexReferences([record('Patient/old', 'urn:uuid:1111'), record('Patient/v', 'urn:uuid:7777')]);
  const both = chainResolvers(resolver, vault);
  assert.equal(resolveReference('urn:uuid:1111', both), 'Patient/p1');
  assert.equal(resolveReference('urn:uuid:7777', both), 'Patient/v');
});
