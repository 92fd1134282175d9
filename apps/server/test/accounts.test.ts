import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { client, ready } from '@serenity-kit/opaque';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { encodeOpaqueMessage, encodeRegistrationStart, parseAccountStatus } from '@serment/core/wire/account';
import { encodeCode, encodePhoneRequest } from '@serment/core/wire/factor';
import { encodeLoginFinish, encodeLoginStart, parseOpening } from '@serment/core/wire/login';
import type { FastifyInstance } from 'fastify';
import type { TestPractice } from '../../../packages/core/test/journal/practice-fixture.ts';
import { openTestVault, type TestVault } from '../../../packages/store/test/test-vault.ts';
import { another, SignInClient, sealedSecret } from './sign-in-client.ts';
import { ask, makeApp, signIn } from './test-app.ts';

let vault: TestVault;
let app: FastifyInstance;
let practice: TestPractice;
let own: SignInClient;
let author: Bytes;
let now = 1_900_000_000_000;
const filled = (sizeBytes: number, fill: number) => new Uint8Array(sizeBytes).fill(fill);
const ticket = (number: number) => filled(32, number);
const account = filled(16, 1);
const quarter = 15 * 60_000 + 1;
before(async () => {
  await ready;
  vault = await openTestVault();
  app = await makeApp(vault.store, { clock: () => now, sms: { isLocal: true, send: async () => undefined } });
  practice = await vault.createPractice('accounts');
  author = practice.device.author;
  const token = await signIn(app, practice);
  own = new SignInClient({ app, token: async () => token, author, account, pin: filled(16, 60) });
});
after(async () => {
  await app.close();
  await vault.close();
});

const repeated = (count: number, code: string) => Array.from({ length: count }, () => code);

async function status() {
  return parseAccountStatus((await own.own('GET', '/api/account')).bytes);
}

