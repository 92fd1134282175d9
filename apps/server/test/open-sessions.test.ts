import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { sha256 } from '@serment/core/hash';
import { parseOpenSessions } from '@serment/core/wire/session';
import { inPractice } from '@serment/store/database-scope';
import type { Store } from '@serment/store/store';
import type { FastifyInstance } from 'fastify';
import type { TestMember, TestPractice } from '../../../packages/core/test/journal/practice-fixture.ts';
import { catchUp, mirror, openTestVault, sent, type TestVault } from '../../../packages/store/test/test-vault.ts';
import { type Answer, ask, makeApp, signIn } from './test-app.ts';

let vault: TestVault;
let store: Store;
let app: FastifyInstance;
let url: string;
let practice: TestPractice;
let colleague: TestMember;
const now = 1_900_000_000_000;
const path = '/api/account/sessions';
before(async () => {
  vault = await openTestVault();
  store = await vault.openAgain({ clock: () => now });
  app = await makeApp(store, { clock: () => now });
  url = await app.listen({ host: '127.0.0.1', port: 0 });
  const founded = await vault.createPractice('open sessions', store);
  const from = founded.size;
  colleague = await founded.addMember('desk', ['admin']);
  await store.append(
    founded.practice,
    founded.entries.slice(from).map((entry) => sent(entry)),
  );
  practice = await mirror(store, founded.practice, founded);
});
after(async () => {
  await app.close();
  await vault.close();
});

const nameOf = (token: Bytes) => bytesToHex(sha256(token));
const list = async (token: Bytes) => parseOpenSessions((await ask(app, 'GET', path, { token })).bytes);
const close = (token: Bytes, name: string) => ask(app, 'DELETE', `${path}/${name}`, { token });
const status = (token: Bytes) => ask(app, 'GET', `/api/practices/${bytesToHex(practice.practice)}`, { token });
const told = ({ status: code, text }: Answer) => [code, text];

/** The newest entry that says who entered or left. */
async function lastAccess() {
  await catchUp(store, practice);
  const { body } = practice.entries.at(-1)?.header ?? assert.fail();
  return body.kind === 'access' ? body : null;
}

describe('the sessions of a member', () => {
  it('are listed with their device, and which one asks; a colleague’s are not', async () => {
    const [here, kit] = [await signIn(app, practice), await signIn(app, practice, practice.kit)];
    const theirs = await signIn(app, practice, colleague.device);
    const open = await list(here);
    const ofThisTest = open.filter(({ session }) => [here, kit].some((one) => nameOf(one) === bytesToHex(session)));
    assert.deepEqual(
      ofThisTest.map(({ author, opened, isThis }) => [bytesToHex(author), opened, isThis]).toSorted(),
      [
        [bytesToHex(practice.device.author), now, true],
        [bytesToHex(practice.kit.author), now, false],
      ].toSorted(),
    );
    assert.ok(!open.some(({ session }) => bytesToHex(session) === nameOf(theirs)));
    assert.deepEqual(
      (await list(theirs)).map(({ session }) => bytesToHex(session)),
      [nameOf(theirs)],
    );
  });

  it('need a session themselves', async () => {
    for (const [method, at] of [
      ['GET', path],
      ['DELETE', path],
      ['DELETE', `${path}/${'00'.repeat(32)}`],
    ] as const) {
      assert.equal((await ask(app, method, at)).code, 'SESSION_REQUIRED');
      assert.equal((await ask(app, method, at, { token: new Uint8Array(32) })).code, 'SESSION_REQUIRED');
    }
  });

  it('are not open on a device that was stopped', async () => {
    const [here, other] = [await signIn(app, practice), await signIn(app, practice, practice.kit)];
    assert.ok((await list(here)).some(({ author }) => bytesToHex(author) === bytesToHex(practice.kit.author)));
    const revoke = await practice.statement({
      signer: practice.device,
      body: practice.revokeBody(practice.kit.author),
    });
    await store.append(practice.practice, [sent(revoke)]);
    await catchUp(store, practice);
    assert.ok(!(await list(here)).some(({ author }) => bytesToHex(author) === bytesToHex(practice.kit.author)));
    assert.equal((await status(other)).code, 'AUTHOR_REVOKED');
  });
});

