import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { sha256 } from '@serment/core/hash';
import { parseEntry } from '@serment/core/journal/entry';
import { encodeAppendRequest } from '@serment/core/wire/append';
import {
  encodeChallengeRequest,
  encodeSessionRequest,
  parseChallenge,
  sessionMessage,
} from '@serment/core/wire/session';
import { readEntries } from '@serment/store/journal/read';
import type { Store } from '@serment/store/store';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import type { TestMember, TestPractice } from '../../../../packages/core/test/journal/practice-fixture.ts';
import type { TestSigner } from '../../../../packages/core/test/journal/signer.ts';
import {
  catchUp,
  mirror,
  openTestVault,
  recordsDraft,
  send,
  sent,
  type TestVault,
} from '../../../../packages/store/test/test-vault.ts';
import { usualAlerts } from '../../src/alerts/alert-config.ts';
import { type CountedHour, DeedCount, isUnusual } from '../../src/alerts/deed-count.ts';
import { type AlertJob, startAlerts } from '../../src/jobs/alerts.ts';
import { ask, keepSms, makeApp, signIn } from '../test-app.ts';

const [hourMs, dayMs] = [3_600_000, 86_400_000];
const payload = new Uint8Array(300).fill(8);
let now = 1_900_000_000_000;
let vault: TestVault;
let store: Store;
let job: AlertJob;
let app: FastifyInstance;
let practice: TestPractice;
let desk: TestMember;
let name: string;

before(async () => {
  vault = await openTestVault();
  store = await vault.openAgain({ clock: () => now });
  const founded = await vault.createPractice('watched', store);
  const from = founded.size;
  desk = await founded.addMember('desk', ['admin']);
  const added = founded.entries.slice(from).map((entry) => sent(entry));
  await store.append(founded.practice, added);
  practice = await mirror(store, founded.practice, founded);
  name = bytesToHex(practice.practice);
  job = startAlerts({
    ...{ store, dataDir: vault.folder, certificates: [], sms: keepSms([]), config: usualAlerts },
    copies: { places: [], status: () => [], held: () => [] },
    ...{ clock: () => now, log: pino({ level: 'silent' }) },
  });
  app = await makeApp(store, { alerts: job, clock: () => now });
});
after(async () => {
  await app.close();
  await job.stop();
  await vault.close();
});

const file = (number: number) => sha256(new TextEncoder().encode(String(number))).slice(0, 16) as Bytes;
const read = (reader: TestSigner, from: number, count: number) =>
  store.traceFetch(
    practice.practice,
    reader.author,
    Array.from({ length: count }, (_, place) => ({
      what: 'stream' as const,
      id: file(from + place),
      from: 0,
      count: 9,
    })),
  );
/** What is told of this practice, and its journal's last word on it. */
async function found(): Promise<{ told: string[]; access: string[] }> {
  await job.look();
  const entries = await readEntries(store.database, practice.practice, { from: 0, limit: 4096 });
  const bodies = entries.map((entry) => parseEntry(entry).header.body);
  const access = bodies.flatMap((body) => (body?.kind === 'access' ? [`${body.what} ${shown(body.author)}`] : []));
  return { told: job.of(name).map(({ cause }) => cause), access };
}
const shown = (author: Bytes | null) => (author === null ? 'nobody' : bytesToHex(author).slice(0, 8));
const by = (what: string, signer: TestSigner) => `${what} ${shown(signer.author)}`;
/** Until nothing is told any more. */
async function calm(): Promise<void> {
  now += 25 * hourMs;
  await job.look();
  assert.deepEqual(job.of(name), []);
}

