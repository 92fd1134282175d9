import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { client, ready } from '@serenity-kit/opaque';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import {
  encodeOpaqueMessage,
  encodePinFinish,
  encodeRegistrationFinish,
  encodeRegistrationStart,
  parseAccountStatus,
  parseOpaqueMessage,
} from '@serment/core/wire/account';
import {
  encodeCode,
  encodeCodeRequest,
  encodePhoneRequest,
  parseCodeSent,
  parseRecoveryCodes,
  parseTotpSecret,
} from '@serment/core/wire/factor';
import {
  encodeFactorAnswer,
  encodeGateRequest,
  encodeLoginFinish,
  encodeLoginStart,
  encodePinLoginStart,
  type Factor,
  parseGateAnswer,
  parseLoginAnswer,
  parseOpening,
} from '@serment/core/wire/login';
import type { FastifyInstance } from 'fastify';
import type { TestPractice } from '../../../packages/core/test/journal/practice-fixture.ts';
import { openTestVault, type TestVault } from '../../../packages/store/test/test-vault.ts';
import { type Answer, ask, makeApp, signIn } from './test-app.ts';

let vault: TestVault;
let app: FastifyInstance;
let practice: TestPractice;
let token: Bytes;
let author: Bytes;
let now = 1_900_000_000_000;
// A stretching that costs nothing: the server never sees it.
const keyStretching = { 'argon2id-custom': { iterations: 1, memory: 1024, parallelism: 1 } } as const;
const filled = (sizeBytes: number, fill: number) => new Uint8Array(sizeBytes).fill(fill);
const ticket = (number: number) => filled(32, number);
const account = filled(16, 1);
const accountPath = `/api/accounts/${bytesToHex(account)}`;
const sealedSecret = filled(104, 3);
const quarter = 15 * 60_000 + 1;
before(async () => {
  await ready;
  vault = await openTestVault();
  app = await makeApp(vault.store, { clock: () => now, sms: { isLocal: true, send: async () => undefined } });
  practice = await vault.createPractice('accounts');
  token = await signIn(app, practice);
  author = practice.device.author;
});
after(async () => {
  await app.close();
  await vault.close();
});

const identifiers = (name: string) => ({ client: name, server: 'serment' });

/** What a client sends after its registration began at `path`. */
async function registration(path: string, id: Bytes, password: string): Promise<string> {
  const { clientRegistrationState, registrationRequest } = client.startRegistration({ password });
  const body = encodeRegistrationStart({ id, request: registrationRequest });
  const started = await ask(app, 'POST', path, { token, body });
  assert.equal(started.status, 200, started.text);
  return client.finishRegistration({
    ...{ clientRegistrationState, password, keyStretching, identifiers: identifiers(bytesToHex(id)) },
    registrationResponse: parseOpaqueMessage(started.bytes),
  }).registrationRecord;
}

async function register(password: string, id = account): Promise<Answer> {
  const record = await registration('/api/accounts', id, password);
  const toMember = { generation: 1, sealed: filled(104, 4) };
  const body = encodeRegistrationFinish({ record, sealedSecret, toMember });
  return ask(app, 'PUT', `/api/accounts/${bytesToHex(id)}`, { token, body });
}

let tickets = 0;
const newTicket = () => {
  tickets += 1;
  return filled(32, 0)
    .with(0, 255)
    .with(1, tickets >> 8)
    .with(2, tickets & 255);
};

interface Attempt {
  readonly id?: Bytes;
  readonly by?: Bytes;
  readonly shown?: Bytes;
  readonly next?: Bytes;
}

/** A login from beginning to end: its answer, and the path of what may follow. */
async function login(
  password: string,
  { id = account, by = author, shown = ticket(1), next = newTicket() }: Attempt = {},
) {
  const path = `/api/accounts/${bytesToHex(id)}/login`;
  const { clientLoginState, startLoginRequest } = client.startLogin({ password });
  const body = encodeLoginStart({ author: by, ticket: shown, request: startLoginRequest });
  const started = await ask(app, 'POST', path, { body });
  if (started.status !== 200) return { ...started, path };
  return finishLogin(path, id, { password, clientLoginState, startLoginRequest, started, next });
}

