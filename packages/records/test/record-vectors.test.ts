import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { runRecordVectors } from './vectors/record.ts';

const text = readFileSync(new URL('../../../vectors/record.json', import.meta.url), 'utf8');

test('every scenario of record.json gives what it should', async () => {
  assert.deepEqual(await runRecordVectors(JSON.parse(text)), []);
});
