import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fr } from '../../src/i18n/fr.ts';
import { frConsole } from '../../src/i18n/fr-console.ts';
import { frRest } from '../../src/i18n/fr-rest.ts';
import { withSpacesOf } from '../../typeset-plugin.ts';
import { leaves } from './leaves.ts';

test('no line begins with a punctuation mark, in French', () => {
  assert.equal(
    withSpacesOf('fr', '« Oui » : quoi ? Non ; si !'),
    '«\u00a0Oui\u00a0»\u00a0: quoi\u202f? Non\u202f; si\u202f!',
  );
  for (const [key, text] of [fr, frRest, frConsole].flatMap((words) => leaves(words)))
    assert.doesNotMatch(withSpacesOf('fr', text), / [;:?!»%€]|« /, key);
});

test('no number is parted from what it counts', () => {
  for (const text of [
    '{{count, number}} patients',
    '{{count}} files',
    '<b>{{entries}} écritures</b>',
    '90 jours',
    '7,4 %',
  ])
    assert.doesNotMatch(withSpacesOf('fr', text).replace(', number', ''), / /, text);
  assert.equal(
    withSpacesOf('en', '{{done}} of {{total}} files: 2 left'),
    '{{done}} of {{total}}\u00a0files: 2\u00a0left',
  );
});

test('what stands between texts keeps its meaning', async () => {
  const module = "export const words = { count: 2, 3: 'a : b', /** 4 of them ; so */ more: ['1 patient'] };";
  const words: unknown = await import(`data:text/javascript,${encodeURIComponent(withSpacesOf('fr', module))}`);
  assert.deepEqual({ ...(words as object) }, { words: { count: 2, 3: 'a\u00a0: b', more: ['1\u00a0patient'] } });
});
