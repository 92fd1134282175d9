import { deepEqual, equal, notDeepEqual, rejects } from 'node:assert/strict';
import { test } from 'node:test';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { newSeed, seedToRecipient } from '@serment/core/keys/seed';
import { type WrapUse, wrapSecret } from '@serment/core/keys/wrap';
import { memoryCache } from '../src/cache.ts';
import { OpenedWraps, wrapOpener } from '../src/opened-wraps.ts';

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
  };
  return { holder, secret, recipient, wrap, opener, count: () => asked };
}

async function answers(wraps: OpenedWraps, { holder, wrap }: { readonly holder: Bytes; readonly wrap: Bytes }) {
  const [secret, recipient] = [await wraps.unwrap(wrap, holder, use), await wraps.recipientOf(holder)];
  await wraps.keep();
  return { secret, recipient };
}

test('what was opened once is known at the next start, and is no clear text on the disk', async () => {
  const made = await wrapped();
  const cache = memoryCache();
  const first = await answers(await OpenedWraps.read(cache, made.holder, made.opener), made);
  equal(made.count(), 2);
  const second = await answers(await OpenedWraps.read(cache, made.holder, made.opener), made);
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
  await answers(await OpenedWraps.read(cache, made.holder, made.opener), made);
  const wraps = await OpenedWraps.read(cache, made.holder, made.opener);
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
  await answers(await OpenedWraps.read(cache, made.holder, made.opener), made);
  const [place = ''] = await cache.keys('');
  const kept = (await cache.get(place)) ?? new Uint8Array();
  const other = await wrapped();
  await answers(await OpenedWraps.read(cache, other.holder, other.opener), other);
  equal(other.count(), 2);
  for (const damaged of [new Uint8Array(), kept.slice(0, -1), kept.map((byte, at) => (at === 60 ? byte ^ 1 : byte))]) {
    await cache.put(place, damaged);
    const again = await answers(await OpenedWraps.read(cache, made.holder, made.opener), made);
    deepEqual(again.secret, made.secret);
  }
  equal(made.count(), 8);
});

test('only what was asked this time is kept, and an unchanged start writes nothing', async () => {
  const made = await wrapped();
  const cache = memoryCache();
  await answers(await OpenedWraps.read(cache, made.holder, made.opener), made);
  let writes = 0;
  const counted = {
    ...cache,
    put: (key: string, value: Uint8Array) => {
      writes += 1;
      return cache.put(key, value);
    },
  };
  await answers(await OpenedWraps.read(counted, made.holder, made.opener), made);
  equal(writes, 0);
  const fewer = await OpenedWraps.read(counted, made.holder, made.opener);
  await fewer.recipientOf(made.holder);
  await fewer.keep();
  equal(writes, 1);
  await answers(await OpenedWraps.read(counted, made.holder, made.opener), made);
  equal(made.count(), 3);
});