interface Begun {
  readonly password: string;
  readonly clientLoginState: string;
  readonly startLoginRequest: string;
  readonly started: Answer;
  readonly next: Bytes;
}

async function finishLogin(path: string, id: Bytes, begun: Begun): Promise<Answer & { path: string }> {
  const { login: name, response } = parseLoginAnswer(begun.started.bytes);
  const finished = client.finishLogin({
    ...{ clientLoginState: begun.clientLoginState, loginResponse: response, password: begun.password },
    ...{ identifiers: identifiers(bytesToHex(id)), keyStretching },
  });
  // A client that cannot open the answer knows that the password is wrong; one that goes on all the same is told.
  const request = finished?.finishLoginRequest ?? begun.startLoginRequest;
  const own = `${path}/${bytesToHex(name)}`;
  return {
    ...(await ask(app, 'POST', own, { body: encodeLoginFinish({ request, nextTicket: begun.next }) })),
    path: own,
  };
}

async function sendCode(path: string): Promise<string> {
  const sent = await ask(app, 'POST', `${path}/sms`, { body: encodeCodeRequest('fr') });
  assert.equal(sent.status, 200, sent.text);
  return parseCodeSent(sent.bytes).localCode ?? '';
}

function giveFactor(path: string, factor: Factor, code: string): Promise<Answer> {
  return ask(app, 'POST', `${path}/factor`, { body: encodeFactorAnswer({ factor, code }) });
}

function repeated(count: number, code: string): string[] {
  return Array.from({ length: count }, () => code);
}

function another(code: string): string {
  return String((Number(code) + 1) % 1_000_000).padStart(6, '0');
}

