import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { parseAlertsView, parseHostOverview, parsePracticeDetail, parsePracticePage } from '@serment/core/wire/console';
import {
  encodeCopyRetirement,
  encodeOperatorAsk,
  encodeOperatorCode,
  encodeOperatorPasskeyMade,
  encodeOperatorPasswordChosen,
  encodeOperatorPasswordConfirmed,
  encodeOperatorPasswordGiven,
  type OperatorOffer,
  parseOperatorChallenge,
  parseOperatorOffer,
  parseOperatorSession,
} from '@serment/core/wire/operator';
import { encodePasskeyGiven } from '@serment/core/wire/passkey';
import type { CopyStatus } from '@serment/core/wire/status';
import { encodeCopyNamed } from '@serment/core/wire/status';
import { takeLook } from '@serment/store/alerts/alert-log';
import { folderPlace } from '@serment/store/copy/places';
import { asOwner } from '@serment/store/open-owner';
import { addOperator, removeOperator } from '@serment/store/operator-list';
import type { Retirement } from '@serment/store/retired-copies';
import type { Store } from '@serment/store/store';
import type { FastifyInstance } from 'fastify';
import type { TestPractice } from '../../../packages/core/test/journal/practice-fixture.ts';
import { catchUp, openTestVault, type TestVault } from '../../../packages/store/test/test-vault.ts';
import type { Drills } from '../src/app-context.ts';
import { makeSoftPasskey } from './soft-passkey.ts';
import { type Answer, ask, makeApp, makeConsole, noCopies, signIn } from './test-app.ts';
import { totpOf } from './totp.ts';

let vault: TestVault;
let store: Store;
let app: FastifyInstance;
let practices: FastifyInstance;
let practice: TestPractice;
let now = 1_900_000_000_000;
const asked: string[] = [];
const drilled: string[] = [];
const place = folderPlace('/mnt/copies/coffre-2');
let retired: Retirement[] = [];
const password = 'quatre tilleuls au printemps';
const base = '/api/operators';
const copy: CopyStatus = {
  ...{ name: 'coffre-2', kind: 'folder', sameDisk: false, size: 5, publishedAt: 1, lagMs: 0, state: 'current' },
  ...{ error: null, verifiedAt: null, verifiedSize: null, verifiedFindings: null },
};
before(async () => {
  vault = await openTestVault();
  store = await vault.openAgain({ clock: () => now });
  const copies = {
    ...noCopies,
    get places() {
      return retired.length === 0 ? [place] : [];
    },
    get retired() {
      return retired.map((one) => ({ ...one, place }));
    },
    async follow() {
      retired = await store.retiredCopies.list();
    },
    verifying: () => ({ verifying: null, waiting: 0 }),
    status: () => [copy],
    verify(name: string, destination: string) {
      asked.push(`${name} ${destination}`);
      return true;
    },
  };
  const drills: Drills = {
    ask: async (name, destination) => drilled.push(`${name} ${destination}`) > 0,
    pending: async () => [],
    overview: async () => ({ waiting: 2, running: 1, givenUp: 0, drills: [] }),
    forget: async (destination) => void drilled.push(`forgotten ${destination}`),
  };
  app = await makeConsole(store, { clock: () => now, copies, drills });
  practices = await makeApp(store, { clock: () => now });
  practice = await vault.createPractice('operated', store);
});
after(async () => {
  await app.close();
  await practices.close();
  await vault.close();
});
beforeEach(() => {
  // Past the throttle of the test before.
  now += 61_000;
});

const add = (name: string) => asOwner({ databaseUrl: vault.postgres.url }, (owner) => addOperator(owner, name, now));
const remove = (name: string) => asOwner({ databaseUrl: vault.postgres.url }, (owner) => removeOperator(owner, name));
const asOperator = (token: Bytes) => ({ headers: { authorization: `Operator ${bytesToHex(token)}` } });
const view = (token: Bytes) => ask(app, 'GET', `${base}/practices?sort=written&filter=all&search=`, asOperator(token));
const told = ({ status, code }: Answer) => [status, code];

async function offerOf(code: string): Promise<OperatorOffer> {
  return parseOperatorOffer((await ask(app, 'POST', `${base}/enrolments`, { body: encodeOperatorCode(code) })).bytes);
}

