import { type Bytes, bytesToHex, equalBytes } from '@serment/core/bytes';
import type { Body } from '@serment/core/journal/body';
import {
  type Entry,
  encodeStatement,
  parseStatement,
  type Statement,
  signedMessage,
  statementToEntry,
} from '@serment/core/journal/entry';
import { applyEntry, authorize, isGenesisComplete } from '@serment/core/journal/governance';
import { encodeHeader, governanceStream, hostStream } from '@serment/core/journal/header';
import { rules } from '@serment/core/journal/rules';
import type { Signer } from '@serment/core/signature';
import { StoreError } from '../error.ts';
import type { Database } from '../postgres/connect.ts';
import { type CheckedEntry, refused } from './check-sent.ts';
import { copyGovernance, type PracticeState, remember, rootAt, type StreamEnd } from './practice-state.ts';
import type { Tile } from './tiles.ts';

/** Entries that are to be appended together or not at all: sent by a client, or stated by the host. */
export type Request = readonly CheckedEntry[] | { readonly host: readonly Body[] };

/** One entry with its place. */
export interface PlannedEntry {
  readonly index: number;
  readonly entry: Entry;
  readonly payload: Bytes | null;
}

export interface PlanContext {
  readonly database: Database;
  readonly signer: Signer;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Size under which every entry is committed. */
  readonly committedSize: number;
  /** Last entries of the streams that requests of the group name, as they were before it. */
  readonly ends: ReadonlyMap<string, StreamEnd>;
}

/**
 * Authorizes a request as the next entries of `state` and takes them in; leaves `state` as it was when it throws.
 * Throws REFUSED, SEEN_FORK, VAULT_RESTORED, GENESIS_INCOMPLETE.
 */
export async function planRequest(
  state: PracticeState,
  request: Request,
  context: PlanContext,
  onTile: (tile: Tile) => void,
): Promise<PlannedEntry[]> {
  const count = 'host' in request ? request.host.length : request.length;
  // A single entry changes the state only once it is authorized.
  const before = count > 1 || state.frontier.size === 0 ? copyGovernance(state.governance) : state.governance;
  try {
    const checked = 'host' in request ? null : request;
    refuseUnacknowledged(state, checked);
    const base = state.frontier.size;
    const receivedAt = Math.max(context.clock(), state.receivedAt);
    const statements: CheckedEntry[] = [];
    const heads = new Map<string, StreamEnd>();
    for (let position = 0; position < count; position += 1) {
      const next = checked?.[position] ?? (await stateAsHost(state, request, position, context));
      await authorizeNext(state, next.statement, { ...context, position, index: base + position, receivedAt, heads });
      applyEntry(state.governance, next.statement, base + position);
      heads.set(bytesToHex(next.statement.header.stream), endOf(next.statement));
      statements.push(next);
    }
    if (!isGenesisComplete(state.governance))
      throw new StoreError('GENESIS_INCOMPLETE', 'A genesis batch is accepted whole or not at all');
    return takeIn(state, statements, receivedAt, onTile);
  } catch (cause) {
    state.governance = before;
    throw cause;
  }
}

interface Position extends PlanContext {
  readonly position: number;
  readonly index: number;
  /** The host's clock at all places of the request, milliseconds. */
  readonly receivedAt: number;
  /** Last entries of streams that earlier entries of the same request write. */
  readonly heads: ReadonlyMap<string, StreamEnd>;
}