/** RFC 6238 of the clock here, by another road than the server's. */
function totpOf(secret: Bytes, at = now): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const digest = createHmac('sha1', secret).update(counter).digest();
  const place = (digest.at(-1) ?? 0) & 15;
  return String((digest.readUInt32BE(place) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

async function status() {
  return parseAccountStatus((await ask(app, 'GET', '/api/account', { token })).bytes);
}

async function confirmPhone(number: string): Promise<Answer> {
  const sent = await ask(app, 'POST', `${accountPath}/phone`, {
    token,
    body: encodePhoneRequest({ number, language: 'fr' }),
  });
  assert.equal(sent.status, 200, sent.text);
  return ask(app, 'PUT', `${accountPath}/phone`, {
    token,
    body: encodeCode(parseCodeSent(sent.bytes).localCode ?? ''),
  });
}

describe('entering by password', () => {
  it('needs a second factor: without one, a right password opens nothing', async () => {
    assert.deepEqual((await status()).account, null);
    assert.equal((await register('correct horse')).status, 204);
    assert.deepEqual((await status()).toMember, { generation: 1, sealed: filled(104, 4) });
    const alone = await login('correct horse');
    assert.deepEqual([alone.status, alone.code], [403, 'FACTOR_MISSING']);
    assert.equal((await confirmPhone('06 12 34 56 42')).status, 204);
    assert.match((await status()).phone ?? '', /42$/);
    assert.doesNotMatch((await status()).phone ?? '', /34|56/);
  });

  it('gives the sealed secret to the right password and the right code, once a day', async () => {
    const asked = await login('correct horse', { next: ticket(2) });
    const opening = parseOpening(asked.bytes);
    assert.deepEqual(!opening.isOpen && opening.factors.map(({ factor }) => factor), ['sms']);
    const code = await sendCode(asked.path);
    assert.equal((await giveFactor(asked.path, 'sms', another(code))).code, 'CODE_WRONG');
    const opened = await giveFactor(asked.path, 'sms', code);
    assert.deepEqual(parseOpening(opened.bytes), {
      isOpen: true,
      secret: sealedSecret,
      openUntil: now + 16 * 3_600_000,
    });
    const again = await login('correct horse', { shown: ticket(2), next: ticket(3) });
    assert.equal(parseOpening(again.bytes).isOpen, true);
    now += 16 * 3_600_000;
    const tomorrow = await login('correct horse', { shown: ticket(3), next: ticket(4) });
    assert.equal(parseOpening(tomorrow.bytes).isOpen, false);
    assert.equal((await giveFactor(tomorrow.path, 'sms', await sendCode(tomorrow.path))).status, 200);
  });

  it('takes a login once, a code once, and neither for another login', async () => {
    now += quarter;
    const one = await login('correct horse', { shown: ticket(99) });
    const other = await login('correct horse', { shown: ticket(99) });
    const code = await sendCode(one.path);
    assert.equal((await giveFactor(other.path, 'sms', code)).code, 'CODE_WRONG');
    assert.equal((await giveFactor(one.path, 'sms', code)).status, 200);
    assert.equal((await giveFactor(one.path, 'sms', code)).code, 'PASSWORD_WRONG');
    const body = encodeLoginFinish({ request: 'x', nextTicket: ticket(1) });
    assert.equal((await ask(app, 'POST', `${accountPath}/login/${'00'.repeat(16)}`, { body })).code, 'PASSWORD_WRONG');
  });

  it('closes the gate of a device whose ticket was used from two places', async () => {
    now += quarter;
    const path = (await login('correct horse', { shown: ticket(99), next: ticket(10) })).path;
    assert.equal((await giveFactor(path, 'sms', await sendCode(path))).status, 200);
    const right = await login('correct horse', { shown: ticket(10), next: ticket(11) });
    assert.equal(parseOpening(right.bytes).isOpen, true);
    // The answer was lost: the same two tickets again.
    assert.equal(
      parseOpening((await login('correct horse', { shown: ticket(10), next: ticket(11) })).bytes).isOpen,
      true,
    );
    // A copy of the disk made before: the same ticket, and a next one of its own.
    assert.equal(
      parseOpening((await login('correct horse', { shown: ticket(10), next: ticket(66) })).bytes).isOpen,
      false,
    );
    // The owner is asked too, and so hears of it.
    assert.equal(
      parseOpening((await login('correct horse', { shown: ticket(11), next: ticket(12) })).bytes).isOpen,
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
    const [wrong, nobody] = [await login('wrong horse'), await login('x', { id: unknown })];
    assert.deepEqual([wrong.status, wrong.text], [nobody.status, nobody.text]);
    assert.equal(wrong.code, 'PASSWORD_WRONG');
  });

  it('serves no device but those of the account’s member, and none that was revoked', async () => {
    now += quarter;
    const { practice: foreign } = await vault.createShared('other', 1);
    assert.equal((await login('correct horse', { by: foreign.device.author })).code, 'PASSWORD_WRONG');
    assert.equal((await login('correct horse', { by: filled(32, 9) })).code, 'PASSWORD_WRONG');
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
      const asked = await ask(app, method, accountPath + path, { token: token2, ...(sent ? { body: sent } : {}) });
      assert.equal(asked.status, 404, `${method} ${path}`);
    }
  });

  it('changes the password from an open device', async () => {
    assert.equal((await register('new horse')).status, 204);
    assert.equal((await login('correct horse')).code, 'PASSWORD_WRONG');
    assert.equal((await login('new horse')).status, 200);
  });

  it('slows down whoever guesses, for known and unknown accounts alike, and not a device with its ticket', async () => {
    now += quarter;
    const opened = await login('new horse', { shown: ticket(99), next: ticket(30) });
    await giveFactor(opened.path, 'sms', await sendCode(opened.path));
    for (const id of [account, filled(16, 8)]) {
      const codes: (string | null)[] = [];
      for (let count = 0; count < 12; count += 1)
        codes.push((await login(`guess ${count}`, { id, shown: ticket(77) })).code);
      assert.deepEqual([...new Set(codes.slice(0, 9))], ['PASSWORD_WRONG']);
      assert.deepEqual(codes.slice(10), ['THROTTLED', 'THROTTLED']);
      now += 60_001;
    }
    const owner = await login('new horse', { shown: ticket(30), next: ticket(31) });
    assert.equal(parseOpening(owner.bytes).isOpen, true);
  });

  it('spends a login after five wrong codes, and an account’s day after twenty', async () => {
    now += 24 * 3_600_000;
    const answers: (string | null)[] = [];
    for (let count = 0; count < 5; count += 1) {
      now += quarter;
      const asked = await login('new horse', { shown: ticket(99) });
      const code = await sendCode(asked.path);
      for (let wrong = 0; wrong < 6; wrong += 1)
        answers.push((await giveFactor(asked.path, 'sms', another(code))).code);
    }
    assert.deepEqual(answers.slice(0, 6), [...repeated(4, 'CODE_WRONG'), 'CODE_SPENT', 'CODE_SPENT']);
    assert.deepEqual([...new Set(answers.slice(24, 29))], ['THROTTLED']);
    now += 24 * 3_600_000;
    const owner = await login('new horse', { shown: ticket(99), next: ticket(40) });
    assert.equal((await giveFactor(owner.path, 'sms', await sendCode(owner.path))).status, 200);
  });

  it('leaves a device with its ticket its own codes, when somebody who knows the password uses up the day’s', async () => {
    now += 24 * 3_600_000;
    const opening = await login('new horse', { shown: ticket(99), next: ticket(41) });
    assert.equal((await giveFactor(opening.path, 'sms', await sendCode(opening.path))).status, 200);
    const answers: (string | null)[] = [];
    for (let count = 0; count < 5; count += 1) {
      now += quarter;
      const { path } = await login('new horse', { shown: ticket(66) });
      for (let wrong = 0; wrong < 5; wrong += 1) answers.push((await giveFactor(path, 'sms', '000000')).code);
    }
    assert.equal(answers.at(-1), 'THROTTLED');
    const owner = await login('new horse', { shown: ticket(41), next: ticket(42) });
    assert.equal(parseOpening(owner.bytes).isOpen, false);
    assert.equal((await giveFactor(owner.path, 'sms', await sendCode(owner.path))).status, 200);
    // What the owner gave right gives nobody else another try.
    now += quarter;
    const { path } = await login('new horse', { shown: ticket(66) });
    assert.equal((await giveFactor(path, 'sms', '000000')).code, 'THROTTLED');
    now += 24 * 3_600_000;
  });

  it('sends five codes in a quarter of an hour, and no more', async () => {
    now += quarter;
    const { path } = await login('new horse', { shown: ticket(99) });
    for (let count = 0; count < 5; count += 1) await sendCode(path);
    assert.equal((await ask(app, 'POST', `${path}/sms`, { body: encodeCodeRequest('fr') })).code, 'THROTTLED');
  });

  it('refuses messages that are none', async () => {
    now += quarter;
    for (const request of ['not base64 at all \u0000', '', 'AAAA', 'A'.repeat(2048)]) {
      const body = encodeLoginStart({ author, ticket: ticket(1), request });
      assert.equal((await ask(app, 'POST', `${accountPath}/login`, { body })).status, 400);
    }
    for (const body of [encodeOpaqueMessage('x'), filled(3, 255), new Uint8Array(0)])
      assert.equal((await ask(app, 'POST', `${accountPath}/login`, { body })).status, 400);
    const start = encodeRegistrationStart({ id: account, request: '' });
    assert.equal((await ask(app, 'POST', '/api/accounts', { token, body: start })).status, 400);
    for (const number of ['', '12', 'bonjour', '0'.repeat(64)]) {
      const body = encodePhoneRequest({ number, language: 'fr' });
      assert.equal((await ask(app, 'POST', `${accountPath}/phone`, { token, body })).code, 'PHONE_INVALID', number);
    }
  });
});

describe('an authenticator', () => {
  let secret: Bytes;
  let codes: readonly string[];

  it('counts once a code of it came back, and gives ten codes for a bad day', async () => {
    now += quarter;
    assert.equal(
      (await ask(app, 'PUT', `${accountPath}/totp`, { token, body: encodeCode('123456') })).code,
      'FACTOR_MISSING',
    );
    secret = parseTotpSecret((await ask(app, 'POST', `${accountPath}/totp`, { token })).bytes);
    const wrong = encodeCode(another(totpOf(secret)));
    assert.equal((await ask(app, 'PUT', `${accountPath}/totp`, { token, body: wrong })).code, 'CODE_WRONG');
    assert.equal((await status()).hasTotp, false);
    const confirmed = await ask(app, 'PUT', `${accountPath}/totp`, { token, body: encodeCode(totpOf(secret)) });
    codes = parseRecoveryCodes(confirmed.bytes);
    assert.equal(new Set(codes).size, 10);
    for (const code of codes) assert.match(code, /^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/);
    assert.deepEqual([(await status()).hasTotp, (await status()).recoveryCodes], [true, 10]);
  });

  it('serves a step once, one step early or late, and no further', async () => {
    const { path } = await login('new horse', { shown: ticket(99) });
    const answers: (string | null)[] = [];
    // The one that confirmed it was seen by whoever looked on.
    answers.push((await giveFactor(path, 'totp', totpOf(secret))).code);
    answers.push((await giveFactor(path, 'totp', totpOf(secret, now + 60_000))).code);
    answers.push((await giveFactor(path, 'totp', totpOf(secret, now - 60_000))).code);
    assert.deepEqual(answers, ['CODE_WRONG', 'CODE_WRONG', 'CODE_WRONG']);
    assert.equal((await giveFactor(path, 'totp', totpOf(secret, now + 30_000))).status, 200);
  });

  it('has recovery codes that serve once, however they are typed', async () => {
    now += quarter;
    const typed = (codes[0] ?? '').toLowerCase().replace('-', ' ');
    const first = await login('new horse', { shown: ticket(99) });
    assert.equal((await giveFactor(first.path, 'recovery', typed)).status, 200);
    const second = await login('new horse', { shown: ticket(99) });
    assert.equal((await giveFactor(second.path, 'recovery', typed)).code, 'CODE_WRONG');
    assert.equal((await status()).recoveryCodes, 9);
  });

  it('is taken away while a number is left', async () => {
    assert.equal((await ask(app, 'DELETE', `${accountPath}/totp`, { token })).status, 204);
    assert.deepEqual([(await status()).hasTotp, (await status()).recoveryCodes], [false, 0]);
    const { path } = await login('new horse', { shown: ticket(99) });
    assert.equal((await giveFactor(path, 'totp', totpOf(secret))).code, 'FACTOR_MISSING');
  });
});

describe('a PIN', () => {
  const pin = filled(16, 60);
  const path = `/api/pins/${bytesToHex(pin)}/login`;

  async function setPin(digits: string): Promise<Answer> {
    const record = await registration('/api/pins', pin, digits);
    return ask(app, 'PUT', `/api/pins/${bytesToHex(pin)}`, { token, body: encodePinFinish({ record, sealedSecret }) });
  }

  async function enter(digits: string, shown: Bytes, next: Bytes): Promise<Answer> {
    const { clientLoginState, startLoginRequest } = client.startLogin({ password: digits });
    const started = await ask(app, 'POST', path, {
      body: encodePinLoginStart({ ticket: shown, request: startLoginRequest }),
    });
    if (started.status !== 200) return started;
    return finishLogin(path, pin, { password: digits, clientLoginState, startLoginRequest, started, next });
  }

  it('unlocks while the gate is open, with the device’s ticket, and not after', async () => {
    now += quarter;
    assert.equal((await setPin('271828')).status, 204);
    const gate = await ask(app, 'PUT', '/api/gates', { token, body: encodeGateRequest(ticket(50)) });
    assert.equal(parseGateAnswer(gate.bytes), now + 16 * 3_600_000);
    assert.deepEqual(parseOpening((await enter('271828', ticket(50), ticket(51))).bytes), {
      ...{ isOpen: true, secret: sealedSecret, openUntil: now + 16 * 3_600_000 },
    });
    assert.equal((await enter('271828', ticket(50), ticket(66))).code, 'GATE_CLOSED');
    now += 16 * 3_600_000;
    assert.equal((await enter('271828', ticket(51), ticket(52))).code, 'GATE_CLOSED');
  });

  it('is gone after five wrong tries; without the ticket nobody uses them up', async () => {
    await setPin('271828');
    await ask(app, 'PUT', '/api/gates', { token, body: encodeGateRequest(ticket(70)) });
    for (let count = 0; count < 8; count += 1)
      assert.equal((await enter('000001', ticket(1), ticket(2))).code, 'GATE_CLOSED');
    const answers: (string | null)[] = [];
    for (let count = 0; count < 7; count += 1) answers.push((await enter('000001', ticket(70), ticket(71))).code);
    // Once it is gone its name answers as any that never was.
    assert.deepEqual(answers, [...repeated(5, 'PASSWORD_WRONG'), 'PIN_BLOCKED', 'GATE_CLOSED']);
    assert.equal((await enter('271828', ticket(70), ticket(71))).code, 'GATE_CLOSED');
  });
});
