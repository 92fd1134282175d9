import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { encodeCanonical } from '@serment/core/cbor';
import { encodeDraftWrite, parseDraftAnswer, parseDraftList } from '@serment/core/wire/draft';
import type { FastifyInstance } from 'fastify';
import type { TestPractice } from '../../../packages/core/test/journal/practice-fixture.ts';
import { makeTestPractice, openTestVault, sent, type TestVault } from '../../../packages/store/test/test-vault.ts';
import { ask, makeApp, signIn } from './test-app.ts';

let vault: TestVault;
let app: FastifyInstance;
let practice: TestPractice;
let token: Bytes;
let base: string;
before(async () => {
  vault = await openTestVault();
  app = await makeApp(vault.store);
  practice = await vault.createPractice('drafts');
  token = await signIn(app, practice);
  base = `/api/practices/${bytesToHex(practice.practice)}`;
});
after(async () => {
  await app.close();
  await vault.close();
});

describe('drafts', () => {
  it('replace the revision that they name, are listed, read and removed', async () => {
    const slot = 'cd'.repeat(16);
    const draft = (revision: number) => encodeCanonical([1, 'clinical', 1, revision, new Uint8Array(70)]);
    const put = (replaced: number, revision = replaced + 1) =>
      ask(app, 'PUT', `${base}/drafts/${slot}`, {
        token,
        body: encodeDraftWrite({ replaced, draft: draft(revision) }),
      });
    assert.equal((await put(0)).status, 204);
    assert.equal((await put(0)).code, 'DRAFT_STALE');
    assert.equal((await put(1, 5)).code, 'WIRE_INVALID');
    assert.equal((await put(1)).status, 204);
    const read = await ask(app, 'GET', `${base}/drafts/${slot}`, { token });
    assert.deepEqual(parseDraftAnswer(read.bytes), draft(2));
    const list = parseDraftList((await ask(app, 'GET', `${base}/drafts`, { token })).bytes);
    assert.deepEqual(
      list.map(({ revision }) => revision),
      [2],
    );
    assert.equal((await ask(app, 'DELETE', `${base}/drafts/${slot}?revision=2`, { token })).status, 404);
    assert.equal((await ask(app, 'GET', `${base}/drafts/${slot}`, { token })).status, 200);
  });

  it('are of a compartment that the member holds, and of nobody else', async () => {
    const own = await makeTestPractice('drafting', vault.hostKeys);
    const desk = await own.addMember('desk', ['admin']);
    await vault.store.create(own.entries.map((entry) => sent(entry)));
    const drafts = `/api/practices/${bytesToHex(own.practice)}/drafts`;
    const [doctors, theirs] = [await signIn(app, own), await signIn(app, own, desk.device)];
    const write = (by: Bytes, slot: string, compartment: string, replaced: number) => {
      const draft = encodeCanonical([1, compartment, 1, replaced + 1, new Uint8Array(70)]);
      const body = encodeDraftWrite({ replaced, draft });
      return ask(app, 'PUT', `${drafts}/${slot}`, { token: by, body });
    };
    const put = (slot: string, compartment: string, replaced: number) => write(theirs, slot, compartment, replaced);
    assert.equal((await write(doctors, 'cd'.repeat(16), 'clinical', 0)).status, 204);
    assert.equal((await put('ab'.repeat(16), 'clinical', 0)).code, 'DRAFT_FORBIDDEN');
    assert.equal((await put('cd'.repeat(16), 'admin', 1)).status, 403);
    assert.equal((await put('ab'.repeat(16), 'admin', 0)).status, 204);
    const list = parseDraftList((await ask(app, 'GET', drafts, { token: theirs })).bytes);
    assert.deepEqual(
      list.map(({ slot }) => bytesToHex(slot)),
      ['ab'.repeat(16)],
    );
    assert.equal((await ask(app, 'GET', `${drafts}/${'cd'.repeat(16)}`, { token: theirs })).status, 404);
  });
});

describe('drafts of another member', () => {
  it('are listed, read and emptied by a doctor’s device, and begun by none', async () => {
    const own = await makeTestPractice('handing over', vault.hostKeys);
    const desk = await own.addMember('desk', ['admin']);
    await vault.store.create(own.entries.map((entry) => sent(entry)));
    const base = `/api/practices/${bytesToHex(own.practice)}`;
    const [doctors, theirs] = [await signIn(app, own), await signIn(app, own, desk.device)];
    const kits = await signIn(app, own, own.kit);
    const slot = 'ab'.repeat(16);
    const bodyOf = (replaced: number, compartment = 'admin') =>
      encodeDraftWrite({ replaced, draft: encodeCanonical([1, compartment, 1, replaced + 1, new Uint8Array(70)]) });
    await ask(app, 'PUT', `${base}/drafts/${slot}`, { token: theirs, body: bodyOf(0) });
    const left = `${base}/members/${bytesToHex(desk.member)}/drafts`;
    const list = parseDraftList((await ask(app, 'GET', left, { token: doctors })).bytes);
    assert.deepEqual(
      list.map((one) => [bytesToHex(one.slot), one.revision]),
      [[slot, 1]],
    );
    assert.equal((await ask(app, 'GET', `${left}/${slot}`, { token: doctors })).status, 200);
    const put = (at: string, body: Bytes, token = doctors) => ask(app, 'PUT', `${left}/${at}`, { token, body });
    assert.equal((await put(slot, bodyOf(4))).code, 'DRAFT_STALE');
    assert.equal((await put('ef'.repeat(16), bodyOf(0))).code, 'DRAFT_STALE');
    assert.equal((await put(slot, bodyOf(1, 'private/00'))).code, 'DRAFT_FORBIDDEN');
    assert.equal((await put(slot, bodyOf(1))).status, 204);
    // It stays the member's slot.
    assert.equal((await ask(app, 'GET', `${base}/drafts/${slot}`, { token: doctors })).status, 404);
    const again = await ask(app, 'PUT', `${base}/drafts/${slot}`, { token: theirs, body: bodyOf(2) });
    assert.equal(again.status, 204);
    const nobody = `${base}/members/${'ee'.repeat(16)}/drafts`;
    assert.equal((await ask(app, 'GET', nobody, { token: doctors })).status, 404);
    const doctorsOwn = `${base}/members/${bytesToHex(own.founder)}/drafts`;
    for (const path of [left, `${left}/${slot}`, nobody, doctorsOwn, `${base}/members/zz/drafts`])
      for (const token of [theirs, kits])
        assert.equal((await ask(app, 'GET', path, { token })).code, 'DRAFT_FORBIDDEN', path);
    assert.equal((await put(slot, bodyOf(3), theirs)).code, 'DRAFT_FORBIDDEN');
    assert.equal((await ask(app, 'GET', left)).code, 'SESSION_REQUIRED');
    assert.equal((await ask(app, 'GET', left, { token: await signIn(app, practice) })).status, 404);
  });
});
