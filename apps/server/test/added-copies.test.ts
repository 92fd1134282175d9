import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { after, before, beforeEach, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { parseHostOverview } from '@serment/core/wire/console';
import { type AskedPlace, encodeAskedPlace, parseTriedPlace } from '@serment/core/wire/copy-place';
import {
  encodeCopyRetirement,
  encodeOperatorAsk,
  encodeOperatorPasswordConfirmed,
  parseOperatorChallenge,
} from '@serment/core/wire/operator';
import { encodePasskeyGiven } from '@serment/core/wire/passkey';
import { folderPlace } from '@serment/store/copy/places';
import { asOwner } from '@serment/store/open-owner';
import { addOperator } from '@serment/store/operator-list';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import type { TestPractice } from '../../../packages/core/test/journal/practice-fixture.ts';
import { Store as Bucket, skipReason } from '../../../packages/store/test/copy/s3-fixture.ts';
import { catchUp, openTestVault, type TestVault } from '../../../packages/store/test/test-vault.ts';
import { CopyAdditions } from '../src/console/copy-additions.ts';
import { type CopyJob, startCopies } from '../src/jobs/copies.ts';
import { OperatorPasswords } from '../src/operators/operator-passwords.ts';
import { parseOptions } from '../src/options.ts';
import { makeSoftPasskey } from './soft-passkey.ts';
import { type Answer, ask, makeConsole } from './test-app.ts';
import { totpOf } from './totp.ts';

const base = '/api/operators';
const password = 'quatre tilleuls au printemps';
const totpSecret = new Uint8Array(20).fill(3);
let now = 1_900_000_000_000;
let logged = '';
const log = pino(
  new Writable({
    write(chunk, _, done) {
      logged += chunk;
      done();
    },
  }),
);
let vault: TestVault;
let folder: string;
let copies: CopyJob;
let app: FastifyInstance;
let practice: TestPractice;
let other: TestPractice;
let token: Bytes;
before(async () => {
  vault = await openTestVault();
  folder = mkdtempSync(join(tmpdir(), 'serment-added-'));
  mkdirSync(join(folder, 'data'));
  practice = await vault.createPractice('a');
  other = await vault.createPractice('b');
  copies = await startCopies({
    ...{ store: vault.store, dataDir: dataDir(), copies: [folderPlace(join(folder, 'first'))], log },
    formatDir: join(import.meta.dirname, '../../../docs/format'),
  });
  app = await openConsole();
  token = await enter('Ève d’Arc');
});
after(async () => {
  await app?.close();
  await copies?.stop();
  await vault.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  // Past the throttle of the test before, and past every code that served.
  now += 61_000;
});

const dataDir = () => join(folder, 'data');
const copiesFile = () => join(dataDir(), 'copies.json');
const openConsole = () =>
  makeConsole(vault.store, {
    ...{ copies, clock: () => now },
    additions: new CopyAdditions({
      ...{ store: vault.store, copies, dataDir: dataDir(), copiesFile: copiesFile(), env: {}, log },
    }),
  });

/** An operator by password, with a session. */
async function enter(name: string): Promise<Bytes> {
  const { operators } = vault.store;
  const { code } = await asOwner({ databaseUrl: vault.postgres.url }, (owner) => addOperator(owner, name, Date.now()));
  const way = { ...(await new OperatorPasswords().make(password)), totpSecret, totpStep: 0 };
  return (await operators.open((await operators.enrol(code, way)) ?? assert.fail())).token;
}

const shown = (of: Bytes) => ({ headers: { authorization: `Operator ${bytesToHex(of)}` } });
const told = ({ status, code, text }: Answer) => {
  const { reason, field } = status === 409 ? JSON.parse(text).fields : {};
  return [status, reason ?? code, ...(field === undefined ? [] : [field])];
};
const confirm = (of = token, totp = totpOf(totpSecret, now), typed = password) =>
  ask(app, 'PUT', `${base}/confirmation/password`, {
    ...{ ...shown(of), body: encodeOperatorPasswordConfirmed({ password: typed, totp }) },
  });
const attempt = (place: AskedPlace, of = token) =>
  ask(app, 'POST', `${base}/copies/trials`, { ...shown(of), body: encodeAskedPlace(place) });
const add = (place: AskedPlace, of = token) =>
  ask(app, 'POST', `${base}/copies`, { ...shown(of), body: encodeAskedPlace(place) });
const folderOf = (name: string): AskedPlace => ({ kind: 'folder', name, path: join(folder, name) });
const sizes = async () => {
  for (const one of [practice, other]) await catchUp(vault.store, one);
  return [practice.size, other.size];
};
const lastBodies = async () => {
  await sizes();
  return [practice, other].map((one) => one.entries.at(-1)?.header.body);
};
const names = () => copies.places.map(({ name }) => name);
const restarted = async () =>
  (await parseOptions(['--data', dataDir(), '--port', '0'], {})).copies.map(({ name }) => name);

async function until(isSo: () => boolean): Promise<void> {
  for (const end = Date.now() + 30_000; !isSo(); ) {
    assert.ok(Date.now() < end, 'it never came');
    await delay(20);
  }
}

it('is neither tried nor added by a session alone, nor by factors of another operator, wrong or used', async () => {
  const unconfirmed = [403, 'OPERATOR_UNCONFIRMED'];
  const place = folderOf('stolen');
  const before = await sizes();
  for (const act of [attempt, add]) assert.deepEqual(told(await act(place)), unconfirmed);
  assert.deepEqual(told(await confirm(token, '000000')), [401, 'OPERATOR_REFUSED']);
  assert.deepEqual(told(await confirm(token, totpOf(totpSecret, now), 'un autre mot de passe')), [
    401,
    'OPERATOR_REFUSED',
  ]);
  const thief = await enter('Noé');
  assert.equal((await confirm(thief)).status, 204);
  assert.deepEqual(told(await confirm(thief)), [401, 'OPERATOR_REFUSED'], 'a code serves once');
  assert.deepEqual(told(await attempt(place)), unconfirmed, 'the other session is confirmed, not this one');
  assert.equal((await attempt(place, thief)).status, 200);
  now += 601_000;
  assert.deepEqual(told(await attempt(place, thief)), unconfirmed, 'for ten minutes');
  assert.deepEqual(await sizes(), before);
  assert.ok(!existsSync(join(folder, 'stolen')));
});

it('is confirmed by a passkey, of the session’s own operator', async () => {
  const { operators } = vault.store;
  const databaseUrl = vault.postgres.url;
  const { code } = await asOwner({ databaseUrl }, (owner) => addOperator(owner, 'Lou', Date.now()));
  const passkey = makeSoftPasskey(new Uint8Array(16).fill(5));
  const challengeOf = async () =>
    parseOperatorChallenge((await ask(app, 'POST', `${base}/challenges`, { body: encodeOperatorAsk() })).bytes);
  const give = async (of: Bytes, counter: number) =>
    ask(app, 'PUT', `${base}/confirmation/passkey`, {
      ...{ ...shown(of), body: encodePasskeyGiven(passkey.give({ challenge: await challengeOf(), counter })) },
    });
  assert.deepEqual(told(await give(token, 1)), [401, 'OPERATOR_REFUSED'], 'nobody’s yet');
  const { passkeyMade } = await import('../src/passkey-check.ts');
  const challenge = new Uint8Array(32).fill(9);
  const made = await passkeyMade(passkey.make({ challenge }), { takes: () => true, origin: 'http://localhost:4400' });
  const lou = (await operators.open((await operators.enrol(code, made ?? assert.fail())) ?? assert.fail())).token;
  assert.deepEqual(told(await give(token, 2)), [401, 'OPERATOR_REFUSED'], 'another’s');
  assert.equal((await give(lou, 3)).status, 204);
  assert.equal((await attempt(folderOf('fresh'), lou)).status, 200);
});

it('is told why a place is not taken, and leaves no trace anywhere', async () => {
  await confirm();
  const before = await sizes();
  mkdirSync(join(folder, 'full'));
  writeFileSync(join(folder, 'full/file'), 'x');
  const cases: readonly [AskedPlace, readonly string[]][] = [
    [{ ...folderOf('relative'), path: 'relative' } as AskedPlace, ['COPY_PLACE_INVALID', 'folder']],
    [folderOf('../x'), ['COPY_PLACE_INVALID', 'name']],
    [{ ...folderOf('first'), path: join(folder, 'new') } as AskedPlace, ['COPY_NAME_USED']],
    [{ ...folderOf('autre'), path: join(folder, 'first') } as AskedPlace, ['COPY_PLACE_TAKEN']],
    [{ ...folderOf('autre'), path: join(dataDir(), 'copy') } as AskedPlace, ['COPY_PLACE_TAKEN']],
    [folderOf('full'), ['COPY_NOT_EMPTY']],
    [{ ...folderOf('deep'), path: join(folder, 'a/b') } as AskedPlace, ['COPY_FOLDER_MISSING']],
  ];
  for (const [place, reason] of cases)
    for (const act of [attempt, add]) assert.deepEqual(told(await act(place)), [409, ...reason], JSON.stringify(place));
  assert.deepEqual(await sizes(), before);
  assert.deepEqual([names(), readdirSync(dataDir())], [['first'], []]);
});

it('is written in every journal with where it is, kept for the next start, and copied to at once, for one confirmation', async () => {
  await confirm();
  const place = folderOf('armoire');
  const tried = parseTriedPlace((await attempt(place)).bytes);
  assert.deepEqual([tried.isEmpty, tried.practices], [true, 0]);
  assert.ok(!existsSync(join(folder, 'armoire')), 'a trial makes nothing');
  const [size = 0, otherSize = 0] = await sizes();
  const both = await Promise.all([add(place), add(place)]);
  assert.deepEqual(
    both.map(({ status }) => status),
    [204, 204],
  );
  assert.deepEqual(await sizes(), [size + 1, otherSize + 1], 'asked twice, done once');
  for (const body of await lastBodies()) {
    assert.ok(body?.kind === 'operator' && body.action === 'add-copy');
    assert.match(body.detail, /^Ève d’Arc\narmoire\n…\/serment-added-\w+\/armoire$/);
  }
  assert.deepEqual([names(), await restarted()], [['first', 'armoire'], ['armoire']]);
  const overview = async () => parseHostOverview((await ask(app, 'GET', `${base}/overview`, shown(token))).text);
  await until(() => copies.status(bytesToHex(other.practice)).every((one) => one.size === other.size));
  assert.deepEqual(
    (await overview()).copies.map(({ name, current }) => [name, current]),
    [
      ['first', 2],
      ['armoire', 2],
    ],
  );
  assert.equal(copies.held('armoire').length, 2, 'verified and restored for trial as any other');
  assert.deepEqual(told(await add(folderOf('encore'))), [403, 'OPERATOR_UNCONFIRMED'], 'one confirmation, one copy');
});

it('is not copied to where the act cannot be written, and its file stays as it was', async () => {
  await confirm();
  const before = readFileSync(copiesFile(), 'utf8');
  const { appendAsHost, status } = vault.store;
  vault.store.appendAsHost = () => Promise.reject(new Error('the disk is gone'));
  try {
    assert.equal((await add(folderOf('perdue'))).status, 500);
  } finally {
    vault.store.appendAsHost = appendAsHost;
  }
  now += 61_000;
  await confirm();
  const waits = { fence: 2, size: 1, root: new Uint8Array(32), at: 1 };
  vault.store.status = async (id) => ({ ...(await status.call(vault.store, id)), restored: waits });
  try {
    assert.deepEqual((await add(folderOf('perdue'))).code, 'VAULT_RESTORED');
  } finally {
    vault.store.status = status;
  }
  assert.deepEqual([readFileSync(copiesFile(), 'utf8'), readdirSync(dataDir())], [before, ['copies.json']]);
  assert.deepEqual(names(), ['first', 'armoire']);
  assert.equal((await add(folderOf('perdue'))).status, 204, 'the marker that is there is no hindrance');
});

it('that its file did not take is not copied to, though its entry stands, and is added again', async () => {
  await confirm();
  const before = readFileSync(copiesFile(), 'utf8');
  const [size = 0] = await sizes();
  const { appendAsHost } = vault.store;
  vault.store.appendAsHost = async (...entries) => {
    const appended = await appendAsHost.apply(vault.store, entries);
    writeFileSync(copiesFile(), `${before} `);
    return appended;
  };
  try {
    assert.deepEqual(told(await add(folderOf('tardive'))), [409, 'COPIES_FILE_CHANGED']);
  } finally {
    vault.store.appendAsHost = appendAsHost;
  }
  const known = names();
  assert.ok(!known.includes('tardive'));
  assert.equal(readFileSync(copiesFile(), 'utf8'), `${before} `, 'what somebody else wrote stays');
  assert.deepEqual(readdirSync(dataDir()), ['copies.json']);
  now += 61_000;
  await confirm();
  assert.equal((await add(folderOf('tardive'))).status, 204);
  assert.deepEqual([names(), (await sizes())[0]], [[...known, 'tardive'], size + 2]);
});

it('of a name that was retired is not taken, whatever the file says since', async () => {
  await confirm();
  const body = encodeCopyRetirement({ copy: 'perdue', mayBeLast: true });
  assert.equal((await ask(app, 'POST', `${base}/copies/retirements`, { ...shown(token), body })).status, 204);
  now += 61_000;
  await confirm();
  const elsewhere = { ...folderOf('perdue'), path: join(folder, 'elsewhere') } as AskedPlace;
  assert.deepEqual(told(await add(elsewhere)), [409, 'COPY_NAME_USED']);
  assert.deepEqual(told(await add({ ...folderOf('x'), path: join(folder, 'perdue') } as AskedPlace)), [
    409,
    'COPY_PLACE_TAKEN',
  ]);
});

it('is refused where the file of copies is not the server’s to write', async () => {
  await confirm();
  const before = await sizes();
  const { chmodSync } = await import('node:fs');
  chmodSync(copiesFile(), 0o444);
  try {
    assert.deepEqual(told(await add(folderOf('fixe'))), [409, 'COPIES_FILE_FIXED']);
  } finally {
    chmodSync(copiesFile(), 0o600);
  }
  assert.deepEqual(await sizes(), before);
  assert.ok(!existsSync(join(folder, 'fixe')));
});

it('in a bucket begins at once, and its secret stands in one file alone', { skip: skipReason }, async () => {
  const store = await Bucket.start();
  const { endpoint, region, bucket } = await store.place();
  const { accessKeyId, secretAccessKey } = store.ceph;
  const place: AskedPlace = {
    ...{ kind: 's3', name: 'nuage', endpoint: endpoint ?? '', region, bucket, prefix: 'coffre' },
    ...{ accessKeyId, secretAccessKey, lockDays: 30, tailLockDays: 3, megabytesPerSecond: null },
  };
  await confirm();
  const answers = [
    await attempt({ ...place, secretAccessKey: `${secretAccessKey}x` }),
    await attempt({ ...place, lockDays: 400 }),
    await attempt(place),
    await add({ ...place, secretAccessKey: `${secretAccessKey}x` }),
    await add(place),
  ];
  assert.deepEqual(
    answers.map((answer) => told(answer).slice(0, 2)),
    [
      [409, 'COPY_CREDENTIALS_REFUSED'],
      [409, 'COPY_PLACE_INVALID'],
      [200, null],
      [409, 'COPY_CREDENTIALS_REFUSED'],
      [204, null],
    ],
  );
  const name = bytesToHex(practice.practice);
  await sizes();
  await until(() => copies.status(name).some((one) => one.name === 'nuage' && one.size === practice.size));
  now += 61_000;
  await confirm();
  const before = await sizes();
  assert.equal((await add(place)).status, 204);
  assert.deepEqual(await sizes(), before, 'asked twice, done once');
  assert.deepEqual(await restarted(), ['armoire', 'perdue', 'tardive', 'nuage']);
  const overview = (await ask(app, 'GET', `${base}/overview`, shown(token))).text;
  const bodies = JSON.stringify(await lastBodies());
  for (const text of [
    ...answers.map((answer) => answer.text),
    overview,
    bodies,
    logged,
    readFileSync(copiesFile(), 'utf8'),
  ])
    assert.ok(!text.includes(secretAccessKey));
  assert.ok(logged.includes('a copy was added'));
});
