import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { sha256 } from '@serment/core/hash';
import { inboxStream } from '@serment/core/journal/header';
import { encodePayloadsRequest, parsePayloadsAnswer, parseStreamAnswer } from '@serment/core/wire/read';
import type { Store } from '@serment/store/store';
import type { FastifyInstance } from 'fastify';
import type { TestMember, TestPractice } from '../../../packages/core/test/journal/practice-fixture.ts';
import type { TestSigner } from '../../../packages/core/test/journal/signer.ts';
import { catchUp, mirror, openTestVault, send, sent, type TestVault } from '../../../packages/store/test/test-vault.ts';
import { ask, makeApp, signIn } from './test-app.ts';

const hourMs = 3_600_000;
const named = (text: string) => sha256(new TextEncoder().encode(text));
const payload = named('sealed deposit');
const document = named('sealed scan');

describe('deposits at the server', () => {
  let vault: TestVault;
  let store: Store;
  let app: FastifyInstance;
  let now = 1_790_000_000_000;
  let practice: TestPractice;
  let members: Record<'desk' | 'colleague' | 'accountant' | 'secretary', TestMember>;
  let index = 0;
  let base = '';

  before(async () => {
    vault = await openTestVault();
    const clock = () => now;
    store = await vault.openFresh({ clock });
    app = await makeApp(store, { clock });
    practice = await vault.createPractice('deposits', store);
    const from = practice.size;
    members = {
      desk: await practice.addMember('desk', ['admin']),
      colleague: await practice.addMember('desk', ['admin']),
      accountant: await practice.addMember('accountant', ['billing']),
      secretary: await practice.addMember('medical-secretary', ['admin', 'clinical']),
    };
    await store.append(
      practice.practice,
      practice.entries.slice(from).map((entry) => sent(entry)),
    );
    practice = await mirror(store, practice.practice, practice);
    base = `/api/practices/${bytesToHex(practice.practice)}`;
    await store.uploads.put(practice.practice, sha256(document), document);
    index = await deposit(members.desk);
  });
  after(async () => {
    await app?.close();
    await vault?.close();
  });

  async function deposit({ member, device }: TestMember): Promise<number> {
    const draft = {
      ...{ signer: device, body: practice.depositBody(), stream: inboxStream(member), compartment: 'clinical' },
      ...{ payloadHash: sha256(payload), blobs: [{ hash: sha256(document), size: document.length }] },
    };
    const { receipts } = await send(store, practice, draft, payload);
    return receipts[0]?.index ?? -1;
  }

  /** Status of each way to the bytes, and whether they came. */
  async function reading(signer: TestSigner, of: TestMember = members.desk) {
    const token = await signIn(app, practice, signer);
    const stream = await ask(app, 'GET', `${base}/streams/${bytesToHex(inboxStream(of.member))}`, { token });
    const body = encodePayloadsRequest([index]);
    const payloads = await ask(app, 'POST', `${base}/payloads`, { token, body });
    const blob = await ask(app, 'GET', `${base}/blobs/${bytesToHex(sha256(document))}`, { token });
    await catchUp(store, practice);
    const given = (bytes: readonly { readonly payload: Bytes | null }[]) => bytes.map(({ payload: one }) => one);
    return {
      stream: stream.status === 200 ? given(parseStreamAnswer(stream.bytes).payloads) : stream.code,
      payloads: payloads.status === 200 ? given(parsePayloadsAnswer(payloads.bytes)) : payloads.code,
      blob: blob.status === 200 ? blob.bytes : blob.code,
    };
  }

  const whole = { stream: [payload], payloads: [payload], blob: document };
  const nothing = { stream: 'NOT_FOUND', payloads: 'NOT_FOUND', blob: 'NOT_FOUND' };

  test('whoever holds clinical reads a deposit', async () => {
    assert.deepEqual(await reading(practice.device), whole);
    assert.deepEqual(await reading(members.secretary.device), whole);
  });

  test('its author reads it again for 24 hours by the host\u2019s clock, and no longer', async () => {
    const at = now;
    now = at + 24 * hourMs - 1;
    assert.deepEqual(await reading(members.desk.device), whole);
    now = at + 24 * hourMs + 1;
    assert.deepEqual(await reading(members.desk.device), { ...nothing, stream: [] });
    assert.deepEqual(await reading(practice.device), whole);
  });

  test('a member who names an old document in a new deposit gets nothing of it', async () => {
    await deposit(members.colleague);
    const { blob } = await reading(members.colleague.device);
    assert.equal(blob, 'NOT_FOUND');
  });

  test('to others it is as if there were none, whether the inbox holds anything or not', async () => {
    for (const { device } of [members.colleague, members.accountant]) assert.deepEqual(await reading(device), nothing);
    const { stream } = await reading(members.colleague.device, members.accountant);
    assert.equal(stream, 'NOT_FOUND');
    assert.deepEqual((await reading(members.accountant.device, members.accountant)).stream, []);
  });
});
