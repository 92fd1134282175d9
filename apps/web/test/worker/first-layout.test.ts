import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newDeviceRecord } from '@serment/replica/sign-in/device-record';
import { type FirstDevice, firstDeviceNow, placeNow } from '../../src/worker/first-layout.ts';

const [practice, author, before] = ['aa'.repeat(32), 'bb'.repeat(32), 'cc'.repeat(32)];
const authors = new Map([[practice, author]]);

test('what a device of the first layout verified and read is its own now, and what named its author stays that one’s', () => {
  for (const [key, place] of [
    [`practice/${practice}/checkpoint`, `device/${author}/checkpoint`],
    [`practice/${practice}/entries/000000000001`, `device/${author}/entries/000000000001`],
    [`practice/${practice}/payload/12`, `device/${author}/payload/12`],
    [`practice/${practice}/author/${author}/outbox/1-ab`, `device/${author}/outbox/1-ab`],
    [`practice/${practice}/author/${before}/draft/note/x`, `device/${before}/draft/note/x`],
    [`practice/${practice}/author/short/draft/x`, `device/${author}/author/short/draft/x`],
  ] as const)
    assert.equal(placeNow(key, authors), place);
});

test('a value of no device here stays where it is', () => {
  for (const key of [
    `practice/${'dd'.repeat(32)}/checkpoint`,
    `practice/${practice}`,
    `practice/${practice}/`,
    'practice/zz/checkpoint',
    `device/${author}/checkpoint`,
    '',
  ])
    assert.equal(placeNow(key, authors), null);
});

test('a device of the first layout keeps every way in, and has no offline one', () => {
  const { offline: _none, ...record } = newDeviceRecord({
    practice: new Uint8Array(32).fill(0xaa),
    author: new Uint8Array(32).fill(0xbb),
  });
  const ways = { ...record, password: 'ab', pin: { id: '01', sealedSeed: 'cd' }, card: 'ef' };
  const first: FirstDevice = { practice, name: 'Cabinet', isDemo: false, usedAt: 7, record: ways, isRevoked: true };
  assert.deepEqual(firstDeviceNow(first), { ...first, author, person: null, record: { ...ways, offline: null } });
});
