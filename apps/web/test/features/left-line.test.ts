import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PatientRow } from '@serment/replica/directory';
import { leftLine } from '../../src/features/members/left-line.ts';
import { newPatientApart, patientOfDraft, takenDraft } from '../../src/file-view/draft-key.ts';
import type { LeftDraftView } from '../../src/worker/members-desk.ts';

const member = 'ab'.repeat(16);
const row: PatientRow = {
  ...{ id: 'Patient/x', family: 'Durand', birthFamily: null, given: 'Anna', birthDate: null, sex: 'female' },
  ...{ deceased: false, phones: [], identifiers: [], otherNames: [], replacedBy: null, changedAt: 1, conflict: false },
};
const note = (texts: object) => JSON.stringify({ texts, replaces: [], date: '2026-11-23T10:00:00+01:00' });
const draft = (more: Partial<LeftDraftView> = {}): LeftDraftView => ({
  ...{
    key: `note/Patient/x~${member}.1780000000000`,
    patient: 'Patient/x',
    row,
    text: note({ reason: 'Toux\nFièvre' }),
  },
  ...{ isRestricted: false, updatedAt: 1_780_000_000_000 },
  ...more,
});

test('a draft that was left is told by its kind and its first line', () => {
  const { kind, text, canTake } = leftLine(draft());
  assert.deepEqual([kind, text, canTake], ['new', 'Toux', true]);
  const addendum = { key: `addendum/Patient/x/Composition/c~${member}.1`, text: note({ addendum: ' Rappelée ' }) };
  assert.deepEqual([leftLine(draft(addendum)).kind, leftLine(draft(addendum)).text], ['addendum', 'Rappelée']);
  const edit = { key: `edit/Patient/x/Composition/c~${member}.1`, text: note({}) };
  assert.deepEqual([leftLine(draft(edit)).kind, leftLine(draft(edit)).text], ['edit', '']);
});

test('what a restriction keeps, what has no file and what is no draft is told and not taken over', () => {
  assert.deepEqual(leftLine(draft({ isRestricted: true, text: '' })).obstacle, 'restricted');
  const unknown = leftLine(draft({ row: null, text: note({ reason: 'Toux', plan: 'Repos' }) }));
  assert.deepEqual([unknown.obstacle, unknown.text, unknown.canTake], ['unknown', 'Toux\nRepos', false]);
  for (const text of ['', 'null', '[]', '{"texts":{"reason":5},"replaces":[],"date":""}', '{"texts":{}}', '{'])
    assert.equal(leftLine(draft({ text })).obstacle, 'illegible', text);
  assert.equal(leftLine(draft({ key: `other/Patient/x~${member}.1`, text: '{' })).obstacle, 'illegible');
});

test('a deposit, as any other form, is told by what was typed in it, to be copied', () => {
  const deposit = { key: `deposit/Patient/x~${member}.1`, text: '{"text":"Bilan reçu"}' };
  assert.deepEqual(leftLine(draft(deposit)), {
    ...{ kind: 'deposit', about: null, text: 'Bilan reçu', obstacle: 'toCopy', canTake: false },
  });
  const kept = leftLine(draft({ ...deposit, isRestricted: true }));
  assert.deepEqual([kept.kind, kept.text, kept.obstacle], ['deposit', '', 'restricted']);
  const nobody = { key: `deposit/~${member}.1`, patient: null, row: null };
  for (const [text, told] of [
    ['{"text":"Pour qui ?"}', ['deposit', 'Pour qui ?', 'toCopy']],
    ['{"text":""}', ['deposit', '', 'toCopy']],
    ['7', ['deposit', '7', 'illegible']],
  ] as const) {
    const line = leftLine(draft({ ...nobody, text }));
    assert.deepEqual([line.kind, line.text, line.obstacle], told);
  }
  const form = leftLine(
    draft({
      key: `form/Patient/x~${member}.1`,
      text: '{"replaces":["ab"],"versions":["cd"],"lines":[{"dose":"5 mg"}]}',
    }),
  );
  assert.deepEqual([form.kind, form.text], ['other', '5 mg']);
});

test('the form of a new patient is told by whom it is about', () => {
  const form = { key: `patient/new~${member}.1`, patient: null, row: null };
  const about = leftLine(draft({ ...form, text: '{"birthName":"Petit","given":"Luc"}' }));
  assert.deepEqual([about.kind, about.about, about.canTake], ['patient', { family: 'Petit', given: 'Luc' }, true]);
  for (const text of ['{"birthName":5}', '{"sex":"no"}', '7'])
    assert.equal(leftLine(draft({ ...form, text })).obstacle, 'illegible', text);
});

test('a key says whose draft it was, and when it was typed', () => {
  assert.deepEqual(takenDraft(`${member}.1780000000000`), { member, updatedAt: 1_780_000_000_000 });
  assert.deepEqual(takenDraft(`${member}.1780000000000.1770000000000`), { member, updatedAt: 1_780_000_000_000 });
  for (const apart of [undefined, '1780000000000', `${member}`, `${member}.x`, `${member.slice(1)}.1`])
    assert.equal(takenDraft(apart), null, apart);
  assert.equal(patientOfDraft(`edit/Patient/x/Composition/c~${member}.1`), 'Patient/x');
  assert.equal(patientOfDraft(`note/Patient/x~${member}.1`), 'Patient/x');
  assert.equal(patientOfDraft(`deposit/Patient/x~${member}.1`), 'Patient/x');
  for (const key of ['patient/new', 'deposit/']) assert.equal(patientOfDraft(key), null);
  assert.equal(newPatientApart(`patient/new~${member}.1`), `${member}.1`);
  assert.equal(newPatientApart('patient/new'), null);
  assert.equal(newPatientApart('note/Patient/x~1'), null);
});
