import { bytesToHex } from '@serment/core/bytes';
import type { TransactionSql } from 'postgres';
import { StoreError } from './error.ts';
import type { Database } from './postgres/connect.ts';

export type Transaction = TransactionSql<{ bigint: number; bytea: Uint8Array }>;

/** What row-level security lets a transaction see: one practice, or one row by a value that the asker holds. */
type Scope = 'practice' | 'account' | 'pin' | 'token_hash' | 'scope';

/** Runs queries that see one practice and no other. Throws STORAGE_FULL, DATABASE_UNAVAILABLE. */
export function inPractice<Result>(
  database: Database,
  practice: Uint8Array,
  run: (sql: Transaction) => Promise<Result>,
): Promise<Result> {
  return inScope(database, 'practice', bytesToHex(practice), run);
}

/** As `inPractice`, every query seeing the same instant. */
export function inSnapshot<Result>(
  database: Database,
  practice: Uint8Array,
  run: (sql: Transaction) => Promise<Result>,
): Promise<Result> {
  return inScope(database, 'practice', bytesToHex(practice), run, snapshot);
}

/** Runs queries that see heads and account data of the whole installation, and no entry. */
export function asHost<Result>(database: Database, run: (sql: Transaction) => Promise<Result>): Promise<Result> {
  return inScope(database, 'scope', 'host', run);
}

/** Runs queries that add entries to any practice and move heads, and read no entry. */
export function asAppender<Result>(database: Database, run: (sql: Transaction) => Promise<Result>): Promise<Result> {
  return inScope(database, 'scope', 'append', run);
}

/** Runs queries that see the host's operators, and nothing of practices. */
export function asOperators<Result>(database: Database, run: (sql: Transaction) => Promise<Result>): Promise<Result> {
  return inScope(database, 'scope', 'operators', run);
}

/** As `asHost`, every query seeing the same instant. */
export function asHostInSnapshot<Result>(
  database: Database,
  run: (sql: Transaction) => Promise<Result>,
): Promise<Result> {
  return inScope(database, 'scope', 'host', run, snapshot);
}

const snapshot = 'ISOLATION LEVEL REPEATABLE READ';

/** Runs queries that see the one row that holds this value. */
export function byValue<Result>(
  database: Database,
  scope: 'account' | 'pin' | 'token_hash',
  value: Uint8Array,
  run: (sql: Transaction) => Promise<Result>,
): Promise<Result> {
  return inScope(database, scope, bytesToHex(value), run);
}

// biome-ignore lint/complexity/useMaxParams: private, and called by the functions above alone.
async function inScope<Result>(
  database: Database,
  scope: Scope,
  value: string,
  run: (sql: Transaction) => Promise<Result>,
  isolation = 'ISOLATION LEVEL READ COMMITTED',
): Promise<Result> {
  try {
    const outcome = await database.begin(isolation, async (sql) => {
      // Sent at once and not waited for: the connection keeps the order of its queries.
      const set = sql`SELECT set_config(${`serment.${scope}`}, ${value}, true)`.execute();
      const [result] = await Promise.all([run(sql), set]);
      return { result };
    });
    return outcome.result;
  } catch (cause) {
    throw databaseError(cause);
  }
}

const fullCodes = new Set(['53100', '53000', '58030']);
// Class 08, 57P0x and the client library's own: the server went away, or is going.
const lostCode = /^(?:08|57P0|CONNECT|ECONN|EPIPE|ENOENT|ETIMEDOUT|53300)/;

/** The coded error of a query that failed; errors that are coded already, and programmers' mistakes, as they are. */
export function databaseError(cause: unknown): unknown {
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  if (cause instanceof StoreError) return cause;
  if (fullCodes.has(code)) return storageFull(cause);
  if (!lostCode.test(code)) return cause;
  return new StoreError('DATABASE_UNAVAILABLE', 'The database cannot be reached', {
    cause,
    hint: 'Check that PostgreSQL runs; what was acknowledged is kept.',
  });
}

export function storageFull(cause: unknown): StoreError {
  return new StoreError('STORAGE_FULL', 'The disk of the vault is full', {
    cause,
    hint: 'Free some space on the disk of the data folder; nothing that was acknowledged is lost.',
  });
}

/** A `bytea[]` in PostgreSQL's text form, for a parameter cast to it. */
export function byteaArray(values: readonly (Uint8Array | null)[]): string {
  const items = values.map((bytes) => (bytes === null ? 'NULL' : `"\\\\x${hexOf(bytes)}"`));
  return `{${items.join(',')}}`;
}

/** A one-dimensional array of numbers in PostgreSQL's text form. */
export function numberArray(values: readonly number[]): string {
  return `{${values.join(',')}}`;
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
