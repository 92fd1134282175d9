import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Bytes, bytesToHex, equalBytes } from '@serment/core/bytes';
import { sha256 } from '@serment/core/hash';
import { signCheckpoint } from '@serment/core/journal/checkpoint';
import { cosignCheckpoint } from '@serment/core/journal/cosignature';
import { governanceStream } from '@serment/core/journal/header';
import { encodeAppendRequest } from '@serment/core/wire/append';
import { encodeChallengeRequest } from '@serment/core/wire/session';
import { encodeCosignature, parseCosignatures, parseGovernanceAnswer } from '@serment/core/wire/witness';
import type { FastifyInstance } from 'fastify';
import type { TestPractice } from '../../../packages/core/test/journal/practice-fixture.ts';
import { signerNamed, type TestSigner } from '../../../packages/core/test/journal/signer.ts';
import {
  catchUp,
  openTestVault,
  recordsDraft,
  send,
  sent,
  type TestVault,
} from '../../../packages/store/test/test-vault.ts';
import { ask, makeApp, signIn } from './test-app.ts';

const name = 'witness.example/w1';
const payload = new Uint8Array(300);
let vault: TestVault;
let app: FastifyInstance;
let practice: TestPractice;
let member: Bytes;
let witness: TestSigner;
let base: string;
before(async () => {
  vault = await openTestVault();
  app = await makeApp(vault.store);
  practice = await vault.createPractice('witnessed');
  base = `/api/practices/${bytesToHex(practice.practice)}`;
  member = await signIn(app, practice);
  witness = await signerNamed('witness of the routes');
});
after(async () => {
  await app.close();
  await vault.close();
});

async function govern(body: ReturnType<TestPractice['witnessBody']>): Promise<void> {
  await catchUp(vault.store, practice);
  const statement = await practice.statement({ signer: practice.device, body });
  const answer = await ask(app, 'POST', `${base}/entries`, {
    token: member,
    body: encodeAppendRequest([sent(statement)]),
  });
  assert.equal(answer.status, 200);
  await catchUp(vault.store, practice);
}

const noteNow = async () => (await ask(app, 'GET', `${base}/checkpoint`, { token: member })).text;
const cosign = async (note: string, time: number, signer = witness) =>
  cosignCheckpoint(note, vault.hostKeys.signer.author, { name, signer, time });
const put = (note: string, token: Bytes) =>
  ask(app, 'PUT', `${base}/cosignature`, { token, body: encodeCosignature(note) });
const kept = async (token = member) =>
  parseCosignatures((await ask(app, 'GET', `${base}/cosignatures`, { token })).bytes);