const choose = (code: string, chosen: string, totp: string) =>
  ask(app, 'PUT', `${base}/enrolments/password`, {
    body: encodeOperatorPasswordChosen({ code, password: chosen, totp }),
  });
const enter = (name: string, typed: string, totp: string) =>
  ask(app, 'POST', `${base}/sessions/password`, {
    body: encodeOperatorPasswordGiven({ name, password: typed, totp }),
  });

/** An operator with a password, and the session that enrolling opened. */
async function enrolByPassword(name: string): Promise<{ token: Bytes; secret: Bytes }> {
  const { code } = await add(name);
  const { totpSecret } = await offerOf(code);
  const answer = await choose(code, password, totpOf(totpSecret, now));
  return { token: parseOperatorSession(answer.bytes).token, secret: totpSecret };
}

async function challengeOf(): Promise<Bytes> {
  return parseOperatorChallenge((await ask(app, 'POST', `${base}/challenges`, { body: encodeOperatorAsk() })).bytes);
}

const give = (given: Parameters<typeof encodePasskeyGiven>[0]) =>
  ask(app, 'POST', `${base}/sessions/passkey`, { body: encodePasskeyGiven(given) });

describe('an operator of the host', () => {
  it('enrols a passkey with a code that serves once, and enters by it alone', async () => {
    const { code } = await add('Camille Roux');
    const offer = await offerOf(code);
    assert.equal(offer.name, 'Camille Roux');
    const passkey = makeSoftPasskey(new Uint8Array(16).fill(5));
    const enrol = (made: ReturnType<typeof passkey.make>) =>
      ask(app, 'PUT', `${base}/enrolments/passkey`, { body: encodeOperatorPasskeyMade({ code, ...made }) });
    const { challenge } = offer;
    const refused = [401, 'OPERATOR_REFUSED'];
    assert.deepEqual(told(await enrol(passkey.make({ challenge: new Uint8Array(32) }))), refused);
    assert.deepEqual(told(await enrol(passkey.make({ challenge, origin: 'https://serment.example' }))), refused);
    assert.deepEqual(told(await enrol(passkey.make({ challenge, hostname: 'serment.example' }))), refused);
    assert.deepEqual(told(await enrol(passkey.make({ challenge, isVerified: false }))), refused);
    const enrolled = await enrol(passkey.make({ challenge }));
    assert.equal(enrolled.status, 200, enrolled.text);
    const { token, name } = parseOperatorSession(enrolled.bytes);
    assert.equal(name, 'Camille Roux');
    assert.equal((await view(token)).status, 200);
    assert.deepEqual(told(await enrol(passkey.make({ challenge }))), [401, 'OPERATOR_CODE_UNKNOWN']);

    const given = passkey.give({ challenge: await challengeOf(), counter: 7 });
    assert.equal((await give(given)).status, 200);
    assert.deepEqual(told(await give(given)), refused, 'the same answer again');
    const ways = [
      { challenge: await challengeOf(), counter: 7 },
      { challenge: await challengeOf(), counter: 8, isVerified: false },
      { challenge: await challengeOf(), counter: 8, origin: 'https://serment.example' },
      { challenge: await challengeOf(), counter: 8, hostname: 'serment.example' },
      { challenge: new Uint8Array(32), counter: 8 },
    ];
    for (const way of ways) assert.deepEqual(told(await give(passkey.give(way))), refused);
    now += 61_000;
    const stranger = makeSoftPasskey(new Uint8Array(16).fill(6));
    assert.deepEqual(told(await give(stranger.give({ challenge: await challengeOf(), counter: 9 }))), refused);
    const thief = { ...stranger.give({ challenge: await challengeOf(), counter: 9 }), credential: passkey.credential };
    assert.deepEqual(told(await give(thief)), refused);
    const late = await challengeOf();
    now += 121_000;
    assert.deepEqual(told(await give(passkey.give({ challenge: late, counter: 9 }))), refused);
    assert.equal((await give(passkey.give({ challenge: await challengeOf(), counter: 9 }))).status, 200);
  });

  it('enters by password and authenticator together; what is refused is refused in the same words', async () => {
    const { code } = await add('Noé Lambert');
    const { totpSecret } = await offerOf(code);
    assert.deepEqual(told(await choose(code, 'court', totpOf(totpSecret, now))), [400, 'OPERATOR_PASSWORD_WEAK']);
    assert.deepEqual(told(await choose(code, password, '000000')), [401, 'CODE_WRONG']);
    const first = totpOf(totpSecret, now);
    assert.equal((await choose(code, password, first)).status, 200);
    const totp = () => totpOf(totpSecret, now);
    const refusals = [
      await enter('Noé Lambert', password, first),
      await enter('Personne', password, totp()),
      await enter('noé lambert', 'un autre mot de passe', totpOf(totpSecret, now + 30_000)),
      await enter('Noé Lambert', password, '123456'),
      await enter('Noé Lambert', password, ''),
      await enter('Camille Roux', password, totp()),
    ];
    for (const { status, text } of refusals) assert.deepEqual([status, text], [401, refusals[0]?.text]);
    now += 30_000;
    assert.equal((await enter('NOÉ LAMBERT', password, totp())).status, 200);
    assert.deepEqual(
      told(await enter('Noé Lambert', password, totp())),
      [401, 'OPERATOR_REFUSED'],
      'a step serves once',
    );
  });

  it('is slowed down by address and never locked out', async () => {
    const { secret } = await enrolByPassword('Zoé Petit');
    for (let attempt = 0; attempt < 20; attempt += 1)
      await ask(app, 'POST', `${base}/challenges`, { body: encodeOperatorAsk() });
    assert.deepEqual(told(await enter('Zoé Petit', password, totpOf(secret, now))), [429, 'THROTTLED']);
    now += 61_000;
    assert.equal((await enter('Zoé Petit', password, totpOf(secret, now))).status, 200);
  });

  it('has an hour to enrol; a new code takes the place of the one before, and of the way in only once it is used', async () => {
    const { token } = await enrolByPassword('Inès Faure');
    const [stale, fresh] = [await add('inès faure'), await add('Inès Faure')];
    assert.equal(fresh.isNew, false);
    const begin = (code: string) => ask(app, 'POST', `${base}/enrolments`, { body: encodeOperatorCode(code) });
    assert.deepEqual(told(await begin(stale.code)), [401, 'OPERATOR_CODE_UNKNOWN']);
    assert.equal((await begin(` ${fresh.code.toLowerCase().replaceAll('-', ' ')}`)).status, 200);
    assert.equal((await view(token)).status, 200, 'until it is used, nothing changes');
    const { totpSecret } = await offerOf(fresh.code);
    assert.equal((await choose(fresh.code, `${password} bis`, totpOf(totpSecret, now))).status, 200);
    assert.deepEqual(told(await view(token)), [401, 'OPERATOR_SESSION_REQUIRED']);
    assert.equal((await enter('Inès Faure', password, totpOf(totpSecret, now + 30_000))).status, 401);
    const late = await add('Inès Faure');
    now += 3_600_001;
    assert.deepEqual(told(await begin(late.code)), [401, 'OPERATOR_CODE_UNKNOWN']);
  });

  it('has a session for 15 minutes without use and 8 hours at most, ended by itself and by its removal', async () => {
    const { token, secret } = await enrolByPassword('Lou Martin');
    now += 14 * 60_000;
    assert.equal((await view(token)).status, 200);
    now += 15 * 60_000;
    assert.deepEqual(told(await view(token)), [401, 'OPERATOR_SESSION_REQUIRED']);
    const again = async () =>
      parseOperatorSession((await enter('Lou Martin', password, totpOf(secret, now))).bytes).token;
    const long = await again();
    for (let hour = 0; hour < 8 * 6 - 1; hour += 1) {
      now += 10 * 60_000;
      assert.equal((await view(long)).status, 200);
    }
    now += 10 * 60_000;
    assert.equal((await view(long)).status, 401);
    const left = await again();
    assert.equal((await ask(app, 'DELETE', `${base}/sessions`, asOperator(left))).status, 204);
    assert.equal((await view(left)).status, 401);
    now += 60_000;
    const removed = await again();
    assert.equal(await remove('lou martin'), 'Lou Martin');
    assert.equal((await view(removed)).status, 401);
    now += 60_000;
    assert.deepEqual(told(await enter('Lou Martin', password, totpOf(secret, now))), [401, 'OPERATOR_REFUSED']);
  });
});

