import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { runSheetVectors } from '../vectors/sheet.ts';

const text = readFileSync(new URL('../../../../vectors/sheet.json', import.meta.url), 'utf8');

test('every scenario of sheet.json gives what it should', async () => {
  assert.deepEqual(await runSheetVectors(JSON.parse(text)), []);
});
