import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { encodeCanonical } from '@serment/core/cbor';
import { beatBytes, encodeBeat, type PresenceEvent, parsePresenceEvent } from '@serment/core/wire/presence';
import type { Store } from '@serment/store/store';
import type { FastifyInstance } from 'fastify';
import type { TestPractice } from '../../../packages/core/test/journal/practice-fixture.ts';
import type { TestSigner } from '../../../packages/core/test/journal/signer.ts';
import { catchUp, openTestVault, sent, type TestVault } from '../../../packages/store/test/test-vault.ts';
import { Presences } from '../src/presences.ts';
import { type Answer, ask, makeApp, signIn } from './test-app.ts';

const beatOf = (fill: number): Bytes => new Uint8Array(beatBytes).fill(fill);
const bytes = (fill: number): Bytes => new Uint8Array(32).fill(fill);

describe('the beats of a practice', () => {
  const [practice, other] = [bytes(1), bytes(2)];
  const made = () => {
    let now = 1000;
    const presences = new Presences(() => now);
    const heard: PresenceEvent[] = [];
    const open = (author: Bytes, of = practice) =>
      presences.open({ practice: of, author, hear: (event) => heard.push(event) });
    return { presences, heard, open, wait: (ms: number) => (now += ms) };
  };

  it('reach the other authors of that practice, and no line of their own', () => {
    const { presences, heard, open } = made();
    open(bytes(7));
    open(bytes(8), other);
    const author = bytes(9);
    open(author);
    open(author);
    presences.take({ practice, author }, beatOf(3));
    assert.deepEqual(heard, [{ author, beat: beatOf(3), ageMs: 0 }]);
  });

  it('are given to who comes later, the last of each, with their age, for as long as they count', () => {
    const { presences, heard, open, wait } = made();
    presences.take({ practice, author: bytes(7) }, beatOf(1));
    presences.take({ practice, author: bytes(7) }, beatOf(2));
    presences.take({ practice: other, author: bytes(8) }, beatOf(4));
    wait(30_000);
    presences.take({ practice, author: bytes(9) }, beatOf(3));
    wait(10_000);
    open(bytes(9));
    assert.deepEqual(heard.splice(0), [{ author: bytes(7), beat: beatOf(2), ageMs: 40_000 }]);
    wait(35_000);
    open(bytes(6));
    assert.deepEqual(heard.splice(0), [{ author: bytes(9), beat: beatOf(3), ageMs: 45_000 }]);
    wait(30_000);
    open(bytes(5));
    assert.deepEqual(heard, []);
  });

  it('are kept of so many authors: the oldest give way', () => {
    const { presences, heard, open } = made();
    const authorOf = (number: number) => {
      const author = bytes(0);
      new DataView(author.buffer).setUint32(0, number);
      return author;
    };
    for (let number = 0; number < 70; number += 1) presences.take({ practice, author: authorOf(number) }, beatOf(1));
    open(bytes(9));
    assert.deepEqual(
      heard.splice(0).map(({ author }) => author),
      Array.from({ length: 64 }, (_, place) => authorOf(place + 6)),
    );
    for (let number = 0; number < 10_000; number += 1)
      presences.take({ practice: other, author: authorOf(number) }, beatOf(1));
    open(bytes(8));
    assert.deepEqual(heard, []);
  });

  it('end with the last line of their author, unless one comes back at once', async () => {
    const { presences, heard, open } = made();
    const author = bytes(9);
    open(bytes(7));
    const ends = [open(author), open(author)];
    presences.take({ practice, author }, beatOf(1));
    heard.splice(0);
    for (const end of ends) end();
    const again = open(author);
    await setTimeout(2200);
    assert.deepEqual(heard, []);
    again();
    await setTimeout(2200);
    assert.deepEqual(heard, [{ author, beat: null, ageMs: 0 }]);
    // Nobody is told twice, nor given what is forgotten.
    open(bytes(6));
    open(author)();
    await setTimeout(2200);
    assert.equal(heard.length, 1);
  });
});

