import { type Bytes, bytesToHex, bytesToUtf8, equalBytes, hexToBytes } from '@serment/core/bytes';
import { parseEntryBundle } from '@serment/core/copy/bundle';
import { bundleSize, fencePath, formatCopyName } from '@serment/core/copy/names';
import { encodeNodes, hashTileBytes, nodesBytes, tileRoot } from '@serment/core/copy/nodes';
import { parseTail, type Tail, type TailItem } from '@serment/core/copy/tail';
import { parseCheckpoint } from '@serment/core/journal/checkpoint';
import { Frontier, foldFrontier, leafHash, nodeHash } from '@serment/core/journal/tree';
import { elect, readObject } from './bundle-check.ts';
import type { Destination } from './destination.ts';
import { nameOrNull, type TailRange } from './held.ts';
import type { FencePlace } from './upper-levels.ts';

// A writer makes one way to join tails, or a few after a crash; whoever plants more gains nothing but time.
const maxChains = 64;
const maxSteps = 4096;

/** A state of a practice whose entries hash to a checkpoint; the checkpoint's signature is for the caller to check. */
export interface CopyState {
  readonly place: FencePlace;
  /** Where its checkpoint was found. */
  readonly destination: Destination;
  readonly size: number;
  readonly root: Bytes;
  readonly note: string;
  /** The roots of the full bundles, 32 bytes each; with the leaves of `tail` they make up `root`. */
  readonly bundleRoots: Bytes;
  /** Entries after the full bundles. */
  readonly tail: readonly TailItem[];
}

/** Fences under which a practice has objects, the newest first. */
export async function listFences(destination: Destination, practice: string): Promise<number[]> {
  const folders = await destination.listFolders(`${practice}/`);
  const fences = folders.filter((folder) => /^[0-9]{8}$/.test(folder)).map(Number);
  return fences.filter((fence) => fence > 0).sort((left, right) => right - left);
}

/** The greatest size that names under this fence speak of, whether what they name is still whole or not. */
export async function claimedSize(destinations: readonly Destination[], place: FencePlace): Promise<number> {
  let greatest = 0;
  for (const destination of destinations) {
    const { sizes } = await listCommits([destination], place);
    greatest = Math.max(greatest, sizes[0] ?? 0);
  }
  return greatest;
}

/** Entries of a bundle that tails still hold, with their payloads, right or not. */
export async function tailItemsOf(
  destination: Destination,
  place: FencePlace,
  number: number,
): Promise<(TailItem & { index: number })[]> {
  const { tails } = await listCommits([destination], place);
  const items: (TailItem & { index: number })[] = [];
  for (const range of tails.filter(({ from }) => Math.floor(from / bundleSize) === number)) {
    const [found] = await readTails([destination], place, range);
    for (const [position, item] of (found?.tail.items ?? []).entries())
      items.push({ ...item, index: range.from + position });
  }
  return items;
}

/** Where the commits of a fence stand. */
export type CommitFolder = 'checkpoint' | 'tail';

/**
 * States under one fence that hash right, the greatest first (copy.md, Reading), of those that stand in `folders`. With
 * several destinations, each object may come from any of them: what is missing at one is taken from the others.
 */
export async function* provenStates(
  destinations: readonly Destination[],
  place: FencePlace,
  folders: readonly CommitFolder[] = ['checkpoint', 'tail'],
): AsyncGenerator<CopyState> {
  const { sizes, tails } = await listCommits(destinations, place, folders);
  const roots = new RootReader(destinations, place);
  for (const size of sizes) {
    for (const { destination, items, note } of await commitsOf(destinations, place, { tails, size })) {
      const committed = commitOf(note, place, size);
      const bundleRoots =
        committed === null ? null : await roots.match(Math.floor(size / bundleSize), items, committed);
      if (committed === null || bundleRoots === null) continue;
      yield { place, destination, size, root: committed, note, bundleRoots, tail: items };
    }
  }
}

interface Commit {
  /** Where the note was found. */
  readonly destination: Destination;
  readonly items: readonly TailItem[];
  readonly note: string;
}

/** Notes that may commit this size, with the entries after the full bundles: a checkpoint object's, and a tail's. */
async function commitsOf(
  destinations: readonly Destination[],
  place: FencePlace,
  { tails, size }: { tails: readonly TailRange[]; size: number },
): Promise<Commit[]> {
  if (size % bundleSize !== 0) return readTailsTo(destinations, place, tails, size);
  const commits: Commit[] = [];
  for (const destination of destinations) {
    const note = await readNote(destination, place, size);
    if (note !== null) commits.push({ destination, items: [], note });
  }
  // Where something else stands in the checkpoint's place, a tail that ends there commits the full bundles.
  for (const range of tails.filter(({ to }) => to === size))
    for (const { destination, tail } of await readTails(destinations, place, range))
      commits.push({ destination, items: [], note: tail.note });
  return commits.filter(({ note }, at) => commits.findIndex((other) => other.note === note) === at);
}

