import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { encodeCanonical } from '@serment/core/cbor';
import {
  type EnrolmentEnding,
  encodeEnrolmentEnding,
  encodeEnrolmentStart,
  encodeEnrolmentTake,
  encodeNewcomerRevealed,
  encodeOpenerAnswer,
  parseEnrolmentBegun,
  parseEnrolmentTaken,
  parseNewcomerStanding,
  parseOpenerStanding,
} from '@serment/core/wire/enrolment';
import type { Store } from '@serment/store/store';
import type { FastifyInstance } from 'fastify';
import type { TestMember, TestPractice } from '../../../packages/core/test/journal/practice-fixture.ts';
import { signerFromSeed, type TestSigner } from '../../../packages/core/test/journal/signer.ts';
import { mirror, openTestVault, send, sent, type TestVault } from '../../../packages/store/test/test-vault.ts';
import { type Answer, ask, makeApp, signIn } from './test-app.ts';

let vault: TestVault;
let store: Store;
let app: FastifyInstance;
let practice: TestPractice;
let stranger: TestPractice;
let desk: TestMember;
let now = 1_900_000_000_000;
before(async () => {
  vault = await openTestVault();
  store = await vault.openAgain({ clock: () => now });
  app = await makeApp(store, { clock: () => now });
  const founded = await vault.createPractice('own', store);
  stranger = await vault.createPractice('stranger', store);
  const from = founded.size;
  desk = await founded.addMember('desk', ['admin']);
  await store.append(
    founded.practice,
    founded.entries.slice(from).map((entry) => sent(entry)),
  );
  practice = await mirror(store, founded.practice, founded);
});
// No throttle of one test is another's.
beforeEach(() => {
  now += 16 * 60_000;
});
after(async () => {
  await app.close();
  await vault.close();
});

const filled = (sizeBytes: number, fill: number): Bytes => new Uint8Array(sizeBytes).fill(fill);
const commitment = filled(32, 1);
const answer = encodeOpenerAnswer({ nonce: filled(32, 2), tag: null });
const revealedBy = (author: Bytes) =>
  encodeNewcomerRevealed({ author, recipient: filled(1216, 4), nonce: filled(32, 5), proof: filled(64, 6) });
const revealed = revealedBy(filled(32, 3));

interface Begun {
  /** Of the newcomer. */
  readonly path: string;
  readonly reference: string;
}

async function begin(): Promise<Begun> {
  const begun = await ask(app, 'POST', '/api/enrolments', { body: encodeEnrolmentStart(commitment) });
  assert.equal(begun.status, 200, begun.text);
  const { enrolment, reference, expires } = parseEnrolmentBegun(begun.bytes);
  assert.equal(expires, now + 5 * 60_000);
  return { path: `/api/enrolments/${bytesToHex(enrolment)}`, reference: bytesToHex(reference) };
}

/** An opener's four requests, in the session of that device. */
async function opener(reference: string, { of = practice, signer = of.device }: Session = {}) {
  const token = await signIn(app, of, signer);
  const path = `/api/practices/${bytesToHex(of.practice)}/enrolments/${reference}`;
  return {
    take: (body: Bytes = encodeEnrolmentTake()) => ask(app, 'POST', path, { token, body }),
    answer: (body = answer) => ask(app, 'PUT', path, { token, body }),
    look: () => ask(app, 'GET', path, { token }),
    end: (ending: EnrolmentEnding) => ask(app, 'POST', `${path}/end`, { token, body: encodeEnrolmentEnding(ending) }),
  };
}

interface Session {
  readonly of?: TestPractice;
  readonly signer?: TestSigner;
}

const reveal = ({ path }: Begun, body = revealed) => ask(app, 'PUT', path, { body });
const look = async ({ path }: Begun) => parseNewcomerStanding((await ask(app, 'GET', path)).bytes);
const end = ({ path }: Begun, ending: EnrolmentEnding) =>
  ask(app, 'POST', `${path}/end`, { body: encodeEnrolmentEnding(ending) });
const told = ({ status, code }: Answer) => `${status} ${code ?? ''}`.trim();

async function alerts(of = practice): Promise<number> {
  const { entries } = await mirror(store, of.practice, of);
  return entries.filter(({ header: { body } }) => body.kind === 'access' && body.what === 'device-different').length;
}

