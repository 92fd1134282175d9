import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CoreError } from '@serment/core/error';
import { Scenarios } from './scenario.ts';

test('a scenario that gives something else, gives nothing or throws another code is found', async () => {
  const scenarios = new Scenarios();
  await scenarios.gives('same bytes', '0102', () => Uint8Array.of(1, 2));
  await scenarios.gives('other bytes', '0102', () => Uint8Array.of(1, 3));
  await scenarios.gives('throws', '0102', () => Promise.reject(new CoreError('KIT_INVALID', 'no')));
  await scenarios.refuses('refused', 'KIT_INVALID', () => Promise.reject(new CoreError('KIT_INVALID', 'no')));
  await scenarios.refuses('accepted', 'KIT_INVALID', () => 1);
  await scenarios.refuses('other code', 'KIT_INVALID', () => Promise.reject(new CoreError('KIT_CHECKSUM', 'no')));
  await scenarios.refuses('no code', 'KIT_INVALID', () => Promise.reject(new TypeError('no')));
  const failure = new CoreError('KIT_INVALID', 'no', { fields: { position: 2 } });
  await scenarios.refuses('other field', 'KIT_INVALID', () => Promise.reject(failure), { position: 3 });
  const found = scenarios.findings.map(({ scenario }) => scenario);
  assert.deepEqual(found, ['other bytes', 'throws', 'accepted', 'other code', 'no code', 'other field']);
});
