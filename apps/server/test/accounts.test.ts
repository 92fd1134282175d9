import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { client, ready } from '@serenity-kit/opaque';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import {
  encodeOpaqueMessage,
  encodeRegistrationFinish,
  encodeRegistrationStart,
  parseLoginAnswer,
  parseOpaqueMessage,
  parseSecretAnswer,
} from '@serment/core/wire/account';
import type { FastifyInstance } from 'fastify';
import type { TestPractice } from '../../../packages/core/test/journal/practice-fixture.ts';
import { openTestVault, type TestVault } from '../../../packages/store/test/test-vault.ts';
import { ask, makeApp, signIn } from './test-app.ts';

let vault: TestVault;
let app: FastifyInstance;
let practice: TestPractice;
let token: Bytes;
let now = 1_900_000_000_000;
// A stretching that costs nothing: the server never sees it.
const keyStretching = { 'argon2id-custom': { iterations: 1, memory: 1024, parallelism: 1 } } as const;
before(async () => {
  await ready;
  vault = await openTestVault();
  app = await makeApp(vault.store, { clock: () => now });
  practice = await vault.createPractice('accounts');
  token = await signIn(app, practice);
});
after(async () => {
  await app.close();
  await vault.close();
});

const sealedSecret = new Uint8Array(104).fill(3);
const identifiers = (name: string) => ({ client: name, server: 'serment' });

async function register(account: Bytes, password: string) {
  const name = bytesToHex(account);
  const { clientRegistrationState, registrationRequest } = client.startRegistration({ password });
  const body = encodeRegistrationStart({ account, request: registrationRequest });
  const started = await ask(app, 'POST', '/api/accounts', { token, body });
  assert.equal(started.status, 200, started.text);
  const { registrationRecord } = client.finishRegistration({
    clientRegistrationState,
    registrationResponse: parseOpaqueMessage(started.bytes),
    password,
    identifiers: identifiers(name),
    keyStretching,
  });
  const finish = encodeRegistrationFinish({ record: registrationRecord, sealedSecret });
  return ask(app, 'PUT', `/api/accounts/${name}`, { token, body: finish });
}

async function signInWith(account: Bytes, password: string) {
  const name = bytesToHex(account);
  const { clientLoginState, startLoginRequest } = client.startLogin({ password });
  const started = await ask(app, 'POST', `/api/accounts/${name}/login`, {
    body: encodeOpaqueMessage(startLoginRequest),
  });
  if (started.status !== 200) return started;
  const { login, response } = parseLoginAnswer(started.bytes);
  const finished = client.finishLogin({
    clientLoginState,
    loginResponse: response,
    password,
    identifiers: identifiers(name),
    keyStretching,
  });
  const request = finished?.finishLoginRequest ?? startLoginRequest;
  return ask(app, 'POST', `/api/accounts/${name}/login/${bytesToHex(login)}`, { body: encodeOpaqueMessage(request) });
}

describe('signing in by password', () => {
  const account = new Uint8Array(16).fill(1);

  it('gives the sealed secret to the right password alone', async () => {
    assert.equal((await register(account, 'correct horse')).status, 204);
    const right = await signInWith(account, 'correct horse');
    assert.deepEqual(parseSecretAnswer(right.bytes), sealedSecret);
    const wrong = await signInWith(account, 'wrong horse');
    assert.equal(wrong.status, 401);
    assert.equal(wrong.code, 'PASSWORD_WRONG');
  });

  it('answers an unknown account as a known one, to the end', async () => {
    const unknown = new Uint8Array(16).fill(99);
    const { startLoginRequest } = client.startLogin({ password: 'x' });
    const ask1 = (name: string) =>
      ask(app, 'POST', `/api/accounts/${name}/login`, { body: encodeOpaqueMessage(startLoginRequest) });
    const [known, other] = [await ask1(bytesToHex(account)), await ask1(bytesToHex(unknown))];
    assert.equal(known.status, other.status);
    assert.equal(known.bytes.length, other.bytes.length);
    const wrong = await signInWith(unknown, 'x');
    assert.equal(wrong.code, 'PASSWORD_WRONG');
  });

  it('takes each attempt once', async () => {
    const name = bytesToHex(account);
    const body = encodeOpaqueMessage('x');
    const stray = await ask(app, 'POST', `/api/accounts/${name}/login/${'00'.repeat(16)}`, { body });
    assert.equal(stray.code, 'PASSWORD_WRONG');
  });

  it('changes the password of its own member, and of nobody else', async () => {
    assert.equal((await register(account, 'new horse')).status, 204);
    assert.equal((await signInWith(account, 'correct horse')).code, 'PASSWORD_WRONG');
    assert.equal((await signInWith(account, 'new horse')).status, 200);
    const { practice: other } = await vault.createShared('other', 1);
    const foreign = await signIn(app, other);
    const { registrationRequest } = client.startRegistration({ password: 'x' });
    const body = encodeRegistrationStart({ account, request: registrationRequest });
    assert.equal((await ask(app, 'POST', '/api/accounts', { token: foreign, body })).code, 'ACCOUNT_TAKEN');
    assert.equal((await ask(app, 'POST', '/api/accounts', { body })).code, 'SESSION_REQUIRED');
  });

  it('slows down whoever guesses, for known and unknown accounts alike, and not the others', async () => {
    for (const fill of [7, 8]) {
      const guessed = new Uint8Array(16).fill(fill);
      if (fill === 7) await register(guessed, 'guess me');
      const codes: (string | null)[] = [];
      for (let count = 0; count < 12; count += 1) codes.push((await signInWith(guessed, `guess ${count}`)).code);
      assert.deepEqual(
        codes.slice(0, 10),
        Array.from({ length: 10 }, () => 'PASSWORD_WRONG'),
      );
      assert.deepEqual(codes.slice(10), ['THROTTLED', 'THROTTLED']);
    }
    assert.equal((await signInWith(account, 'new horse')).status, 200);
    now += 15 * 60_000 + 1;
    assert.equal((await signInWith(new Uint8Array(16).fill(7), 'guess me')).status, 200);
  });

  it('refuses messages that are none', async () => {
    const body = encodeOpaqueMessage('not base64 at all \u0000');
    assert.equal((await ask(app, 'POST', `/api/accounts/${'01'.repeat(16)}/login`, { body })).status, 400);
    const start = encodeRegistrationStart({ account: new Uint8Array(16).fill(50), request: '' });
    assert.equal((await ask(app, 'POST', '/api/accounts', { token, body: start })).status, 400);
  });
});
