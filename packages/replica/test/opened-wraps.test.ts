import { deepEqual, equal, notDeepEqual, rejects } from 'node:assert/strict';
import { test } from 'node:test';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { newSeed, seedToRecipient } from '@serment/core/keys/seed';
import { type WrapUse, wrapSecret } from '@serment/core/keys/wrap';
import { memoryCache } from '../src/cache.ts';
import { openedWraps, type WrapOpener, wrapOpener } from '../src/opened-wraps.ts';

const practice = new Uint8Array(16).fill(1);
const use: WrapUse = { purpose: 'epoch', practice, subject: ['clinical', 1] };

/** A wrap to a fresh holder, and an opener that counts what it is asked. */
async function wrapped() {
  const [holder, secret] = [newSeed(), newSeed()];
  const recipient = await seedToRecipient(holder);
  const wrap = await wrapSecret({ ...use, recipient, secret });
  let asked = 0;
  const opener: typeof wrapOpener = {
    unwrap: (...question) => {
      asked += 1;
      return wrapOpener.unwrap(...question);
    },
    recipientOf: (seed) => {
      asked += 1;
      return wrapOpener.recipientOf(seed);
    },
    keep: () => wrapOpener.keep(),
  };
  return { holder, secret, recipient, wrap, opener, count: () => asked };
}

async function answers(wraps: WrapOpener, { holder, wrap }: { readonly holder: Bytes; readonly wrap: Bytes }) {
  const [secret, recipient] = [await wraps.unwrap(wrap, holder, use), await wraps.recipientOf(holder)];
  await wraps.keep();
  return { secret, recipient };
}

test('what was opened once is known at the next start, and is no clear text on the disk', async () => {
  const made = await wrapped();
  const cache = memoryCache();
  const first = await answers(openedWraps(cache, made.opener)(made.holder), made);
  equal(made.count(), 2);
  const second = await answers(openedWraps(cache, made.opener)(made.holder), made);
  equal(made.count(), 2);
  deepEqual(second, first);
  deepEqual(first, { secret: made.secret, recipient: made.recipient });
  for (const key of await cache.keys('')) {
    const kept = bytesToHex((await cache.get(key)) ?? new Uint8Array());
    equal(kept.includes(bytesToHex(made.secret)), false);
  }
});

test('an answer belongs to all that was asked', async () => {
  const made = await wrapped();
  const cache = memoryCache();
  await answers(openedWraps(cache, made.opener)(made.holder), made);
  const wraps = openedWraps(cache, made.opener)(made.holder);
  const changed = made.wrap.map((byte, at) => (at === made.wrap.length - 1 ? byte ^ 1 : byte));
  const refused = { code: 'WRAP_INVALID' };
  await rejects(wraps.unwrap(changed, made.holder, use), refused);
  await rejects(wraps.unwrap(made.wrap, newSeed(), use), refused);
  await rejects(wraps.unwrap(made.wrap, made.holder, { ...use, practice: new Uint8Array(16) }), refused);
  await rejects(wraps.unwrap(made.wrap, made.holder, { ...use, subject: ['clinical', 2] }), refused);
  await rejects(wraps.unwrap(made.wrap, made.holder, { ...use, subject: ['billing', 1] }), refused);
  notDeepEqual(await wraps.recipientOf(newSeed()), made.recipient);
});

test('what another holder kept, and what was damaged or cut, is opened again', async () => {
  const made = await wrapped();
  const cache = memoryCache();
  await answers(openedWraps(cache, made.opener)(made.holder), made);
  const [place = ''] = await cache.keys('');
  const kept = (await cache.get(place)) ?? new Uint8Array();
  const other = await wrapped();
  await answers(openedWraps(cache, other.opener)(other.holder), other);
  equal(other.count(), 2);
  for (const damaged of [new Uint8Array(), kept.slice(0, -1), kept.map((byte, at) => (at === 60 ? byte ^ 1 : byte))]) {
    await cache.put(place, damaged);
    const again = await answers(openedWraps(cache, made.opener)(made.holder), made);
    deepEqual(again.secret, made.secret);
  }
  equal(made.count(), 8);
});

test('only what was asked this time is kept, and an unchanged start writes nothing', async () => {
  const made = await wrapped();
  const cache = memoryCache();
  await answers(openedWraps(cache, made.opener)(made.holder), made);
  let writes = 0;
  const counted = {
    ...cache,
    put: (key: string, value: Uint8Array) => {
      writes += 1;
      return cache.put(key, value);
    },
  };
  await answers(openedWraps(counted, made.opener)(made.holder), made);
  equal(writes, 0);
  const fewer = openedWraps(counted, made.opener)(made.holder);
  await fewer.recipientOf(made.holder);
  await fewer.keep();
  equal(writes, 1);
  await answers(openedWraps(counted, made.opener)(made.holder), made);
  equal(made.count(), 3);
});

test('what is asked after a start comes on top of what the start asked', async () => {
  const made = await wrapped();
  const cache = memoryCache();
  const openerOf = openedWraps(cache, made.opener);
  const start = openerOf(made.holder);
  await start.recipientOf(made.holder);
  await start.keep();
  await openerOf(made.holder).keep();
  const later = openerOf(made.holder);
  await later.unwrap(made.wrap, made.holder, use);
  await later.keep();
  equal(made.count(), 2);
  await answers(openedWraps(cache, made.opener)(made.holder), made);
  equal(made.count(), 2);
});
