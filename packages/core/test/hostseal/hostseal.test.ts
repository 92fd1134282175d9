import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { utf8ToBytes } from '@serment/core/bytes';
import { hostIdentity, hostRecipient, sealToHost } from '@serment/core/hostseal';
import { openAsHost } from '@serment/core/hostseal-open';
import { randomBytes } from '@serment/core/random';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';

const seed = randomBytes(32);

test('account data sealed to the host opens with the host’s seed alone', async () => {
  const recipient = await hostRecipient(seed);
  for (const size of [0, 1, 200_000]) {
    const data = randomBytes(size);
    const sealed = await sealToHost(recipient, data);
    assert.deepEqual(await openAsHost(seed, sealed), data);
    await assert.rejects(openAsHost(randomBytes(32), sealed), { code: 'SEALED_INVALID' });
  }
});

test('sealed account data that was changed, cut or never sealed is refused', async () => {
  const sealed = await sealToHost(await hostRecipient(seed), utf8ToBytes('+33 6 00 00 00 00'));
  for (const offset of [0, 30, 1560, 1600, 1635, sealed.length - 1]) {
    const changed = sealed.slice();
    changed[offset]! ^= 1;
    await assert.rejects(openAsHost(seed, changed), { code: 'SEALED_INVALID' });
    await assert.rejects(openAsHost(seed, sealed.subarray(0, offset)), { code: 'SEALED_INVALID' });
  }
  await assert.rejects(openAsHost(seed, utf8ToBytes('clear')), { code: 'SEALED_INVALID' });
});

test('only a hybrid recipient is sealed to', async () => {
  const classic = await identityToRecipient(await generateX25519Identity());
  const recipient = await hostRecipient(seed);
  for (const wrong of [classic, '', recipient.slice(0, -1), recipient.toUpperCase(), `${recipient.slice(0, -1)}b`])
    await assert.rejects(sealToHost(wrong, new Uint8Array(1)), { code: 'RECIPIENT_INVALID' });
  assert.throws(() => hostIdentity(new Uint8Array(16)), { code: 'KEY_INVALID' });
});

test('sealing to the host brings in nothing that opens', () => {
  const source = readFileSync(new URL('../../src/hostseal.ts', import.meta.url), 'utf8');
  const imported = [...source.matchAll(/from '([^']+)'/g)].map(([, name]) => name);
  assert.deepEqual(imported, ['@scure/base', 'age-encryption', './bytes.ts', './error.ts']);
  assert.doesNotMatch(source, /Decrypter/);
});
