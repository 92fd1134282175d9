import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  editingKey,
  editingOfKey,
  isEmptyDraft,
  localDateTime,
  noteTitle,
} from '../../src/features/file/note-draft.ts';

const draft = (texts: Record<string, string>) => ({ texts, replaces: [], date: '2026-11-23T10:00:00+01:00' });

test('a note is named by the first sentence of its conclusion, else of its reason', () => {
  assert.equal(
    noteTitle(draft({ reason: 'Toux', conclusion: 'Bronchite aiguë. Pas de signe de gravité.' }), 'Consultation'),
    'Bronchite aiguë',
  );
  assert.equal(noteTitle(draft({ reason: 'Toux depuis 8 jours\nfièvre' }), 'Consultation'), 'Toux depuis 8 jours');
  assert.equal(noteTitle(draft({ exam: 'Normal' }), 'Consultation'), 'Consultation');
  assert.equal(noteTitle(draft({ conclusion: '...' }), 'Consultation'), 'Consultation');
  assert.equal(noteTitle(draft({ conclusion: 'HbA1c 7.4 % ce jour' }), 'Consultation'), 'HbA1c 7.4 % ce jour');
  assert.ok(noteTitle(draft({ conclusion: 'mot '.repeat(80) }), 'Consultation').length <= 110);
});

test('a draft is found again by its key, in its own file only', () => {
  for (const editing of [
    { kind: 'new' },
    { kind: 'edit', recordId: 'Composition/x' },
    { kind: 'addendum', recordId: 'Composition/x' },
  ] as const) {
    assert.deepEqual(editingOfKey('Patient/a', editingKey('Patient/a', editing)), editing);
    assert.equal(editingOfKey('Patient/ab', editingKey('Patient/a', editing)), null);
  }
});

test('spaces are no note', () => {
  assert.ok(isEmptyDraft(draft({ reason: ' \n' })));
  assert.ok(!isEmptyDraft(draft({ plan: 'Repos' })));
});

test('a note keeps the clock of the wall where it is written', () => {
  const text = localDateTime(Date.UTC(2026, 10, 23, 13, 5, 9));
  assert.match(text, /^2026-11-2[234]T\d\d:\d\d:09[+-]\d\d:\d\d$/);
  assert.equal(Date.parse(text), Date.UTC(2026, 10, 23, 13, 5, 9));
});

test('a text that was set aside opens beside the other, in the file that it is of', () => {
  const patient = 'Patient/p';
  for (const editing of [
    { kind: 'new' },
    { kind: 'new', apart: '1780000000000' },
    { kind: 'edit', recordId: 'Composition/c', apart: '1780000000000' },
  ] as const)
    assert.deepEqual(editingOfKey(patient, editingKey(patient, editing)), editing);
  assert.equal(editingOfKey('Patient/other', editingKey(patient, { kind: 'new', apart: '1' })), null);
});
