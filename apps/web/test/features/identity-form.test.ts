import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readIdentity } from '@serment/records/fhir/identity';
import { newPatient } from '@serment/records/fhir/patient';
import {
  identityForm,
  identityProblems,
  numberWarnings,
  statusWarning,
  typedIdentity,
} from '../../src/features/patients/identity-form.ts';

const today = '2026-11-29';
const patient = newPatient('p', {
  ...{ birthName: 'Roy', firstGivenName: 'Zoé', birthDate: '1992-03-12', sex: 'female', identityStatus: 'validated' },
});
const before = readIdentity({ ...patient, deceasedDateTime: '2026-01-02T08:00:00+01:00' });
const form = identityForm(before, ['00']);

test('a form that nobody touched says what was read, to the hour of a death', () => {
  assert.deepEqual(typedIdentity(form, before), before);
  assert.deepEqual(identityProblems(form, before, today), {});
  assert.equal(form.birthDate, '12/03/1992');
  assert.equal(form.deceased, '02/01/2026');
});

test('dates are typed as far as they are known', () => {
  for (const [typed, date] of [
    ['03/1992', '1992-03'],
    ['1992', '1992'],
    ['00/00/1992', '1992'],
    ['', ''],
  ] as const)
    assert.equal(typedIdentity({ ...form, birthDate: typed }, before).birthDate, date);
  assert.equal(identityProblems({ ...form, birthDate: '30/02/1992' }, before, today).birthDate, 'birthDateInvalid');
  assert.equal(identityProblems({ ...form, birthDate: '2027' }, before, today).birthDate, 'birthDateFuture');
  assert.equal(typedIdentity({ ...form, deceased: '' }, before).deceased, 'yes');
  assert.equal(typedIdentity({ ...form, isDeceased: false }, before).deceased, '');
});

test('what is missing or impossible keeps a form from being saved, a number never does', () => {
  const wrong = { ...form, birthName: ' ', birthRank: 'x', nir: '1 92 13 99' };
  assert.deepEqual(identityProblems(wrong, before, today), { birthName: 'required', birthRank: 'rank' });
  assert.deepEqual(numberWarnings(wrong).warnings, ['NIR_FORM']);
  const nameless = { ...before, birthName: '', firstGivenName: '' };
  assert.deepEqual(identityProblems({ ...form, birthName: '', firstGivenName: '' }, nameless, today), {});
  const provisional = { ...before, status: 'provisional' as const };
  assert.deepEqual(identityProblems(form, provisional, today), { proof: 'proof' });
});

test('it is said before saving that a status goes', () => {
  assert.equal(statusWarning(form, before), null);
  assert.equal(statusWarning({ ...form, mobile: '06' }, before), null);
  assert.equal(statusWarning({ ...form, birthDate: '13/03/1992' }, before), 'back');
  assert.equal(statusWarning({ ...form, birthDate: '13/03/1992', proof: 'CN' }, before), null);
  const qualified = { ...before, status: 'qualified' as const };
  assert.equal(statusWarning({ ...form, status: 'validated', proof: 'CN' }, qualified), 'loses');
});
