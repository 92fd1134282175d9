import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { runKitVectors } from '../vectors/kit.ts';

const text = readFileSync(new URL('../../../../vectors/kit.json', import.meta.url), 'utf8');

test('every scenario of kit.json gives what it should', async () => {
  assert.deepEqual(await runKitVectors(JSON.parse(text)), []);
});
