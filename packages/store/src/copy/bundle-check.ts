import { type Bytes, bytesToHex, equalBytes } from '@serment/core/bytes';
import { parseEntryBundle, parsePayloadBundle } from '@serment/core/copy/bundle';
import { type EntryPlace, readEntryPlace } from '@serment/core/copy/entry-place';
import { bundleSize, type CopyName, formatCopyName } from '@serment/core/copy/names';
import { encodeNodes, hashTileBytes, nodesBytes, tileRoot } from '@serment/core/copy/nodes';
import { encodeBundleIndex, parseStreamIndex } from '@serment/core/copy/stream-index';
import { leafHash, nodeHash } from '@serment/core/journal/tree';
import { CopyError, isOutOfReach } from './copy-error.ts';
import type { Destination } from './destination.ts';
import { type CopyFinding, type CopyFindingCode, makeFinding, type Reach } from './finding.ts';
import type { FencePlace } from './upper-levels.ts';

/** The five objects of one bundle as they were read: null is missing, an error is unreadable. */
export interface RawBundle {
  readonly number: number;
  readonly entries: Bytes | CopyError | null;
  readonly payload: Bytes | CopyError | null;
  readonly tile: Bytes | CopyError | null;
  readonly nodes: Bytes | CopyError | null;
  readonly index: Bytes | CopyError | null;
}

/** A bundle after its objects were compared with each other. */
export interface CheckedBundle {
  readonly number: number;
  /** What most of its objects agree on; null when none can be read. */
  readonly root: Uint8Array | null;
  /** Entry by entry; null for one that is damaged. */
  readonly entries: readonly (Bytes | null)[];
  /** Payload by payload; `undefined` when the bundle of payloads cannot be read. */
  readonly payloads: readonly (Bytes | null)[] | null;
  /** Of each entry; null unless all are right and have the form of one. */
  readonly places: readonly EntryPlace[] | null;
  /** The stream index that belongs here; null when it cannot be recomputed. */
  readonly index: Bytes | null;
  readonly findings: readonly CopyFinding[];
}

export async function readRawBundle(destination: Destination, place: FencePlace, number: number): Promise<RawBundle> {
  const read = (name: CopyName) => readObject(destination, formatCopyName(name));
  const [entries, payload, tile, nodes, index] = await Promise.all([
    read({ kind: 'entries', ...place, number }),
    read({ kind: 'payload', ...place, number }),
    read({ kind: 'tile', ...place, level: 0, number }),
    read({ kind: 'nodes', ...place, number }),
    read({ kind: 'index', ...place, level: 0, number }),
  ]);
  return { number, entries, payload, tile, nodes, index };
}

/** The object, null when missing, or why the place does not give it. Throws when the whole copy is out of reach. */
export async function readObject(destination: Destination, name: string): Promise<Bytes | CopyError | null> {
  try {
    return await destination.get(name);
  } catch (cause) {
    if (!(cause instanceof CopyError) || isOutOfReach(cause)) throw cause;
    return cause.code === 'COPY_NOT_FOUND' ? null : cause;
  }
}

/** Compares the objects of a bundle with each other and with the hash that its parent tile has for it. */
export function checkBundle(raw: RawBundle, place: FencePlace, parent: Uint8Array | null): CheckedBundle {
  const findings: CopyFinding[] = [];
  const entries = parsed(raw.entries, parseEntryBundle);
  const leaves = entries === null ? null : joinLeaves(entries);
  const tile = raw.tile instanceof Uint8Array && raw.tile.length === hashTileBytes ? raw.tile : null;
  const nodes = raw.nodes instanceof Uint8Array && raw.nodes.length === nodesBytes ? raw.nodes : null;
  const leafNodes = leaves === null ? null : encodeNodes(leaves, nodeHash);
  const isSameTile = tile !== null && leaves !== null && equalBytes(tile, leaves);
  const tileNodes = tile === null ? null : isSameTile ? leafNodes : encodeNodes(tile, nodeHash);
  const roots = { entries: rootOf(leafNodes), tile: rootOf(tileNodes), nodes: rootOf(nodes), parent };
  const root = elect([roots.entries, roots.tile, parent, roots.nodes]);
  const isEntriesRight = root !== null && roots.entries !== null && equalBytes(roots.entries, root);
  const isTileRight = root !== null && roots.tile !== null && equalBytes(roots.tile, root);
  const good = goodEntries({ entries, leaves, tile, isEntriesRight, isTileRight });
  const find = (
    code: CopyFindingCode,
    kind: 'entries' | 'payload' | 'nodes' | 'tile' | 'index',
    reach: Partial<Reach>,
  ) => findings.push(makeFinding(code, objectName(place, kind, raw.number), reach, unreadable(raw[kind])));
  const whole = bundleReach(raw, place, entries);
  if (raw.entries === null) find('BUNDLE_MISSING', 'entries', whole);
  else if (good.every((entry) => entry === null)) find('BUNDLE_DAMAGED', 'entries', whole);
  else if (!isEntriesRight) find('ENTRY_DAMAGED', 'entries', reachOf(raw.number, place, good, streamsOfIndex(raw)));
  if (raw.tile === null) find('TILE_MISSING', 'tile', { ...whole, streams: [] });
  else if (!isTileRight) find('TILE_DAMAGED', 'tile', { ...whole, streams: [] });
  const rightNodes = isEntriesRight ? leafNodes : isTileRight ? tileNodes : null;
  if (raw.nodes === null) find('NODES_MISSING', 'nodes', { ...whole, streams: [] });
  else if (nodes === null || (rightNodes !== null && !equalBytes(nodes, rightNodes)))
    find('NODES_DAMAGED', 'nodes', { ...whole, streams: [] });
  const payloads = parsed(raw.payload, parsePayloadBundle);
  if (raw.payload === null) find('PAYLOADS_MISSING', 'payload', whole);
  else if (payloads === null) find('PAYLOADS_DAMAGED', 'payload', whole);
  const places = isEntriesRight && entries !== null ? placesOf(entries) : null;
  const index = places !== null && payloads !== null ? rightIndex(raw, places) : null;
  if (raw.index === null) find('INDEX_MISSING', 'index', whole);
  else if (!(raw.index instanceof Uint8Array) || (index !== null && !equalBytes(raw.index, index)))
    find('INDEX_DAMAGED', 'index', whole);
  else if (index === null && streamsOfIndex(raw) === null) find('INDEX_DAMAGED', 'index', whole);
  return { number: raw.number, root, entries: good, payloads, places, index, findings };
}