describe('entering by password', () => {
  it('needs a second factor: without one, a right password opens nothing', async () => {
    assert.deepEqual((await status()).account, null);
    assert.equal((await own.register('correct horse')).status, 204);
    assert.deepEqual((await status()).toMember, { generation: 1, sealed: filled(104, 4) });
    const alone = await own.login('correct horse');
    assert.deepEqual([alone.status, alone.code], [403, 'FACTOR_MISSING']);
    assert.equal((await own.confirmPhone('06 12 34 56 42')).status, 204);
    assert.match((await status()).phone ?? '', /42$/);
    assert.doesNotMatch((await status()).phone ?? '', /34|56/);
  });

  it('gives the sealed secret to the right password and the right code, once a day', async () => {
    const asked = await own.login('correct horse', { next: ticket(2) });
    const opening = parseOpening(asked.bytes);
    assert.deepEqual(!opening.isOpen && opening.factors.map(({ factor }) => factor), ['sms']);
    const code = await own.sendCode(asked.path);
    assert.equal((await own.giveFactor(asked.path, 'sms', another(code))).code, 'CODE_WRONG');
    const opened = await own.giveFactor(asked.path, 'sms', code);
    assert.deepEqual(parseOpening(opened.bytes), {
      isOpen: true,
      secret: sealedSecret,
      openUntil: now + 16 * 3_600_000,
    });
    const again = await own.login('correct horse', { shown: ticket(2), next: ticket(3) });
    assert.equal(parseOpening(again.bytes).isOpen, true);
    now += 16 * 3_600_000;
    const tomorrow = await own.login('correct horse', { shown: ticket(3), next: ticket(4) });
    assert.equal(parseOpening(tomorrow.bytes).isOpen, false);
    assert.equal((await own.giveFactor(tomorrow.path, 'sms', await own.sendCode(tomorrow.path))).status, 200);
  });

  it('takes a login once, a code once, and neither for another login', async () => {
    now += quarter;
    const one = await own.login('correct horse', { shown: ticket(99) });
    const other = await own.login('correct horse', { shown: ticket(99) });
    const code = await own.sendCode(one.path);
    assert.equal((await own.giveFactor(other.path, 'sms', code)).code, 'CODE_EXPIRED');
    assert.equal((await own.giveFactor(one.path, 'sms', code)).status, 200);
    assert.equal((await own.giveFactor(one.path, 'sms', code)).code, 'PASSWORD_WRONG');
    const body = encodeLoginFinish({ request: 'x', nextTicket: ticket(1) });
    assert.equal(
      (await ask(app, 'POST', `${own.accountPath}/login/${'00'.repeat(16)}`, { body })).code,
      'PASSWORD_WRONG',
    );
  });

  it('closes the gate of a device whose ticket was used from two places', async () => {
    now += quarter;
    const path = (await own.login('correct horse', { shown: ticket(99), next: ticket(10) })).path;
    assert.equal((await own.giveFactor(path, 'sms', await own.sendCode(path))).status, 200);
    const right = await own.login('correct horse', { shown: ticket(10), next: ticket(11) });
    assert.equal(parseOpening(right.bytes).isOpen, true);
    // The answer was lost: the same two tickets again.
    assert.equal(
      parseOpening((await own.login('correct horse', { shown: ticket(10), next: ticket(11) })).bytes).isOpen,
      true,
    );
    // A copy of the disk made before: the same ticket, and a next one of its own.
    assert.equal(
      parseOpening((await own.login('correct horse', { shown: ticket(10), next: ticket(66) })).bytes).isOpen,
      false,
    );
    // The owner is asked too, and so hears of it.
    assert.equal(
      parseOpening((await own.login('correct horse', { shown: ticket(11), next: ticket(12) })).bytes).isOpen,
      false,
    );
  });

  it('answers an unknown account as a known one, to the end', async () => {
    now += quarter;
    const unknown = filled(16, 99);
    const { startLoginRequest: request } = client.startLogin({ password: 'x' });
    const body = encodeLoginStart({ author, ticket: ticket(1), request });
    const [known, other] = await Promise.all(
      [account, unknown].map((id) => ask(app, 'POST', `/api/accounts/${bytesToHex(id)}/login`, { body })),
    );
    assert.equal(known?.status, other?.status);
    assert.equal(known?.bytes.length, other?.bytes.length);
    const [wrong, nobody] = [await own.login('wrong horse'), await own.login('x', { id: unknown })];
    assert.deepEqual([wrong.status, wrong.text], [nobody.status, nobody.text]);
    assert.equal(wrong.code, 'PASSWORD_WRONG');
  });

  it('serves no device but those of the account’s member, and none that was revoked', async () => {
    now += quarter;
    const { practice: foreign } = await vault.createShared('other', 1);
    assert.equal((await own.login('correct horse', { by: foreign.device.author })).code, 'PASSWORD_WRONG');
    assert.equal((await own.login('correct horse', { by: filled(32, 9) })).code, 'PASSWORD_WRONG');
    const token2 = await signIn(app, foreign);
    const body = encodeRegistrationStart({
      id: account,
      request: client.startRegistration({ password: 'x' }).registrationRequest,
    });
    assert.equal((await ask(app, 'POST', '/api/accounts', { token: token2, body })).code, 'ACCOUNT_TAKEN');
    assert.equal((await ask(app, 'POST', '/api/accounts', { body })).code, 'SESSION_REQUIRED');
    for (const [method, path, sent] of [
      ['POST', '/phone', encodePhoneRequest({ number: '0612345643', language: 'fr' })],
      ['PUT', '/phone', encodeCode('123456')],
      ['POST', '/totp', undefined],
      ['PUT', '/totp', encodeCode('123456')],
      ['DELETE', '/totp', undefined],
    ] as const) {
      const asked = await ask(app, method, own.accountPath + path, { token: token2, ...(sent ? { body: sent } : {}) });
      assert.equal(asked.status, 404, `${method} ${path}`);
    }
  });

  it('changes the password from an open device', async () => {
    assert.equal((await own.register('new horse')).status, 204);
    assert.equal((await own.login('correct horse')).code, 'PASSWORD_WRONG');
    assert.equal((await own.login('new horse')).status, 200);
  });

  it('slows down whoever guesses, for known and unknown accounts alike, and not a device with its ticket', async () => {
    now += quarter;
    const opened = await own.login('new horse', { shown: ticket(99), next: ticket(30) });
    await own.giveFactor(opened.path, 'sms', await own.sendCode(opened.path));
    for (const id of [account, filled(16, 8)]) {
      const codes: (string | null)[] = [];
      for (let count = 0; count < 12; count += 1)
        codes.push((await own.login(`guess ${count}`, { id, shown: ticket(77) })).code);
      assert.deepEqual([...new Set(codes.slice(0, 9))], ['PASSWORD_WRONG']);
      assert.deepEqual(codes.slice(10), ['THROTTLED', 'THROTTLED']);
      now += 60_001;
    }
    const owner = await own.login('new horse', { shown: ticket(30), next: ticket(31) });
    assert.equal(parseOpening(owner.bytes).isOpen, true);
  });

  it('spends a login after five wrong codes, and an account’s day after twenty', async () => {
    now += 24 * 3_600_000;
    const answers: (string | null)[] = [];
    for (let count = 0; count < 5; count += 1) {
      now += quarter;
      const asked = await own.login('new horse', { shown: ticket(99) });
      const code = await own.sendCode(asked.path);
      for (let wrong = 0; wrong < 6; wrong += 1)
        answers.push((await own.giveFactor(asked.path, 'sms', another(code))).code);
    }
    assert.deepEqual(answers.slice(0, 6), [...repeated(4, 'CODE_WRONG'), 'CODE_SPENT', 'CODE_SPENT']);
    assert.deepEqual([...new Set(answers.slice(24, 29))], ['THROTTLED']);
    now += 24 * 3_600_000;
    const owner = await own.login('new horse', { shown: ticket(99), next: ticket(40) });
    assert.equal((await own.giveFactor(owner.path, 'sms', await own.sendCode(owner.path))).status, 200);
  });

  it('leaves a device with its ticket its own codes, when somebody who knows the password uses up the day’s', async () => {
    now += 24 * 3_600_000;
    const opening = await own.login('new horse', { shown: ticket(99), next: ticket(41) });
    assert.equal((await own.giveFactor(opening.path, 'sms', await own.sendCode(opening.path))).status, 200);
    const answers: (string | null)[] = [];
    for (let count = 0; count < 5; count += 1) {
      now += quarter;
      const { path } = await own.login('new horse', { shown: ticket(66) });
      for (let wrong = 0; wrong < 5; wrong += 1) answers.push((await own.giveFactor(path, 'sms', '000000')).code);
    }
    assert.equal(answers.at(-1), 'THROTTLED');
    const owner = await own.login('new horse', { shown: ticket(41), next: ticket(42) });
    assert.equal(parseOpening(owner.bytes).isOpen, false);
    assert.equal((await own.giveFactor(owner.path, 'sms', await own.sendCode(owner.path))).status, 200);
    // What the owner gave right gives nobody else another try.
    now += quarter;
    const { path } = await own.login('new horse', { shown: ticket(66) });
    assert.equal((await own.giveFactor(path, 'sms', '000000')).code, 'THROTTLED');
    now += 24 * 3_600_000;
  });

  it('sends five codes in a quarter of an hour, and leaves a device with its ticket five of its own', async () => {
    now += quarter;
    const opening = await own.login('new horse', { shown: ticket(99), next: ticket(45) });
    await own.giveFactor(opening.path, 'sms', await own.sendCode(opening.path));
    now += 16 * 3_600_000;
    const mine = await own.login('new horse', { shown: ticket(45), next: ticket(46) });
    const code = await own.sendCode(mine.path);
    const { path } = await own.login('new horse', { shown: ticket(66) });
    for (let count = 0; count < 5; count += 1) await own.sendCode(path);
    assert.equal((await own.askCode(path)).code, 'THROTTLED');
    // None of these took the place of the owner's.
    assert.equal((await own.giveFactor(mine.path, 'sms', code)).status, 200);
  });

  it('refuses messages that are none', async () => {
    now += quarter;
    for (const request of ['not base64 at all \u0000', '', 'AAAA', 'A'.repeat(2048)]) {
      const body = encodeLoginStart({ author, ticket: ticket(1), request });
      assert.equal((await ask(app, 'POST', `${own.accountPath}/login`, { body })).status, 400);
    }
    for (const body of [encodeOpaqueMessage('x'), filled(3, 255), new Uint8Array(0)])
      assert.equal((await ask(app, 'POST', `${own.accountPath}/login`, { body })).status, 400);
    const start = encodeRegistrationStart({ id: account, request: '' });
    assert.equal((await own.own('POST', '/api/accounts', start)).status, 400);
    for (const number of ['', '12', 'bonjour', '0'.repeat(64)]) {
      const body = encodePhoneRequest({ number, language: 'fr' });
      assert.equal((await own.own('POST', `${own.accountPath}/phone`, body)).code, 'PHONE_INVALID', number);
    }
  });
});
