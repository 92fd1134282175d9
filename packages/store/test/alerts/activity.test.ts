import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { type HourOfActivity, keepActivity, readUsual } from '../../src/alerts/activity.ts';
import { openTestVault, type TestVault } from '../test-vault.ts';

const dayMs = 86_400_000;
const now = 20_000 * dayMs;
let vault: TestVault;
before(async () => {
  vault = await openTestVault();
});
after(() => vault.close());

const id = (name: string) => name.padEnd(64, '0');
const hour = (author: string, daysAgo: number, count: number, more: Partial<HourOfActivity> = {}): HourOfActivity => ({
  ...{ practice: id('a'), author: id(author), act: 'read-much', at: now - daysAgo * dayMs, count, ...more },
});

it('what is usual is the most of an author’s days, and the median of the others’ busiest, in the last thirty', async () => {
  const { database } = vault.store;
  await keepActivity(
    database,
    [
      ...[hour('1', 2, 40), hour('1', 2, 90), hour('1', 9, 70), hour('1', 0, 5000)],
      ...[hour('2', 1, 10), hour('3', 1, 30), hour('2', 2, 50), hour('2', 3, 900)],
      ...[hour('2', 4, 7, { act: 'wrote-much' }), hour('2', 4, 8000, { practice: id('b') })],
    ],
    now,
  );
  await keepActivity(database, [hour('1', 2, 60), hour('2', 29, 45)], now);
  const asked = { practice: id('a'), act: 'read-much', at: now };
  assert.deepEqual(await readUsual(database, { ...asked, author: id('1') }), { own: 90, others: 45 });
  assert.deepEqual(await readUsual(database, { ...asked, author: id('9') }), { own: 0, others: 70 });
  assert.deepEqual(await readUsual(database, { ...asked, author: id('2'), act: 'wrote-much' }), { own: 7, others: 0 });
  // Eight days later, what is older than thirty is forgotten.
  await keepActivity(database, [hour('3', -8, 1)], now + 8 * dayMs);
  const later = { ...asked, at: now + 8 * dayMs };
  assert.deepEqual(await readUsual(database, { ...later, author: id('1') }), { own: 5000, others: 50 });
});
