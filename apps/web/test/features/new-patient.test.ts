import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newPatient } from '@serment/records/fhir/patient';
import { parsePartialDate } from '../../src/features/patients/birth-date.ts';
import { emptyPatientForm, formProblems, nirWarnings, patientInput } from '../../src/features/patients/new-patient.ts';

const form = { ...emptyPatientForm, birthName: 'Lefèvre', given: 'Élodie', sex: 'female' as const };

test('a birth date is read in every usual form, and a day that does not exist is refused', () => {
  for (const text of ['12/03/1992', '12.3.1992', '12031992', '12 03 1992', '1992-03-12'])
    assert.equal(parsePartialDate(text), '1992-03-12');
  for (const [text, date] of [
    ['03/1992', '1992-03'],
    ['1992', '1992'],
    ['00/00/1950', '1950'],
    ['00/03/1950', '1950-03'],
    ['1950-03', '1950-03'],
    ['12/1950', '1950-12'],
    ['1950-12', '1950-12'],
  ])
    assert.equal(parsePartialDate(text ?? ''), date);
  for (const text of ['31/02/1990', '30/02/1950', '12/00/1950', '1/13/1990', '12/03/92', '112026', 'hier', ''])
    assert.equal(parsePartialDate(text), null);
});

test('only what is missing or impossible keeps a patient from being created', () => {
  assert.deepEqual(formProblems(form, '2026-11-23'), {});
  assert.deepEqual(formProblems({ ...form, birthDate: '01/01/2030' }, '2026-11-23'), { birthDate: 'birthDateFuture' });
  assert.deepEqual(formProblems({ ...form, birthDate: '31/02/1990' }, '2026-11-23'), { birthDate: 'birthDateInvalid' });
  assert.deepEqual(Object.keys(formProblems(emptyPatientForm, '2026-11-23')), ['birthName', 'given', 'sex']);
});

test('a number with a wrong key, of the other sex or of another birth warns, and is kept', () => {
  const odd = { ...form, birthDate: '12/03/1992', nir: '1 91 04 69 123 456 00' };
  assert.deepEqual(nirWarnings(odd).warnings, ['NIR_KEY', 'sex', 'birth']);
  assert.equal(patientInput(odd).traits.ins?.value, '191046912345600');
});

test('a number without its key is told which it would be', () => {
  const { warnings, key } = nirWarnings({ ...form, nir: '2920369123456' });
  assert.deepEqual([warnings, key.length], [['NIR_KEY_MISSING'], 2]);
});

test('every form that has no problem makes a valid patient', () => {
  const whole = { ...form, usedName: ' Santoro ', mobile: '06 39 98 01 12', city: 'Gleizé', birthDate: '12/03/1992' };
  for (const one of [form, whole, { ...form, addressLine: '8 rue des Jardiniers' }])
    assert.equal(newPatient('p', patientInput(one).traits).resourceType, 'Patient');
});
