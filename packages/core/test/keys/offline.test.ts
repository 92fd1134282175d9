import assert from 'node:assert/strict';
import { argon2Sync } from 'node:crypto';
import { test } from 'node:test';
import { offlineShare } from '@serment/core/keys/offline';
import { openDeviceSeed, sealDeviceSeed } from '@serment/core/keys/unlocker';
import { randomBytes } from '@serment/core/random';

const password = 'une phrase de passé longue';

test('the share is what another Argon2id gives', async () => {
  const salt = randomBytes(16);
  const parameters = { parallelism: 4, tagLength: 32, memory: 65_536, passes: 3 };
  const other = argon2Sync('argon2id', { message: password.normalize('NFC'), nonce: salt, ...parameters });
  assert.deepEqual(Buffer.from(await offlineShare(password.normalize('NFD'), salt)), other);
});

test('a share opens its device, and neither one of another salt nor of another password does', async () => {
  const salt = randomBytes(16);
  const [deviceSecret, practice, author, seed] = [randomBytes(32), randomBytes(32), randomBytes(32), randomBytes(32)];
  const lockOf = (share: Uint8Array) => ({ way: 'offline' as const, share, deviceSecret, practice, author });
  const sealed = await sealDeviceSeed(lockOf(await offlineShare(password, salt)), seed);
  assert.deepEqual(await openDeviceSeed(lockOf(await offlineShare(password, salt)), sealed), seed);
  for (const share of [await offlineShare(`${password} `, salt), await offlineShare(password, randomBytes(16))])
    await assert.rejects(openDeviceSeed(lockOf(share), sealed), { code: 'SEALED_INVALID' });
});

test('a device without the memory says so, and a salt of another size is refused', async (t) => {
  for (const size of [0, 15, 17])
    await assert.rejects(offlineShare(password, randomBytes(size)), { code: 'KEY_INVALID' });
  const Real = globalThis.Uint32Array;
  t.after(() => {
    globalThis.Uint32Array = Real;
  });
  // As a browser does when it cannot give 64 MiB in one piece.
  globalThis.Uint32Array = new Proxy(Real, {
    construct(target, parts) {
      if (typeof parts[0] === 'number' && parts[0] > 1_000_000) throw new RangeError('Array buffer allocation failed');
      return Reflect.construct(target, parts);
    },
  });
  await assert.rejects(offlineShare(password, randomBytes(16)), { code: 'MEMORY_SHORT' });
});
