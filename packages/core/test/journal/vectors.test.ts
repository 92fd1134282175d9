import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { makeJournalVectors } from '../../../../vectors/make/journal.ts';
import { findingCodes } from '../../src/journal/finding.ts';
import { refusals } from '../../src/journal/rules.ts';
import { runAuthorizeVectors } from '../vectors/authorize.ts';
import { runCheckpointVectors } from '../vectors/checkpoint.ts';
import { runJournalVectors } from '../vectors/journal.ts';
import { runTreeVectors } from '../vectors/tree.ts';
import { runWitnessVectors } from '../vectors/witness.ts';

const read = (name: string) => readFileSync(new URL(`../../../../vectors/${name}`, import.meta.url), 'utf8');

describe('vectors of the journal', () => {
  test('every scenario of vectors/tree.json gives what it says', async () => {
    assert.deepEqual(await runTreeVectors(JSON.parse(read('tree.json'))), []);
  });

  test('every scenario of vectors/checkpoint.json gives what it says', async () => {
    assert.deepEqual(await runCheckpointVectors(JSON.parse(read('checkpoint.json'))), []);
  });

  test('every scenario of vectors/witness.json gives what it says', async () => {
    assert.deepEqual(await runWitnessVectors(JSON.parse(read('witness.json'))), []);
  });

  test('every scenario of vectors/authorize.json gives what it says', async () => {
    assert.deepEqual(await runAuthorizeVectors(JSON.parse(read('authorize.json'))), []);
  });

  test('every scenario of vectors/journal.json gives what it says', async () => {
    assert.deepEqual(await runJournalVectors(JSON.parse(read('journal.json'))), []);
  });

  test('every refusal and every finding of this layer has a scenario', () => {
    const authorize = read('authorize.json');
    for (const refusal of refusals) assert.ok(authorize.includes(`"${refusal}"`), refusal);
    const journal = read('journal.json');
    // The other findings need keys or streams, which are not this layer's.
    for (const code of findingCodes.slice(0, findingCodes.indexOf('PAYLOAD_UNREADABLE')))
      assert.ok(journal.includes(`"${code}"`), code);
  });

  test('making the vectors again gives the same bytes', async () => {
    for (const [name, text] of await makeJournalVectors()) assert.ok(text === read(name), `${name} differs`);
  });
});
