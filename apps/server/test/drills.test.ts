import assert from 'node:assert/strict';
import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { bytesToHex } from '@serment/core/bytes';
import { sha256 } from '@serment/core/hash';
import type { BodyOf } from '@serment/core/journal/body';
import { parseEntry } from '@serment/core/journal/entry';
import { parsePendingDrills } from '@serment/core/wire/drill';
import { encodeCopyNamed } from '@serment/core/wire/status';
import { listProofs } from '@serment/store/alerts/proofs';
import { listNights, weighCopies } from '@serment/store/console/drill-runs';
import { folderPlace } from '@serment/store/copy/places';
import { openDrillQueue } from '@serment/store/drill-queue';
import { readEntries } from '@serment/store/journal/read';
import type { Store } from '@serment/store/store';
import { pino } from 'pino';
import type { TestPractice } from '../../../packages/core/test/journal/practice-fixture.ts';
import { flipBit, temporaryFolder } from '../../../packages/store/test/copy/copy-fixture.ts';
import { openTestVault, recordsDraft, send, type TestVault } from '../../../packages/store/test/test-vault.ts';
import { type CopyJob, startCopies } from '../src/jobs/copies.ts';
import type { DrillWindow } from '../src/jobs/drill-schedule.ts';
import { type DrillJob, startDrills } from '../src/jobs/drills.ts';
import { ask, makeApp, signIn } from './test-app.ts';

const log = pino({ level: 'silent' });
const hourMs = 3_600_000;
/** From one to five in the morning of a zone without summer time. */
const window: DrillWindow = { fromMinute: 60, minutes: 240, timeZone: 'UTC' };
/** Ten in the morning. */
let now = Date.UTC(2030, 2, 4, 10);
const clock = () => now;

let vault: TestVault;
let store: Store;
let copies: CopyJob;
let practice: TestPractice;
let name: string;
const folders = { disque: join(temporaryFolder(), 'disque'), ailleurs: join(temporaryFolder(), 'ailleurs') };
const scratchDir = temporaryFolder();
const opened: DrillJob[] = [];

before(async () => {
  vault = await openTestVault();
  store = await vault.openAgain({ clock });
  practice = await vault.createPractice('drilled', store);
  name = bytesToHex(practice.practice);
  const payload = new Uint8Array(300).fill(7);
  for (let save = 0; save < 3; save += 1) await send(store, practice, recordsDraft(practice, sha256(payload)), payload);
  copies = await startCopies({
    ...{ store, dataDir: vault.folder, copies: Object.values(folders).map(folderPlace), log },
    formatDir: join(import.meta.dirname, '../../../docs/format'),
  });
  await until(async () => copies.held('disque').length > 0 && copies.held('ailleurs').length > 0);
});
after(async () => {
  for (const job of opened) await job.stop();
  await copies.stop();
  await vault.close();
});

/** Another server of the installation. */
async function start(): Promise<DrillJob> {
  const onError = (error: unknown) => assert.fail(String(error));
  const queue = await openDrillQueue({ databaseUrl: vault.postgres.url, onError, retrySeconds: 1 });
  const job = await startDrills({ store, queue, copies, window, scratchDir, clock, log });
  opened.push(job);
  return job;
}

async function stopAll(): Promise<void> {
  for (const job of opened.splice(0)) await job.stop();
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 60_000; !(await isSo()); ) {
    assert.ok(Date.now() < end, 'it never came');
    await delay(50);
  }
}

async function bodies<Kind extends 'drill' | 'backup'>(kind: Kind): Promise<BodyOf<Kind>[]> {
  const entries = await readEntries(store.database, practice.practice, { from: 0, limit: 4096 });
  return entries.flatMap((bytes) => {
    const { body } = parseEntry(bytes).header;
    return body.kind === kind ? [body as BodyOf<Kind>] : [];
  });
}

/** Waits for as many more drills in the journal, and answers with them. */
async function nextDrills(count: number, known: number): Promise<BodyOf<'drill'>[]> {
  await until(async () => (await bodies('drill')).length >= known + count);
  return (await bodies('drill')).slice(known);
}

