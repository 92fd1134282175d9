import { type Bytes, bytesToHex, compareBytes } from '@serment/core/bytes';
import { databaseError, numberArray, type Transaction } from '../database-scope.ts';
import { StoreError } from '../error.ts';
import type { Database } from '../postgres/connect.ts';
import type { PlannedEntry } from './plan.ts';
import type { Tile } from './tiles.ts';

/** Entries of one practice that are appended together. */
export interface Group {
  readonly practice: Bytes;
  /** Size of the journal before the group. */
  readonly size: number;
  /** Root that the group stands on: another server may have brought the journal to the same size. */
  readonly before: Bytes;
  /** Root after the group. */
  readonly root: Bytes;
  readonly entries: readonly PlannedEntry[];
  readonly tiles: readonly Tile[];
}

interface Waiting {
  readonly group: Group;
  readonly resolve: (isWritten: boolean) => void;
  readonly reject: (reason: unknown) => void;
  readonly onSent: () => void;
}

// One statement runs while the next one is on its way.
const maxInFlight = 2;
const minSplit = 4;
const mostOfHalf = 0.75;
const maxStatementBytes = 8_388_608;

/**
 * Writes groups over one connection, which keeps them in order: a practice's next group may be given before the last is
 * durable. Groups of several practices that wait share a statement, hence a commit.
 */
export class GroupWriter {
  readonly #database: Database;
  #queue: Waiting[] = [];
  #inFlight = 0;
  /** Groups of the statements in flight, and the most that were lately waiting or in flight at once. */
  #writing = 0;
  #lately = 0;
  #isGathering = false;
  #turn: Promise<void> | null = null;

  /** `database` is that of `openWriter`. */
  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * True once the group is durable; false, with nothing of it written, when the head was elsewhere. Throws STORAGE_FULL,
   * DATABASE_UNAVAILABLE: after the latter it may have been written all the same. `onSent` is called once the database
   * has it to work on: what is done then costs nobody time.
   */
  write(group: Group, onSent: () => void): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ group, resolve, reject, onSent });
      this.#start();
    });
  }

  /** The next turn of the event loop, which all who wait for it share: what they then write goes together. */
  turn(): Promise<void> {
    this.#turn ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#turn = null;
        resolve();
      });
    });
    return this.#turn;
  }

  #start(): void {
    if (this.#isGathering || this.#inFlight >= maxInFlight || this.#queue.length === 0) return;
    // Practices that were answered together come back together, in one turn: all of it joins the statement.
    this.#isGathering = true;
    process.nextTick(() => {
      this.#isGathering = false;
      this.#sendNext();
      this.#start();
    });
  }

  #sendNext(): void {
    const taken = this.#take();
    this.#inFlight += 1;
    this.#writing += taken.length;
    this.#send(taken).finally(() => {
      this.#inFlight -= 1;
      this.#writing -= taken.length;
      this.#start();
    });
  }

  /** One group of each practice, in order: the next ones stand on them. */
  #take(): Waiting[] {
    this.#lately = Math.max(this.#queue.length + this.#writing, this.#lately - 1);
    // Two halves follow each other, so that one is written while the other is answered and comes back: where all that is
    // wanted waits at once, it is cut in two, and what is a half already stays whole.
    const isHalf = this.#queue.length < minSplit || this.#queue.length <= mostOfHalf * this.#lately;
    const share = this.#inFlight > 0 || isHalf ? this.#queue.length : this.#queue.length / 2;
    const taken: Waiting[] = [];
    const left: Waiting[] = [];
    const practices = new Set<string>();
    let sizeBytes = 0;
    for (const waiting of this.#queue) {
      const name = bytesToHex(waiting.group.practice);
      const isTaken = !practices.has(name) && taken.length < share && sizeBytes < maxStatementBytes;
      practices.add(name);
      (isTaken ? taken : left).push(waiting);
      if (isTaken) for (const { payload } of waiting.group.entries) sizeBytes += payload?.length ?? 0;
    }
    this.#queue = left;
    return taken.sort((one, other) => compareBytes(one.group.practice, other.group.practice));
  }

  async #send(waiting: readonly Waiting[]): Promise<void> {
    try {
      const writing = writeGroups(
        this.#database,
        waiting.map(({ group }) => group),
      );
      setImmediate(() => {
        for (const { onSent } of waiting) onSent();
      });
      const done = await writing;
      for (const [place, { resolve }] of waiting.entries()) resolve(done.has(place));
    } catch (cause) {
      if (cause instanceof StoreError || waiting.length === 1) for (const { reject } of waiting) reject(cause);
      // One practice's own failure must not be its neighbours': each is written alone.
      else for (const one of waiting) await this.#send([one]);
    }
  }
}

