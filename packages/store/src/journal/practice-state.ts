import { type Bytes, bytesToHex, equalBytes } from '@serment/core/bytes';
import { parseEntry } from '@serment/core/journal/entry';
import {
  applyEntry,
  emptyGovernance,
  encodeGovernance,
  type GovernanceState,
  parseGovernance,
} from '@serment/core/journal/governance';
import { rootFrom } from '@serment/core/journal/proof';
import type { Frontier } from '@serment/core/journal/tree';
import { byteaArray, inPractice, inSnapshot, type Transaction } from '../database-scope.ts';
import { StoreError } from '../error.ts';
import type { Database } from '../postgres/connect.ts';
import { hashReader, loadEdge, TileEdge } from './tiles.ts';

/** The head of a practice that was restored, until a member acknowledges it. */
export interface RestoredHead {
  readonly size: number;
  readonly root: Bytes;
  /** When it was restored, milliseconds. */
  readonly at: number;
}

/** The last entry of a stream. */
export interface StreamEnd {
  readonly id: Bytes;
  /** Of every entry in the stream. */
  readonly compartment: string | null;
}

/** What an appender keeps in memory: all of it follows from the entries. */
export interface PracticeState {
  readonly practice: Bytes;
  readonly frontier: Frontier;
  readonly edge: TileEdge;
  governance: GovernanceState;
  /** Of the last entry, milliseconds. */
  receivedAt: number;
  readonly fence: number;
  readonly restored: RestoredHead | null;
  /** Roots at the sizes that were heads lately, for the `seen` of entries. */
  readonly roots: Map<number, Bytes>;
  /** Last entry of streams that were written lately, by hexadecimal. */
  readonly heads: Map<string, StreamEnd>;
}

export interface Head {
  readonly size: number;
  readonly root: Bytes;
  readonly fence: number;
  readonly receivedAt: number;
  readonly restored: RestoredHead | null;
}

const replayCount = 2048;
// More than groups in flight hold: what is not committed yet is never forgotten.
const maxRemembered = 16_384;
const maxRememberedAtRest = 2048;

/** The state before a practice's genesis. */
export function emptyState(practice: Bytes): PracticeState {
  const edge = new TileEdge([]);
  const kept = { roots: new Map(), heads: new Map() };
  const governance = emptyGovernance();
  return { practice, frontier: edge.frontier(0), edge, governance, receivedAt: 0, fence: 1, restored: null, ...kept };
}

/** A practice's head; null when there is no such practice. */
export async function readHead(sql: Transaction, practice: Bytes): Promise<Head | null> {
  const [row] = await sql<
    {
      size: number;
      root: Bytes;
      fence: number;
      received_at: number;
      restored_size: number | null;
      restored_root: Bytes | null;
      restored_at: number | null;
    }[]
  >`SELECT size, root, fence, received_at, restored_size, restored_root, restored_at
    FROM serment.practices WHERE practice = ${practice}`;
  if (row === undefined) return null;
  const { restored_size: size, restored_root: root, restored_at: at } = row;
  const restored = size === null || root === null || at === null ? null : { size, root, at };
  return { size: row.size, root: row.root, fence: row.fence, receivedAt: row.received_at, restored };
}

/**
 * The state of a practice, rebuilt from its entries (from the saved projection on, when its root is the journal's) and
 * checked against the head. Null when there is no such practice. Throws JOURNAL_DAMAGED.
 */
export async function loadState(database: Database, practice: Bytes): Promise<PracticeState | null> {
  return inSnapshot(database, practice, async (sql) => {
    const head = await readHead(sql, practice);
    if (head === null || head.size === 0) return null;
    const edge = await loadEdge(sql, practice, head.size);
    const frontier = edge.frontier(head.size);
    const root = frontier.root();
    if (!equalBytes(root, head.root)) throw damaged(practice);
    const { fence, receivedAt, restored } = head;
    const governance = await loadGovernance(sql, practice, head.size);
    const roots = new Map([[head.size, root]]);
    return { practice, frontier, edge, governance, receivedAt, fence, restored, roots, heads: new Map() };
  });
}

/** True when the journal that this state was built from, or the groups planned on it, pass through that head. */
export function isAt(state: PracticeState, { size, root }: Head): boolean {
  const own = state.roots.get(size);
  return own !== undefined && equalBytes(own, root);
}

/** Keeps the projection, so that the next start replays only what follows. Its loss is harmless. */
export async function saveGovernance(database: Database, state: PracticeState): Promise<void> {
  const { practice, frontier, governance } = state;
  const [size, root, bytes] = [frontier.size, frontier.root(), encodeGovernance(governance)];
  await inPractice(
    database,
    practice,
    (sql) => sql`
      INSERT INTO serment.governance (practice, size, root, state) VALUES (${practice}, ${size}, ${root}, ${bytes})
      ON CONFLICT (practice) DO UPDATE SET size = excluded.size, root = excluded.root, state = excluded.state
      WHERE governance.size < excluded.size`,
  );
}

