import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { sha256 } from '@serment/core/hash';
import { parseEntry } from '@serment/core/journal/entry';
import { holdOf } from '@serment/core/journal/standing';
import { encodeAppendRequest } from '@serment/core/wire/append';
import { parseErrorBody } from '@serment/core/wire/error-body';
import { encodePayloadsRequest } from '@serment/core/wire/read';
import { listAlerts } from '@serment/store/alerts/alert-log';
import { readEntries } from '@serment/store/journal/read';
import type { Store } from '@serment/store/store';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
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
import { usualAlerts } from '../src/alerts/alert-config.ts';
import { letGo, readByHeld } from '../src/held.ts';
import { type AlertJob, startAlerts } from '../src/jobs/alerts.ts';
import { ask, keepSms, makeApp, signIn } from './test-app.ts';

const hourMs = 3_600_000;
const payload = new Uint8Array(300).fill(8);
let now = 1_900_000_000_000;
let vault: TestVault;

before(async () => {
  vault = await openTestVault();
});
after(() => vault.close());

interface Scene {
  readonly practice: TestPractice;
  readonly store: Store;
  readonly job: AlertJob;
  readonly app: FastifyInstance;
  readonly desk: TestMember;
  readonly base: string;
  /** Reads so many files, from that one on. */
  read(reader: TestSigner, from: number, count: number): Promise<void>;
  /** How the desk's device is held, as the store knows it. */
  hold(): Promise<'host' | 'member' | null>;
  close(): Promise<void>;
}

async function makeScene(name: string, { isOn = true } = {}): Promise<Scene> {
  const store = await vault.openAgain({ clock: () => now });
  const founded = await vault.createPractice(name, store);
  const from = founded.size;
  const desk = await founded.addMember('medical-secretary', ['admin']);
  await store.append(
    founded.practice,
    founded.entries.slice(from).map((entry) => sent(entry)),
  );
  const practice = await mirror(store, founded.practice, founded);
  if (isOn) await send(store, practice, { signer: practice.device, body: { kind: 'hold', isOn } });
  const job = startAlerts({
    ...{ store, dataDir: vault.folder, certificates: [], sms: keepSms([]), config: usualAlerts },
    copies: { places: [], status: () => [], held: () => [] },
    ...{ clock: () => now, log: pino({ level: 'silent' }) },
  });
  const app = await makeApp(store, { alerts: job, clock: () => now });
  const file = (number: number) => sha256(new TextEncoder().encode(`${name} ${number}`)).slice(0, 16) as Bytes;
  return {
    ...{ practice, store, job, app, desk },
    base: `/api/practices/${bytesToHex(practice.practice)}`,
    async read(reader, first, count) {
      const items = Array.from({ length: count }, (_, place) => ({
        ...{ what: 'stream' as const, id: file(first + place), from: 0, count: 9 },
      }));
      await store.traceFetch(practice.practice, reader.author, items);
      // One that is under way may have begun before.
      await job.look();
      await job.look();
    },
    async hold() {
      const authors = (await store.governance(practice.practice))?.authors;
      const hold = holdOf(authors?.get(bytesToHex(desk.device.author)) ?? assert.fail());
      if (hold === null) return null;
      return authors?.get(bytesToHex(hold.by))?.type === 'host' ? 'host' : 'member';
    },
    async close() {
      await app.close();
      await job.stop();
    },
  };
}

/** A save of this author, in that author's session. */
async function save({ app, base, practice, store }: Scene, signer: TestSigner, by = signer) {
  await catchUp(store, practice);
  const statement = await practice.statement(recordsDraft(practice, sha256(payload), { signer }));
  const body = encodeAppendRequest([sent(statement, payload)]);
  return ask(app, 'POST', `${base}/entries`, { token: await signIn(app, practice, by), body });
}

async function lastEntries({ store, practice }: Scene, count: number) {
  const entries = await readEntries(store.database, practice.practice, { from: 0, limit: 4096 });
  return entries.slice(-count).map((entry) => parseEntry(entry).header.body);
}

