import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { sha256 } from '@serment/core/hash';
import type { Body } from '@serment/core/journal/body';
import type { Statement } from '@serment/core/journal/entry';
import { encodeAppendRequest } from '@serment/core/wire/append';
import { parseErrorBody } from '@serment/core/wire/error-body';
import {
  encodeChallengeRequest,
  encodeSessionRequest,
  parseChallenge,
  sessionMessage,
} from '@serment/core/wire/session';
import type { Store } from '@serment/store/store';
import type { FastifyInstance } from 'fastify';
import type { TestMember, TestPractice } from '../../../packages/core/test/journal/practice-fixture.ts';
import type { TestSigner } from '../../../packages/core/test/journal/signer.ts';
import {
  catchUp,
  mirror,
  openTestVault,
  recordsDraft,
  send,
  sent,
  type TestVault,
} from '../../../packages/store/test/test-vault.ts';
import { type Answer, ask, makeApp, signIn } from './test-app.ts';

let vault: TestVault;
let store: Store;
let app: FastifyInstance;
let now = 1_900_000_000_000;
const payload = new Uint8Array(900).fill(8);
before(async () => {
  vault = await openTestVault();
  store = await vault.openAgain({ clock: () => now });
  app = await makeApp(store, { clock: () => now });
});
after(async () => {
  await app.close();
  await vault.close();
});

interface Scene {
  readonly practice: TestPractice;
  readonly desk: TestMember;
  readonly base: string;
  govern(body: Body, signer?: TestSigner): Promise<unknown>;
  /** Sends a save of this author in the founder's session. */
  save(signer: TestSigner): Promise<Answer>;
}

/** A practice with a desk, at the server. */
async function makeScene(name: string): Promise<Scene> {
  const founded = await vault.createPractice(name, store);
  const from = founded.size;
  const desk = await founded.addMember('desk', ['admin']);
  const added = founded.entries.slice(from).map((entry) => sent(entry));
  await store.append(founded.practice, added);
  const own = await mirror(store, founded.practice, founded);
  const base = `/api/practices/${bytesToHex(own.practice)}`;
  return {
    ...{ practice: own, desk, base },
    govern: (body, signer = own.device) => send(store, own, { signer, body }),
    async save(signer) {
      await catchUp(store, own);
      const token = await signIn(app, own);
      const statement = await own.statement(recordsDraft(own, sha256(payload), { signer }));
      return ask(app, 'POST', `${base}/entries`, { token, body: encodeAppendRequest([sent(statement, payload)]) });
    },
  };
}

/** Asks for a session, with a signature that may be another's. */
async function openSession(practice: TestPractice, signer: TestSigner, by = signer): Promise<Answer> {
  const who = { practice: practice.practice, author: signer.author };
  const challenge = await ask(app, 'POST', '/api/challenges', { body: encodeChallengeRequest(who) });
  const { nonce } = parseChallenge(challenge.bytes);
  const signature = await by.sign(sessionMessage(who, nonce));
  return ask(app, 'POST', '/api/sessions', { body: encodeSessionRequest({ ...who, nonce, signature }) });
}

const answerOf = ({ status, text }: Answer) => {
  const { code, fields } = parseErrorBody(text);
  return { status, code, fields };
};
const get = (base: string, token: Bytes) => ask(app, 'GET', `${base}/entries`, { token });

