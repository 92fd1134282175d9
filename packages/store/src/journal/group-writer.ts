import { type Bytes, bytesToHex, compareBytes } from '@serment/core/bytes';
import { databaseError, numberArray } from '../database-scope.ts';
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

  /** `database` has one connection. */
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

  #start(): void {
    if (this.#isGathering || this.#inFlight >= maxInFlight || this.#queue.length === 0) return;
    // Nobody else has written lately: nobody is waited for.
    if (this.#lately <= 1 && this.#inFlight === 0) {
      this.#sendNext();
      return;
    }
    // Practices that were answered together come back together: those still being checked join the statement.
    this.#isGathering = true;
    setImmediate(() => {
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
 * Writes groups of different practices, in the order of these, in one statement; answers with the places of those that
 * were written.
 */
export async function writeGroups(database: Database, groups: readonly Group[]): Promise<Set<number>> {
  try {
    const [first] = groups;
    const isOne = groups.length === 1 && first?.entries.length === 1 && first.tiles.length === 0 && first.size > 0;
    if (isOne) return new Set((await writeEntry(database, first)) ? [0] : []);
    return await writeTogether(database, groups);
  } catch (cause) {
    throw databaseError(cause);
  }
}

async function writeEntry(database: Database, { practice, size, before, root, entries }: Group): Promise<boolean> {
  const [planned] = entries;
  if (planned === undefined) throw new RangeError('A group has entries');
  const { entry, payload } = planned;
  const [row] = await lettingGo(database<{ done: boolean }[]>`
    SELECT serment.append_entry(
      ${practice}, ${size}, ${before}, ${root}, ${entry.receivedAt},
      ${entry.id}, ${entry.header.stream}, ${entry.bytes}, ${payload}
    ) AS done`);
  return row?.done === true;
}

async function writeTogether(database: Database, groups: readonly Group[]): Promise<Set<number>> {
  const groupRows = columns('at', 'size', 'count', 'received');
  const entryRows = columns('group', 'index', 'received', 'at', 'length', 'payload');
  const tileRows = columns('group', 'level', 'number', 'at');
  const bytes = new Packed();
  for (const [place, { practice, size, before, root, entries, tiles }] of groups.entries()) {
    const group = place + 1;
    const received = entries.at(-1)?.entry.receivedAt ?? 0;
    groupRows.add({ at: bytes.add(practice, before, root), size, count: entries.length, received });
    for (const { index, entry, payload } of entries) {
      const at = bytes.add(entry.id, entry.header.stream, entry.bytes, payload ?? nothing);
      const sizes = { length: entry.bytes.length, payload: payload?.length ?? -1 };
      entryRows.add({ group, index, received: entry.receivedAt, at, ...sizes });
    }
    for (const { level, number, root: tileRoot, hashes } of tiles)
      tileRows.add({ group, level, number, at: bytes.add(tileRoot, hashes) });
  }
  const [g, e, t] = [groupRows.of, entryRows.of, tileRows.of];
  const [row] = await lettingGo(database<{ done: number[] }[]>`
      SELECT serment.append_groups(
        ${bytes.base64()},
        ${g('at')}::integer[], ${g('size')}::bigint[], ${g('count')}::integer[], ${g('received')}::bigint[],
        ${e('group')}::integer[], ${e('index')}::bigint[], ${e('received')}::bigint[],
        ${e('at')}::integer[], ${e('length')}::integer[], ${e('payload')}::integer[],
        ${t('group')}::integer[], ${t('level')}::smallint[], ${t('number')}::bigint[], ${t('at')}::integer[]
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

/** Rows of numbers that leave as one array for each column. */
function columns<Name extends string>(...names: readonly Name[]) {
  const values = new Map<Name, number[]>(names.map((name) => [name, []]));
  return {
    add(row: Readonly<Record<Name, number>>): void {
      for (const name of names) values.get(name)?.push(row[name]);
    },
    of: (name: Name): string => numberArray(values.get(name) ?? []),
  };
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