function goodEntries(found: {
  entries: readonly Bytes[] | null;
  leaves: Uint8Array | null;
  tile: Uint8Array | null;
  isEntriesRight: boolean;
  isTileRight: boolean;
}): (Bytes | null)[] {
  const { entries, leaves, tile, isEntriesRight, isTileRight } = found;
  if (entries === null || leaves === null) return Array.from({ length: bundleSize }, () => null);
  if (isEntriesRight) return [...entries];
  if (tile === null || !isTileRight) return entries.map(() => null);
  return entries.map((entry, position) => {
    const start = position * 32;
    return equalBytes(leaves.subarray(start, start + 32), tile.subarray(start, start + 32)) ? entry : null;
  });
}

/** The root that most objects have; the first in order when as many have each. */
export function elect(roots: readonly (Uint8Array | null)[]): Uint8Array | null {
  let elected: Uint8Array | null = null;
  let most = 0;
  for (const root of roots) {
    if (root === null) continue;
    const votes = roots.filter((other) => other !== null && equalBytes(other, root)).length;
    if (votes > most) {
      elected = root;
      most = votes;
    }
  }
  return elected;
}

function joinLeaves(entries: readonly Uint8Array[]): Bytes {
  const leaves = new Uint8Array(hashTileBytes);
  for (const [position, entry] of entries.entries()) leaves.set(leafHash(entry), position * 32);
  return leaves;
}

function rootOf(nodes: Uint8Array | null): Uint8Array | null {
  return nodes === null ? null : tileRoot(nodes);
}

function placesOf(entries: readonly Bytes[]): EntryPlace[] | null {
  try {
    return entries.map(readEntryPlace);
  } catch {
    // An entry that the host accepted without the form of one: the journal's verification names it.
    return null;
  }
}

function rightIndex({ number, entries, payload }: RawBundle, places: readonly EntryPlace[]): Bytes | null {
  if (!(entries instanceof Uint8Array && payload instanceof Uint8Array)) return null;
  return encodeBundleIndex({ number, streams: places.map(({ stream }) => stream), entries, payloads: payload });
}

function parsed<Value>(object: Bytes | CopyError | null, parse: (bytes: Bytes) => Value): Value | null {
  if (!(object instanceof Uint8Array)) return null;
  try {
    return parse(object);
  } catch {
    return null;
  }
}

function unreadable(object: Bytes | CopyError | null): string | null {
  return object instanceof CopyError ? object.code : null;
}

function objectName(
  place: FencePlace,
  kind: 'entries' | 'payload' | 'nodes' | 'tile' | 'index',
  number: number,
): string {
  if (kind === 'tile' || kind === 'index') return formatCopyName({ kind, ...place, level: 0, number });
  return formatCopyName({ kind, ...place, number });
}

/** By position in the bundle; null when the index cannot be read. */
function streamsOfIndex(raw: RawBundle): Map<number, string> | null {
  const records = parsed(raw.index, parseStreamIndex);
  if (records === null) return null;
  return new Map(records.map(({ index, stream }) => [index % bundleSize, bytesToHex(stream)]));
}

function timeOf(entry: Bytes | null | undefined): number | null {
  return parsed(entry ?? null, readEntryPlace)?.receivedAt ?? null;
}

function bundleReach(raw: RawBundle, place: FencePlace, entries: readonly Bytes[] | null): Partial<Reach> {
  const indexed = streamsOfIndex(raw);
  const streams = new Set<string>(indexed?.values());
  const times: number[] = [];
  for (const entry of entries ?? []) {
    try {
      const found = readEntryPlace(entry);
      times.push(found.receivedAt);
      if (indexed === null) streams.add(bytesToHex(found.stream));
    } catch {
      // Reach is told as far as it is known.
    }
  }
  const from = raw.number * bundleSize;
  return {
    practice: place.practice,
    streams: [...streams],
    from,
    to: from + bundleSize,
    since: times[0] ?? null,
    until: times.at(-1) ?? null,
  };
}

function reachOf(
  number: number,
  place: FencePlace,
  good: readonly (Bytes | null)[],
  streams: Map<number, string> | null,
): Partial<Reach> {
  const positions = good.flatMap((entry, position) => (entry === null ? [position] : []));
  const [first = 0, last = bundleSize - 1] = [positions[0], positions.at(-1)];
  const names = new Set(positions.flatMap((position) => streams?.get(position) ?? []));
  return {
    practice: place.practice,
    streams: [...names],
    from: number * bundleSize + first,
    to: number * bundleSize + last + 1,
    // The entries beside them tell when they were accepted.
    since: timeOf(good[first - 1]),
    until: timeOf(good[last + 1]),
  };
}