/** What the host's alerts about this practice say besides their cause. */
async function alertCodes({ store, practice }: Scene): Promise<(string | null)[]> {
  const alerts = await listAlerts(store.database, now, 0);
  return alerts.flatMap(({ practices, code }) => (practices.includes(bytesToHex(practice.practice)) ? [code] : []));
}

describe('a device that does unusually much', () => {
  it('is told and goes on where nobody chose that it is held', async () => {
    const scene = await makeScene('not chosen', { isOn: false });
    await scene.read(scene.desk.device, 0, 400);
    assert.equal(await scene.hold(), null);
    assert.deepEqual(await alertCodes(scene), [null]);
    assert.equal((await save(scene, scene.desk.device)).status, 200);
    await scene.close();
  });

  it('is held once, with why, where the practice chose so; a restarted server, and another one, hold it too', async () => {
    const scene = await makeScene('chosen');
    const { practice, desk, store } = scene;
    await scene.read(desk.device, 0, 250);
    assert.equal(await scene.hold(), null);
    await scene.read(desk.device, 250, 250);
    assert.equal(await scene.hold(), 'host');
    const [why, held] = await lastEntries(scene, 2);
    assert.ok(why?.kind === 'access' && why.what === 'read-much');
    assert.ok(held?.kind === 'freeze' && held.frozen === 'held');
    assert.deepEqual(await alertCodes(scene), ['AUTHOR_HELD']);
    const size = (await store.head(practice.practice))?.size;
    await scene.read(desk.device, 500, 500);
    const after = (await lastEntries(scene, 8)).filter((body) => body.kind !== 'fetch');
    assert.equal(after.filter((body) => body.kind === 'freeze').length, 1, `${size}`);
    await scene.close();
    const again = await vault.openAgain({ clock: () => now });
    const app = await makeApp(again, { clock: () => now });
    assert.equal((await save({ ...scene, app, store: again }, desk.device)).code, 'AUTHOR_HELD');
    await app.close();
  });

  it('that another one is, holds no other', async () => {
    const scene = await makeScene('only one');
    await scene.read(scene.practice.device, 0, 400);
    assert.equal(await scene.hold(), null);
    assert.equal((await save(scene, scene.desk.device)).status, 200);
    assert.equal((await save(scene, scene.practice.device)).code, 'AUTHOR_HELD');
    await scene.close();
  });
});

describe('what a device announces', () => {
  const announce = async ({ app, base, practice }: Scene, signer: TestSigner, what = 'rescue-copy') =>
    ask(app, 'PUT', `${base}/announcements/${what}`, { token: await signIn(app, practice, signer) });

  it('stands in the journal once, and is told as that: no alarm for as many files as it may be, nor as usual from then on', async () => {
    const scene = await makeScene('announced', { isOn: false });
    const { practice, desk, job } = scene;
    const name = bytesToHex(practice.practice);
    assert.equal((await announce(scene, practice.device)).status, 204);
    assert.equal((await announce(scene, practice.device)).status, 204);
    await scene.read(practice.device, 0, 2000);
    assert.deepEqual(job.of(name), []);
    const told = (await lastEntries(scene, 60)).flatMap((body) => (body.kind === 'access' ? [body.what] : []));
    assert.deepEqual(told, ['rescue-copy']);
    // Nobody else's reading is told as that.
    await scene.read(desk.device, 0, 400);
    assert.deepEqual(
      job.of(name).map(({ cause }) => cause),
      ['read-much'],
    );
    now += 25 * hourMs;
    await scene.read(practice.device, 0, 2000);
    const after = (await lastEntries(scene, 60)).flatMap((body) => (body.kind === 'access' ? [body.what] : []));
    assert.deepEqual(after, ['rescue-copy', 'read-much', 'read-much']);
    await scene.close();
  });

  it('is a doctor’s, of what there is, and more than it may be is an alarm all the same', async () => {
    const scene = await makeScene('announced much', { isOn: false });
    const { practice, desk, job } = scene;
    assert.equal((await announce(scene, desk.device)).code, 'MEMBER_REQUIRED');
    assert.equal((await announce(scene, practice.kit)).code, 'MEMBER_REQUIRED');
    assert.equal((await announce(scene, practice.device, 'everything')).status, 404);
    assert.equal((await announce(scene, practice.device)).status, 204);
    await scene.read(practice.device, 0, 6500);
    assert.equal(job.of(bytesToHex(practice.practice)).length, 1);
    await scene.close();
  });

  it('holds back no hold: whoever takes a device may announce what it likes', async () => {
    const scene = await makeScene('announced and held');
    const { practice } = scene;
    assert.equal((await announce(scene, practice.device)).status, 204);
    await scene.read(practice.device, 0, 400);
    assert.equal((await save(scene, practice.device)).code, 'AUTHOR_HELD');
    assert.equal((await announce(scene, practice.device)).code, 'AUTHOR_HELD');
    await scene.close();
  });
});