/** Root at a size that the journal has passed. */
export async function rootAt(database: Database, state: PracticeState, size: number): Promise<Bytes> {
  const known = state.roots.get(size);
  if (known !== undefined) return known;
  const root = await inPractice(database, state.practice, (sql) => rootFrom(size, hashReader(sql, state.practice)));
  remember(state.roots, size, root);
  return root;
}

/** The last entries of those of the streams that have one, by hexadecimal. */
export async function streamEnds(
  database: Database,
  state: PracticeState,
  streams: readonly Bytes[],
): Promise<Map<string, StreamEnd>> {
  const ends = new Map<string, StreamEnd>();
  const unknown = new Map<string, Bytes>();
  for (const stream of streams) {
    const name = bytesToHex(stream);
    const known = state.heads.get(name);
    if (known === undefined) unknown.set(name, stream);
    else ends.set(name, known);
  }
  if (unknown.size === 0) return ends;
  const { practice, frontier } = state;
  const rows = await inPractice(
    database,
    practice,
    (sql) => sql<{ stream: Bytes; entry: Bytes }[]>`
      SELECT asked.stream, last.entry FROM unnest(${byteaArray([...unknown.values()])}::bytea[]) AS asked (stream),
      LATERAL (
        SELECT entry FROM serment.entries
        WHERE practice = ${practice} AND stream = asked.stream AND index < ${frontier.size}
        ORDER BY index DESC LIMIT 1
      ) AS last`,
  );
  for (const { stream, entry } of rows) {
    const { id, header } = parseEntry(entry);
    const end = { id, compartment: header.compartment };
    ends.set(bytesToHex(stream), end);
    remember(state.heads, bytesToHex(stream), end);
  }
  return ends;
}

/** Adds to a map that forgets its oldest. */
export function remember<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void {
  map.delete(key);
  if (map.size >= maxRemembered) shrinkTo(map, maxRemembered - 1);
  map.set(key, value);
}

/** Forgets what is oldest of what can be read again; for a state whose entries are all committed. */
export function forgetOldest({ roots, heads }: PracticeState): void {
  shrinkTo(roots, maxRememberedAtRest);
  shrinkTo(heads, maxRememberedAtRest);
}

function shrinkTo<Key>(map: Map<Key, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}

/** A state to come back to: entries replace what they change, save the lists that are copied here. */
export function copyGovernance(state: GovernanceState): GovernanceState {
  return {
    ...state,
    hosts: state.hosts.slice(),
    members: new Map(state.members),
    authors: new Map(state.authors),
    compartments: new Map(state.compartments),
    wraps: new Map([...state.wraps].map(([holder, records]) => [holder, records.slice()])),
    grants: new Map([...state.grants].map(([member, records]) => [member, records.slice()])),
    restrictions: new Map(state.restrictions),
  };
}

async function loadGovernance(sql: Transaction, practice: Bytes, size: number): Promise<GovernanceState> {
  const saved = await readSaved(sql, practice, size);
  const state = saved?.state ?? emptyGovernance();
  for (let from = saved?.size ?? 0; from < size; from += replayCount) {
    const rows = await sql<{ index: number; entry: Bytes }[]>`
      SELECT index, entry FROM serment.entries WHERE practice = ${practice} AND index >= ${from}
      AND index < ${Math.min(from + replayCount, size)} ORDER BY index`;
    for (const { index, entry } of rows) applyEntry(state, parseEntry(entry), index);
  }
  return state;
}

async function readSaved(
  sql: Transaction,
  practice: Bytes,
  size: number,
): Promise<{ size: number; state: GovernanceState } | null> {
  const [saved] = await sql<{ size: number; root: Bytes; state: Bytes }[]>`
    SELECT size, root, state FROM serment.governance WHERE practice = ${practice} AND size <= ${size}`;
  if (saved === undefined || saved.size === 0) return null;
  const root = await rootFrom(saved.size, hashReader(sql, practice));
  if (!equalBytes(root, saved.root)) return null;
  try {
    return { size: saved.size, state: parseGovernance(saved.state) };
  } catch {
    // A projection of another version: the entries say the same.
    return null;
  }
}

function damaged(practice: Bytes): StoreError {
  return new StoreError('JOURNAL_DAMAGED', 'The entries of the database do not make the root of its head', {
    fields: { practice: bytesToHex(practice) },
    hint: 'Stop, keep the data folder as it is, and restore a copy into a new one (serment restore).',
  });
}
