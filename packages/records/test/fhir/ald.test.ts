import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aldFacts, changedAld, newAld } from '../../src/fhir/ald.ts';
import { aldList } from '../../src/fhir/ald-list.ts';
import { checkOwnResource } from '../../src/fhir/schema.ts';
import type { JsonObject } from '../../src/json-text.ts';
import { aldDetails, aldLine, flagLines, validityOf } from '../../src/page/rights-words.ts';

const source = { patient: 'Patient/p', recorder: 'Practitioner/m' };
const today = '2026-11-29';
const diabetes = {
  ...{ number: 8, start: '2024-12-01', end: '2029-12', protocol: '2024-11-20' },
  diagnosis: { code: 'E11.9', text: 'Diabète de type 2' },
};

test('a long-term condition is a Flag that says its number, its right, its protocol and its diagnosis', () => {
  const flag = newAld('a', source, diabetes);
  checkOwnResource(flag);
  assert.deepEqual(flag.code, { coding: [{ system: 'urn:serment:ald', code: '8' }], text: 'ALD 8 Diabète' });
  assert.deepEqual(flag.period, { start: '2024-12-01', end: '2029-12' });
  const { number, start, end, protocol, diagnosis } = aldFacts(flag);
  assert.deepEqual({ number, start, end, protocol, diagnosis }, diabetes);
  assert.equal(aldList.size, 32);
  assert.throws(() => newAld('b', source, { number: 8, end: '2029-02-30' }), { code: 'RESOURCE_INVALID' });
});

test('what other programs wrote is read, and a change keeps what it does not know', () => {
  const foreign = {
    ...{ resourceType: 'Flag', id: 'f', status: 'active', subject: { reference: 'Patient/p' } },
    extension: [{ url: 'https://example.org/x', valueString: 'gardé' }],
    ...{ code: { text: 'ALD n° 30 sein' }, period: { start: '2020-01-01', end: '2025-01-01' } },
  } as JsonObject;
  assert.equal(aldFacts(foreign).number, 30);
  assert.equal(aldFacts({ resourceType: 'Flag', code: { text: 'ALD 81' } }).number, null);
  const changed = changedAld(foreign, { ...aldFacts(foreign), end: '2030-01-01', protocol: '2025-01-10' });
  assert.deepEqual(changed.code, foreign.code);
  assert.deepEqual(changed.extension, [
    { url: 'https://example.org/x', valueString: 'gardé' },
    { url: 'urn:serment:ald-protocol', valueDate: '2025-01-10' },
  ]);
  const back = changedAld(changed, { ...aldFacts(changed), protocol: undefined, isOver: true });
  assert.deepEqual([back.extension, back.status], [foreign.extension, 'inactive']);
});

test('a right says in words until when it runs, that it is soon over, and that it is', () => {
  const words = (end: string | undefined, start?: string) => {
    const { label, detail, isWarned } = aldLine({ number: 8, end, start }, today, 'fr');
    return [label, detail, isWarned];
  };
  assert.deepEqual(words('2029-12'), ['ALD 8 Diabète', 'jusqu’au 12/2029', false]);
  assert.deepEqual(words('2027-02-28'), ['ALD 8 Diabète', 'jusqu’au 28/02/2027, à renouveler', true]);
  assert.deepEqual(words('2027-03-01'), ['ALD 8 Diabète', 'jusqu’au 01/03/2027', false]);
  assert.deepEqual(words('2024-12-31'), ['ALD 8 Diabète', 'droit échu le 31/12/2024', true]);
  assert.deepEqual(words('2025'), ['ALD 8 Diabète', 'droit échu en 2025', true]);
  assert.deepEqual(words('2026'), ['ALD 8 Diabète', 'jusqu’au 2026, à renouveler', true]);
  assert.deepEqual(words(undefined), ['ALD 8 Diabète', '', false]);
  assert.deepEqual(words('2030', '2027-01-01'), ['ALD 8 Diabète', 'à partir du 01/01/2027', false]);
  // A day counts to its end, a month to its last day.
  assert.equal(validityOf({ end: today }, today), 'soon');
  assert.equal(validityOf({ end: '2026-11' }, '2026-11-30'), 'soon');
  assert.equal(validityOf({ end: '2026-11' }, '2026-12-01'), 'expired');
  assert.deepEqual(aldDetails(diabetes, today, 'fr'), [
    ...['Diabète de type 2 E11.9', 'depuis 01/12/2024', 'jusqu’au 12/2029', 'protocole du 20/11/2024'],
  ]);
});

test('an expired right is left out of the alerts once a later one of the same number runs', () => {
  const old = newAld('a', source, { number: 8, end: '2024-12-31' });
  const next = newAld('b', source, { number: 8, end: '2029-12-31' });
  const other = newAld('c', source, { number: 31, end: '2020', diagnosis: { code: null, text: 'Syndrome de Marfan' } });
  const over = newAld('d', source, { number: 13, isOver: true });
  const fall = { resourceType: 'Flag', status: 'active', code: { text: 'Risque de chute' } };
  assert.deepEqual(
    flagLines([old, next, other, over, fall], today, 'fr').map(({ label, detail }) => [label, detail]),
    [
      ['ALD 8 Diabète', 'jusqu’au 31/12/2029'],
      ['ALD 31 Syndrome de Marfan', 'droit échu en 2020'],
      ['Risque de chute', ''],
    ],
  );
});