export async function listCommits(
  destinations: readonly Destination[],
  place: FencePlace,
  folders: readonly CommitFolder[] = ['checkpoint', 'tail'],
): Promise<{ sizes: number[]; tails: TailRange[] }> {
  const sizes = new Set<number>();
  const tails = new Map<string, TailRange>();
  for (const destination of destinations)
    for (const folder of folders)
      for await (const text of destination.list(`${fencePath(place.practice, place.fence)}/${folder}/`)) {
        const name = nameOrNull(text);
        if (name?.kind === 'checkpoint') sizes.add(name.size);
        if (name?.kind !== 'tail') continue;
        tails.set(text, { from: name.from, to: name.to });
        sizes.add(name.to);
      }
  return { sizes: [...sizes].sort((left, right) => right - left), tails: [...tails.values()] };
}

/** Items from the last full bundle to `size` by tails that join: each way to join them, since some may be planted. */
async function readTailsTo(
  destinations: readonly Destination[],
  place: FencePlace,
  tails: readonly TailRange[],
  size: number,
): Promise<Commit[]> {
  const base = size - (size % bundleSize);
  const within = tails.filter(({ from, to }) => from >= base && to <= base + bundleSize);
  const read = new Map<TailRange, readonly FoundTail[]>();
  const found: Commit[] = [];
  let steps = 0;
  // Backwards: the tail that ends here carries the checkpoint, each one before it may overlap.
  const follow = async (at: number, last: FoundTail | null, items: readonly TailItem[]): Promise<void> => {
    const next = within.filter(({ from, to }) => from < at && (last === null ? to === size : to >= at));
    for (const range of next.sort((left, right) => left.from - right.from)) {
      const known = read.get(range) ?? (await readTails(destinations, place, range));
      read.set(range, known);
      for (const own of known) {
        steps += 1;
        if (found.length >= maxChains || steps > maxSteps) return;
        const joined = [...own.tail.items.slice(0, at - range.from), ...items];
        const { destination, tail } = last ?? own;
        if (range.from === base) found.push({ destination, items: joined, note: tail.note });
        else await follow(range.from, last ?? own, joined);
      }
    }
  };
  await follow(size, null, []);
  return found;
}

interface FoundTail {
  readonly destination: Destination;
  readonly tail: Tail;
}

/** Tails of that name, each once: destinations may hold different ones. */
export async function readTails(
  destinations: readonly Destination[],
  place: FencePlace,
  range: TailRange,
): Promise<FoundTail[]> {
  const found: (FoundTail & { bytes: Bytes })[] = [];
  for (const destination of destinations) {
    const bytes = await readObject(destination, formatCopyName({ kind: 'tail', ...place, ...range }));
    if (!(bytes instanceof Uint8Array) || found.some((other) => equalBytes(other.bytes, bytes))) continue;
    const tail = parseOwnTail(bytes, place, range);
    if (tail !== null) found.push({ destination, tail, bytes });
  }
  return found;
}

/** The tail, null when it is damaged or not the one of its name. */
export function parseOwnTail(bytes: Bytes, place: FencePlace, range: TailRange): Tail | null {
  try {
    const tail = parseTail(bytes);
    const isOwn =
      bytesToHex(tail.practice) === place.practice && tail.fence === place.fence && tail.from === range.from;
    return isOwn && tail.from + tail.items.length === range.to ? tail : null;
  } catch {
    return null;
  }
}

async function readNote(destination: Destination, place: FencePlace, size: number): Promise<string | null> {
  if (size === 0 || size % bundleSize !== 0) return null;
  const object = await readObject(destination, formatCopyName({ kind: 'checkpoint', ...place, size }));
  try {
    return object instanceof Uint8Array ? bytesToUtf8(object) : null;
  } catch {
    return null;
  }
}

/** The root that a note commits, null when it is not one of this place and size. */
export function commitOf(note: string, place: FencePlace, size: number): Bytes | null {
  try {
    const { checkpoint } = parseCheckpoint(note);
    const isOwn = checkpoint.fence === place.fence && equalBytes(checkpoint.practice, hexToBytes(place.practice));
    return isOwn && checkpoint.size === size ? checkpoint.root : null;
  } catch {
    return null;
  }
}

function rootOf(bundleRoots: Bytes, items: readonly TailItem[]): Bytes {
  const bundles = new Frontier();
  for (let start = 0; start < bundleRoots.length; start += 32) bundles.append(bundleRoots.slice(start, start + 32));
  const partial = new Frontier();
  for (const { entry } of items) partial.append(leafHash(entry));
  return foldFrontier([...bundles.hashes(), ...partial.hashes()]);
}

type ReadRoots = (number: number) => Promise<Uint8Array[] | null>;

/**
 * Reads the roots of bundles: fast from tiles and nodes, or slowly out of the entries, which is right when those are not;
 * from one destination before the others, each in turn; at last, for each bundle, what most of its objects say.
 */