/**
 * Writes groups of different practices, in the order of these, in one statement, where the connection or the transaction
 * appends; answers with the places of those that were written.
 */
export async function writeGroups(database: Database | Transaction, groups: readonly Group[]): Promise<Set<number>> {
  try {
    const [first] = groups;
    const isOne = groups.length === 1 && first?.entries.length === 1 && first.tiles.length === 0 && first.size > 0;
    if (isOne) return new Set((await writeEntry(database, first)) ? [0] : []);
    return await writeTogether(database, groups);
  } catch (cause) {
    throw databaseError(cause);
  }
}

/** One entry of one practice, which is what a person's save is: a sixth less time than as a group (383 µs, 456). */
async function writeEntry(
  database: Database | Transaction,
  { practice, size, before, root, entries }: Group,
): Promise<boolean> {
  const [planned] = entries;
  if (planned === undefined) throw new RangeError('A group has entries');
  const { entry, payload } = planned;
  const { count } = await lettingGo(database`
    WITH moved AS (
      UPDATE serment.practices SET size = size + 1, root = ${root}, received_at = ${entry.receivedAt}
      WHERE practice = ${practice} AND size = ${size} AND root = ${before} RETURNING practice, received_at
    )
    INSERT INTO serment.entries (practice, index, entry_id, stream, received_at, entry, payload)
    SELECT practice, ${size}, ${entry.id}, ${entry.header.stream}, received_at, ${entry.bytes}, ${payload} FROM moved`);
  return count === 1;
}

async function writeTogether(database: Database | Transaction, groups: readonly Group[]): Promise<Set<number>> {
  const bytes = new Packed();
  const [groupRows, entryRows, tileRows]: [number[][], number[][], number[][]] = [[], [], []];
  for (const [place, { practice, size, before, root, entries, tiles }] of groups.entries()) {
    const number = place + 1;
    groupRows.push([bytes.add(practice, before, root), size, entries.length, entries.at(-1)?.entry.receivedAt ?? 0]);
    for (const { index, entry, payload } of entries) {
      const at = bytes.add(entry.id, entry.header.stream, entry.bytes, payload ?? nothing);
      entryRows.push([number, index, entry.receivedAt, at, entry.bytes.length, payload?.length ?? -1]);
    }
    for (const { level, number: tile, root: tileRoot, hashes } of tiles)
      tileRows.push([number, level, tile, bytes.add(tileRoot, hashes)]);
  }
  const [row] = await lettingGo(database<{ done: number[] }[]>`
    SELECT serment.append_groups(
      ${bytes.base64()}, ${table(groupRows)}::bigint[], ${table(entryRows)}::bigint[], ${table(tileRows)}::bigint[]
    ) AS done`);
  return new Set(row?.done.map((number) => number - 1));
}

/**
 * The rows of a query, whose arguments are let go of: finished queries keep each other until a full collection, and with
 * what was written twice as many bytes outlived each collection of the youngest objects.
 */
async function lettingGo<Rows>(query: Promise<Rows>): Promise<Rows> {
  const rows = await query;
  Object.assign(query, { args: [], parameters: [] });
  return rows;
}

const nothing = new Uint8Array(0);

/** A two-dimensional array in PostgreSQL's text form. */
function table(rows: readonly (readonly number[])[]): string {
  return `{${rows.map(numberArray).join(',')}}`;
}

/** Bytes one after the other, each known by its place counted from 1, as SQL counts. */
class Packed {
  readonly #parts: Uint8Array[] = [];
  #next = 1;

  add(...parts: readonly Uint8Array[]): number {
    const at = this.#next;
    for (const part of parts) {
      this.#parts.push(part);
      this.#next += part.length;
    }
    return at;
  }

  base64(): string {
    return Buffer.concat(this.#parts).toString('base64');
  }
}
