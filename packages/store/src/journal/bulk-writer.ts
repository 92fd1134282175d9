import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Transaction } from '../database-scope.ts';
import { StoreError } from '../error.ts';
import type { Group } from './group-writer.ts';
import type { PlannedEntry } from './plan.ts';

const signature = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const trailer = Buffer.from([0xff, 0xff]);
const columns = 6;
const insufficientPrivilege = '42501';

/**
 * Writes one group in a transaction that appends, for thousands of entries at once: a fifth of the time of `writeGroups`
 * (1 600 entries of 2.5 KB: 80 ms, 400). False, with nothing written, when the head was elsewhere. Entries come over
 * PostgreSQL's own bulk protocol, which row-level security does not let into the journal: into a table of this
 * transaction first, and from there. Throws DATABASE_UNFIT where no such table may be made.
 */
export async function writeInBulk(
  sql: Transaction,
  { practice, size, before, root, entries, tiles }: Group,
): Promise<boolean> {
  const last = entries.at(-1);
  if (last === undefined) throw new RangeError('A group has entries');
  const { count } = await sql`
    UPDATE serment.practices SET size = ${size + entries.length}, root = ${root}, received_at = ${last.entry.receivedAt}
    WHERE practice = ${practice} AND size = ${size} AND root = ${before}`;
  if (count === 0) return false;
  await makeStaging(sql);
  const staging = await sql`COPY pg_temp.staging FROM STDIN (FORMAT binary)`.writable();
  await pipeline(Readable.from([signature, rowsOf(entries), trailer], { objectMode: false }), staging);
  await sql`
    INSERT INTO serment.entries (practice, index, entry_id, stream, received_at, entry, payload)
    SELECT ${practice}, index, entry_id, stream, received_at, entry, payload FROM pg_temp.staging`;
  for (const tile of tiles)
    await sql`
      INSERT INTO serment.tiles (practice, level, number, root, hashes)
      VALUES (${practice}, ${tile.level}, ${tile.number}, ${tile.root}, ${tile.hashes})`;
  return true;
}

/** Gone with the transaction, never in the log; its rows are as those of the journal, uncompressed and whole. */
async function makeStaging(sql: Transaction): Promise<void> {
  try {
    await sql.unsafe(`
      CREATE TEMPORARY TABLE staging (
        index bigint, entry_id bytea, stream bytea, received_at bigint,
        entry bytea STORAGE EXTERNAL, payload bytea STORAGE EXTERNAL
      ) WITH (toast_tuple_target = 8160) ON COMMIT DROP`);
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === insufficientPrivilege)) throw cause;
    throw new StoreError(
      'DATABASE_UNFIT',
      'This PostgreSQL lets nobody make a temporary table, which a restore needs',
      {
        cause,
        hint: 'Run: GRANT TEMPORARY ON DATABASE … TO PUBLIC, with the name of the database.',
      },
    );
  }
}

/** Rows in PostgreSQL's binary form: each field after its length, in four bytes. */
function rowsOf(entries: readonly PlannedEntry[]): Buffer {
  const fixed = 2 + 4 * columns + 8 + 32 + 16 + 8;
  const bytes = entries.reduce((sum, { entry, payload }) => sum + entry.bytes.length + (payload?.length ?? 0), 0);
  const rows = Buffer.allocUnsafe(bytes + fixed * entries.length);
  let at = 0;
  const add = (field: Uint8Array) => {
    at = rows.writeInt32BE(field.length, at);
    rows.set(field, at);
    at += field.length;
  };
  const addNumber = (value: number) => {
    at = rows.writeInt32BE(8, at);
    at = rows.writeBigInt64BE(BigInt(value), at);
  };
  for (const { index, entry, payload } of entries) {
    at = rows.writeInt16BE(columns, at);
    addNumber(index);
    add(entry.id);
    add(entry.header.stream);
    addNumber(entry.receivedAt);
    add(entry.bytes);
    if (payload === null) at = rows.writeInt32BE(-1, at);
    else add(payload);
  }
  return rows.subarray(0, at);
}
