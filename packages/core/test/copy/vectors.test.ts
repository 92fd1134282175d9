import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { makeCopyVectors } from '../../../../vectors/make/copy.ts';
import { type CopyVectors, runCopyVectors } from '../vectors/copy.ts';

const text = readFileSync(new URL('../../../../vectors/copy.json', import.meta.url), 'utf8');

test('every scenario of vectors/copy.json gives what it says', async () => {
  const vectors: CopyVectors = JSON.parse(text);
  assert.deepEqual(await runCopyVectors(vectors), []);
});

test('vectors/copy.json is what its generator makes', async () => {
  assert.equal(await makeCopyVectors(), text);
});
