import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { runKeysVectors } from '../vectors/keys.ts';

const text = readFileSync(new URL('../../../../vectors/keys.json', import.meta.url), 'utf8');

test('every scenario of keys.json gives what it should', async () => {
  assert.deepEqual(await runKeysVectors(JSON.parse(text)), []);
});