async function authorizeNext(state: PracticeState, statement: Statement, at: Position): Promise<void> {
  const { header, id } = statement;
  const { database, index, receivedAt, position } = at;
  const isGovernance = equalBytes(header.stream, governanceStream);
  const name = bytesToHex(header.stream);
  const end = isGovernance ? undefined : (at.heads.get(name) ?? state.heads.get(name) ?? at.ends.get(name));
  const streamHead = isGovernance ? state.governance.head : (end?.id ?? null);
  const streamCompartment = end?.compartment ?? null;
  const context = { index, receivedAt, streamHead, streamCompartment, practice: state.practice };
  const refusal = await authorize(state.governance, statement, context);
  if (refusal !== null) throw refused(refusal, position, id);
  if (header.seen !== null) {
    if (header.seen.size > at.committedSize) throw refused('SEEN_AHEAD', position, id);
    if (!equalBytes(await rootAt(database, state, header.seen.size), header.seen.root))
      throw new StoreError('SEEN_FORK', 'The author has verified another history than this one', {
        fields: { position },
      });
  }
  if (header.body.kind === 'restore-ack' && !isOwnRestore(state, header.body))
    throw refused('FENCE_STALE', position, id);
}

function isOwnRestore(state: PracticeState, body: { fence: number; size: number; root: Bytes }): boolean {
  const { fence, restored } = state;
  return (
    restored !== null && body.fence === fence && body.size === restored.size && equalBytes(body.root, restored.root)
  );
}

/** A restored vault takes a `restore-ack` before anything else, and `host` entries in the same request before it. */
function refuseUnacknowledged(state: PracticeState, checked: readonly CheckedEntry[] | null): void {
  if (state.governance.fence >= state.fence) return;
  const kinds = checked?.map(({ statement }) => statement.header.kind) ?? [];
  const acknowledged = kinds.indexOf('restore-ack');
  if (acknowledged >= 0 && kinds.slice(0, acknowledged).every((kind) => kind === 'host')) return;
  throw new StoreError('VAULT_RESTORED', 'This vault was restored and no member has acknowledged it yet', {
    fields: { fence: state.fence },
    hint: 'A doctor acknowledges the restoration from an enrolled device, or with the recovery kit.',
  });
}

async function stateAsHost(
  state: PracticeState,
  request: Request,
  position: number,
  { signer, clock, database, committedSize }: PlanContext,
): Promise<CheckedEntry> {
  const body = 'host' in request ? request.host[position] : undefined;
  if (body === undefined) throw new RangeError('No entry at this position');
  // What the host says of a device stands where members say it, and under the same rules.
  const governs = rules[body.kind].stream === 'governance';
  const headerBytes = encodeHeader({
    format: 1,
    practice: state.practice,
    kind: body.kind,
    author: signer.author,
    stream: governs ? governanceStream : hostStream,
    compartment: null,
    epoch: 0,
    base: governs ? state.governance.head : null,
    prev: state.governance.authors.get(bytesToHex(signer.author))?.last ?? null,
    seen: governs ? { size: committedSize, root: await rootAt(database, state, committedSize) } : null,
    time: clock(),
    blobs: [],
    body,
  });
  const signature = await signer.sign(signedMessage(headerBytes, null));
  return { statement: parseStatement(encodeStatement({ headerBytes, payloadHash: null, signature })), payload: null };
}

function takeIn(
  state: PracticeState,
  statements: readonly CheckedEntry[],
  receivedAt: number,
  onTile: (tile: Tile) => void,
): PlannedEntry[] {
  state.receivedAt = receivedAt;
  // Made before anything is taken in: an entry that its time makes too large is refused with the whole request.
  const entries = statements.map(({ statement }) => statementToEntry(statement, state.receivedAt));
  return entries.map((entry, position) => {
    const index = state.frontier.size;
    state.frontier.append(entry.leaf, (level, number, hash) => state.edge.add(level, number, hash, onTile));
    remember(state.heads, bytesToHex(entry.header.stream), endOf(entry));
    return { index, entry, payload: statements[position]?.payload ?? null };
  });
}

function endOf({ id, header }: Statement): StreamEnd {
  return { id, compartment: header.compartment };
}

/** The streams that requests write, those of governance and of the host apart. */
export function streamsOf(requests: readonly Request[]): Bytes[] {
  const headers = requests.flatMap((request) =>
    'host' in request ? [] : request.map(({ statement: { header } }) => header),
  );
  return headers.filter(({ compartment }) => compartment !== null).map(({ stream }) => stream);
}
