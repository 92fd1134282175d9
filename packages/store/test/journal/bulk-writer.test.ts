import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { readEntryPlace } from '@serment/core/copy/entry-place';
import { sha256 } from '@serment/core/hash';
import { leafHash } from '@serment/core/journal/tree';
import type { TestPractice } from '../../../core/test/journal/practice-fixture.ts';
import type { RestoredEntry } from '../../src/copy/restore-sink.ts';
import { asAppender } from '../../src/database-scope.ts';
import { type Database, openDatabase } from '../../src/postgres/connect.ts';
import { createRestoreSink } from '../../src/restore-into.ts';
import { openStore, type Store } from '../../src/store.ts';
import { openTestVault, recordsDraft, send, type TestVault } from '../test-vault.ts';

const payload = new Uint8Array(60_000).fill(7);
let vault: TestVault;
let practice: TestPractice;
let entries: RestoredEntry[];
before(async () => {
  vault = await openTestVault();
  practice = await vault.createPractice('a');
  await send(vault.store, practice, recordsDraft(practice, sha256(payload)), payload);
  entries = [];
  for await (const { index, entry, payload: own } of vault.store.capture.readRange(name(), 0, practice.size))
    entries.push({ index, entry, payload: own, place: readEntryPlace(entry), leaf: leafHash(entry) });
});
after(() => vault.close());

const name = () => bytesToHex(practice.practice);
const sinkOf = ({ database, blobs, capture }: Store, owner: Database | null = null) =>
  createRestoreSink({ database, owner, blobs, capture, clock: Date.now, openAccounts: null });

async function contentOf(store: Store): Promise<[Bytes, Bytes | null][]> {
  const content: [Bytes, Bytes | null][] = [];
  for await (const { entry, payload: own } of store.capture.readRange(name(), 0, practice.size))
    content.push([entry, own]);
  return content;
}

async function ownerOf(store: Store) {
  const [row] = await store.database<{ name: string }[]>`SELECT current_database() AS name`;
  const database = row?.name ?? '';
  const url = vault.postgres.url.replace('/postgres?', `/${database}?`);
  return { database, owner: openDatabase({ url, maxConnections: 1 }) };
}

for (const who of ['the application’s role', 'an owner whom row-level security does not bind']) {
  const isOwner = who.startsWith('an owner');
  const open = async () => {
    const fresh = await vault.openFresh();
    const { owner, database } = await ownerOf(fresh);
    return { fresh, owner, database, openSink: () => sinkOf(fresh, isOwner ? owner : null) };
  };

  describe(`entries written in bulk by ${who}`, () => {
    it('stand as they were, payloads and entries without one, in several batches', async () => {
      const { fresh, owner, openSink } = await open();
      const sink = openSink();
      await sink.begin(name(), { fence: 2 });
      await sink.append(name(), entries.slice(0, 2));
      await sink.append(name(), entries.slice(2));
      assert.deepEqual(await contentOf(fresh), await contentOf(vault.store));
      await owner.end();
    });

    it('are refused whole when something else has written meanwhile', async () => {
      const { owner, openSink } = await open();
      const [one, other] = [openSink(), openSink()];
      await one.begin(name(), { fence: 2 });
      await assert.rejects(other.begin(name(), { fence: 2 }), { code: 'RESTORE_TARGET_NOT_EMPTY' });
      await one.append(name(), entries.slice(0, 2));
      await owner`UPDATE serment.practices SET size = 1`;
      await assert.rejects(one.append(name(), entries.slice(2)), { code: 'RESTORE_TARGET_NOT_EMPTY' });
      assert.equal(await countIn(owner), 2);
      await owner.end();
    });

    it('are refused by a practice that is not marked as being restored', async () => {
      const { owner, openSink } = await open();
      const sink = openSink();
      await sink.begin(name(), { fence: 2 });
      await owner`UPDATE serment.practices SET restored_at = NULL`;
      await assert.rejects(sink.append(name(), entries), { code: 'RESTORE_TARGET_NOT_EMPTY' });
      assert.equal(await countIn(owner), 0);
      await owner.end();
    });

    it('leave nothing of their batch where the connection is lost in its middle, and the mark of a restore', async () => {
      const { fresh, owner, openSink } = await open();
      const sink = openSink();
      await sink.begin(name(), { fence: 2 });
      await sink.append(name(), entries.slice(0, 2));
      await owner.unsafe(waitingAtThird).simple();
      const appending = assert.rejects(sink.append(name(), entries.slice(2)), { code: 'DATABASE_UNAVAILABLE' });
      const killer = openDatabase({ url: vault.postgres.url, maxConnections: 1 });
      while ((await killer.unsafe(killWhoWaits)).length === 0) await delay(20);
      await appending;
      assert.equal(await countIn(owner), 2);
      const head = await fresh.head(practice.practice);
      assert.deepEqual([head?.size, head?.restored?.size], [2, 0]);
      await Promise.all([killer.end(), owner.end()]);
    });
  });
}

