import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { wordDiff } from '../../src/file-view/word-diff.ts';

const sideOf = (segments: ReturnType<typeof wordDiff>, other: 'added' | 'removed') =>
  segments
    .filter(({ kind }) => kind !== other)
    .map(({ text }) => text)
    .join('');

test('one word that changed is one word removed and one added', () => {
  assert.deepEqual(wordDiff('Angine virale.', 'Angine bactérienne.'), [
    { text: 'Angine ', kind: 'same' },
    { text: 'virale', kind: 'removed' },
    { text: 'bactérienne', kind: 'added' },
    { text: '.', kind: 'same' },
  ]);
});

test('what is the same or removed gives the old text, what is the same or added the new one', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b ', 'toux', ', ', '\n', '38,5', 'É'), { maxLength: 40 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const segments = wordDiff(before, after);
      assert.equal(sideOf(segments, 'added'), before);
      assert.equal(sideOf(segments, 'removed'), after);
    }),
  );
});

test('texts too long to compare are shown whole, one after the other', () => {
  const before = 'ancien '.repeat(800);
  const after = 'nouveau '.repeat(800);
  assert.deepEqual(
    wordDiff(before, after).map(({ kind }) => kind),
    ['removed', 'added'],
  );
});