describe('presence', () => {
  let vault: TestVault;
  let store: Store;
  let app: FastifyInstance;
  let url: string;
  let practice: TestPractice;
  let devices: readonly TestSigner[];
  let now = Date.now();
  before(async () => {
    vault = await openTestVault();
    store = await vault.openAgain({ clock: () => now });
    app = await makeApp(store, { clock: () => now });
    url = await app.listen({ host: '127.0.0.1', port: 0 });
    ({ practice, devices } = await vault.createShared('presence', 3, store));
  });
  after(async () => {
    await app.close();
    await vault.close();
  });

  const path = (of = practice) => `/api/practices/${bytesToHex(of.practice)}/presence`;
  const put = (token: Bytes | undefined, body: Uint8Array, at = path()): Promise<Answer> =>
    ask(app, 'PUT', at, { body, ...(token === undefined ? {} : { token }) });

  /** The line of a session: what it hears of presence, and what ends it. */
  async function listen(token: Bytes, of = practice) {
    const line = new AbortController();
    const headers = { authorization: `Bearer ${bytesToHex(token)}` };
    const response = await fetch(`${url}/api/practices/${bytesToHex(of.practice)}/events`, {
      ...{ headers, signal: line.signal },
    });
    let text = '';
    const reading = (async () => {
      for await (const part of response.body ?? []) text += new TextDecoder().decode(part);
    })().catch(() => undefined);
    const heard = () =>
      [...text.matchAll(/^event: presence\ndata: (.*)$/gm)].map(([, data = '']) => parsePresenceEvent(data));
    const until = async (count: number) => {
      for (let tries = 0; tries < 200 && heard().length < count; tries += 1) await setTimeout(20);
      return heard();
    };
    const end = () => {
      line.abort();
      return reading;
    };
    return { heard, until, end };
  }

  it('reaches the other devices of the practice as it came, and not the one that sent it, nor another practice', async () => {
    const stranger = await vault.createPractice('presence stranger', store);
    const [first, second, foreign] = [
      await signIn(app, practice),
      await signIn(app, practice, devices[1]),
      await signIn(app, stranger),
    ];
    const lines = [await listen(second), await listen(first), await listen(foreign, stranger)] as const;
    for (const fill of [1, 2]) {
      assert.equal((await put(first, encodeBeat(beatOf(fill)))).status, 204);
      await lines[0].until(fill);
    }
    assert.deepEqual(
      lines[0].heard(),
      [1, 2].map((fill) => ({ author: practice.device.author, beat: beatOf(fill), ageMs: 0 })),
    );
    // Two devices at the same moment: neither takes the other's place.
    const third = await signIn(app, practice, devices[2]);
    await Promise.all([put(first, encodeBeat(beatOf(3))), put(third, encodeBeat(beatOf(4)))]);
    assert.equal((await lines[0].until(4)).length, 4);
    await setTimeout(100);
    assert.equal(lines[1].heard().length, 1);
    assert.deepEqual(lines[2].heard(), []);
    const late = await listen(second);
    const told = await late.until(2);
    assert.deepEqual(told.map(({ beat }) => beat?.[0]).toSorted(), [3, 4]);
    for (const line of [...lines, late]) await line.end();
  });

  it('is said to be over once the line of its device ends', async () => {
    const [first, second] = [await signIn(app, practice), await signIn(app, practice, devices[1])];
    const [own, other] = [await listen(first), await listen(second)];
    await put(first, encodeBeat(beatOf(1)));
    await own.end();
    const gone = () => other.heard().filter(({ beat }) => beat === null);
    for (let tries = 0; tries < 200 && gone().length === 0; tries += 1) await setTimeout(20);
    assert.deepEqual(gone(), [{ author: practice.device.author, beat: null, ageMs: 0 }]);
    await other.end();
  });

  it('is taken of one size and form only, and in no other way', async () => {
    const [token, other] = [await signIn(app, practice), await signIn(app, practice, devices[1])];
    const line = await listen(other);
    await setTimeout(100);
    const before = line.heard();
    const hostile = [
      ...[new Uint8Array(), new Uint8Array(1024), beatOf(1), encodeBeat(new Uint8Array(beatBytes - 1))],
      ...[encodeBeat(new Uint8Array(beatBytes + 1)), encodeCanonical([2, beatOf(1)])],
      ...[encodeCanonical([1, beatOf(1), null]), encodeCanonical([1, 'a'.repeat(beatBytes)])],
      ...[encodeCanonical([1, null]), encodeCanonical([1, [beatOf(1)]]), encodeCanonical(new Map([['1', beatOf(1)]]))],
    ];
    for (const body of hostile) assert.equal((await put(token, body)).status, 400);
    assert.equal((await put(token, new Uint8Array(1025))).status, 413);
    assert.equal((await put(token, new Uint8Array(40_000_000))).status, 413);
    for (const method of ['GET', 'POST', 'DELETE'] as const)
      assert.equal((await ask(app, method, path(), { token })).status, 404);
    await setTimeout(100);
    assert.deepEqual(line.heard(), before);
    await line.end();
  });

  it('is taken from the practice’s devices: not from nobody, another practice, a kit, or a revoked or stopped device', async () => {
    const stranger = await vault.createPractice('presence neighbour', store);
    const body = encodeBeat(beatOf(1));
    assert.equal((await put(undefined, body)).code, 'SESSION_REQUIRED');
    assert.equal((await put(new Uint8Array(32), body)).code, 'SESSION_REQUIRED');
    const foreign = await signIn(app, stranger);
    assert.equal((await put(foreign, body)).status, 404);
    assert.equal((await put(await signIn(app, practice), body, path(stranger))).status, 404);
    assert.equal((await put(await signIn(app, practice, practice.kit), body)).code, 'MEMBER_REQUIRED');
    const [, stopped, revoked] = devices as [TestSigner, TestSigner, TestSigner];
    const tokens = [await signIn(app, practice, stopped), await signIn(app, practice, revoked)] as const;
    for (const token of tokens) assert.equal((await put(token, body)).status, 204);
    for (const act of [practice.freezeBody(stopped.author), practice.revokeBody(revoked.author)]) {
      await catchUp(store, practice);
      const statement = await practice.statement({ signer: practice.device, body: act });
      await store.append(practice.practice, [sent(statement)]);
    }
    assert.equal((await put(tokens[0], body)).code, 'AUTHOR_FROZEN');
    assert.equal((await put(tokens[1], body)).code, 'AUTHOR_REVOKED');
  });

  it('is slowed down for who sends too much of it', async () => {
    const token = await signIn(app, practice);
    now += 61_000;
    const answers: number[] = [];
    for (let count = 0; count < 91; count += 1) answers.push((await put(token, encodeBeat(beatOf(1)))).status);
    assert.deepEqual(new Set(answers.slice(0, 90)), new Set([204]));
    assert.equal(answers.at(-1), 429);
    now += 61_000;
    assert.equal((await put(token, encodeBeat(beatOf(1)))).status, 204);
  });
});
