import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newRescueTrace, readRescueTrace } from '@serment/records/fhir/rescue-trace';
import { routeOf } from '@serment/records/route';

const author = 'ab'.repeat(32);
const facts = { recorded: '2026-11-30T17:02:00.000Z', patients: 1204, place: 'folder' } as const;

test('a rescue copy is told as an export, in what the practice shares', () => {
  const trace = newRescueTrace(author, 'Practitioner/me', facts);
  assert.equal(trace.id, `rescue-${'ab'.repeat(16)}`);
  assert.deepEqual(readRescueTrace(trace), facts);
  const route = routeOf(JSON.parse(JSON.stringify(trace)), { kind: 'none' });
  assert.deepEqual(route, { compartment: 'clinical', stream: 'practice' });
  assert.throws(() => newRescueTrace(author, 'Practitioner/me', { ...facts, recorded: 'hier' }), {
    code: 'RESOURCE_INVALID',
  });
});

test('another AuditEvent is none, and a strange one is read as far as it goes', () => {
  const trace = newRescueTrace(author, 'Practitioner/me', facts);
  for (const other of [
    null,
    [],
    { ...trace, subtype: [] },
    { ...trace, resourceType: 'Provenance' },
    { ...trace, subtype: [{ code: 'rescue-copy' }] },
  ])
    assert.equal(readRescueTrace(other), null);
  assert.deepEqual(readRescueTrace({ ...trace, entity: 'x', recorded: 5 }), {
    recorded: '5',
    patients: 0,
    place: 'download',
  });
});
