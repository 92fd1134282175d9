import assert from 'node:assert/strict';
import { test } from 'node:test';
import { en } from '../../src/i18n/en.ts';
import { enConsole } from '../../src/i18n/en-console.ts';
import { enRest } from '../../src/i18n/en-rest.ts';
import { fr } from '../../src/i18n/fr.ts';
import { frConsole } from '../../src/i18n/fr-console.ts';
import { frRest } from '../../src/i18n/fr-rest.ts';
import { leaves } from './leaves.ts';

const late = [...leaves(frRest), ...leaves(frConsole)];
const french = [...leaves(fr), ...late];
const english = new Map([...leaves(en), ...leaves(enRest), ...leaves(enConsole)]);

const variables = (text: string) =>
  [...new Set(text.match(/\{\{\s*\w+/g) ?? [])].map((one) => one.replace(/\W/g, '')).sort();

test('every text says something, and asks for the same facts in both languages', () => {
  assert.equal(french.length, english.size);
  for (const [key, text] of french) {
    const other = english.get(key) ?? '';
    assert.ok(text.trim() !== '' && other.trim() !== '', key);
    assert.deepEqual(variables(other), variables(text), key);
  }
});

test('a text is in one part alone, with all its plurals', () => {
  const nameOf = (key: string) => key.replace(/_(?:zero|one|two|few|many|other)$/, '');
  const first = new Set(leaves(fr).map(([key]) => nameOf(key)));
  for (const [key] of late) assert.ok(!first.has(nameOf(key)), key);
});

test('a practice is told of its host, and of no server', () => {
  for (const words of [fr, frRest]) for (const [key, text] of leaves(words)) assert.doesNotMatch(text, /serveur/i, key);
  for (const words of [en, enRest]) for (const [key, text] of leaves(words)) assert.doesNotMatch(text, /server/i, key);
});

test('nobody of a practice is told to run a command', () => {
  for (const [key, text] of [fr, frRest, en, enRest].flatMap((words) => leaves(words)))
    if (key !== 'creation.paper.offline') assert.doesNotMatch(text, /\bserment [a-z]|--[a-z]/, key);
});

test('typography is French in French: curly apostrophes, and no space before a comma', () => {
  for (const [key, text] of french) assert.doesNotMatch(text, /'|\s,|\.\.\./, key);
});
