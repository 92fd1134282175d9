import '../prove/copies/faults/install.ts';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { link, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Database } from '@serment/store/postgres/connect';
import { openDatabase } from '@serment/store/postgres/connect';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@serment/store/postgres/embedded';
import { makeDataFolder } from '../../packages/store/test/made-data.ts';
import { injector } from '../prove/copies/faults/injector.ts';
import type { Fault, Kind } from '../prove/copies/faults/kinds.ts';

const faults = join(import.meta.dirname, '../prove/copies/faults');
const folder = mkdtempSync(join(tmpdir(), 'serment-injector-'));
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

let count = 0;
function begin(fault: Fault | null): string {
  const own = join(folder, String(count++));
  mkdirSync(own);
  injector.begin({ fault, keep: join(own, 'kept'), firedFile: join(own, 'fired') });
  return own;
}

/** Six calls: create, write, sync, link, removal, sync of the folder. */
async function keep(own: string): Promise<void> {
  const file = await open(join(own, 'new'), 'wx');
  try {
    for (let at = 0; at < 10; ) at += (await file.write(new Uint8Array(10), at)).bytesWritten;
    await file.datasync();
  } finally {
    await file.close();
  }
  await link(join(own, 'new'), join(own, 'named'));
  await unlink(join(own, 'new'));
  const opened = await open(own, 'r');
  await opened.sync().finally(() => opened.close());
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'done',
    (error: { code?: string }) => String(error.code),
  );
}

describe('faults of files', () => {
  it('counts every call that writes, in order', async () => {
    await keep(begin(null));
    const { writes, fired } = injector.end();
    assert.deepEqual(
      writes.map(({ call }) => call),
      ['create', 'write', 'sync', 'link', 'unlink', 'sync folder'],
    );
    assert.equal(fired, null);
  });

  const cases: [Kind, number, string, string[]][] = [
    ['error', 1, 'EIO', []],
    ['error', 4, 'EIO', ['new']],
    ['unanswered', 4, 'EIO', ['new', 'named']],
    ['short', 2, 'done', ['named']],
    ['full', 2, 'ENOSPC', ['new']],
    ['full', 5, 'ENOSPC', ['new', 'named']],
    ['latency', 3, 'done', ['named']],
    ['clock-ahead', 3, 'done', ['named']],
  ];
  for (const [kind, at, code, left] of cases)
    it(`${kind} at ${at} is ${code} and leaves ${left.join(' and ')}`, async () => {
      const own = begin({ isDatabase: false, at, kind });
      const began = { date: Date.now(), time: performance.now(), isDue: false };
      const timer = setTimeout(() => {
        began.isDue = true;
      }, 20_000);
      assert.equal(await codeOf(keep(own)), code);
      clearTimeout(timer);
      const isLatent = kind === 'latency';
      const hours = { 'clock-ahead': 6 }[String(kind)] ?? 0;
      assert.equal(Math.round((Date.now() - began.date) / 3_600_000), hours);
      assert.equal(began.isDue, isLatent);
      assert.equal(performance.now() - began.time >= 30_000, isLatent);
      const { fired, writes } = injector.end();
      assert.equal(fired, writes[at - 1]?.call);
      assert.equal(readFileSync(join(own, 'fired'), 'utf8'), `${fired}\n`);
      assert.deepEqual(
        ['new', 'named'].filter((name) => existsSync(join(own, name))),
        left,
      );
    });

  // A file that is whole, one without a sync, one whose folder was not synced, and one that was removed; then the end.
  const script = `
    const { injector } = await import(${JSON.stringify(join(faults, 'injector.ts'))});
    const { open, link, rm } = await import('node:fs/promises');
    const [own, kind] = process.argv.slice(1);
    injector.begin({ fault: { isDatabase: false, at: 11, kind }, keep: own + '/kept', firedFile: own + '/fired' });
    const write = async (name, isSynced) => {
      const file = await open(own + '/' + name, 'wx');
      await file.write(new Uint8Array(10));
      if (isSynced) await file.datasync();
      await file.close();
    };
    await write('whole', true);
    const at = await open(own, 'r');
    await at.sync();
    await write('unsynced', false);
    await write('unnamed', true);
    await rm(own + '/old');
    await link(own + '/whole', own + '/never');`;
  for (const [kind, sizes] of [
    ['killed', { whole: 10, unsynced: 10, unnamed: 10, old: null }],
    ['power-cut', { whole: 10, unsynced: null, unnamed: null, old: 3 }],
    ['names-kept', { whole: 10, unsynced: 0, unnamed: 10, old: null }],
    ['removals-kept', { whole: 10, unsynced: null, unnamed: null, old: null }],
  ] as const)
    it(`${kind} ends the process, and leaves what it says`, () => {
      const own = join(folder, kind);
      mkdirSync(own);
      writeFileSync(join(own, 'old'), 'old');
      const args = ['--import', join(faults, 'install.ts'), '--input-type=module', '--eval', script, own, kind];
      const { signal, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
      assert.equal(signal, 'SIGKILL', stderr);
      const sizeOf = (name: string) => (existsSync(join(own, name)) ? statSync(join(own, name)).size : null);
      const found = Object.keys(sizes).map((name) => [name, sizeOf(name)]);
      assert.deepEqual(Object.fromEntries(found), sizes);
      assert.equal(sizeOf('never'), null);
    });
});

describe('faults of a database', () => {
  let postgres: EmbeddedPostgres;
  before(async () => {
    await makeDataFolder(join(folder, 'data'));
    postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'data') });
    const sql = openDatabase({ url: postgres.url, maxConnections: 1 });
    await sql`CREATE TABLE told (what text)`;
    await sql.end();
  });
  after(() => postgres?.stop());

  async function told(sql: Database, what: string): Promise<number> {
    return (await sql`SELECT FROM told WHERE what = ${what}`).length;
  }

  for (const [kind, code, rows] of [
    ['error', '58030', 0],
    ['full', '53100', 0],
    ['short', 'CONNECTION_CLOSED', 0],
    ['unanswered', 'CONNECTION_CLOSED', 1],
    ['latency', 'done', 1],
  ] as const)
    it(`${kind} is ${code}, and ${rows} rows are written`, async () => {
      const sql = openDatabase({ url: postgres.url, maxConnections: 1 });
      try {
        await sql`SELECT 1`;
        begin({ isDatabase: true, at: 1, kind });
        assert.equal(await codeOf(sql`INSERT INTO told VALUES (${kind})`.execute()), code);
        // A full disk is full for the next one as well, and is read from.
        const next = await codeOf(sql`INSERT INTO told VALUES ('next')`.execute());
        assert.equal(next, kind === 'full' ? '53100' : 'done');
        assert.notEqual(injector.end().fired, null);
        assert.equal(await told(sql, kind), rows);
      } finally {
        await sql.end({ timeout: 5 });
      }
    });

  it('takes a transaction that writes for a write from its beginning to its end, and one that reads for none', async () => {
    const sql = openDatabase({ url: postgres.url, maxConnections: 1 });
    try {
      await sql`SELECT 1`;
      begin(null);
      await sql.begin(async (transaction) => void (await transaction`SELECT 1`));
      await sql.begin(async (transaction) => void (await transaction`INSERT INTO told VALUES ('whole')`));
      const { writes } = injector.end();
      assert.deepEqual(
        writes.map(({ changes }) => changes),
        [false, false, false, true, true, true],
      );
    } finally {
      await sql.end({ timeout: 5 });
    }
  });
});