describe('what is unusual in a practice', () => {
  it('is nothing that a day of work does: a new device, the files of a full day, an outbox after a cut', async () => {
    // As measured: a device that begins reads three streams whole, of 1 200 entries for 1 200 patients.
    await store.traceFetch(practice.practice, desk.device.author, [
      { what: 'stream', id: file(0), from: 0, count: 1200 },
      { what: 'stream', id: file(1), from: 0, count: 40 },
      { what: 'stream', id: file(2), from: 0, count: 12 },
    ]);
    // 96 files that are brought ahead, 60 that are opened, many times each.
    for (let turn = 0; turn < 5; turn += 1) await read(practice.device, 0, 156);
    assert.deepEqual(await found(), { told: [], access: [] });
  });

  it('is an export: told once, in the journal too, then again neither that day nor the next time', async () => {
    now += hourMs;
    await read(desk.device, 0, 250);
    assert.deepEqual((await found()).told, []);
    await read(desk.device, 250, 1000);
    assert.deepEqual(await found(), { told: ['read-much'], access: [by('read-much', desk.device)] });
    const [alert] = job.of(name);
    assert.equal(typeof alert?.entry, 'number');
    now += hourMs;
    await read(desk.device, 0, 1250);
    assert.equal((await found()).access.length, 1);
    await calm();
    now += dayMs;
    await read(desk.device, 0, 1300);
    assert.deepEqual((await found()).told, []);
    await read(practice.device, 0, 1300);
    assert.deepEqual((await found()).told, [], 'what another one does as usual here, within three times');
    now += hourMs;
    await read(practice.device, 0, 5000);
    assert.deepEqual((await found()).access.at(-1), by('read-much', practice.device));
    await calm();
  });

  it('is a device that saves, or restricts, a lot: beyond a floor, and what is usual for it or for the others', () => {
    const count = new DeedCount();
    const deed = { practice: practice.practice, author: desk.device.author };
    for (let one = 0; one < 700; one += 1) count.note({ ...deed, wrote: ['records'] }, now);
    count.note({ ...deed, wrote: Array.from({ length: 21 }, () => 'restrict' as const) }, now);
    count.note({ ...deed, wrote: Array.from({ length: 500 }, () => 'opened' as const) }, now);
    const hours = count.take(now);
    assert.deepEqual(
      hours.map(({ act, count }) => [act, count]),
      [
        ['wrote-much', 700],
        ['restricted-much', 21],
      ],
    );
    const usual = (own: number, others: number) => hours.map((hour) => isUnusual(hour, { own, others }));
    assert.deepEqual(usual(0, 0), [true, true]);
    assert.deepEqual(usual(500, 10), [false, false]);
    assert.deepEqual(usual(0, 240), [false, false]);
    assert.deepEqual(count.take(now), []);
    assert.deepEqual(count.take(now + hourMs), []);
  });

  it('counts a file once an hour, and each entry that is asked for by its number', () => {
    const count = new DeedCount();
    const deed = { practice: practice.practice, author: desk.device.author };
    const total = (at: number) => count.take(at).reduce((sum: number, hour: CountedHour) => sum + hour.count, 0);
    for (let turn = 0; turn < 100; turn += 1)
      count.note({ ...deed, read: [{ what: 'stream', id: file(1), from: turn, count: 5 }] }, now);
    assert.equal(total(now), 1);
    count.note({ ...deed, read: [{ what: 'entries', id: null, from: 10, count: 512 }] }, now);
    count.note({ ...deed, read: [{ what: 'entries', id: null, from: 500, count: 100 }] }, now);
    assert.equal(total(now), 591);
    count.note({ ...deed, read: [{ what: 'stream', id: file(1), from: 0, count: 5 }] }, now + hourMs);
    assert.equal(total(now + hourMs), 1);
  });

  it('is a revoked device that asks to enter once it should be gone, not as it is revoked', async () => {
    await catchUp(store, practice);
    await send(store, practice, {
      signer: practice.device,
      body: { kind: 'revoke', author: desk.device.author, last: null },
    });
    const knock = async () => {
      const who = { practice: practice.practice, author: desk.device.author };
      const { bytes } = await ask(app, 'POST', '/api/challenges', { body: encodeChallengeRequest(who) });
      const { nonce } = parseChallenge(bytes);
      const signature = await desk.device.sign(sessionMessage(who, nonce));
      const body = encodeSessionRequest({ ...who, nonce, signature });
      assert.equal((await ask(app, 'POST', '/api/sessions', { body })).code, 'AUTHOR_REVOKED');
    };
    await knock();
    assert.deepEqual((await found()).told, []);
    now += 2 * hourMs;
    for (let turn = 0; turn < 5; turn += 1) await knock();
    const { told, access } = await found();
    assert.deepEqual([told, access.at(-1)], [['came-back'], by('came-back', desk.device)]);
    await knock();
    assert.equal((await found()).access.length, access.length);
    await calm();
  });

  it('is a device that verified another history', async () => {
    await catchUp(store, practice);
    const token = await signIn(app, practice);
    const seen = { size: practice.size - 1, root: sha256(payload) };
    const statement = await practice.statement(recordsDraft(practice, sha256(payload), { seen }));
    const body = encodeAppendRequest([sent(statement, payload)]);
    const answer = await ask(app, 'POST', `/api/practices/${name}/entries`, { token, body });
    assert.equal(answer.code, 'SEEN_FORK');
    const { told, access } = await found();
    assert.deepEqual([told, access.at(-1)], [['other-history'], by('other-history', practice.device)]);
  });
});