describe('drills of the night', () => {
  it('restore each practice from each copy, once among all servers, and write what came of it', async () => {
    const [one, other] = [await start(), await start()];
    for (const job of [one, other]) await job.plan();
    assert.deepEqual(await one.pending(name), [], 'a practice of today is left for tomorrow');
    now += 24 * hourMs;
    const head = await store.head(practice.practice);
    for (const job of [one, other]) await job.plan();
    const pending = await one.pending(name);
    // Each copy of the night, and each to an instant in the past.
    assert.equal(pending.length, 4);
    assert.ok(pending.filter(({ state }) => state === 'running').length <= 1);
    const queued = await one.overview();
    assert.ok(queued.waiting + queued.running >= 3 && queued.givenUp === 0, JSON.stringify(queued));
    assert.ok(queued.drills.every((task) => task.practice === name && !task.isAsked));
    const drills = await nextDrills(4, 0);
    assert.deepEqual(
      drills.map(({ outcome, codes }) => [outcome, ...codes]),
      new Array(4).fill(['proven']),
    );
    const newest = drills.filter(({ at }) => at === null);
    assert.deepEqual(newest.map(({ destination }) => destination).toSorted(), ['ailleurs', 'disque']);
    assert.ok(newest.every(({ size, startedAt }) => size >= (head?.size ?? 0) && startedAt === now));
    assert.ok(drills.every(({ bytes, clinical }) => bytes > 0 && clinical <= 1));
    const past = drills.filter(({ at }) => at !== null);
    assert.ok(past.every(({ at }) => (at ?? 0) < now && (at ?? 0) >= now - 24 * hourMs));
    const proofs = (await listProofs(store.database)).filter((proof) => proof.practice === name);
    assert.deepEqual(proofs.map(({ copy }) => copy).toSorted(), ['ailleurs', 'disque'], 'for alerts to count from');
    assert.ok(proofs.every(({ restoredAt, restoreFailed }) => restoredAt === now && restoreFailed === null));
    const [backup] = await bodies('backup');
    assert.ok((backup?.objects ?? 0) > 0 && (backup?.bytes ?? 0) > 0 && (backup?.size ?? 0) >= (head?.size ?? 0));
    for (const job of [one, other]) await job.plan();
    await until(async () => (await one.pending(name)).length === 0);
    const nights = await listNights(store.database, '2000-01-01');
    assert.deepEqual(
      nights.map(({ copy, proven, open }) => [copy, proven, open]),
      [
        ['ailleurs', 2, 0],
        ['disque', 2, 0],
      ],
    );
    assert.equal((await one.overview()).drills.length, 0);
    assert.ok(((await weighCopies(store.database)).get('disque') ?? 0) > 0);
    await stopAll();
    const again = await start();
    await again.plan();
    assert.deepEqual(await again.pending(name), [], 'a server that starts anew runs none of them again');
    assert.deepEqual(readdirSync(scratchDir), []);
    await stopAll();
  });

  it('run again what a stop interrupted, and leave nothing on the disk', async () => {
    const known = (await bodies('drill')).length;
    const job = await start();
    assert.equal(await job.ask(name, 'disque'), true);
    assert.equal(await job.ask(name, 'disque'), true);
    assert.equal(await job.ask(name, 'nulle part'), false);
    await until(async () => readdirSync(scratchDir).length === 1);
    await stopAll();
    assert.deepEqual(readdirSync(scratchDir), []);
    assert.equal((await bodies('drill')).length, known);
    const next = await start();
    assert.equal((await next.pending(name)).length, 1, 'asked twice, run once');
    const [drill] = await nextDrills(1, known);
    assert.deepEqual([drill?.outcome, drill?.destination], ['proven', 'disque']);
    await stopAll();
  });

  it('tell a copy that is damaged from one that cannot be reached', async () => {
    const known = (await bodies('drill')).length;
    const job = await start();
    renameSync(folders.ailleurs, `${folders.ailleurs}-away`);
    await job.ask(name, 'ailleurs');
    const [away] = await nextDrills(1, known);
    assert.deepEqual([away?.outcome, away?.codes, away?.size], ['inconclusive', ['COPY_FOLDER_MISSING'], 0]);
    renameSync(`${folders.ailleurs}-away`, folders.ailleurs);
    // One of several may be needed no more.
    const tails = readdirSync(folders.disque, { recursive: true })
      .map(String)
      .filter((file) => /\/tail\/[^/]+$/.test(file));
    assert.ok(tails.length > 0);
    for (const tail of tails) flipBit(folders.disque, tail, 300);
    await job.ask(name, 'disque');
    const [, damaged] = await nextDrills(2, known);
    assert.equal(damaged?.outcome, 'failed');
    assert.ok((damaged?.findings ?? 0) > 0 && (damaged?.codes.length ?? 0) > 0, damaged?.codes.join());
    await stopAll();
  });
});

describe('a member', () => {
  it('has a copy restored, six times an hour at most, and sees what waits', async () => {
    const job = await start();
    const app = await makeApp(store, { clock, copies, drills: job });
    const token = await signIn(app, practice);
    const url = `/api/practices/${name}/drills`;
    const known = (await bodies('drill')).length;
    const asked = (copy: string) => ask(app, 'POST', url, { token, body: encodeCopyNamed(copy) });
    assert.equal((await ask(app, 'POST', url, { body: encodeCopyNamed('ailleurs') })).status, 401);
    assert.equal((await asked('nulle part')).status, 404);
    for (let time = 0; time < 5; time += 1) assert.equal((await asked('ailleurs')).status, 202);
    assert.deepEqual([(await asked('ailleurs')).code], ['THROTTLED']);
    const pending = parsePendingDrills((await ask(app, 'GET', url, { token })).text);
    assert.deepEqual(
      pending.map(({ destination }) => destination),
      ['ailleurs'],
    );
    const [drill] = await nextDrills(1, known);
    assert.equal(drill?.outcome, 'proven');
    await until(async () => (await ask(app, 'GET', url, { token })).text === '[]');
    await app.close();
    await stopAll();
  });
});
