import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { entryId } from '@serment/core/journal/entry';
import type { RestoredEntry } from '../copy/restore-sink.ts';
import { asAppender, type Transaction } from '../database-scope.ts';
import { StoreError } from '../error.ts';
import type { Database } from '../postgres/connect.ts';
import type { Group } from './group-writer.ts';

const signature = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const trailer = Buffer.from([0xff, 0xff]);
const columns = ['practice', 'index', 'entry_id', 'stream', 'received_at', 'entry', 'payload'];
const fixedBytes = 2 + 4 * columns.length + 32 + 8 + 32 + 16 + 8;
/** Pieces in which rows are sent: the client copies each once more. */
const pieceBytes = 262_144;
const insufficientPrivilege = '42501';

/** A group whose entries were in a journal before. */
export interface BulkGroup extends Omit<Group, 'entries'> {
  readonly entries: readonly RestoredEntry[];
}

export interface BulkWriterOptions {
  readonly database: Database;
  /** A connection of the schema's owner, where there is one; closed by who opened it. */
  readonly owner: Database | null;
}

/**
 * Writes the groups of a restore, thousands of entries at once, over PostgreSQL's own bulk protocol. Row-level security does
 * not let that into the journal: an owner whom it does not bind, which is every owner of an embedded cluster, writes there
 * himself, in three quarters of the database's time (20 000 rows of 2.5 KB: 290 ms, 400); else rows go into a table of the
 * connection first, and from there. Either way the journal's triggers hold, and only a practice that is marked as being
 * restored is written to.
 */
export class BulkWriter {
  readonly #options: BulkWriterOptions;
  /** Used again for each group: the memory of rows that were sent is freed late. */
  #room = Buffer.alloc(0);
  #isOwnerFree: Promise<boolean> | null = null;

  constructor(options: BulkWriterOptions) {
    this.#options = options;
  }

  /**
   * Writes one group, all or nothing, after the one before has ended. It is durable once any later transaction is that was
   * waited for: nothing of a restore counts before its end. False, with nothing written, when the head was elsewhere. Throws
   * DATABASE_UNFIT where neither way is open.
   */
  async write(group: BulkGroup): Promise<boolean> {
    const { database, owner } = this.#options;
    if (group.entries.length === 0) throw new RangeError('A group has entries');
    this.#isOwnerFree ??= isFree(owner);
    const isDirect = owner !== null && (await this.#isOwnerFree);
    return asAppender(isDirect ? owner : database, async (sql) => {
      await sql`SET LOCAL synchronous_commit = off`;
      if (!(await moveHead(sql, group))) return false;
      if (!isDirect) await makeStaging(sql);
      await this.#copy(sql, isDirect ? 'serment.entries' : 'pg_temp.staging', group);
      if (!isDirect)
        await sql.unsafe(`INSERT INTO serment.entries (${columns}) SELECT ${columns} FROM pg_temp.staging`);
      for (const tile of group.tiles)
        await sql`
          INSERT INTO serment.tiles (practice, level, number, root, hashes)
          VALUES (${group.practice}, ${tile.level}, ${tile.number}, ${tile.root}, ${tile.hashes})`;
      return true;
    });
  }

  async #copy(sql: Transaction, table: string, group: BulkGroup): Promise<void> {
    const taken = await sql.unsafe(`COPY ${table} (${columns}) FROM STDIN (FORMAT binary)`).writable();
    await pipeline(Readable.from(this.#pieces(group), { objectMode: false }), taken);
  }

  *#pieces(group: BulkGroup): Generator<Uint8Array> {
    yield signature;
    const rows = this.#encode(group);
    for (let at = 0; at < rows.length; at += pieceBytes) yield rows.subarray(at, at + pieceBytes);
    yield trailer;
  }

  /** Rows in PostgreSQL's binary form: each field after its length, in four bytes. Holds until the next call. */
  #encode({ practice, entries }: BulkGroup): Buffer {
    const sizeBytes = entries.reduce((sum, { entry, payload }) => sum + entry.length + (payload?.length ?? 0), 0);
    const needed = sizeBytes + fixedBytes * entries.length;
    if (this.#room.length < needed) this.#room = Buffer.allocUnsafeSlow(needed);
    const room = this.#room;
    let at = 0;
    const add = (field: Uint8Array) => {
      at = room.writeInt32BE(field.length, at);
      room.set(field, at);
      at += field.length;
    };
    const addNumber = (value: number) => {
      at = room.writeInt32BE(8, at);
      at = room.writeUInt32BE(Math.floor(value / 2 ** 32), at);
      at = room.writeUInt32BE(value % 2 ** 32, at);
    };
    for (const { index, entry, payload, place } of entries) {
      at = room.writeInt16BE(columns.length, at);
      add(practice);
      addNumber(index);
      add(entryId(entry, place.receivedAt));
      add(place.stream);
      addNumber(place.receivedAt);
      add(entry);
      if (payload === null) at = room.writeInt32BE(-1, at);
      else add(payload);
    }
    return room.subarray(0, at);
  }
}

/** Whether row-level security does not bind this connection where the journal stands. */
async function isFree(owner: Database | null): Promise<boolean> {
  if (owner === null) return false;
  const [row] = await owner<{ bound: boolean }[]>`SELECT row_security_active('serment.entries') AS bound`;
  return row?.bound === false;
}

async function moveHead(sql: Transaction, { practice, size, before, root, entries }: BulkGroup): Promise<boolean> {
  const receivedAt = entries.at(-1)?.place.receivedAt ?? 0;
  const { count } = await sql`
    UPDATE serment.practices SET size = ${size + entries.length}, root = ${root}, received_at = ${receivedAt}
    WHERE practice = ${practice} AND size = ${size} AND root = ${before} AND restored_at IS NOT NULL`;
  return count > 0;
}

/**
 * Made once for each connection, empty at the end of each transaction, never in the log; its rows are as those of the
 * journal, uncompressed and whole.
 */
async function makeStaging(sql: Transaction): Promise<void> {
  try {
    await sql.unsafe(`
      CREATE TEMPORARY TABLE IF NOT EXISTS staging (
        practice bytea, index bigint, entry_id bytea, stream bytea, received_at bigint,
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
