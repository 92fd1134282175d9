import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Editing } from '../../src/features/file/note-draft.ts';
import { withEditor } from '../../src/features/file/use-editing.ts';

const patient = 'Patient/1';
const fresh: Editing = { kind: 'new' };
const apart: Editing = { kind: 'new', apart: '1700000000000' };
const change: Editing = { kind: 'edit', recordId: 'Composition/1' };

test('A draft that was left opens beside what was begun before it was known, and once', () => {
  const begun = withEditor(patient, [], fresh, 'first');
  const left = [{ ...fresh }, apart, change];
  assert.deepEqual(
    left.reduce((open, one) => withEditor(patient, open, one, 'last'), begun),
    [fresh, apart, change],
  );
});

test('What one begins now stands over what was open, and what is open stays where it is', () => {
  const open = withEditor(patient, [fresh], change, 'first');
  assert.deepEqual(open, [change, fresh]);
  assert.equal(withEditor(patient, open, { ...fresh }, 'first'), open);
});
