import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Bytes } from '@serment/core/bytes';
import { parseAccountStatus } from '@serment/core/wire/account';
import { encodeCode, parseRecoveryCodes, parseTotpSecret } from '@serment/core/wire/factor';
import { parseGateAnswer, parseOpening } from '@serment/core/wire/login';
import type { FastifyInstance } from 'fastify';
import { openTestVault, type TestVault } from '../../../packages/store/test/test-vault.ts';
import { another, SignInClient, sealedSecret } from './sign-in-client.ts';
import { makeApp, signIn } from './test-app.ts';
import { totpOf } from './totp.ts';

let vault: TestVault;
let app: FastifyInstance;
let own: SignInClient;
let now = 1_900_000_000_000;
const password = 'correct horse';
const filled = (sizeBytes: number, fill: number) => new Uint8Array(sizeBytes).fill(fill);
const ticket = (number: number) => filled(32, number);
const quarter = 15 * 60_000 + 1;
before(async () => {
  vault = await openTestVault();
  app = await makeApp(vault.store, { clock: () => now, sms: { isLocal: true, send: async () => undefined } });
  const practice = await vault.createPractice('factors');
  const { author } = practice.device;
  const token = await signIn(app, practice);
  own = new SignInClient({ app, token: async () => token, author, account: filled(16, 1), pin: filled(16, 60) });
  assert.equal((await own.register(password)).status, 204);
  assert.equal((await own.confirmPhone('06 12 34 56 42')).status, 204);
});
after(async () => {
  await app.close();
  await vault.close();
});

const repeated = (count: number, code: string) => Array.from({ length: count }, () => code);

async function status() {
  return parseAccountStatus((await own.own('GET', '/api/account')).bytes);
}

describe('an authenticator', () => {
  let secret: Bytes;
  let codes: readonly string[];

  it('counts once a code of it came back, and gives ten codes for a bad day', async () => {
    now += quarter;
    assert.equal((await own.own('PUT', `${own.accountPath}/totp`, encodeCode('123456'))).code, 'FACTOR_MISSING');
    secret = parseTotpSecret((await own.own('POST', `${own.accountPath}/totp`)).bytes);
    const wrong = encodeCode(another(totpOf(secret, now)));
    assert.equal((await own.own('PUT', `${own.accountPath}/totp`, wrong)).code, 'CODE_WRONG');
    assert.equal((await status()).hasTotp, false);
    const confirmed = await own.own('PUT', `${own.accountPath}/totp`, encodeCode(totpOf(secret, now)));
    codes = parseRecoveryCodes(confirmed.bytes);
    assert.equal(new Set(codes).size, 10);
    for (const code of codes) assert.match(code, /^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/);
    assert.deepEqual([(await status()).hasTotp, (await status()).recoveryCodes], [true, 10]);
  });

  it('serves a step once, one step early or late, and no further', async () => {
    const { path } = await own.login(password, { shown: ticket(99) });
    const answers: (string | null)[] = [];
    // The one that confirmed it was seen by whoever looked on.
    answers.push((await own.giveFactor(path, 'totp', totpOf(secret, now))).code);
    answers.push((await own.giveFactor(path, 'totp', totpOf(secret, now + 60_000))).code);
    answers.push((await own.giveFactor(path, 'totp', totpOf(secret, now - 60_000))).code);
    assert.deepEqual(answers, ['CODE_WRONG', 'CODE_WRONG', 'CODE_WRONG']);
    assert.equal((await own.giveFactor(path, 'totp', totpOf(secret, now + 30_000))).status, 200);
  });

  it('has recovery codes that serve once, however they are typed', async () => {
    now += quarter;
    const typed = (codes[0] ?? '').toLowerCase().replace('-', ' ');
    const first = await own.login(password, { shown: ticket(99) });
    assert.equal((await own.giveFactor(first.path, 'recovery', typed)).status, 200);
    const second = await own.login(password, { shown: ticket(99) });
    assert.equal((await own.giveFactor(second.path, 'recovery', typed)).code, 'CODE_WRONG');
    assert.equal((await status()).recoveryCodes, 9);
  });

  it('is taken away while a number is left', async () => {
    assert.equal((await own.own('DELETE', `${own.accountPath}/totp`)).status, 204);
    assert.deepEqual([(await status()).hasTotp, (await status()).recoveryCodes], [false, 0]);
    const { path } = await own.login(password, { shown: ticket(99) });
    assert.equal((await own.giveFactor(path, 'totp', totpOf(secret, now))).code, 'FACTOR_MISSING');
  });
});

describe('a PIN', () => {
  it('unlocks while the gate is open, with the device’s ticket, and not after', async () => {
    now += quarter;
    assert.equal((await own.setPin('271828')).status, 204);
    const gate = await own.openGate(ticket(50));
    assert.equal(parseGateAnswer(gate.bytes), now + 16 * 3_600_000);
    assert.deepEqual(parseOpening((await own.enter('271828', { shown: ticket(50), next: ticket(51) })).bytes), {
      ...{ isOpen: true, secret: sealedSecret, openUntil: now + 16 * 3_600_000 },
    });
    assert.equal((await own.enter('271828', { shown: ticket(50), next: ticket(66) })).code, 'GATE_CLOSED');
    now += 16 * 3_600_000;
    assert.equal((await own.enter('271828', { shown: ticket(51), next: ticket(52) })).code, 'GATE_CLOSED');
  });

  it('is gone after five wrong tries; without the ticket nobody uses them up', async () => {
    await own.setPin('271828');
    await own.openGate(ticket(70));
    for (let count = 0; count < 8; count += 1)
      assert.equal((await own.enter('000001', { shown: ticket(1), next: ticket(2) })).code, 'GATE_CLOSED');
    const answers: (string | null)[] = [];
    for (let count = 0; count < 7; count += 1)
      answers.push((await own.enter('000001', { shown: ticket(70), next: ticket(71) })).code);
    // Once it is gone its name answers as any that never was.
    assert.deepEqual(answers, [...repeated(5, 'PASSWORD_WRONG'), 'PIN_BLOCKED', 'GATE_CLOSED']);
    assert.equal((await own.enter('271828', { shown: ticket(70), next: ticket(71) })).code, 'GATE_CLOSED');
  });
});
