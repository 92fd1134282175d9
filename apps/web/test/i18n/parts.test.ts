import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPartMissing, watchMissingPart } from '../../src/i18n/arrival.ts';
import { fr } from '../../src/i18n/fr.ts';
import { frRest } from '../../src/i18n/fr-rest.ts';
import { i18n, speak, startI18n, withWords } from '../../src/i18n/i18n.ts';
import { leaves } from './leaves.ts';

const stored = new Map([['serment-language', 'fr']]);
const page = {
  localStorage: {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
  },
  document: { documentElement: { lang: '' } },
};
for (const [name, value] of Object.entries(page)) Object.defineProperty(globalThis, name, { value });

const firstKeys = leaves(fr).map(([key]) => key);
const restKeys = leaves(frRest).map(([key]) => key);
const lacking = (keys: readonly string[]) => keys.filter((key) => !i18n.exists(key));

test('the words come in two parts, and no code before its own', async (t) => {
  await startI18n();

  await t.test('the first are there at the start, alone', () => {
    assert.deepEqual(lacking(firstKeys), []);
    assert.equal(lacking(restKeys).length, restKeys.length);
  });

  await t.test('late code has them all, even where the language changes as it comes', async () => {
    const coming = withWords(Promise.resolve('code'));
    const changing = speak('en');
    assert.equal(await coming, 'code');
    assert.deepEqual(lacking([...firstKeys, ...restKeys]), []);
    await changing;
    assert.deepEqual(lacking([...firstKeys, ...restKeys]), []);
    assert.equal(i18n.t('today.loading'), 'Reading…');
  });

  await t.test('the language that is read is kept, and the page says which it is', async () => {
    assert.deepEqual([stored.get('serment-language'), document.documentElement.lang], ['en', 'en']);
    await speak('fr');
    assert.deepEqual([stored.get('serment-language'), document.documentElement.lang], ['fr', 'fr']);
    assert.deepEqual(lacking([...firstKeys, ...restKeys]), []);
  });

  await t.test('code that does not come says so, to whoever asked and to whoever watches', async () => {
    const seen: boolean[] = [];
    const stop = watchMissingPart(() => seen.push(isPartMissing()));
    assert.equal(isPartMissing(), false);
    await assert.rejects(withWords(Promise.reject(new TypeError('not fetched'))), /not fetched/);
    stop();
    assert.deepEqual(seen, [true]);
  });

  await t.test('a word nobody wrote is not taken for one', () => {
    for (const key of ['error.toString', 'error.', 'error.A.b', 'error.a:b', 'vault.role.constructor'])
      assert.ok(!i18n.exists(key), key);
  });
});
