import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newSeed, seedToRecipient } from '@serment/core/keys/seed';
import { unwrapSecret, wrapSecret } from '@serment/core/keys/wrap';
import { randomBytes } from '@serment/core/random';

const use = {
  purpose: 'epoch',
  practice: randomBytes(32),
  subject: ['private/00112233445566778899aabbccddeeff', 12],
} as const;

test('a wrapped secret opens for its seed alone, any number of times', async () => {
  const [seed, secret] = [newSeed(), randomBytes(32)];
  const wrap = await wrapSecret({ ...use, recipient: await seedToRecipient(seed), secret });
  assert.deepEqual(await unwrapSecret(wrap, seed, use), secret);
  assert.deepEqual(await unwrapSecret(wrap, seed, use), secret);
  await assert.rejects(unwrapSecret(wrap, newSeed(), use), { code: 'WRAP_INVALID' });
});

test('no byte of a wrap can change', async () => {
  const seed = newSeed();
  const wrap = await wrapSecret({ ...use, recipient: await seedToRecipient(seed), secret: randomBytes(32) });
  for (let offset = 0; offset < wrap.length; offset += 37) {
    const changed = wrap.slice();
    changed[offset]! ^= 1;
    await assert.rejects(unwrapSecret(changed, seed, use), { code: 'WRAP_INVALID' }, `byte ${offset}`);
  }
});

test('wrapping refuses what is no recipient and what is no secret', async () => {
  const recipient = await seedToRecipient(newSeed());
  const secret = randomBytes(32);
  await assert.rejects(wrapSecret({ ...use, recipient, secret: secret.subarray(1) }), { code: 'KEY_INVALID' });
  await assert.rejects(wrapSecret({ ...use, recipient: recipient.subarray(1), secret }), { code: 'RECIPIENT_INVALID' });
  await assert.rejects(wrapSecret({ ...use, recipient: new Uint8Array(1216).fill(255), secret }), {
    code: 'RECIPIENT_INVALID',
  });
});

test('a huge wrap is refused before it is read', async () => {
  await assert.rejects(unwrapSecret(new Uint8Array(50_000_000), newSeed(), use), { code: 'WRAP_INVALID' });
});

test('a seed of another size is a key error, not a wrong wrap', async () => {
  await assert.rejects(seedToRecipient(new Uint8Array(31)), { code: 'KEY_INVALID' });
});
