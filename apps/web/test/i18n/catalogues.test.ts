import assert from 'node:assert/strict';
import { test } from 'node:test';
import { en } from '../../src/i18n/en.ts';
import { fr } from '../../src/i18n/fr.ts';

function leaves(value: object, path = ''): [string, string][] {
  return Object.entries(value).flatMap(([key, item]) =>
    typeof item === 'string' ? [[`${path}${key}`, item] as [string, string]] : leaves(item, `${path}${key}.`),
  );
}

const variables = (text: string) =>
  [...new Set(text.match(/\{\{\s*\w+/g) ?? [])].map((one) => one.replace(/\W/g, '')).sort();

test('every text says something, and asks for the same facts in both languages', () => {
  const french = leaves(fr);
  const english = new Map(leaves(en));
  assert.equal(french.length, english.size);
  for (const [key, text] of french) {
    const other = english.get(key) ?? '';
    assert.ok(text.trim() !== '' && other.trim() !== '', key);
    assert.deepEqual(variables(other), variables(text), key);
  }
});

test('typography is French in French: curly apostrophes, and no space before a comma', () => {
  for (const [key, text] of leaves(fr)) assert.doesNotMatch(text, /'|\s,|\.\.\./, key);
});
