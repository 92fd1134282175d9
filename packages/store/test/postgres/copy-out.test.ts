import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { inPractice } from '../../src/database-scope.ts';
import { bigintIn, copyOut, rowsIn } from '../../src/postgres/copy-out.ts';
import { openTestVault, type TestVault } from '../test-vault.ts';

const practice = new Uint8Array(32);

describe('rows in their binary form', () => {
  let vault: TestVault;

  before(async () => {
    vault = await openTestVault();
  });
  after(() => vault?.close());

  const blockOf = (query: string) => inPractice(vault.store.database, practice, (sql) => copyOut(sql, query));

  it('come as they are, null and empty apart, as windows on one block', async () => {
    const block = await blockOf(`SELECT 9007199254740991::bigint, '\\x00ff'::bytea, ''::bytea, NULL::bytea
      UNION ALL SELECT -1, NULL, '\\x01', '\\x'`);
    const rows = [...rowsIn(block)];
    assert.deepEqual(
      rows.map(([number, ...bytes]) => [bigintIn(number ?? practice), ...bytes.map((one) => one && [...one])]),
      [
        [Number.MAX_SAFE_INTEGER, [0, 255], [], null],
        [-1, null, [1], []],
      ],
    );
    assert.equal(rows[0]?.[1]?.buffer, block.buffer);
    assert.deepEqual([...rowsIn(await blockOf('SELECT 1 WHERE false'))], []);
    for (let cut = 0; cut < block.length; cut += 1) assert.throws(() => [...rowsIn(block.slice(0, cut))], RangeError);
  });

  it('leave the connection free for the next query, however large they are', async () => {
    const { database } = vault.store;
    await inPractice(database, practice, async (sql) => {
      for (const count of [1, 2, 63, 64, 65, 1000])
        for (const size of [1, 1000, 65_536, 98_304]) {
          const query = `SELECT repeat('x', ${size})::bytea FROM generate_series(1, ${count})`;
          const rows = [...rowsIn(await copyOut(sql, query))];
          const [after] = await sql<{ one: number }[]>`SELECT 1 AS one`;
          assert.deepEqual([rows.length, rows.at(-1)?.[0]?.length, after?.one], [count, size, 1]);
        }
    });
  });

  it('end with the error of a query that fails on its way, and the connection goes on', async () => {
    const failing = "SELECT repeat('x', 1000)::bytea, 1 / (5000 - n) FROM generate_series(1, 9000) AS n";
    await assert.rejects(blockOf(failing), { code: '22012' });
    await assert.rejects(blockOf('SELECT nothing FROM nowhere'), { code: '42P01' });
    assert.equal([...rowsIn(await blockOf('SELECT 1'))].length, 1);
  });
});
