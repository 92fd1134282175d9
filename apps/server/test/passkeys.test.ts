import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bytesToHex } from '@serment/core/bytes';
import { sha256 } from '@serment/core/hash';
import { encodeCode, parseTotpSecret } from '@serment/core/wire/factor';
import { parseOpening } from '@serment/core/wire/login';
import {
  encodePasskeyMade,
  maxPasskeys,
  type PasskeyMade,
  parsePasskeyAsked,
  parsePasskeyList,
} from '@serment/core/wire/passkey';
import { addPasskey, removePasskey } from '@serment/store/sign-in/accounts';
import type { FastifyInstance } from 'fastify';
import type { TestPractice } from '../../../packages/core/test/journal/practice-fixture.ts';
import { mirror, openTestVault, type TestVault } from '../../../packages/store/test/test-vault.ts';
import { SignInClient, sealedSecret } from './sign-in-client.ts';
import { ask, makeApp, signIn } from './test-app.ts';
import { type Signing, TestAuthenticator } from './test-authenticator.ts';
import { totpOf } from './totp.ts';

let vault: TestVault;
let app: FastifyInstance;
let practice: TestPractice;
let own: SignInClient;
let other: SignInClient;
let now = 1_900_000_000_000;
const password = 'correct horse';
const filled = (sizeBytes: number, fill: number) => new Uint8Array(sizeBytes).fill(fill);
const quarter = 15 * 60_000 + 1;

before(async () => {
  vault = await openTestVault();
  app = await makeApp(vault.store, { clock: () => now, sms: { isLocal: true, send: async () => undefined } });
  practice = await vault.createPractice('passkeys');
  own = await accountOf(practice, 1);
  other = await accountOf(await vault.createPractice('passkeys-other'), 2);
});
after(async () => {
  await app.close();
  await vault.close();
});

async function accountOf(of: TestPractice, fill: number): Promise<SignInClient> {
  const token = async () => signIn(app, of);
  const client = new SignInClient({
    ...{ app, token, author: of.device.author, account: filled(16, fill), pin: filled(16, 60 + fill) },
  });
  assert.equal((await client.register(password)).status, 204);
  assert.equal((await client.confirmPhone(`06 12 34 56 4${fill}`)).status, 204);
  return client;
}

const path = (of = own) => `${of.accountPath}/passkeys`;
const offer = async (of = own) => parsePasskeyAsked((await of.own('POST', path(of))).bytes);
const confirm = (made: PasskeyMade, of = own) => of.own('PUT', path(of), encodePasskeyMade(made));
const listed = async (of = own) => parsePasskeyList((await of.own('GET', path(of))).bytes);
const remove = (authenticator: TestAuthenticator, of = own) =>
  of.own('DELETE', `${path(of)}/${bytesToHex(sha256(authenticator.credential))}`);

async function add(of = own, authenticator = new TestAuthenticator()): Promise<TestAuthenticator> {
  now += quarter;
  const added = await confirm(authenticator.make(await offer(of)), of);
  assert.equal(added.status, 204, added.text);
  return authenticator;
}

/** A login whose password is proven, and what a passkey is asked to sign for it. */
async function begin(of = own, waitMs = quarter) {
  now += waitMs;
  const login = await of.login(password);
  return { path: login.path, asked: await of.askPasskey(login.path), opening: parseOpening(login.bytes) };
}