describe('an enrolment by an open device', () => {
  it('gives each side what the other gave, in order, and the same again to who lost an answer', async () => {
    const begun = await begin();
    assert.deepEqual(await look(begun), { state: 'open', given: null });
    assert.equal(told(await reveal(begun)), '409 ENROLMENT_ORDER');
    const open = await opener(begun.reference);
    for (const again of [await open.take(), await open.take()]) {
      assert.deepEqual(parseEnrolmentTaken(again.bytes), { commitment, expires: now + 5 * 60_000 });
    }
    assert.equal(told(await reveal(begun)), '409 ENROLMENT_ORDER');
    assert.deepEqual(await look(begun), { state: 'open', given: null });
    for (const again of [await open.answer(), await open.answer()]) assert.equal(again.status, 204);
    const { author } = practice.device;
    const shown = { practice: practice.practice, member: practice.founder, author, nonce: filled(32, 2), tag: null };
    assert.deepEqual(await look(begun), { state: 'open', given: shown });
    assert.deepEqual(parseOpenerStanding((await open.look()).bytes), { state: 'open', given: null });
    for (const again of [await reveal(begun), await reveal(begun)]) assert.equal(again.status, 204);
    const given = parseOpenerStanding((await open.look()).bytes);
    assert.deepEqual([given.state, given.given?.author, given.given?.proof], ['open', filled(32, 3), filled(64, 6)]);
  });

  it('has one attempt: another answer, another reveal or another opener is refused', async () => {
    const begun = await begin();
    const open = await opener(begun.reference);
    await open.take();
    await open.answer();
    assert.equal(
      told(await open.answer(encodeOpenerAnswer({ nonce: filled(32, 9), tag: null }))),
      '409 ENROLMENT_ORDER',
    );
    const tagged = encodeOpenerAnswer({ nonce: filled(32, 2), tag: filled(32, 9) });
    assert.equal(told(await open.answer(tagged)), '409 ENROLMENT_ORDER');
    await reveal(begun);
    assert.equal(told(await reveal(begun, revealedBy(filled(32, 9)))), '409 ENROLMENT_ORDER');
    for (const session of [{ signer: desk.device }, { of: stranger }]) {
      const other = await opener(begun.reference, session);
      for (const refused of [
        await other.take(),
        await other.answer(),
        await other.look(),
        await other.end('different'),
      ])
        assert.equal(told(refused), '404 NOT_FOUND');
    }
    assert.deepEqual((await look(begun)).state, 'open');
  });

  it('answers alike for what another took, what ended, what is past and what never was', async () => {
    const [taken, ended, past] = [await begin(), await begin(), await begin()];
    await (await opener(taken.reference)).take();
    await end(ended, 'cancelled');
    now += 5 * 60_000 + 1;
    const fresh = await begin();
    await (await opener(fresh.reference)).take();
    const answers: string[] = [];
    for (const reference of [fresh.reference, ended.reference, past.reference, 'ab'.repeat(5), 'zz', 'ab'.repeat(6)]) {
      const other = await opener(reference, { of: stranger });
      const { status, text } = await other.take();
      answers.push(`${status} ${text}`, `${(await other.look()).status} ${(await other.look()).text}`);
    }
    assert.deepEqual(new Set(answers).size, 1, answers.join('\n'));
    for (const path of [past.path, `/api/enrolments/${'ab'.repeat(16)}`, '/api/enrolments/zz'])
      assert.equal(told(await ask(app, 'GET', path)), '404 NOT_FOUND');
    assert.equal(told(await reveal(past)), '404 NOT_FOUND');
    assert.equal(told(await end(past, 'different')), '404 NOT_FOUND');
  });

  it('takes nothing more once it ended, and keeps the first ending', async () => {
    const begun = await begin();
    const open = await opener(begun.reference);
    await open.take();
    await open.answer();
    assert.equal((await end(begun, 'cancelled')).status, 204);
    assert.equal((await open.end('refused')).status, 204);
    assert.equal(parseOpenerStanding((await open.look()).bytes).state, 'cancelled');
    assert.equal(told(await open.answer()), '409 ENROLMENT_ORDER');
    assert.equal(told(await reveal(begun)), '409 ENROLMENT_ORDER');
    assert.equal(told(await open.take()), '404 NOT_FOUND');
  });

  it('writes in the opener’s journal, once, that the codes were different', async () => {
    const before = await alerts();
    const unknown = await begin();
    await end(unknown, 'different');
    assert.equal(await alerts(), before);
    const begun = await begin();
    const open = await opener(begun.reference, { signer: desk.device });
    await open.take();
    assert.equal((await end(begun, 'different')).status, 204);
    assert.equal((await open.end('different')).status, 204);
    assert.equal((await end(begun, 'different')).status, 204);
    assert.equal(await alerts(), before + 1);
    assert.equal(await alerts(stranger), 0);
    const { entries } = await mirror(store, practice.practice, practice);
    const body = entries.findLast(({ header }) => header.body.kind === 'access')?.header.body;
    assert.deepEqual(body, {
      ...{ kind: 'access', what: 'device-different' },
      ...{ member: desk.member, author: desk.device.author },
    });
  });

  it('is added when the journal names the device, whoever says so', async () => {
    const own = await mirror(store, practice.practice, practice);
    const begun = await begin();
    const open = await opener(begun.reference);
    const device = await signerFromSeed(own.random(32));
    await open.take();
    await open.answer();
    await reveal(begun, revealedBy(device.author));
    assert.equal((await look(begun)).state, 'open');
    await send(store, own, { signer: own.device, body: await own.deviceBody(own.founder, device) });
    assert.equal((await look(begun)).state, 'added');
    assert.equal(parseOpenerStanding((await open.look()).bytes).state, 'added');
    // A person may still say that the codes were different: members are told.
    const before = await alerts();
    await end(begun, 'different');
    assert.equal(await alerts(), before + 1);
    practice = own;
  });

  it('is no business of a kit, nor of who is stopped, out of its term or revoked', async () => {
    const own = await mirror(store, practice.practice, practice);
    const begun = await begin();
    assert.equal(told(await (await opener(begun.reference, { signer: own.kit })).take()), '403 MEMBER_REQUIRED');
    const waiting = await opener(begun.reference, { signer: desk.device });
    await waiting.take();
    await send(store, own, { signer: own.device, body: own.freezeBody(desk.device.author) });
    assert.equal(told(await waiting.answer()), '401 AUTHOR_FROZEN');
    await send(store, own, { signer: own.device, body: own.freezeBody(desk.device.author, false) });
    const term = { kind: 'term', member: desk.member, from: null, until: 1 } as const;
    const late = await opener(begun.reference, { signer: desk.device });
    await send(store, own, { signer: own.device, body: term });
    assert.equal(told(await late.look()), '401 TERM_OUTSIDE');
    await send(store, own, { signer: own.device, body: { ...term, until: null } });
    const revoked = await opener(begun.reference, { signer: desk.device });
    await send(store, own, { signer: own.device, body: own.revokeBody(desk.device.author) });
    assert.equal(told(await revoked.end('different')), '401 AUTHOR_REVOKED');
    assert.equal((await look(begun)).state, 'open');
  });

  it('refuses hostile bodies with a code, and changes nothing for them', async () => {
    const begun = await begin();
    const open = await opener(begun.reference);
    await open.take();
    const hostile: readonly Bytes[] = [
      new Uint8Array(0),
      filled(64, 0xff),
      encodeCanonical([1, null, null, null, null, null]),
      encodeCanonical([2, commitment]),
      encodeCanonical([1, filled(31, 1)]),
    ];
    for (const body of hostile)
      for (const refused of [
        await ask(app, 'POST', '/api/enrolments', { body }),
        await reveal(begun, body),
        await ask(app, 'POST', `${begun.path}/end`, { body }),
        await open.take(body),
        await open.answer(body),
      ])
        assert.equal(refused.status, 400, refused.text);
    assert.equal(told(await reveal(begun, filled(5000, 0))), '413 TOO_LARGE');
    assert.deepEqual(await look(begun), { state: 'open', given: null });
  });

  it('is throttled for who begins, for who looks and for who tries references out', async () => {
    const start = { body: encodeEnrolmentStart(commitment) };
    const begun = await begin();
    for (let count = 1; count < 60; count += 1) await begin();
    assert.equal(told(await ask(app, 'POST', '/api/enrolments', start)), '429 THROTTLED');
    for (let count = 0; count < 300; count += 1) assert.equal((await look(begun)).state, 'open');
    assert.equal(told(await ask(app, 'GET', begun.path)), '429 THROTTLED');
    const guess = await opener('ab'.repeat(5), { of: stranger });
    for (let count = 0; count < 20; count += 1) assert.equal((await guess.take()).status, 404);
    assert.equal(told(await guess.take()), '429 THROTTLED');
    now += 60_001;
    await begin();
  });
});
