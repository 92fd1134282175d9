import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editingKey } from '../../src/features/file/note-draft.ts';
import { draftForm } from '../../src/features/today/draft-form.ts';

test('a draft is named by the form that it is of', () => {
  const named = (key: string) => {
    const form = draftForm(key);
    return form.kind === 'form' ? form.name : form;
  };
  assert.equal(named(editingKey('Patient/x', { kind: 'new', apart: '17' })), 'note');
  assert.equal(named(editingKey('Patient/x', { kind: 'edit', recordId: 'Composition/c' })), 'edit');
  assert.equal(named(editingKey('Patient/x', { kind: 'addendum', recordId: 'Composition/c' })), 'addendum');
  assert.equal(named('private/Patient/x/Encounter/e'), 'private');
  assert.equal(named('identity/Patient/x'), 'identity');
  assert.equal(named('deposit/'), 'deposit');
  assert.deepEqual(named('care-vaccines/Patient/x/Immunization/i'), { kind: 'care', subject: 'vaccines' });
});

test('a new patient is told from the one typed beside it, and a form that is not known is a form', () => {
  assert.deepEqual(draftForm('patient/new'), { kind: 'patient', apart: null });
  assert.deepEqual(draftForm('patient/new~17'), { kind: 'patient', apart: '17' });
  for (const key of ['', 'care-/Patient/x', 'toString/Patient/x', 'later/Patient/x'])
    assert.deepEqual(draftForm(key), { kind: 'form', name: 'other' }, key);
});
