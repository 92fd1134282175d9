import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { test } from 'node:test';
import { hexToBytes, utf8ToBytes } from '@serment/core/bytes';
import { newSeed } from '@serment/core/keys/seed';
import { seedToSigner } from '@serment/core/keys/signing';
import { verifySignature } from '@serment/core/signature';

test('what a seed signs verifies here and by an independent verifier', async () => {
  const signer = await seedToSigner(newSeed());
  const message = utf8ToBytes('a signed statement');
  const signature = await signer.sign(message);
  assert.equal(await verifySignature(signer.author, message, signature), true);
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), signer.author]);
  assert.equal(verify(null, message, createPublicKey({ key: spki, format: 'der', type: 'spki' }), signature), true);
});

test('the second test of RFC 8032 verifies', async () => {
  const author = hexToBytes('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c');
  const signature = hexToBytes(
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  );
  assert.equal(await verifySignature(author, Uint8Array.of(0x72), signature), true);
  assert.equal(await verifySignature(author, Uint8Array.of(0x73), signature), false);
});

test('many authors verify, each with its own key', async () => {
  const message = utf8ToBytes('m');
  const signers = await Promise.all(Array.from({ length: 1100 }, () => seedToSigner(newSeed())));
  const [first, second] = signers;
  for (const signer of signers)
    assert.equal(await verifySignature(signer.author, message, await signer.sign(message)), true);
  assert.equal(await verifySignature(first!.author, message, await first!.sign(message)), true);
  assert.equal(await verifySignature(first!.author, message, await second!.sign(message)), false);
});

test('a seed of another size signs nothing', async () => {
  await assert.rejects(seedToSigner(new Uint8Array(33)), { code: 'KEY_INVALID' });
});
