import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as opaque from '@serenity-kit/opaque';
import { bytesToHex } from '@serment/core/bytes';
import {
  finishLogin,
  finishRegistration,
  openAccountSecret,
  openAsMember,
  sealAccountSecret,
  sealToMember,
  startLogin,
  startRegistration,
} from '@serment/core/keys/password';
import { openDeviceSeed, sealDeviceSeed } from '@serment/core/keys/unlocker';
import { randomBytes } from '@serment/core/random';

await opaque.ready;
const serverSetup = opaque.server.createSetup();
const account = randomBytes(16);
const userIdentifier = bytesToHex(account);
const identifiers = { client: userIdentifier, server: 'serment' };

async function register(password: string) {
  const { state, request } = await startRegistration(password);
  const response = opaque.server.createRegistrationResponse({
    serverSetup,
    userIdentifier,
    registrationRequest: request,
  });
  return finishRegistration({ password, account, state, response: response.registrationResponse });
}

async function login(record: string | null, password: string, as = account) {
  const { state, request } = await startLogin(password);
  const started = opaque.server.startLogin({
    serverSetup,
    userIdentifier,
    registrationRecord: record,
    startLoginRequest: request,
    identifiers,
  });
  const finished = await finishLogin({ password, account: as, state, response: started.loginResponse });
  const proved = opaque.server.finishLogin({
    serverLoginState: started.serverLoginState,
    finishLoginRequest: finished.request,
    identifiers,
  });
  return { ...finished, serverSessionKey: proved.sessionKey };
}

test('a password gives the same export key at each login, and a session that the server shares', async () => {
  const { record, exportKey } = await register('un mot de passe');
  assert.equal(exportKey.length, 64);
  const first = await login(record, 'un mot de passe');
  assert.deepEqual(first.exportKey, exportKey);
  assert.equal(Buffer.from(first.sessionKey).toString('base64url'), first.serverSessionKey);
  const second = await login(record, 'un mot de passe');
  assert.deepEqual(second.exportKey, exportKey);
  assert.notDeepEqual(second.sessionKey, first.sessionKey);
});

test('a wrong password, another account and an account that does not exist are one error', async () => {
  const { record } = await register('un mot de passe');
  await assert.rejects(login(record, 'un mot de passé'), { code: 'PASSWORD_WRONG' });
  await assert.rejects(login(record, 'un mot de passe', randomBytes(16)), { code: 'PASSWORD_WRONG' });
  await assert.rejects(login(null, 'un mot de passe'), { code: 'PASSWORD_WRONG' });
});

test('an accent typed as one character or as two is the same password', async () => {
  const { record, exportKey } = await register('é'.normalize('NFC').repeat(10));
  assert.deepEqual((await login(record, 'é'.normalize('NFD').repeat(10))).exportKey, exportKey);
});

test('a server that answers nonsense is told apart from a wrong password', async () => {
  const { state } = await startLogin('un mot de passe');
  for (const response of ['', '!', 'AAAA', 'A'.repeat(400)])
    await assert.rejects(finishLogin({ password: 'un mot de passe', account, state, response }), {
      code: 'OPAQUE_FAILED',
    });
  const registration = await startRegistration('un mot de passe');
  await assert.rejects(
    finishRegistration({ password: 'un mot de passe', account, state: registration.state, response: 'AAAA' }),
    { code: 'OPAQUE_FAILED' },
  );
});

test('changing the password keeps the account secret, and so every device', async () => {
  const [accountSecret, deviceSecret, seed] = [randomBytes(32), randomBytes(32), randomBytes(32)];
  const lock = {
    ...{ way: 'password' as const, share: accountSecret, deviceSecret },
    ...{ practice: randomBytes(32), author: randomBytes(32) },
  };
  const sealedSeed = await sealDeviceSeed(lock, seed);
  const before = await register('avant');
  const after = await register('après');
  const sealed = await sealAccountSecret(before.exportKey, account, accountSecret);
  const opened = await openAccountSecret(before.exportKey, account, sealed);
  const sealedAgain = await sealAccountSecret(after.exportKey, account, opened);
  await assert.rejects(openAccountSecret(before.exportKey, account, sealedAgain), { code: 'SEALED_INVALID' });
  const unlocked = await openAccountSecret(after.exportKey, account, sealedAgain);
  assert.deepEqual(await openDeviceSeed({ ...lock, share: unlocked }, sealedSeed), seed);
});

test('a forgotten password is replaced by a device that has the member key, and disturbs no other', async () => {
  const [accountSecret, memberSeed] = [randomBytes(32), randomBytes(32)];
  const lock = { memberSeed, account, generation: 2 };
  const toMember = await sealToMember(lock, accountSecret);
  const known = await openAsMember(lock, toMember);
  const { exportKey } = await register('un nouveau mot de passe');
  const sealed = await sealAccountSecret(exportKey, account, known);
  assert.deepEqual(await openAccountSecret(exportKey, account, sealed), accountSecret);
  await assert.rejects(openAsMember({ ...lock, generation: 1 }, toMember), { code: 'SEALED_INVALID' });
});