describe('a passkey without PRF', () => {
  it('becomes a second factor from an open device, once, and members are told', async () => {
    const authenticator = new TestAuthenticator();
    const asked = await offer();
    const made = authenticator.make(asked);
    assert.deepEqual((await listed()).length, 0);
    assert.equal((await confirm(made)).status, 204);
    const replayed = await confirm(made);
    assert.deepEqual([replayed.status, replayed.code], [401, 'PASSKEY_REFUSED']);
    assert.deepEqual(
      (await listed()).map(({ credential }) => credential),
      [authenticator.credential],
    );
    assert.deepEqual((await offer()).credentials, [authenticator.credential]);
    const { entries } = await mirror(vault.store, practice.practice, practice);
    const body = entries.findLast(({ header }) => header.body.kind === 'access')?.header.body;
    assert.deepEqual(body?.kind === 'access' && [body.what, body.author], ['passkey', practice.device.author]);
    await remove(authenticator);
  });

  it('is refused where anything of it is another: challenge, origin, site, kind, or nobody was verified', async () => {
    const lies: readonly Signing[] = [
      ...[{ challenge: filled(32, 1) }, { origin: 'http://localhost:4401' }, { origin: 'https://serment.example' }],
      ...[{ site: 'serment.example' }, { type: 'webauthn.get' }, { isVerified: false }],
    ];
    for (const lie of lies) {
      now += quarter;
      const refused = await confirm(new TestAuthenticator().make(await offer(), lie));
      assert.deepEqual([refused.status, refused.code], [401, 'PASSKEY_REFUSED'], JSON.stringify(lie));
    }
    const made = new TestAuthenticator().make(await offer());
    assert.equal((await confirm({ ...made, credential: filled(32, 9) })).code, 'PASSKEY_REFUSED');
    for (const attestation of [filled(0, 0), filled(400, 0xff), made.clientData])
      assert.equal((await confirm({ ...new TestAuthenticator().make(await offer()), attestation })).status, 401);
    const late = new TestAuthenticator().make(await offer());
    now += 5 * 60_000 + 1;
    assert.equal((await confirm(late)).code, 'PASSKEY_REFUSED');
    assert.equal((await listed()).length, 0);
  });
});

describe('a login', () => {
  it('is offered the passkey first, and opens by the password and it', async () => {
    const authenticator = await add();
    const { path: login, asked, opening } = await begin();
    assert.deepEqual(opening.isOpen === false && opening.factors.map(({ factor }) => factor), ['passkey', 'sms']);
    assert.deepEqual(asked.credentials, [authenticator.credential]);
    const opened = await own.givePasskey(login, authenticator.give(asked));
    assert.deepEqual(parseOpening(opened.bytes), {
      ...{ isOpen: true, secret: sealedSecret, openUntil: now + 16 * 3_600_000 },
    });
    // One factor opens once.
    assert.equal((await own.givePasskey(login, authenticator.give(asked))).code, 'PASSWORD_WRONG');
    await remove(authenticator);
  });

  it('stays shut for another challenge, origin, site, kind or key, for nobody, and for what it was not asked for', async () => {
    const authenticator = await add();
    const [earlier, stranger] = [await begin(), new TestAuthenticator()];
    const lies: readonly Signing[] = [
      ...[{ challenge: earlier.asked.challenge }, { origin: 'http://localhost:4401' }, { site: 'serment.example' }],
      ...[{ type: 'webauthn.create' }, { isVerified: false }],
    ];
    const answers: string[] = [];
    for (const lie of lies) {
      const { path: login, asked } = await begin();
      answers.push((await own.givePasskey(login, authenticator.give(asked, lie))).text);
      // A challenge is answered once, right or wrong.
      answers.push((await own.givePasskey(login, authenticator.give(asked))).text);
    }
    const { path: login, asked } = await begin();
    answers.push((await own.givePasskey(login, stranger.give(asked))).text);
    const again = await own.askPasskey(login);
    answers.push((await own.givePasskey(login, stranger.give(again, { as: authenticator.credential }))).text);
    const given = authenticator.give(await own.askPasskey(login));
    answers.push((await own.givePasskey(login, { ...given, signature: filled(70, 1) })).text);
    assert.equal(new Set(answers).size, 1);
    assert.match(answers[0] ?? '', /PASSKEY_REFUSED/);
    await remove(authenticator);
  });

  it('takes no passkey of another account, and none of it passes for this one', async () => {
    const [mine, theirs] = [await add(), await add(other)];
    const [login, elsewhere] = [await begin(), await begin(other, 0)];
    assert.equal((await own.givePasskey(login.path, theirs.give(login.asked))).code, 'PASSKEY_REFUSED');
    const asked = await own.askPasskey(login.path);
    assert.equal((await own.givePasskey(login.path, theirs.give(elsewhere.asked))).code, 'PASSKEY_REFUSED');
    assert.equal((await own.givePasskey(elsewhere.path, mine.give(elsewhere.asked))).code, 'PASSKEY_REFUSED');
    assert.equal((await own.givePasskey(login.path, mine.give(asked))).code, 'PASSKEY_REFUSED');
    const moved = login.path.replace(own.accountPath, other.accountPath);
    assert.equal((await own.givePasskey(moved, mine.give(asked))).code, 'PASSWORD_WRONG');
    await remove(mine);
    await remove(theirs, other);
  });

  it('takes a counter once: one that does not go on is of a copy', async () => {
    const authenticator = await add();
    const first = await begin();
    assert.equal((await own.givePasskey(first.path, authenticator.give(first.asked, { counter: 7 }))).status, 200);
    for (const counter of [7, 6, 0]) {
      const { path: login, asked } = await begin();
      const refused = await own.givePasskey(login, authenticator.give(asked, { counter }));
      assert.equal(refused.code, 'PASSKEY_REFUSED', String(counter));
    }
    const { path: login, asked } = await begin();
    assert.equal((await own.givePasskey(login, authenticator.give(asked, { counter: 8 }))).status, 200);
    await remove(authenticator);
    // One that never counts is none.
    const silent = await add();
    for (const _ of [1, 2]) {
      const again = await begin();
      assert.equal((await own.givePasskey(again.path, silent.give(again.asked, { counter: 0 }))).status, 200);
    }
    await remove(silent);
  });

  it('takes five wrong answers, whatever their kind, and then begins again', async () => {
    const authenticator = await add();
    const { path: login } = await begin();
    for (let wrong = 0; wrong < 3; wrong += 1) {
      const asked = await own.askPasskey(login);
      assert.equal((await own.givePasskey(login, new TestAuthenticator().give(asked))).code, 'PASSKEY_REFUSED');
    }
    for (let wrong = 0; wrong < 2; wrong += 1)
      assert.equal((await own.giveFactor(login, 'totp', '123456')).code, 'FACTOR_MISSING');
    const asked = await own.askPasskey(login);
    assert.equal((await own.givePasskey(login, authenticator.give(asked))).code, 'CODE_SPENT');
    await remove(authenticator);
  });

  it('asks for none where there is none, and nobody without the password', async () => {
    now += quarter;
    const { path: login } = await own.login(password);
    assert.equal((await ask(app, 'POST', `${login}/passkey`)).code, 'FACTOR_MISSING');
    assert.equal((await own.givePasskey(login, new TestAuthenticator().give(await offer()))).code, 'PASSKEY_REFUSED');
    const nowhere = `${own.accountPath}/login/${'ab'.repeat(16)}/passkey`;
    const unknown = `/api/accounts/${'cd'.repeat(16)}/login/${'ab'.repeat(16)}/passkey`;
    const [known, missing] = [await ask(app, 'POST', nowhere), await ask(app, 'POST', unknown)];
    assert.equal(known.code, 'PASSWORD_WRONG');
    assert.equal(known.text, missing.text);
  });
});