describe('a device that is stopped', () => {
  it('has its session ended, opens none and writes nothing, until it is freed', async () => {
    const { practice, desk, base, govern, save } = await makeScene('stopped');
    const token = await signIn(app, practice, desk.device);
    assert.equal((await get(base, token)).status, 200);
    await govern(practice.freezeBody(desk.device.author));
    assert.deepEqual(answerOf(await get(base, token)), { status: 401, code: 'AUTHOR_FROZEN', fields: {} });
    assert.equal((await get(base, token)).code, 'SESSION_REQUIRED');
    assert.equal((await openSession(practice, desk.device)).code, 'AUTHOR_FROZEN');
    const refused = answerOf(await save(desk.device));
    assert.deepEqual([refused.status, refused.code, refused.fields.refusal], [403, 'REFUSED', 'AUTHOR_FROZEN']);
    const self = await practice.statement({
      signer: desk.device,
      body: practice.freezeBody(desk.device.author, false),
    });
    await assert.rejects(store.append(practice.practice, [sent(self)]), { code: 'REFUSED' });
    await govern(practice.freezeBody(desk.device.author, false));
    assert.equal((await get(base, token)).code, 'SESSION_REQUIRED');
    assert.equal((await get(base, await signIn(app, practice, desk.device))).status, 200);
    assert.equal((await save(desk.device)).status, 200);
  });

  it('does not outrun it by writing on', async () => {
    const { practice, desk } = await makeScene('writing on');
    const statements: Statement[] = [];
    const seen = practice.head();
    for (let count = 0; count < 30; count += 1) {
      const statement = await practice.statement(
        recordsDraft(practice, sha256(payload), { signer: desk.device, seen }),
      );
      statements.push(statement);
      practice.accept(statement);
    }
    const freeze = await practice.statement({
      signer: practice.kit,
      body: practice.freezeBody(desk.device.author),
      base: practice.entries[0]?.id ?? null,
      seen: { size: 1, root: practice.entries[0]?.leaf ?? new Uint8Array(32) },
    });
    const answers = await Promise.allSettled(
      [...statements.slice(0, 15), freeze, ...statements.slice(15)].map((one) =>
        store.append(practice.practice, [sent(one, one === freeze ? null : payload)]),
      ),
    );
    const taken = answers.map(({ status }) => status === 'fulfilled');
    assert.deepEqual(
      taken,
      answers.map((_, place) => place < 16),
    );
  });
});

describe('a member with a term', () => {
  it('has sessions and writes within it, and is told when it is', async () => {
    const { practice, desk, base, govern, save } = await makeScene('term');
    const token = await signIn(app, practice, desk.device);
    const [from, until] = [now + 60_000, now + 120_000];
    await govern({ kind: 'term', member: desk.member, from, until });
    const told = { status: 401, code: 'TERM_OUTSIDE', fields: { from, until } };
    assert.deepEqual(answerOf(await get(base, token)), told);
    assert.equal((await get(base, token)).code, 'SESSION_REQUIRED');
    assert.deepEqual(answerOf(await openSession(practice, desk.device)), told);
    assert.equal(answerOf(await save(desk.device)).fields.refusal, 'TERM_OUTSIDE');
    now = from;
    const within = await signIn(app, practice, desk.device);
    assert.equal((await get(base, within)).status, 200);
    assert.equal((await save(desk.device)).status, 200);
    now = until - 1;
    assert.equal((await get(base, within)).status, 200);
    assert.equal((await save(desk.device)).status, 200);
    now = until;
    assert.deepEqual(answerOf(await get(base, within)), told);
    assert.equal(answerOf(await save(desk.device)).fields.refusal, 'TERM_OUTSIDE');
    await govern({ kind: 'term', member: desk.member, from: null, until: null });
    assert.equal((await save(desk.device)).status, 200);
  });

  it('is received at the time that was judged, when another server’s clock was ahead', async () => {
    const { practice, desk, govern, save } = await makeScene('clock');
    const until = now + 60_000;
    await govern({ kind: 'term', member: desk.member, from: null, until });
    now = until + 1;
    await govern(practice.memberBody(practice.random(16), 'desk'));
    now = until - 1;
    const refused = answerOf(await save(desk.device));
    assert.equal(refused.fields.refusal, 'TERM_OUTSIDE');
  });
});

describe('whoever asks for a session that it may not have', () => {
  it('is told why only with the author’s own signature', async () => {
    const { practice, desk, govern } = await makeScene('proof');
    await govern(practice.freezeBody(desk.device.author));
    assert.equal((await openSession(practice, desk.device, practice.device)).code, 'CHALLENGE_INVALID');
    await govern(practice.revokeBody(desk.device.author));
    assert.equal((await openSession(practice, desk.device, practice.device)).code, 'CHALLENGE_INVALID');
    const revoked = { status: 401, code: 'AUTHOR_REVOKED', fields: { itself: false } };
    assert.deepEqual(answerOf(await openSession(practice, desk.device)), revoked);
    assert.equal((await openSession(practice, practice.host)).code, 'CHALLENGE_INVALID');
  });

  it('is told that it revoked itself', async () => {
    const { practice, desk, govern } = await makeScene('itself');
    await govern(practice.revokeBody(desk.device.author), desk.device);
    const revoked = { status: 401, code: 'AUTHOR_REVOKED', fields: { itself: true } };
    assert.deepEqual(answerOf(await openSession(practice, desk.device)), revoked);
  });
});
