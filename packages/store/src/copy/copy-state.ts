import { type Bytes, bytesToHex, bytesToUtf8, equalBytes, hexToBytes } from '@serment/core/bytes';
import { parseEntryBundle } from '@serment/core/copy/bundle';
import { bundleSize, fencePath, formatCopyName } from '@serment/core/copy/names';
import { encodeNodes, hashTileBytes, nodesBytes, tileRoot } from '@serment/core/copy/nodes';
import { parseTail, type Tail, type TailItem } from '@serment/core/copy/tail';
import { parseCheckpoint } from '@serment/core/journal/checkpoint';
import { Frontier, foldFrontier, leafHash, nodeHash } from '@serment/core/journal/tree';
import { readObject } from './bundle-check.ts';
import type { Destination } from './destination.ts';
import { nameOrNull, type TailRange } from './held.ts';
import type { FencePlace } from './upper-levels.ts';

// A writer makes one way to join tails, or a few after a crash; whoever plants more gains nothing but time.
const maxChains = 64;
const maxSteps = 4096;

/** A state of a practice whose entries hash to a checkpoint; the checkpoint's signature is for the caller to check. */
export interface CopyState {
  readonly place: FencePlace;
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
    const { sizes } = await listCommits(destination, place);
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
  const { tails } = await listCommits(destination, place);
  const items: (TailItem & { index: number })[] = [];
  for (const range of tails.filter(({ from }) => Math.floor(from / bundleSize) === number)) {
    const tail = await readTail(destination, place, range);
    for (const [position, item] of (tail?.items ?? []).entries()) items.push({ ...item, index: range.from + position });
  }
  return items;
}

/** Where the commits of a fence stand. */
export type CommitFolder = 'checkpoint' | 'tail';

/** States under one fence that hash right, the greatest first (copy.md, Reading), of those that stand in `folders`. */
export async function* provenStates(
  destination: Destination,
  place: FencePlace,
  folders: readonly CommitFolder[] = ['checkpoint', 'tail'],
): AsyncGenerator<CopyState> {
  const { sizes, tails } = await listCommits(destination, place, folders);
  const roots = new RootReader(destination, place);
  for (const size of sizes) {
    for (const { items, note } of await commitsOf(destination, place, { tails, size })) {
      const committed = commitOf(note, place, size);
      const bundleRoots =
        committed === null ? null : await roots.match(Math.floor(size / bundleSize), items, committed);
      if (committed === null || bundleRoots === null) continue;
      yield { place, size, root: committed, note, bundleRoots, tail: items };
    }
  }
}

/** Notes that may commit this size, with the entries after the full bundles: a checkpoint object's, and a tail's. */
async function commitsOf(
  destination: Destination,
  place: FencePlace,
  { tails, size }: { tails: readonly TailRange[]; size: number },
): Promise<{ items: readonly TailItem[]; note: string }[]> {
  if (size % bundleSize !== 0) return readTailsTo(destination, place, tails, size);
  const commits: { items: readonly TailItem[]; note: string }[] = [];
  const note = await readNote(destination, place, size);
  if (note !== null) commits.push({ items: [], note });
  // Where something else stands in the checkpoint's place, a tail that ends there commits the full bundles.
  for (const range of tails.filter(({ to }) => to === size)) {
    const tail = await readTail(destination, place, range);
    if (tail !== null) commits.push({ items: [], note: tail.note });
  }
  return commits;
}

async function listCommits(
  destination: Destination,
  place: FencePlace,
  folders: readonly CommitFolder[] = ['checkpoint', 'tail'],
): Promise<{ sizes: number[]; tails: TailRange[] }> {
  const sizes = new Set<number>();
  const tails: TailRange[] = [];
  for (const folder of folders)
    for await (const text of destination.list(`${fencePath(place.practice, place.fence)}/${folder}/`)) {
      const name = nameOrNull(text);
      if (name?.kind === 'checkpoint') sizes.add(name.size);
      if (name?.kind !== 'tail') continue;
      tails.push({ from: name.from, to: name.to });
      sizes.add(name.to);
    }
  return { sizes: [...sizes].sort((left, right) => right - left), tails };
}

