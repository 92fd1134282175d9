import type { Bytes } from '@serment/core/bytes';
import { governanceStream } from '@serment/core/journal/header';
import { consistencyProof, inclusionProof, rootFrom } from '@serment/core/journal/proof';
import type { IndexedPayload } from '@serment/core/wire/read';
import type { GovernanceAnswer } from '@serment/core/wire/witness';
import { byteaArray, inPractice, numberArray, type Transaction } from '../database-scope.ts';
import { StoreError } from '../error.ts';
import type { Database } from '../postgres/connect.ts';
import { readHead } from './practice-state.ts';
import { hashReader } from './tiles.ts';

/** About what one answer may weigh, in bytes. */
const maxAnswerBytes = 4_194_304;

export interface Range {
  /** First index. */
  readonly from: number;
  /** Most items. */
  readonly limit: number;
  /** By the host's clock, milliseconds: what it received earlier is left out. */
  readonly receivedFrom?: number | null;
}

interface Weighed {
  readonly index: number;
  readonly size: number;
}

/** Entries from `from` on, without gap, as many as fit an answer. */
export function readEntries(database: Database, practice: Bytes, { from, limit }: Range): Promise<Bytes[]> {
  return inPractice(database, practice, async (sql) => {
    const weighed = await sql<Weighed[]>`
      SELECT index, octet_length(entry) AS size FROM serment.entries WHERE practice = ${practice} AND index >= ${from}
      ORDER BY index LIMIT ${limit}`;
    const last = fitting(weighed, limit).at(-1);
    if (last === undefined) return [];
    const rows = await sql<{ entry: Bytes }[]>`
      SELECT entry FROM serment.entries WHERE practice = ${practice} AND index >= ${from} AND index <= ${last.index}
      ORDER BY index`;
    return rows.map(({ entry }) => entry);
  });
}

/** Entries of the governance stream from index `from` on, as many as fit an answer, and where to go on. */
export function readGovernanceEntries(
  database: Database,
  practice: Bytes,
  { from, limit }: Range,
): Promise<GovernanceAnswer> {
  return inPractice(database, practice, async (sql) => {
    const weighed = await sql<Weighed[]>`
      SELECT index, octet_length(entry) AS size FROM serment.entries
      WHERE practice = ${practice} AND stream = ${governanceStream} AND index >= ${from} ORDER BY index
      LIMIT ${limit + 1}`;
    const given = fitting(weighed, limit);
    const rows = await sql<{ index: number; entry: Bytes }[]>`
      SELECT index, entry FROM serment.entries
      WHERE practice = ${practice} AND index = ANY(${numberArray(given.map(({ index }) => index))}::bigint[])
      ORDER BY index`;
    return { entries: rows.map(({ index, entry }) => [index, entry]), next: weighed[given.length]?.index ?? null };
  });
}

/** Payloads of a stream's entries from index `from` on, as many as fit an answer, and where to go on. */
export function readStream(
  database: Database,
  practice: Bytes,
  stream: Bytes,
  { from, limit, receivedFrom }: Range,
): Promise<{ payloads: IndexedPayload[]; next: number | null }> {
  return inPractice(database, practice, async (sql) => {
    // One more than asked tells whether there is a next one, and where.
    const weighed = await sql<Weighed[]>`
      SELECT index, coalesce(octet_length(payload), 0) AS size FROM serment.entries
      WHERE practice = ${practice} AND stream = ${stream} AND index >= ${from}
      AND received_at >= ${receivedFrom ?? 0} ORDER BY index LIMIT ${limit + 1}`;
    const given = fitting(weighed, limit);
    const payloads = await payloadsOf(sql, practice, given);
    return { payloads, next: weighed[given.length]?.index ?? null };
  });
}

/**
 * Payloads of the entries asked for, in the order asked, as many as fit an answer and one at least. Throws RANGE_INVALID
 * for an index that the journal has not reached.
 */
