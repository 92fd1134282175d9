import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { sha256 } from '@serment/core/hash';
import type { TestPractice } from '../../../core/test/journal/practice-fixture.ts';
import type { RestoredEntry } from '../../src/copy/restore-sink.ts';
import { asAppender } from '../../src/database-scope.ts';
import { openDatabase } from '../../src/postgres/connect.ts';
import { createRestoreSink } from '../../src/restore-into.ts';
import type { Store } from '../../src/store.ts';
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
    entries.push({ index, entry, payload: own });
});
after(() => vault.close());

const name = () => bytesToHex(practice.practice);
const sinkOf = ({ database, blobs, capture }: Store) =>
  createRestoreSink({ database, blobs, capture, clock: Date.now, openAccounts: null });

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

describe('entries written in bulk', () => {
  it('stand as they were, payloads and entries without one, in several batches', async () => {
    const fresh = await vault.openFresh();
    const sink = sinkOf(fresh);
    await sink.begin(name(), { fence: 2 });
    await sink.append(name(), entries.slice(0, 2));
    await sink.append(name(), entries.slice(2));
    assert.deepEqual(await contentOf(fresh), await contentOf(vault.store));
  });

  it('are refused whole when something else has written meanwhile', async () => {
    const fresh = await vault.openFresh();
    const [one, other] = [sinkOf(fresh), sinkOf(fresh)];
    await one.begin(name(), { fence: 2 });
    await assert.rejects(other.begin(name(), { fence: 2 }), { code: 'RESTORE_TARGET_NOT_EMPTY' });
    await one.append(name(), entries.slice(0, 2));
    const { owner } = await ownerOf(fresh);
    await owner`UPDATE serment.practices SET size = 1`;
    await assert.rejects(one.append(name(), entries.slice(2)), { code: 'RESTORE_TARGET_NOT_EMPTY' });
    assert.equal((await owner`SELECT count(*)::int AS n FROM serment.entries`)[0]?.n, 2);
    await owner.end();
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

  it('are refused with what to do where nobody may make a temporary table', async () => {
    const fresh = await vault.openFresh();
    const { owner, database } = await ownerOf(fresh);
    await owner.unsafe(`REVOKE TEMPORARY ON DATABASE ${database} FROM PUBLIC`);
    const sink = sinkOf(fresh);
    await sink.begin(name(), { fence: 2 });
    await assert.rejects(sink.append(name(), entries), { code: 'DATABASE_UNFIT', hint: /GRANT TEMPORARY/ });
    assert.equal((await owner`SELECT count(*)::int AS n FROM serment.entries`)[0]?.n, 0);
    await owner.end();
  });
});
