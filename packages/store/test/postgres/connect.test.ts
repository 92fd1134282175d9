import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDatabase, refuseUnfitDatabase } from '../../src/postgres/connect.ts';
import { cleanup, started, temporaryDataDir } from './temporary.ts';

test('the pool reads whole numbers and bytes exactly, and refuses what a number cannot hold', async (t) => {
  const { url } = await started(t, await temporaryDataDir(t));
  const sql = openDatabase({ url, maxConnections: 2 });
  cleanup(t).defer(() => sql.end({ timeout: 5 }));
  await refuseUnfitDatabase(sql);

  const greatest = Number.MAX_SAFE_INTEGER;
  const numbers =
    await sql`SELECT ${greatest}::bigint AS great, -1::bigint AS small, count(*) AS n FROM pg_am WHERE false`;
  assert.deepEqual({ ...numbers[0] }, { great: greatest, small: -1, n: 0 });
  await assert.rejects(sql`SELECT 9007199254740992::bigint`, { code: 'INTEGER_UNSAFE' });
  await assert.rejects(sql`SELECT ${1.5}::bigint`);
  assert.equal((await sql`SELECT 1 AS one`)[0]?.one, 1);

  const window = new Uint8Array([9, 9, 0, 1, 255, 9]).subarray(2, 5);
  const bytes: unknown = (await sql`SELECT ${window}::bytea AS bytes`)[0]?.bytes;
  assert.ok(bytes instanceof Uint8Array && !Buffer.isBuffer(bytes));
  assert.deepEqual([...bytes], [0, 1, 255]);
  assert.equal(bytes.buffer.byteLength, 3);

  const listed = await sql`SELECT ARRAY[1, -2]::bigint[] AS some, '{}'::bigint[] AS none, ${'{3,4}'}::bigint[] AS sent`;
  assert.deepEqual({ ...listed[0] }, { some: [1, -2], none: [], sent: [3, 4] });
  await assert.rejects(sql`SELECT ARRAY[9007199254740992]::bigint[]`, { code: 'INTEGER_UNSAFE' });
});

test('a server that does not force its writes to the disk is refused', async (t) => {
  const { url } = await started(t, await temporaryDataDir(t));
  const sql = openDatabase({ url, maxConnections: 1 });
  cleanup(t).defer(() => sql.end({ timeout: 5 }));
  assert.equal((await sql`SHOW synchronous_commit`)[0]?.synchronous_commit, 'on');
  await sql`CREATE SCHEMA pretend`;
  await sql`CREATE VIEW pretend.pg_settings AS SELECT name, CASE name WHEN 'fsync' THEN 'off' ELSE setting END AS setting FROM pg_catalog.pg_settings`;
  await sql`SET search_path = pretend, pg_catalog`;
  await assert.rejects(refuseUnfitDatabase(sql), { code: 'DATABASE_UNFIT', fields: { name: 'fsync', setting: 'off' } });
});

test('an address that is not one is refused without being repeated', () => {
  for (const url of ['', 'localhost', 'mysql://user:hidden@host/x', 'postgres://user:hidden@/x y']) {
    assert.throws(
      () => openDatabase({ url }),
      (error) =>
        error instanceof Error &&
        'code' in error &&
        error.code === 'DATABASE_URL_INVALID' &&
        !/hidden/.test(error.message),
    );
  }
});