/** Items from the last full bundle to `size` by tails that join: each way to join them, since some may be planted. */
async function readTailsTo(
  destination: Destination,
  place: FencePlace,
  tails: readonly TailRange[],
  size: number,
): Promise<{ items: TailItem[]; note: string }[]> {
  const base = size - (size % bundleSize);
  const within = tails.filter(({ from, to }) => from >= base && to <= base + bundleSize);
  const read = new Map<TailRange, Tail | null>();
  const found: { items: TailItem[]; note: string }[] = [];
  let steps = 0;
  // Backwards: the tail that ends here carries the checkpoint, each one before it may overlap.
  const follow = async (at: number, note: string | null, items: readonly TailItem[]): Promise<void> => {
    const next = within.filter(({ from, to }) => from < at && (note === null ? to === size : to >= at));
    for (const range of next.sort((left, right) => left.from - right.from)) {
      steps += 1;
      if (found.length >= maxChains || steps > maxSteps) return;
      const tail = read.has(range) ? read.get(range) : await readTail(destination, place, range);
      read.set(range, tail ?? null);
      if (!tail) continue;
      const joined = [...tail.items.slice(0, at - range.from), ...items];
      if (range.from === base) found.push({ items: joined, note: note ?? tail.note });
      else await follow(range.from, note ?? tail.note, joined);
    }
  };
  await follow(size, null, []);
  return found;
}

async function readTail(destination: Destination, place: FencePlace, range: TailRange): Promise<Tail | null> {
  const object = await readObject(destination, formatCopyName({ kind: 'tail', ...place, ...range }));
  if (!(object instanceof Uint8Array)) return null;
  try {
    const tail = parseTail(object);
    const isOwn =
      bytesToHex(tail.practice) === place.practice && tail.fence === place.fence && tail.from === range.from;
    return isOwn ? tail : null;
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
function commitOf(note: string, place: FencePlace, size: number): Bytes | null {
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

/** Reads the roots of bundles: fast from tiles and nodes, or slowly out of the entries, which is right when those are not. */
class RootReader {
  readonly #destination: Destination;
  readonly #place: FencePlace;
  readonly #known = new Map<boolean, Uint8Array[]>([
    [false, []],
    [true, []],
  ]);

  constructor(destination: Destination, place: FencePlace) {
    this.#destination = destination;
    this.#place = place;
  }

  /** The roots of so many bundles which, with the items after them, hash to `committed`; null when none do. */
  async match(bundles: number, items: readonly TailItem[], committed: Bytes): Promise<Bytes | null> {
    for (const isSlow of [false, true]) {
      const bundleRoots = await this.#read(bundles, isSlow);
      if (bundleRoots !== null && equalBytes(rootOf(bundleRoots, items), committed)) return bundleRoots;
    }
    return null;
  }

  async #read(bundles: number, isSlow: boolean): Promise<Bytes | null> {
    const known = this.#known.get(isSlow) ?? [];
    while (known.length < bundles) {
      const more = isSlow ? await this.#slow(known.length) : await this.#fast(known.length);
      if (more === null) return null;
      known.push(...more);
    }
    const roots = new Uint8Array(bundles * 32);
    for (const [number, root] of known.slice(0, bundles).entries()) roots.set(root, number * 32);
    return roots;
  }

  async #fast(number: number): Promise<Uint8Array[] | null> {
    const tile =
      number % bundleSize === 0 ? await this.#object({ kind: 'tile', level: 1, number: number / bundleSize }) : null;
    if (tile?.length === hashTileBytes)
      return Array.from({ length: bundleSize }, (_, child) => tile.subarray(child * 32, child * 32 + 32));
    const nodes = await this.#object({ kind: 'nodes', number });
    if (nodes?.length === nodesBytes) return [tileRoot(nodes)];
    const leaves = await this.#object({ kind: 'tile', level: 0, number });
    if (leaves?.length === hashTileBytes) return [tileRoot(encodeNodes(leaves, nodeHash))];
    return this.#slow(number);
  }

  async #slow(number: number): Promise<Uint8Array[] | null> {
    const bytes = await this.#object({ kind: 'entries', number });
    const root = bytes === null ? null : bundleRoot(bytes);
    if (root !== null) return [root];
    const leaves = await this.#object({ kind: 'tile', level: 0, number });
    return leaves?.length === hashTileBytes ? [tileRoot(encodeNodes(leaves, nodeHash))] : null;
  }

  async #object(
    name: { kind: 'tile'; level: number; number: number } | { kind: 'nodes' | 'entries'; number: number },
  ): Promise<Bytes | null> {
    const object = await readObject(this.#destination, formatCopyName({ ...this.#place, ...name }));
    return object instanceof Uint8Array ? object : null;
  }
}

/** Root of the tile of an entry bundle; null when it cannot be read. */
export function bundleRoot(bytes: Bytes): Uint8Array | null {
  try {
    const leaves = new Uint8Array(hashTileBytes);
    for (const [position, entry] of parseEntryBundle(bytes).entries()) leaves.set(leafHash(entry), position * 32);
    return tileRoot(encodeNodes(leaves, nodeHash));
  } catch {
    return null;
  }
}