/** A row that is taken late enough for its connection to be cut meanwhile. */
const waitingAtThird = `
  CREATE FUNCTION pg_temp_wait() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN IF NEW.index = 3 THEN PERFORM pg_sleep(60); END IF; RETURN NEW; END $$;
  CREATE TRIGGER waiting BEFORE INSERT ON serment.entries FOR EACH ROW EXECUTE FUNCTION pg_temp_wait()`;
const killWhoWaits = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'";

async function countIn(owner: Database): Promise<number> {
  const [row] = await owner<{ n: number }[]>`SELECT count(*)::int AS n FROM serment.entries`;
  return row?.n ?? 0;
}

describe('entries written in bulk', () => {
  it('go the other way round where row-level security binds the owner', async () => {
    const superuser = openDatabase({ url: vault.postgres.url, maxConnections: 1 });
    await superuser.unsafe('CREATE ROLE bound_owner LOGIN').simple();
    await superuser.unsafe('CREATE DATABASE bound OWNER bound_owner');
    const databaseUrl = vault.postgres.url.replace('serment@', 'bound_owner@').replace('/postgres?', '/bound?');
    const { blobs, hostKeys } = vault.store;
    const store = await openStore({ databaseUrl, blobs, hostKeys });
    const owner = openDatabase({ url: databaseUrl, maxConnections: 1 });
    const sink = sinkOf(store, owner);
    await sink.begin(name(), { fence: 2 });
    await sink.append(name(), entries);
    assert.deepEqual(await contentOf(store), await contentOf(vault.store));
    await Promise.all([store.close(), owner.end(), superuser.end()]);
  });

  it('are refused with a code, and not waited for, where the database fails in them or at their end', async () => {
    const fresh = await vault.openFresh();
    const { owner } = await ownerOf(fresh);
    await owner.end();
    const many = Array.from({ length: 300 }, () => `${'x'.repeat(60_000)}\n`);
    for (const rows of [['wrong'], ['wrong\n'], ['wrong\n', ...many]]) {
      const copying = asAppender(fresh.database, async (sql) => {
        await sql`CREATE TEMPORARY TABLE rows (number int) ON COMMIT DROP`;
        await pipeline(Readable.from(rows), await sql`COPY pg_temp.rows FROM STDIN`.writable());
      }).then(
        () => 'done',
        (error: { code?: string }) => error.code,
      );
      assert.equal(
        await Promise.race([copying, delay(20_000, 'late', { ref: false })]),
        '22P02',
        `${rows.length} rows`,
      );
      await asAppender(fresh.database, (sql) => sql`SELECT 1`);
    }
  });

  it('are refused with what to do where nobody may make a temporary table, which a free owner needs not', async () => {
    const fresh = await vault.openFresh();
    const { owner, database } = await ownerOf(fresh);
    await owner.unsafe(`REVOKE TEMPORARY ON DATABASE ${database} FROM PUBLIC`);
    const sink = sinkOf(fresh);
    await sink.begin(name(), { fence: 2 });
    await assert.rejects(sink.append(name(), entries), { code: 'DATABASE_UNFIT', hint: /GRANT TEMPORARY/ });
    assert.equal(await countIn(owner), 0);
    await owner`DELETE FROM serment.practices`;
    const free = sinkOf(fresh, owner);
    await free.begin(name(), { fence: 2 });
    await free.append(name(), entries);
    assert.equal(await countIn(owner), entries.length);
    await owner.end();
  });
});
