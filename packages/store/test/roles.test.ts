import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { sha256 } from '@serment/core/hash';
import type { TestPractice } from '../../core/test/journal/practice-fixture.ts';
import { asAppender, inPractice, type Transaction } from '../src/database-scope.ts';
import { applicationRole, migrate } from '../src/migrate.ts';
import { type Database, openDatabase } from '../src/postgres/connect.ts';
import { openStore } from '../src/store.ts';
import { openTestVault, recordsDraft, send, type TestVault } from './test-vault.ts';

let vault: TestVault;
let practice: TestPractice;
let other: TestPractice;
const payload = new Uint8Array(300);
before(async () => {
  vault = await openTestVault();
  practice = await vault.createPractice('a');
  other = await vault.createPractice('b');
  await send(vault.store, practice, recordsDraft(practice, sha256(payload)), payload);
});
after(() => vault.close());

const run = (text: string, database = () => vault.store.database) =>
  inPractice(database(), practice.practice, (sql: Transaction) => sql.unsafe(text));

describe('the application’s role', () => {
  it('is not the owner', async () => {
    const [row] = await vault.store.database`SELECT current_user AS name`;
    assert.equal(row?.name, applicationRole);
  });

  for (const table of ['entries', 'tiles']) {
    it(`cannot change, remove or empty ${table}`, async () => {
      await assert.rejects(run(`UPDATE serment.${table} SET practice = practice`), /permission denied/);
      await assert.rejects(run(`DELETE FROM serment.${table}`), /permission denied/);
      await assert.rejects(run(`TRUNCATE serment.${table}`), /permission denied/);
    });
  }

  it('cannot change the schema, nor become its owner by RESET ROLE', async () => {
    await assert.rejects(run('ALTER TABLE serment.entries DISABLE TRIGGER ALL'), /must be owner/);
    await assert.rejects(
      run('RESET ROLE; ALTER TABLE serment.entries DISABLE ROW LEVEL SECURITY'),
      /must be owner|cannot insert multiple/,
    );
  });

  it('sees one practice, whatever the query forgets', async () => {
    for (const table of ['entries', 'tiles', 'practices', 'blobs', 'drafts', 'sessions', 'accounts', 'governance']) {
      const rows = await run(`SELECT DISTINCT encode(practice, 'hex') AS name FROM serment.${table}`);
      for (const { name } of rows) assert.equal(name, Buffer.from(practice.practice).toString('hex'));
    }
    const [count] = await run('SELECT count(*)::int AS n FROM serment.entries');
    assert.equal(count?.n, practice.size);
  });

  it('sees nothing when no practice is named', async () => {
    const [count] = await vault.store.database`SELECT count(*)::int AS n FROM serment.entries`;
    assert.equal(count?.n, 0);
  });

  it('cannot write into a practice that is not named', async () => {
    await assert.rejects(run(foreignEntry()), /row-level security/);
  });

  it('adds to any practice and moves its head where it appends, and reads no entry', async () => {
    const appending = (query: string) => asAppender(vault.store.database, (sql) => sql.unsafe(query));
    for (const column of ['entry', 'payload', 'entry_id', 'stream'])
      assert.deepEqual([...(await appending(`SELECT ${column} FROM serment.entries`))], []);
    await assert.rejects(appending(`${foreignEntry()} RETURNING entry`), /row-level security/);
    const undone = new Error('undone');
    const addAndUndo = asAppender(vault.store.database, async (sql) => {
      assert.equal((await sql.unsafe(foreignEntry())).count, 1);
      throw undone;
    });
    await assert.rejects(addAndUndo, (error) => error === undone);
    for (const table of ['accounts', 'sessions', 'drafts', 'uploads', 'blobs', 'governance', 'tiles'])
      assert.deepEqual([...(await appending(`SELECT practice FROM serment.${table}`))], []);
    const moved = await appending('UPDATE serment.practices SET fence = fence RETURNING practice');
    assert.equal(moved.length, 2);
  });
});

/** One that belongs to the practice which is not named. */
function foreignEntry(): string {
  const hex = (bytes: Uint8Array) => `'\\x${Buffer.from(bytes).toString('hex')}'`;
  const values = [other.practice, new Uint8Array(32), new Uint8Array(16), new Uint8Array(1)].map(hex);
  const [name, id, stream, entry] = values;
  return `INSERT INTO serment.entries VALUES (${name}, 1000, ${id}, ${stream}, 0, ${entry}, NULL)`;
}

describe('a database whose owner may create no role', () => {
  it('holds the journal append-only and the practices apart, with the owner itself', async () => {
    const superuser = openDatabase({ url: vault.postgres.url, maxConnections: 1 });
    await superuser.unsafe('CREATE ROLE plain_owner LOGIN').simple();
    await superuser.unsafe('CREATE DATABASE plain OWNER plain_owner');
    const databaseUrl = vault.postgres.url.replace('serment@', 'plain_owner@').replace('/postgres?', '/plain?');
    const owner = openDatabase({ url: databaseUrl, maxConnections: 2 });
    try {
      assert.deepEqual(await migrate(owner), { application: null, operators: null });
      const { blobs, hostKeys } = vault.store;
      const store = await openStore({ databaseUrl, blobs, hostKeys });
      try {
        const own = await vault.createPractice('plain', store);
        await refusesChange(owner, own);
      } finally {
        await store.close();
      }
    } finally {
      await Promise.all([owner.end(), superuser.end()]);
    }
  });
});

async function refusesChange(owner: Database, own: TestPractice): Promise<void> {
  for (const text of [
    'DELETE FROM serment.entries',
    'UPDATE serment.entries SET entry = entry',
    'TRUNCATE serment.entries',
  ])
    await assert.rejects(
      inPractice(owner, own.practice, (sql) => sql.unsafe(text)),
      /append-only/,
    );
  const [count] = await owner`SELECT count(*)::int AS n FROM serment.entries`;
  assert.equal(count?.n, 0);
}
