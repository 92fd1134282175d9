import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Transaction } from '../database-scope.ts';
import { StoreError } from '../error.ts';
import type { Group } from './group-writer.ts';

const signature = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const trailer = Buffer.from([0xff, 0xff]);
const columns = 6;
const insufficientPrivilege = '42501';

/** An entry with what its row says of it. */
export interface BulkRow {
  readonly index: number;
  readonly id: Uint8Array;
  readonly stream: Uint8Array;
  readonly receivedAt: number;
  readonly entry: Uint8Array;
  readonly payload: Uint8Array | null;
}

/** A group whose entries are rows already. */
export interface BulkGroup extends Omit<Group, 'entries'> {
  readonly rows: readonly BulkRow[];
}

/**
 * Writes one group in a transaction that appends, for thousands of entries at once: a fifth of the time of `writeGroups`
 * (1 600 entries of 2.5 KB: 80 ms, 400). False, with nothing written, when the head was elsewhere. Entries come over
 * PostgreSQL's own bulk protocol, which row-level security does not let into the journal: into a table of this
 * connection first, and from there. Throws DATABASE_UNFIT where no such table may be made.
 */
export async function writeInBulk(
  sql: Transaction,
  { practice, size, before, root, rows, tiles }: BulkGroup,
): Promise<boolean> {
  const last = rows.at(-1);
  if (last === undefined) throw new RangeError('A group has entries');
  const { count } = await sql`
    UPDATE serment.practices SET size = ${size + rows.length}, root = ${root}, received_at = ${last.receivedAt}
    WHERE practice = ${practice} AND size = ${size} AND root = ${before}`;
  if (count === 0) return false;
  await makeStaging(sql);
  const staging = await sql`COPY pg_temp.staging FROM STDIN (FORMAT binary)`.writable();
  await pipeline(Readable.from([signature, encodeRows(rows), trailer], { objectMode: false }), staging);
  await sql`
    INSERT INTO serment.entries (practice, index, entry_id, stream, received_at, entry, payload)
    SELECT ${practice}, index, entry_id, stream, received_at, entry, payload FROM pg_temp.staging`;
  for (const tile of tiles)
    await sql`
      INSERT INTO serment.tiles (practice, level, number, root, hashes)
      VALUES (${practice}, ${tile.level}, ${tile.number}, ${tile.root}, ${tile.hashes})`;
  return true;
}

/**
 * Made once for each connection, empty at the end of each transaction, never in the log; its rows are as those of the
 * journal, uncompressed and whole.
 */
async function makeStaging(sql: Transaction): Promise<void> {
  try {
    await sql.unsafe(`
      CREATE TEMPORARY TABLE IF NOT EXISTS staging (
        index bigint, entry_id bytea, stream bytea, received_at bigint,
        entry bytea STORAGE EXTERNAL, payload bytea STORAGE EXTERNAL
      ) WITH (toast_tuple_target = 8160) ON COMMIT DELETE ROWS`);
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
function encodeRows(rows: readonly BulkRow[]): Buffer {
  const fixed = 2 + 4 * columns + 8 + 32 + 16 + 8;
  const bytes = rows.reduce((sum, { entry, payload }) => sum + entry.length + (payload?.length ?? 0), 0);
  const encoded = Buffer.allocUnsafe(bytes + fixed * rows.length);
  let at = 0;
  const add = (field: Uint8Array) => {
    at = encoded.writeInt32BE(field.length, at);
    encoded.set(field, at);
    at += field.length;
  };
  const addNumber = (value: number) => {
    at = encoded.writeInt32BE(8, at);
    at = encoded.writeBigInt64BE(BigInt(value), at);
  };
  for (const { index, id, stream, receivedAt, entry, payload } of rows) {
    at = encoded.writeInt16BE(columns, at);
    addNumber(index);
    add(id);
    add(stream);
    addNumber(receivedAt);
    add(entry);
    if (payload === null) at = encoded.writeInt32BE(-1, at);
    else add(payload);
  }
  return encoded.subarray(0, at);
}
