import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { sha256 } from '@serment/core/hash';
import {
  encodeIdentityLogin,
  encodeIdentityProof,
  encodeIdentityRequest,
  type IdentityMethod,
  parseCardShare,
  parseIdentityAddress,
} from '@serment/core/wire/identity';
import { parseOpening } from '@serment/core/wire/login';
import { writePassword } from '@serment/store/sign-in/accounts';
import type { FastifyInstance } from 'fastify';
import type { TestPractice } from '../../../packages/core/test/journal/practice-fixture.ts';
import { openTestVault, type TestVault } from '../../../packages/store/test/test-vault.ts';
import { IdentityAttempts } from '../src/identity/attempts.ts';
import { type Answer, ask, makeApp, signIn } from './test-app.ts';

let vault: TestVault;
let app: FastifyInstance;
let practice: TestPractice;
let token: Bytes;
let now = 1_900_000_000_000;
const attempts = new IdentityAttempts(() => now);
const filled = (sizeBytes: number, fill: number) => new Uint8Array(sizeBytes).fill(fill);
const account = filled(16, 1);
const own = '810001234567';
const other = '810007654321';
const verifier = filled(32, 5);

before(async () => {
  vault = await openTestVault();
  app = await makeApp(vault.store, { clock: () => now, attempts, cardOrigin: 'https://carte.example.fr' });
  practice = await vault.createPractice('identity');
  token = await signIn(app, practice);
  const password = { record: 'r', sealedSecret: filled(3, 9), toMember: { generation: 1, sealed: filled(4, 1) } };
  const owner = { practice: practice.practice, member: practice.founder };
  await writePassword(vault.store.database, { ...owner, account, ...password });
});
after(async () => {
  await app.close();
  await vault.close();
});

async function begin(id = account, method: IdentityMethod = 'cps'): Promise<Answer & { attempt: string }> {
  const body = encodeIdentityRequest({ method, challenge: sha256(verifier) });
  const answer = await ask(app, 'POST', `/api/accounts/${bytesToHex(id)}/identity`, { body });
  return { ...answer, attempt: answer.status === 200 ? parseIdentityAddress(answer.bytes).slice(-32) : '' };
}

/** What the card's listener does once the card has shown who is there. */
async function proven(nationalId = own, id = account): Promise<{ attempt: string; code: string }> {
  const { attempt } = await begin(id);
  return { attempt, code: attempts.prove(attempt, { method: 'cps', nationalId }) };
}

function link({ attempt, code }: { attempt: string; code: string }, by = token): Promise<Answer> {
  const path = `/api/accounts/${bytesToHex(account)}/identity/${attempt}`;
  return ask(app, 'PUT', path, { token: by, body: encodeIdentityProof({ code, verifier }) });
}

function enter({ attempt, code }: { attempt: string; code: string }, change: Partial<Entering> = {}): Promise<Answer> {
  const { id = account, author = practice.device.author, shown = verifier, ticket = 1, next = 2 } = change;
  const body = encodeIdentityLogin({
    ...{ code, verifier: shown, author, ticket: filled(32, ticket), nextTicket: filled(32, next) },
  });
  return ask(app, 'POST', `/api/accounts/${bytesToHex(id)}/identity/${attempt}`, { body });
}

interface Entering {
  readonly id: Bytes;
  readonly author: Bytes;
  readonly shown: Bytes;
  readonly ticket: number;
  readonly next: number;
}

describe('entering by a card', () => {
  let share: Bytes;

  it('is offered where the host checks cards, for any account, known or not', async () => {
    const known = await begin();
    assert.match(parseIdentityAddress(known.bytes), /^https:\/\/carte\.example\.fr\/card\/[0-9a-f]{32}$/);
    const unknown = await begin(filled(16, 9));
    assert.deepEqual([unknown.status, unknown.bytes.length], [known.status, known.bytes.length]);
    assert.equal((await begin(account, 'psc')).code, 'ATTEMPT_UNKNOWN');
  });

  it('opens nothing before the card was linked from an open device', async () => {
    const refused = await enter(await proven());
    assert.deepEqual([refused.status, refused.code], [403, 'IDENTITY_MISMATCH']);
    const linked = await link(await proven());
    share = parseCardShare(linked.bytes);
    assert.equal(share.length, 32);
    assert.deepEqual(parseCardShare((await link(await proven())).bytes), share, 'other devices are sealed under it');
  });

  it('gives the account’s share to its person’s card, and opens the day', async () => {
    const opened = await enter(await proven());
    assert.deepEqual(parseOpening(opened.bytes), { isOpen: true, secret: share, openUntil: now + 16 * 3_600_000 });
  });

  it('refuses another doctor’s card, and says the same of an account that does not exist', async () => {
    const foreign = await enter(await proven(other));
    const nobody = await enter(await proven(own, filled(16, 9)), { id: filled(16, 9) });
    assert.deepEqual([foreign.status, foreign.text], [nobody.status, nobody.text]);
    assert.equal(foreign.code, 'IDENTITY_MISMATCH');
    assert.equal((await link(await proven(other))).code, 'IDENTITY_MISMATCH');
  });

  it('takes a proof once, in time, for its account, from the device that began it', async () => {
    const once = await proven();
    assert.equal((await enter(once)).status, 200);
    assert.equal((await enter(once)).code, 'ATTEMPT_UNKNOWN');
    assert.equal((await enter(await proven(own, filled(16, 9)))).code, 'ATTEMPT_UNKNOWN', 'of another account');
    assert.equal((await enter(await proven(), { shown: filled(32, 6) })).code, 'ATTEMPT_UNKNOWN', 'another verifier');
    const one = await proven();
    const wrong = { ...one, code: '00'.repeat(32) };
    assert.equal((await enter(wrong)).code, 'ATTEMPT_UNKNOWN');
    assert.equal((await enter(one)).code, 'ATTEMPT_UNKNOWN', 'a wrong code ends the attempt');
    const late = await proven();
    now += 5 * 60_000 + 1;
    assert.equal((await enter(late)).code, 'ATTEMPT_UNKNOWN');
    const { attempt } = await begin();
    assert.equal((await enter({ attempt, code: '' })).code, 'ATTEMPT_UNKNOWN', 'not proven');
  });

  it('serves no device that is not its member’s', async () => {
    const { practice: foreign } = await vault.createShared('identity-other', 1);
    assert.equal((await enter(await proven(), { author: foreign.device.author })).code, 'PASSWORD_WRONG');
    const theirs = await signIn(app, foreign);
    assert.equal((await link(await proven(), theirs)).status, 404);
  });
});
