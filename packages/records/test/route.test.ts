import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../src/json-text.ts';
import type { PatientLink } from '../src/patient-link.ts';
import { routeOf } from '../src/route.ts';

const one: PatientLink = { kind: 'one', patient: 'Patient/p.1' };
const route = (resource: JsonObject, link: PatientLink = one) => {
  const { compartment, stream } = routeOf(resource, link);
  return `${compartment} ${stream}`;
};

test('people and places are in the directory', () => {
  for (const resourceType of [
    'Patient',
    'RelatedPerson',
    'Coverage',
    'Practitioner',
    'PractitionerRole',
    'Organization',
    'Location',
  ])
    assert.equal(route({ resourceType }), 'admin directory');
});

test('a device of the practice is in the directory, and a patient’s is not', () => {
  const own = { resourceType: 'Device', id: 'ab'.repeat(32), deviceName: [], owner: {} };
  assert.equal(route(own, { kind: 'none' }), 'admin directory');
  const others = [
    { ...own, id: 'pacemaker' },
    { ...own, id: 'AB'.repeat(32) },
    { ...own, id: 'ab'.repeat(31) },
    { ...own, patient: { reference: 'Patient/p.1' } },
    { ...own, note: [] },
    { ...own, type: {} },
    { ...own, id: 7 },
    { resourceType: 'Device' },
  ] as JsonObject[];
  for (const device of others) assert.equal(route(device, { kind: 'none' }), 'clinical practice');
});

test('the agenda goes by month, the ledger by year', () => {
  assert.equal(route({ resourceType: 'Appointment', start: '2026-11-23T14:05:00+01:00' }), 'admin agenda/2026-11');
  assert.equal(route({ resourceType: 'Slot', start: '2026-01-01T00:00:00Z' }), 'admin agenda/2026-01');
  assert.equal(route({ resourceType: 'Schedule', planningHorizon: { start: '2026-12-01' } }), 'admin agenda/2026-12');
  assert.equal(route({ resourceType: 'Claim', created: '2019-05-22T18:52:33+00:00' }), 'billing ledger/2019');
  assert.equal(route({ resourceType: 'Invoice' }), 'billing ledger/undated');
  assert.equal(route({ resourceType: 'Appointment', start: '2026' }), 'admin agenda/undated');
  assert.equal(route({ resourceType: 'Appointment', start: '../../x' }), 'admin agenda/undated');
});

test('an appointment that says why is clinical', () => {
  for (const said of [
    { reasonCode: [] },
    { description: 'toux' },
    { comment: 'x' },
    { text: {} },
    { extension: [] },
    { contained: [] },
    { unheardOf: 1 },
  ] as JsonObject[])
    assert.equal(
      route({ resourceType: 'Appointment', start: '2026-11-23T14:05:00Z', ...said }),
      'clinical patient/p.1',
    );
});

test('everything else goes to its patient, or to the practice, and always to clinical', () => {
  assert.equal(route({ resourceType: 'Observation' }), 'clinical patient/p.1');
  assert.equal(route({ resourceType: 'Unheard' }), 'clinical patient/p.1');
  for (const kind of ['none', 'several', 'unknown'] as const)
    assert.equal(route({ resourceType: 'Observation' }, { kind }), 'clinical practice');
  assert.equal(route({ resourceType: 'constructor' }, { kind: 'none' }), 'clinical practice');
});

test('a private note is its author’s, whichever of its categories says so', () => {
  const own = { coding: [{ system: 'urn:serment:note', code: 'private' }] };
  for (const category of [[own], [{ text: 'Suivi' }, own]])
    assert.equal(route({ resourceType: 'Composition', category }), 'private notes');
  const others = [{ coding: [{ system: 'urn:serment:note', code: 'shared' }] }, { coding: [{ code: 'private' }] }];
  assert.equal(route({ resourceType: 'Composition', category: others }), 'clinical patient/p.1');
});
