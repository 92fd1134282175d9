import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { runSealingVectors } from '../vectors/sealing.ts';

const text = readFileSync(new URL('../../../../vectors/sealing.json', import.meta.url), 'utf8');

test('every scenario of sealing.json gives what it should', async () => {
  assert.deepEqual(await runSealingVectors(JSON.parse(text)), []);
});
