import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyValues, factsOf, splitSince, valuesOf, wrongFields } from '../../src/features/care/care-values.ts';

test('a problem typed with its year is both', () => {
  assert.deepEqual(splitSince('HTA depuis 2019'), { text: 'HTA', since: '2019' });
  assert.deepEqual(splitSince('Asthme, depuis le 14/03/2019'), { text: 'Asthme', since: '14/03/2019' });
  assert.equal(splitSince('Douleurs depuis 3 jours'), null);
  assert.equal(splitSince('HTA'), null);
});

test('a form that nobody changed says what was received, as precisely', () => {
  const problem = {
    diagnosis: { code: 'I10', text: 'HTA' },
    ...{ clinicalStatus: 'active' as const, verification: 'confirmed' as const },
    ...{ onset: '2019-03-01T10:00:00+01:00', abatement: undefined, note: undefined },
  };
  assert.deepEqual(factsOf('problems', valuesOf('problems', problem), problem), problem);
  const vaccine = { vaccine: 'Grippe', atc: 'J07BB02', date: '2025-11', lot: 'A1', isOwn: false, notDone: '' };
  const again = factsOf('vaccines', valuesOf('vaccines', vaccine), vaccine);
  assert.deepEqual({ ...again, ...vaccine }, again);
});

test('a problem with an end is over, and a code goes with the words that it was chosen with', () => {
  const typed = { ...emptyValues('problems', '2026-11-23'), diagnosis: 'Pneumonie', abatement: '03/2020' };
  assert.equal(factsOf('problems', typed, null).clinicalStatus, 'resolved');
  const values = { ...emptyValues('treatments', '2026-11-23'), medicine: 'Ramipril 5 mg' };
  const received = { medicine: 'Ramipril', atc: 'C09AA05' };
  assert.equal(factsOf('treatments', values, received).atc, undefined);
});

test('what cannot be read is named, and what is missing', () => {
  assert.deepEqual(wrongFields('problems', { diagnosis: 'HTA', onset: 'hier' }, {}), ['onset']);
  assert.deepEqual(wrongFields('problems', { diagnosis: ' ' }, {}), ['diagnosis']);
  assert.deepEqual(wrongFields('vaccines', { vaccine: 'Grippe', dose: 'deux' }, {}), ['dose']);
});