describe('what an operator does', () => {
  let operator: Bytes;
  let secret: Bytes;
  before(async () => {
    ({ token: operator, secret } = await enrolByPassword('Ève d’Arc'));
  });
  /** Proves who it is once more, by the next code. */
  const confirm = async () => {
    now += 30_000;
    const body = encodeOperatorPasswordConfirmed({ password, totp: totpOf(secret, now) });
    const answer = await ask(app, 'PUT', `${base}/confirmation/password`, { ...asOperator(operator), body });
    assert.equal(answer.status, 204);
  };
  const unconfirmed = [403, 'OPERATOR_UNCONFIRMED'];
  const own = () => `${base}/practices/${bytesToHex(practice.practice)}`;
  const lastBody = async () => {
    await catchUp(store, practice);
    return practice.entries.at(-1)?.header.body;
  };

  it('begins with practices as pseudonyms, weighed, with their copies', async () => {
    const { practices: hosted, count, total } = parsePracticePage((await view(operator)).text);
    assert.deepEqual([count, total, hosted.length], [1, 1, 1]);
    const [one] = hosted;
    assert.deepEqual([one?.practice, one?.alarms, one?.suspended], [practice.practice, 0, null]);
    assert.deepEqual(one?.copies, [{ ...copy, restoredAt: null, restoreFailed: null }]);
    await catchUp(store, practice);
    assert.equal(one?.entries, practice.size);
    assert.ok((one?.bytes ?? 0) > 1000);
    const overview = parseHostOverview((await ask(app, 'GET', `${base}/overview`, asOperator(operator))).text);
    assert.deepEqual([overview.practices, overview.bytes, overview.database], [1, one?.bytes, true]);
    assert.deepEqual([overview.waiting, overview.givenUp], [3, 0]);
    const [told] = overview.copies;
    assert.deepEqual([told?.name, told?.place, told?.current, told?.lagWorst], ['coffre-2', '…/copies/coffre-2', 1, 0]);
  });

  it('is asked in one way alone', async () => {
    const wrong = ['sort=x&filter=all&search=', 'sort=bytes&filter=x&search=', 'sort=bytes&filter=all&search=zz', ''];
    for (const query of wrong)
      assert.equal((await ask(app, 'GET', `${base}/practices?${query}`, asOperator(operator))).status, 400, query);
    for (const [path, status] of [
      [`${own()}?step=7`, 400],
      [`${base}/practices/${'ab'.repeat(32)}?step=5`, 404],
      [`${base}/practices/zz`, 404],
    ] as const)
      assert.equal((await ask(app, 'GET', path, asOperator(operator))).status, status, path);
  });

  it('stands in the practice’s journal, signed by the host, before a copy is verified', async () => {
    const verify = (name: string) =>
      ask(app, 'POST', `${own()}/verifications`, { ...asOperator(operator), body: encodeCopyNamed(name) });
    const answer = await verify('coffre-2');
    assert.equal(answer.status, 202, answer.text);
    assert.deepEqual(asked, [`${bytesToHex(practice.practice)} coffre-2`]);
    assert.deepEqual(await lastBody(), { kind: 'operator', action: 'verify-copy', detail: 'Ève d’Arc\ncoffre-2' });
    assert.deepEqual(practice.entries.at(-1)?.header.author, store.hostKeys.signer.author);
    const size = practice.size;
    assert.deepEqual(told(await verify('autre')), [404, 'NOT_FOUND']);
    const nowhere = `${base}/practices/${'ab'.repeat(32)}/verifications`;
    const elsewhere = await ask(app, 'POST', nowhere, { ...asOperator(operator), body: encodeCopyNamed('coffre-2') });
    assert.deepEqual(told(elsewhere), [404, 'NOT_FOUND']);
    await catchUp(store, practice);
    assert.equal(practice.size, size);
    assert.equal(asked.length, 1);
  });

  it('closes a practice’s sessions, and those of no other', async () => {
    const other = await vault.createPractice('untouched', store);
    const [here, there] = [await signIn(practices, practice), await signIn(practices, other)];
    const status = (of: TestPractice, token: Bytes) =>
      ask(practices, 'GET', `/api/practices/${bytesToHex(of.practice)}`, { token });
    assert.equal((await status(practice, here)).status, 200);
    assert.equal((await ask(app, 'DELETE', `${own()}/sessions`, asOperator(operator))).status, 204);
    assert.deepEqual(told(await status(practice, here)), [401, 'SESSION_CLOSED']);
    assert.equal((await status(other, there)).status, 200);
    assert.deepEqual(await lastBody(), { kind: 'operator', action: 'close-sessions', detail: 'Ève d’Arc' });
    assert.equal(
      (await status(practice, await signIn(practices, practice))).status,
      200,
      'who is a member enters again',
    );
  });

  it('has a copy restored for trial, and stands in what the console tells of the practice', async () => {
    const body = encodeCopyNamed('coffre-2');
    const answer = await ask(app, 'POST', `${own()}/drills`, { ...asOperator(operator), body });
    assert.equal(answer.status, 202, answer.text);
    assert.deepEqual(drilled, [`${bytesToHex(practice.practice)} coffre-2`]);
    assert.deepEqual(await lastBody(), { kind: 'operator', action: 'run-drill', detail: 'Ève d’Arc\ncoffre-2' });
    const other = { ...asOperator(operator), body: encodeCopyNamed('autre') };
    assert.deepEqual(told(await ask(app, 'POST', `${own()}/drills`, other)), [404, 'NOT_FOUND']);
    const { text } = await ask(app, 'GET', `${own()}?step=60`, asOperator(operator));
    const { acts, practice: known } = parsePracticeDetail(text);
    assert.deepEqual(known.practice, practice.practice);
    assert.deepEqual(
      acts.map(({ action }) => action),
      ['run-drill', 'close-sessions', 'verify-copy'],
    );
  });

  it('suspends a practice until it is resumed: its members are refused, and told how to get out', async () => {
    const token = await signIn(practices, practice);
    const status = () => ask(practices, 'GET', `/api/practices/${bytesToHex(practice.practice)}`, { token });
    const change = (method: 'PUT' | 'DELETE') => ask(app, method, `${own()}/suspension`, asOperator(operator));
    assert.equal((await change('DELETE')).status, 204, 'what is not suspended needs no entry');
    await catchUp(store, practice);
    const { size } = practice;
    assert.deepEqual(told(await change('PUT')), unconfirmed);
    assert.equal((await status()).status, 200);
    await confirm();
    assert.equal((await change('PUT')).status, 204);
    assert.deepEqual(await lastBody(), { kind: 'operator', action: 'suspend', detail: 'Ève d’Arc' });
    assert.equal((await change('PUT')).status, 204, 'what is suspended already needs nothing');
    const refused = await status();
    assert.deepEqual(told(refused), [403, 'PRACTICE_SUSPENDED']);
    assert.match(refused.text, /recovery kit/);
    await assert.rejects(signIn(practices, practice));
    const { practices: hosted } = parsePracticePage((await view(operator)).text);
    assert.equal(hosted[0]?.suspended, now);
    assert.equal((await change('DELETE')).status, 204, 'nor does what gives back');
    assert.deepEqual(await lastBody(), { kind: 'operator', action: 'resume', detail: 'Ève d’Arc' });
    assert.equal((await status()).status, 200, 'the session that was open goes on');
    await catchUp(store, practice);
    assert.equal(practice.size, size + 2);
    assert.deepEqual(told(await change('PUT')), unconfirmed, 'one confirmation, one act');
  });

  it('retires a copy, written in every journal first, and the last good one only where that is said', async () => {
    const retire = (name: string, mayBeLast: boolean) =>
      ask(app, 'POST', `${base}/copies/retirements`, {
        ...{ ...asOperator(operator), body: encodeCopyRetirement({ copy: name, mayBeLast }) },
      });
    const putBack = (name: string) =>
      ask(app, 'POST', `${base}/copies/returns`, { ...asOperator(operator), body: encodeCopyNamed(name) });
    const other = await vault.createPractice('elsewhere', store);
    const sizes = async () => {
      for (const one of [practice, other]) await catchUp(store, one);
      return [practice.size, other.size];
    };
    const [size = 0, otherSize = 0] = await sizes();
    assert.deepEqual(told(await retire('autre', true)), [404, 'NOT_FOUND']);
    assert.equal((await putBack('coffre-2')).status, 204, 'what is not retired needs no entry');
    const last = await retire('coffre-2', false);
    assert.deepEqual(told(last), [409, 'COPY_LAST']);
    assert.ok(JSON.parse(last.text).fields.count >= 2);
    const { status } = store;
    const waits = { fence: 2, size: 1, root: new Uint8Array(32), at: 1 };
    store.status = async (id) => ({ ...(await status.call(store, id)), restored: waits }) as never;
    try {
      assert.deepEqual(told(await retire('coffre-2', true)), [409, 'VAULT_RESTORED']);
    } finally {
      store.status = status;
    }
    assert.deepEqual(told(await retire('coffre-2', true)), unconfirmed);
    assert.deepEqual(await sizes(), [size, otherSize], 'nothing is written where something is refused');

    await confirm();
    const both = await Promise.all([retire('coffre-2', true), retire('coffre-2', true)]);
    assert.deepEqual(
      both.map((answer) => answer.status),
      [204, 204],
    );
    assert.deepEqual(await sizes(), [size + 1, otherSize + 1], 'once');
    for (const one of [practice, other])
      assert.deepEqual(one.entries.at(-1)?.header.body, {
        ...{ kind: 'operator', action: 'retire-copy', detail: 'Ève d’Arc\ncoffre-2' },
      });
    assert.equal(drilled.at(-1), 'forgotten coffre-2');
    const overview = async () =>
      parseHostOverview((await ask(app, 'GET', `${base}/overview`, asOperator(operator))).text);
    const { copies: left, retired: gone } = await overview();
    assert.deepEqual(
      [left, gone.map(({ name, by, since }) => [name, by, since])],
      [[], [['coffre-2', 'Ève d’Arc', now]]],
    );
    assert.equal((await putBack('coffre-2')).status, 204);
    assert.deepEqual(await lastBody(), { kind: 'operator', action: 'return-copy', detail: 'Ève d’Arc\ncoffre-2' });
    assert.deepEqual((await overview()).retired, []);
  });

  it('takes care of an alert, whose words are those of the messages', async () => {
    const seen = { practices: [], since: now, code: null, at: null, entry: null };
    await takeLook(store.database, {
      ...{ observations: [{ cause: 'disk-full', subject: '', ...seen }], now, watchingSince: now, plan: null },
    });
    const alerts = async (language: string) =>
      ask(app, 'GET', `${base}/alerts?language=${language}`, asOperator(operator));
    assert.equal((await alerts('de')).status, 400);
    assert.match((await alerts('en')).text, /hardly any room left/);
    const open = async () => parseAlertsView((await alerts('fr')).text).alerts[0];
    const alert = await open();
    assert.match(alert?.what ?? '', /^Il ne reste presque plus de place/);
    assert.deepEqual([alert?.whom, alert?.acknowledged], ['l’installation', null]);
    const acknowledge = (number: unknown) =>
      ask(app, 'PUT', `${base}/alerts/${number}/acknowledgement`, asOperator(operator));
    assert.equal((await acknowledge(alert?.alert)).status, 204);
    const after = await open();
    assert.deepEqual([after?.acknowledged, after?.acknowledgedBy], [now, 'Ève d’Arc']);
    for (const number of [alert?.alert, 999_999, 'x', '-1', '99999999999999999999'])
      assert.deepEqual(told(await acknowledge(number)), [404, 'NOT_FOUND'], String(number));
  });

  it('is not done where it cannot be written', async () => {
    const token = await signIn(practices, practice);
    const append = store.appendAsHost;
    store.appendAsHost = () => Promise.reject(new Error('the disk is gone'));
    try {
      assert.equal((await ask(app, 'DELETE', `${own()}/sessions`, asOperator(operator))).status, 500);
    } finally {
      store.appendAsHost = append;
    }
    const answer = await ask(practices, 'GET', `/api/practices/${bytesToHex(practice.practice)}`, { token });
    assert.equal(answer.status, 200);
  });
});