describe('the last second factor', () => {
  it('is not taken away, whichever it is', async () => {
    const totp = await accountOf(await vault.createPractice('passkeys-last'), 3);
    const secret = parseTotpSecret((await totp.own('POST', `${totp.accountPath}/totp`)).bytes);
    await totp.own('PUT', `${totp.accountPath}/totp`, encodeCode(totpOf(secret, now)));
    const authenticator = await add(totp);
    assert.equal((await totp.own('DELETE', `${totp.accountPath}/totp`)).status, 204);
    assert.equal((await remove(authenticator, totp)).status, 204);
    assert.equal((await remove(authenticator, totp)).code, 'NOT_FOUND');
  });

  it('counts its passkeys: sixteen at most, and another account’s is not found', async () => {
    const authenticator = await add();
    assert.equal((await remove(authenticator, other)).code, 'NOT_FOUND');
    const { database } = vault.store;
    const place = { practice: practice.practice, account: filled(16, 1) };
    const key = (fill: number) => ({ credential: filled(32, fill), publicKey: filled(77, 1), counter: 0, added: now });
    for (let fill = 1; fill < maxPasskeys; fill += 1) await addPasskey(database, { ...place, passkey: key(fill) });
    now += quarter;
    const refused = await confirm(new TestAuthenticator().make(await offer()));
    assert.deepEqual([refused.status, refused.code], [409, 'PASSKEYS_TOO_MANY']);
    for (let fill = 1; fill < maxPasskeys; fill += 1)
      assert.equal(await removePasskey(database, { ...place, credential: filled(32, fill) }), true);
    assert.equal(await removePasskey(database, { ...place, credential: filled(32, 1) }), false);
  });
});