describe('a held device', () => {
  it('has nothing taken by any route, in whosever session, and reads on as a person does', async () => {
    const scene = await makeScene('routes');
    const { app, base, practice, desk, store } = scene;
    const token = await signIn(app, practice, desk.device);
    assert.equal((await save(scene, desk.device)).status, 200);
    await scene.read(desk.device, 0, 400);
    const refused = async (method: 'POST' | 'PUT' | 'DELETE', url: string) => {
      const { code } = await ask(app, method, url, { token, body: new Uint8Array([0x80]) });
      assert.equal(code, 'AUTHOR_HELD', `${method} ${url}`);
    };
    const id = 'ab'.repeat(16);
    await refused('POST', `${base}/entries`);
    await refused('POST', `${base}/uploads`);
    await refused('PUT', `${base}/uploads/${id}/0`);
    await refused('POST', `${base}/uploads/${id}`);
    await refused('PUT', `${base}/blobs/${id}${id}`);
    await refused('PUT', `${base}/drafts/${id}`);
    await refused('POST', `${base}/copies/entries`);
    await refused('PUT', `${base}/copies/blobs/${id}${id}`);
    await refused('POST', `${base}/enrolments/${id}`);
    await refused('POST', `${base}/drills`);
    await refused('POST', '/api/accounts');
    await refused('PUT', `/api/accounts/${id}`);
    await refused('POST', `/api/accounts/${id}/totp`);
    await refused('PUT', '/api/gates');
    await refused('POST', '/api/pins');
    await refused('DELETE', '/api/account/sessions');
    const copied = await ask(app, 'GET', `${base}/copies/blobs/${id}${id}?copy=a`, { token });
    assert.equal(copied.code, 'AUTHOR_HELD');
    const member = bytesToHex(practice.founder);
    assert.equal((await ask(app, 'GET', `${base}/members/${member}/drafts`, { token })).code, 'AUTHOR_HELD');
    assert.equal((await ask(app, 'GET', `${base}/drafts`, { token })).status, 200);
    // Its entry, in the session of another device, whose own are taken.
    const answer = await save(scene, desk.device, practice.device);
    assert.deepEqual([answer.code, parseErrorBody(answer.text).fields.refusal], ['REFUSED', 'AUTHOR_HELD']);
    assert.equal((await save(scene, practice.device)).status, 200);
    // It knows where it stands, enters anew, and reads what a person reads.
    assert.equal((await ask(app, 'GET', `${base}/entries`, { token })).status, 200);
    assert.equal((await ask(app, 'GET', `${base}`, { token })).status, 200);
    const fresh = await signIn(app, practice, desk.device);
    const entries = await readEntries(store.database, practice.practice, { from: 0, limit: 4096 });
    const saved = entries.flatMap((entry, index) => (parseEntry(entry).header.kind === 'records' ? [index] : []));
    const payloads = (indexes: number[]) =>
      ask(app, 'POST', `${base}/payloads`, { token: fresh, body: encodePayloadsRequest(indexes) });
    assert.equal((await payloads(saved)).status, 200);
    assert.equal((await ask(app, 'DELETE', '/api/sessions', { token: fresh })).status, 204);
    await scene.close();
  });

  it('is sent no more than some files in an hour, however they are asked for, and the same ones again', async () => {
    const scene = await makeScene('bulk');
    const { app, base, practice, desk, store } = scene;
    for (let count = 0; count < readByHeld + 5; count += 1) assert.equal((await save(scene, desk.device)).status, 200);
    await scene.read(desk.device, 0, 400);
    const entries = await readEntries(store.database, practice.practice, { from: 0, limit: 4096 });
    const saved = entries.flatMap((entry, index) => (parseEntry(entry).header.kind === 'records' ? [index] : []));
    const payloads = async (indexes: number[]) => {
      const token = await signIn(app, practice, desk.device);
      return ask(app, 'POST', `${base}/payloads`, { token, body: encodePayloadsRequest(indexes) });
    };
    const some = saved.slice(0, readByHeld);
    assert.equal((await payloads(some)).status, 200);
    assert.equal((await payloads(some)).status, 200);
    const more = await payloads(saved.slice(readByHeld));
    assert.deepEqual([more.status, more.code], [403, 'AUTHOR_HELD']);
    const { seconds } = parseErrorBody(more.text).fields;
    assert.ok(typeof seconds === 'number' && seconds > 0 && seconds <= 3600);
    now += hourMs;
    assert.equal((await payloads(some)).status, 200);
    await scene.close();
  });

  it('goes on once any other member says so, twice and late too, and is not held again for what goes on', async () => {
    const scene = await makeScene('let go');
    const { practice, desk, store, app, base } = scene;
    await scene.read(desk.device, 0, 400);
    assert.equal(await scene.hold(), 'host');
    await catchUp(store, practice);
    const free = practice.freezeBody(desk.device.author, false);
    const own = await practice.statement({ signer: desk.device, body: free });
    await assert.rejects(store.append(practice.practice, [sent(own)]), { code: 'REFUSED' });
    await send(store, practice, { signer: practice.device, body: free });
    const twice = await practice.statement({ signer: practice.device, body: free });
    await assert.rejects(store.append(practice.practice, [sent(twice)]), { code: 'REFUSED' });
    await letGo(store, practice.practice, desk.device.author);
    assert.equal((await save(scene, desk.device)).status, 200);
    await scene.read(desk.device, 400, 800);
    assert.equal(await scene.hold(), null);
    now += 13 * hourMs;
    await scene.read(desk.device, 0, 5000);
    assert.equal(await scene.hold(), 'host');
    // Stopped for good while it was held: letting it go is no more for everybody.
    await catchUp(store, practice);
    await send(store, practice, { signer: practice.device, body: practice.freezeBody(desk.device.author) });
    await letGo(store, practice.practice, desk.device.author);
    const knock = await signIn(app, practice, desk.device).catch(() => null);
    assert.equal(knock, null);
    assert.equal((await ask(app, 'GET', `${base}/entries`, {})).status, 401);
    await scene.close();
  });

  it('by a member is let go by no host, and by the host by its member’s second factor', async () => {
    const scene = await makeScene('whose');
    const { practice, desk, store } = scene;
    await catchUp(store, practice);
    await send(store, practice, {
      signer: practice.device,
      body: practice.freezeBody(desk.device.author, 'held'),
    });
    assert.equal(await scene.hold(), 'member');
    await letGo(store, practice.practice, desk.device.author);
    assert.equal(await scene.hold(), 'member');
    await send(store, practice, { signer: practice.device, body: practice.freezeBody(desk.device.author, false) });
    await scene.read(desk.device, 0, 400);
    assert.equal(await scene.hold(), null, 'it was just let go');
    now += 13 * hourMs;
    await scene.read(desk.device, 0, 1000);
    assert.equal(await scene.hold(), 'host');
    await Promise.all([1, 2, 3].map(() => letGo(store, practice.practice, desk.device.author)));
    assert.equal(await scene.hold(), null);
    await scene.close();
  });

  it('is none in a practice that took its choice back, nor a kit or a device that is stopped', async () => {
    const scene = await makeScene('taken back');
    const { practice, desk, store } = scene;
    await scene.read(practice.kit, 0, 400);
    await catchUp(store, practice);
    await send(store, practice, { signer: practice.device, body: { kind: 'hold', isOn: false } });
    await scene.read(desk.device, 0, 400);
    assert.equal(await scene.hold(), null);
    const held = (await lastEntries(scene, 40)).filter((body) => body.kind === 'freeze');
    assert.deepEqual(held, []);
    await scene.close();
  });
});