export function readPayloads(
  database: Database,
  practice: Bytes,
  indexes: readonly number[],
): Promise<IndexedPayload[]> {
  return inPractice(database, practice, async (sql) => {
    const head = await readHead(sql, practice);
    if (indexes.some((index) => index >= (head?.size ?? 0))) throw rangeInvalid();
    const sizes = await sql<Weighed[]>`
      SELECT index, coalesce(octet_length(payload), 0) AS size FROM serment.entries
      WHERE practice = ${practice} AND index = ANY(${numberArray(indexes)}::bigint[])`;
    const sizeOf = new Map(sizes.map(({ index, size }) => [index, size]));
    const weighed = indexes.map((index) => ({ index, size: sizeOf.get(index) ?? 0 }));
    return payloadsOf(sql, practice, fitting(weighed, indexes.length));
  });
}

/**
 * Whether some entry of these streams, of those received before a time if one is told, has one of these numbers, or names
 * this blob as a document or as its payload.
 */
export function isAnyOf(
  database: Database,
  practice: Bytes,
  streams: readonly Bytes[],
  what: ({ readonly indexes: readonly number[] } | { readonly blob: Bytes }) & { readonly receivedBefore?: number },
): Promise<boolean> {
  if (streams.length === 0) return Promise.resolve(false);
  return inPractice(database, practice, async (sql) => {
    // A hash of 32 bytes stands in an entry by no accident.
    const isWanted =
      'blob' in what
        ? sql`position(${what.blob} IN entry) > 0`
        : sql`index = ANY(${numberArray(what.indexes)}::bigint[])`;
    const found = await sql`
      SELECT 1 FROM serment.entries
      WHERE practice = ${practice} AND stream = ANY(${byteaArray(streams)}::bytea[]) AND ${isWanted}
      AND received_at < ${what.receivedBefore ?? Number.MAX_SAFE_INTEGER} LIMIT 1`;
    return found.length > 0;
  });
}

/** Throws RANGE_INVALID unless index < size ≤ the journal's. */
export function readInclusionProof(database: Database, practice: Bytes, index: number, size: number): Promise<Bytes[]> {
  return inPractice(database, practice, async (sql) => {
    const head = await readHead(sql, practice);
    if (index >= size || size > (head?.size ?? 0)) throw rangeInvalid();
    return inclusionProof(index, size, hashReader(sql, practice));
  });
}

/** Throws RANGE_INVALID unless from ≤ to ≤ the journal's size. */
export function readConsistencyProof(database: Database, practice: Bytes, from: number, to: number): Promise<Bytes[]> {
  return inPractice(database, practice, async (sql) => {
    const head = await readHead(sql, practice);
    if (from > to || to > (head?.size ?? 0)) throw rangeInvalid();
    return consistencyProof(from, to, hashReader(sql, practice));
  });
}

/** The root when the journal had that size; null when it never had. */
export function readRootAt(database: Database, practice: Bytes, size: number): Promise<Bytes | null> {
  return inPractice(database, practice, async (sql) => {
    const head = await readHead(sql, practice);
    return size > (head?.size ?? 0) ? null : rootFrom(size, hashReader(sql, practice));
  });
}

/** The first items that together weigh what an answer may, one at least. */
function fitting<Item extends Weighed>(items: readonly Item[], limit: number): Item[] {
  let sizeBytes = 0;
  const given: Item[] = [];
  for (const item of items.slice(0, limit)) {
    sizeBytes += item.size;
    if (given.length > 0 && sizeBytes > maxAnswerBytes) break;
    given.push(item);
  }
  return given;
}

async function payloadsOf(sql: Transaction, practice: Bytes, items: readonly Weighed[]): Promise<IndexedPayload[]> {
  const rows = await sql<{ index: number; payload: Bytes | null }[]>`
    SELECT index, payload FROM serment.entries
    WHERE practice = ${practice} AND index = ANY(${numberArray(items.map(({ index }) => index))}::bigint[])`;
  const found = new Map(rows.map(({ index, payload }) => [index, payload]));
  return items.map(({ index }) => ({ index, payload: found.get(index) ?? null }));
}

function rangeInvalid(): StoreError {
  return new StoreError('RANGE_INVALID', 'The journal has no such entries yet');
}