describe('closing', () => {
  it('ends one session at once, tells whoever comes back, and stands in the journal', async () => {
    const [here, there] = [await signIn(app, practice), await signIn(app, practice)];
    assert.equal((await status(there)).status, 200);
    const closed = await close(here, nameOf(there));
    assert.deepEqual([closed.status, closed.text], [204, '']);
    for (let count = 0; count < 2; count += 1)
      assert.deepEqual([(await status(there)).status, (await status(there)).code], [401, 'SESSION_CLOSED']);
    assert.equal((await ask(app, 'GET', path, { token: there })).code, 'SESSION_CLOSED');
    assert.equal((await ask(app, 'DELETE', '/api/sessions', { token: there })).code, 'SESSION_CLOSED');
    assert.equal((await status(here)).status, 200);
    assert.deepEqual(await lastAccess(), {
      kind: 'access',
      what: 'session-ended',
      member: practice.founder,
      author: practice.device.author,
    });
    assert.equal((await status(await signIn(app, practice))).status, 200);
  });

  it('answers the same of one closed, ended, late, unheard of, and another member’s or practice’s', async () => {
    const here = await signIn(app, practice);
    const [closed, ended, late] = [
      await signIn(app, practice),
      await signIn(app, practice),
      await signIn(app, practice),
    ];
    assert.equal((await close(here, nameOf(closed))).status, 204);
    await ask(app, 'DELETE', '/api/sessions', { token: ended });
    await inPractice(
      store.database,
      practice.practice,
      (sql) => sql`UPDATE serment.sessions SET expires = ${now} WHERE token_hash = ${sha256(late)}`,
    );
    const theirs = await signIn(app, practice, colleague.device);
    const other = await vault.createPractice('another practice', store);
    const foreign = await signIn(app, other);
    const before = (await store.head(practice.practice))?.size;
    const unknown = told(await close(here, 'ab'.repeat(32)));
    assert.equal(unknown[0], 404);
    for (const token of [closed, ended, late, theirs, foreign])
      assert.deepEqual(told(await close(here, nameOf(token))), unknown);
    for (const name of ['zz', 'ab'.repeat(16), '%00', 'AB'.repeat(32)])
      assert.equal((await close(here, name)).status, 404);
    assert.equal((await store.head(practice.practice))?.size, before);
    assert.equal((await status(theirs)).status, 200);
  });

  it('ends all but the one that asks', async () => {
    const here = await signIn(app, practice);
    await ask(app, 'DELETE', path, { token: here });
    const others = [await signIn(app, practice), await signIn(app, practice)];
    const theirs = await signIn(app, practice, colleague.device);
    const before = (await store.head(practice.practice))?.size ?? 0;
    assert.equal((await ask(app, 'DELETE', path, { token: here })).status, 204);
    for (const token of others) assert.equal((await status(token)).code, 'SESSION_CLOSED');
    assert.deepEqual(
      (await list(here)).map(({ isThis }) => isThis),
      [true],
    );
    assert.equal((await status(theirs)).status, 200);
    // One entry for the device, however many it had.
    assert.equal((await store.head(practice.practice))?.size, before + 1);
    assert.equal((await ask(app, 'DELETE', path, { token: here })).status, 204);
    assert.equal((await store.head(practice.practice))?.size, before + 1);
  });

  it('ends the line of events of that session, and no other', { timeout: 30_000 }, async (t) => {
    // No beat comes: the closing itself ends the line.
    t.mock.timers.enable({ apis: ['setInterval'] });
    const [here, there] = [await signIn(app, practice), await signIn(app, practice)];
    const lineOf = async (token: Bytes) => {
      const headers = { authorization: `Bearer ${bytesToHex(token)}` };
      const response = await fetch(`${url}/api/practices/${bytesToHex(practice.practice)}/events`, { headers });
      assert.equal(response.status, 200);
      return response.body?.getReader() ?? assert.fail();
    };
    const [own, other] = [await lineOf(here), await lineOf(there)];
    await Promise.all([own.read(), other.read()]);
    assert.equal((await close(here, nameOf(there))).status, 204);
    // What came before the end is read; nothing but the end is waited for.
    for (let read = await other.read(); !read.done; ) read = await other.read();
    assert.equal((await status(there)).code, 'SESSION_CLOSED');
    const news = await own.read();
    assert.equal(news.done, false);
    await own.cancel();
  });
});