class RootReader {
  readonly #place: FencePlace;
  readonly #ways: readonly { readonly known: Uint8Array[]; readonly read: ReadRoots }[];

  constructor(destinations: readonly Destination[], place: FencePlace) {
    this.#place = place;
    const orders = destinations.map((first) => [first, ...destinations.filter((other) => other !== first)]);
    const reads = orders.flatMap((order): ReadRoots[] => [
      (number) => firstOf(order, (destination) => this.#fast(destination, number)),
      (number) => firstOf(order, (destination) => this.#slow(destination, number)),
    ]);
    reads.push((number) => this.#elected(destinations, number));
    this.#ways = reads.map((read) => ({ known: [], read }));
  }

  /** The roots of so many bundles which, with the items after them, hash to `committed`; null when none do. */
  async match(bundles: number, items: readonly TailItem[], committed: Bytes): Promise<Bytes | null> {
    for (const way of this.#ways) {
      const bundleRoots = await this.#read(bundles, way);
      if (bundleRoots !== null && equalBytes(rootOf(bundleRoots, items), committed)) return bundleRoots;
    }
    return null;
  }

  async #read(bundles: number, { known, read }: { known: Uint8Array[]; read: ReadRoots }): Promise<Bytes | null> {
    while (known.length < bundles) {
      const more = await read(known.length);
      if (more === null) return null;
      known.push(...more);
    }
    const roots = new Uint8Array(bundles * 32);
    for (const [number, root] of known.slice(0, bundles).entries()) roots.set(root, number * 32);
    return roots;
  }

  async #fast(destination: Destination, number: number): Promise<Uint8Array[] | null> {
    const isFirst = number % bundleSize === 0;
    const tile = isFirst
      ? await this.#object(destination, { kind: 'tile', level: 1, number: number / bundleSize })
      : null;
    if (tile?.length === hashTileBytes)
      return Array.from({ length: bundleSize }, (_, child) => tile.subarray(child * 32, child * 32 + 32));
    const nodes = await this.#object(destination, { kind: 'nodes', number });
    if (nodes?.length === nodesBytes) return [tileRoot(nodes)];
    return (await this.#byLeaves(destination, number)) ?? this.#slow(destination, number);
  }

  async #slow(destination: Destination, number: number): Promise<Uint8Array[] | null> {
    const bytes = await this.#object(destination, { kind: 'entries', number });
    const root = bytes === null ? null : bundleRoot(bytes);
    return root === null ? this.#byLeaves(destination, number) : [root];
  }

  async #byLeaves(destination: Destination, number: number): Promise<Uint8Array[] | null> {
    const leaves = await this.#object(destination, { kind: 'tile', level: 0, number });
    return leaves?.length === hashTileBytes ? [tileRoot(encodeNodes(leaves, nodeHash))] : null;
  }

  async #elected(destinations: readonly Destination[], number: number): Promise<Uint8Array[] | null> {
    const roots: (Uint8Array | null)[] = [];
    for (const destination of destinations) {
      const entries = await this.#object(destination, { kind: 'entries', number });
      const nodes = await this.#object(destination, { kind: 'nodes', number });
      roots.push(entries === null ? null : bundleRoot(entries));
      roots.push((await this.#byLeaves(destination, number))?.[0] ?? null);
      roots.push(nodes?.length === nodesBytes ? tileRoot(nodes) : null);
    }
    const root = elect(roots);
    return root === null ? null : [root];
  }

  async #object(
    destination: Destination,
    name: { kind: 'tile'; level: number; number: number } | { kind: 'nodes' | 'entries'; number: number },
  ): Promise<Bytes | null> {
    const object = await readObject(destination, formatCopyName({ ...this.#place, ...name }));
    return object instanceof Uint8Array ? object : null;
  }
}

async function firstOf<Value>(
  destinations: readonly Destination[],
  read: (destination: Destination) => Promise<Value | null>,
): Promise<Value | null> {
  for (const destination of destinations) {
    const value = await read(destination);
    if (value !== null) return value;
  }
  return null;
}

/** The entries of a bundle, their leaf hashes one after the other, and the root that these make; null for other bytes. */
export function hashBundle(bytes: Bytes): { entries: readonly Bytes[]; leaves: Bytes; root: Uint8Array } | null {
  try {
    const entries = parseEntryBundle(bytes);
    const leaves = new Uint8Array(hashTileBytes);
    for (const [position, entry] of entries.entries()) leaves.set(leafHash(entry), position * 32);
    return { entries, leaves, root: tileRoot(encodeNodes(leaves, nodeHash)) };
  } catch {
    return null;
  }
}

/** Root of the tile of an entry bundle; null when it cannot be read. */
export function bundleRoot(bytes: Bytes): Uint8Array | null {
  return hashBundle(bytes)?.root ?? null;
}
