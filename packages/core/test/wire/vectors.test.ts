import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { makeWireVectors } from '../../../../vectors/make/wire.ts';
import { runWireVectors, wireMessages } from '../vectors/wire.ts';

const text = readFileSync(new URL('../../../../vectors/wire.json', import.meta.url), 'utf8');

describe('vectors of the wire', () => {
  test('every scenario of vectors/wire.json gives what it says', async () => {
    assert.deepEqual(await runWireVectors(JSON.parse(text)), []);
  });

  test('every message is accepted once at least, and refused more often', () => {
    const { accepted, refused } = JSON.parse(text);
    const count = (list: { message: string }[], name: string) => list.filter(({ message }) => message === name).length;
    for (const name of Object.keys(wireMessages)) {
      assert.ok(count(accepted, name) >= 1, name);
      assert.ok(count(refused, name) > 0, name);
    }
    assert.ok(refused.length > accepted.length * 2);
  });

  test('making the vectors again gives the same bytes', () => {
    assert.equal(makeWireVectors(), text);
  });
});