describe('a witness at the host', () => {
  it('gets in once the practice names it, and is told nothing before', async () => {
    await assert.rejects(signIn(app, practice, witness));
    const who = { practice: practice.practice, author: witness.author };
    assert.equal((await ask(app, 'POST', '/api/challenges', { body: encodeChallengeRequest(who) })).status, 200);
    await govern(practice.witnessBody(name, witness.author));
    await signIn(app, practice, witness);
  });

  it('reads checkpoints, proofs and governance, and nothing else', async () => {
    const token = await signIn(app, practice, witness);
    const { size } = practice;
    for (const path of [
      '/checkpoint',
      `/proofs/consistency?from=1&to=${size}`,
      `/proofs/inclusion?index=0&size=${size}`,
      '/governance',
    ])
      assert.equal((await ask(app, 'GET', base + path, { token })).status, 200, path);
    const stream = bytesToHex(new Uint8Array(16));
    for (const path of [
      '',
      '/entries',
      `/streams/${stream}`,
      '/copies',
      '/drills',
      '/drafts',
      '/events',
      '/cosignatures',
    ])
      assert.equal((await ask(app, 'GET', base + path, { token })).code, 'MEMBER_REQUIRED', path);
    for (const path of ['/entries', '/payloads', '/uploads', '/drills'])
      assert.equal((await ask(app, 'POST', base + path, { token, body: new Uint8Array([0x81, 1]) })).status, 403, path);
    assert.equal((await ask(app, 'GET', '/api/account', { token })).code, 'MEMBER_REQUIRED');
  });

  it('is given the governance stream alone, page by page', async () => {
    await send(vault.store, practice, recordsDraft(practice, sha256(payload)), payload);
    const token = await signIn(app, practice, witness);
    const { entries, next } = parseGovernanceAnswer((await ask(app, 'GET', `${base}/governance`, { token })).bytes);
    assert.equal(next, null);
    const governed = practice.entries.flatMap(({ header, bytes }, index) =>
      equalBytes(header.stream, governanceStream) ? [[index, bytes]] : [],
    );
    assert.deepEqual(entries, governed);
    const later = await ask(app, 'GET', `${base}/governance?from=3`, { token });
    assert.deepEqual(parseGovernanceAnswer(later.bytes).entries[0]?.[0], 3);
  });

  it('gives its cosignature, which members read and no other practice', async () => {
    const token = await signIn(app, practice, witness);
    const note = await cosign(await noteNow(), 1_790_000_000);
    assert.equal((await put(note, token)).status, 204);
    assert.deepEqual(await kept(), [{ key: witness.author, note }]);
    const other = await vault.createPractice('beside');
    const foreign = await signIn(app, other);
    const at = `/api/practices/${bytesToHex(other.practice)}/cosignatures`;
    assert.deepEqual(parseCosignatures((await ask(app, 'GET', at, { token: foreign })).bytes), []);
  });

  it('replaces it by a later one, and by no earlier one that comes again', async () => {
    const token = await signIn(app, practice, witness);
    const head = await noteNow();
    const [late, early] = [await cosign(head, 1_790_000_100), await cosign(head, 1_790_000_050)];
    assert.equal((await put(late, token)).status, 204);
    assert.equal((await put(early, token)).status, 204);
    assert.deepEqual((await kept())[0]?.note, late);
  });

  it('is refused another head, another signature, and what is no note', async () => {
    const token = await signIn(app, practice, witness);
    const head = { practice: practice.practice, fence: 1, size: practice.size, root: practice.root() };
    const host = vault.hostKeys.signer;
    for (const [shown, status, code] of [
      [await signCheckpoint({ ...head, root: sha256() }, host), 409, 'COSIGNATURE_REFUSED'],
      [await signCheckpoint({ ...head, size: head.size + 9 }, host), 409, 'COSIGNATURE_REFUSED'],
      [await signCheckpoint({ ...head, fence: 2 }, host), 409, 'COSIGNATURE_REFUSED'],
      [await signCheckpoint({ ...head, practice: sha256() }, host), 409, 'COSIGNATURE_REFUSED'],
    ] as const) {
      const answer = await put(await cosign(shown, 1_790_000_200), token);
      assert.deepEqual([answer.status, answer.code], [status, code]);
    }
    const stranger = await signerNamed('another witness');
    for (const note of [await noteNow(), await cosign(await noteNow(), 1_790_000_200, stranger)])
      assert.equal((await put(note, token)).code, 'COSIGNATURE_INVALID');
    assert.equal((await put('no note', token)).code, 'CHECKPOINT_INVALID');
    assert.equal((await put('x'.repeat(30_000), token)).status, 413);
    assert.equal((await ask(app, 'PUT', `${base}/cosignature`, { token, body: new Uint8Array(3) })).status, 400);
    assert.equal((await put(await cosign(await noteNow(), 1_790_000_300), member)).status, 404);
  });

  it('is shut out, and its word kept from members, once the practice lets it go', async () => {
    const token = await signIn(app, practice, witness);
    await govern(practice.witnessBody(null, witness.author));
    assert.equal((await ask(app, 'GET', `${base}/checkpoint`, { token })).code, 'SESSION_REQUIRED');
    await assert.rejects(signIn(app, practice, witness));
    assert.deepEqual(await kept(), []);
  });
});
