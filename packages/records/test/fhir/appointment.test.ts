import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAppointment } from '../../src/fhir/appointment.ts';

const participant = (...references: string[]) => references.map((reference) => ({ actor: { reference } }));

test('an appointment says when, with whom, and where the patient is with it', () => {
  assert.deepEqual(
    readAppointment({
      ...{ resourceType: 'Appointment', status: 'arrived' },
      ...{ start: '2026-11-23T14:30:00+01:00', end: '2026-11-23T13:45:00Z' },
      participant: participant('Patient/a', 'https://other.example/fhir/Practitioner/b/_history/2', 'Location/c'),
    }),
    {
      ...{ startMs: Date.UTC(2026, 10, 23, 13, 30), endMs: Date.UTC(2026, 10, 23, 13, 45), state: 'arrived' },
      ...{ patients: ['Patient/a'], practitioners: ['Practitioner/b'] },
    },
  );
  const stateOf = (status: unknown) => readAppointment({ resourceType: 'Appointment', status })?.state;
  const statuses = ['booked', 'checked-in', 'fulfilled', 'noshow', 'cancelled', 'pending', 'constructor', 5];
  assert.deepEqual(statuses.map(stateOf), [
    ...['expected', 'ongoing', 'seen', 'absent', 'cancelled', 'unconfirmed', 'other', 'other'],
  ]);
});

test('what is none, or was written in error, is no appointment, and a time without its offset is none', () => {
  for (const one of [null, [], 'x', { resourceType: 'Slot' }]) assert.equal(readAppointment(one), null);
  assert.equal(readAppointment({ resourceType: 'Appointment', status: 'entered-in-error' }), null);
  for (const start of ['2026-11-23T14:30:00', '2026-11-23', '2026-13-45T14:30:00Z', '', 7])
    assert.equal(readAppointment({ resourceType: 'Appointment', status: 'booked', start })?.startMs, null);
});
