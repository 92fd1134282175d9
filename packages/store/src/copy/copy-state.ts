import { type Bytes, bytesToHex, bytesToUtf8, equalBytes, hexToBytes } from '@serment/core/bytes';
import { parseEntryBundle } from '@serment/core/copy/bundle';
import { bundleSize, fencePath, formatCopyName } from '@serment/core/copy/names';
import { encodeNodes, hashTileBytes, nodesBytes, tileRoot } from '@serment/core/copy/nodes';
import { parseTail, type Tail, type TailItem } from '@serment/core/copy/tail';
import { parseCheckpoint } from '@serment/core/journal/checkpoint';
import { Frontier, foldFrontier } from '@serment/core/journal/tree';
import { readObject } from './bundle-check.ts';
import type { Destination } from './destination.ts';
import { nameOrNull, type TailRange } from './held.ts';
import { fastLeafHash, fastNodeHash } from './tree-hash.ts';
import type { FencePlace } from './upper-levels.ts';

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

/** The greatest size that names under this fence and later ones speak of, whether what they name is still whole or not. */
export async function claimedSize(
  destinations: readonly Destination[],
  { practice, fence: least }: FencePlace,
): Promise<number> {
  let greatest = 0;
  for (const destination of destinations)
    for (const fence of await listFences(destination, practice))
      if (fence >= least) {
        const { sizes } = await listCommits(destination, { practice, fence });
        greatest = Math.max(greatest, sizes[0] ?? 0);
      }
  return greatest;
}

/** States under one fence that hash right, the greatest first (copy.md, Reading). */
export async function* provenStates(destination: Destination, place: FencePlace): AsyncGenerator<CopyState> {
  const { sizes, tails } = await listCommits(destination, place);
  const roots = new RootReader(destination, place);
  for (const size of sizes) {
    const bundles = Math.floor(size / bundleSize);
    const end = size % bundleSize === 0 ? null : await readTailsTo(destination, place, tails, size);
    if (size % bundleSize !== 0 && end === null) continue;
    const note = end?.note ?? (await readNote(destination, place, size));
    const committed = note === null ? null : commitOf(note, place, size);
    if (note === null || committed === null) continue;
    for (const isSlow of [false, true]) {
      const bundleRoots = await roots.read(bundles, isSlow);
      if (bundleRoots === null || !equalBytes(rootOf(bundleRoots, end?.items ?? []), committed)) continue;
      yield { place, size, root: committed, note, bundleRoots, tail: end?.items ?? [] };
      break;
    }
  }
}

async function listCommits(
  destination: Destination,
  place: FencePlace,
): Promise<{ sizes: number[]; tails: TailRange[] }> {
  const sizes = new Set<number>();
  const tails: TailRange[] = [];
  for (const folder of ['checkpoint', 'tail'])
    for await (const text of destination.list(`${fencePath(place.practice, place.fence)}/${folder}/`)) {
      const name = nameOrNull(text);
      if (name?.kind === 'checkpoint') sizes.add(name.size);
      if (name?.kind !== 'tail') continue;
      tails.push({ from: name.from, to: name.to });
      sizes.add(name.to);
    }
  return { sizes: [...sizes].sort((left, right) => right - left), tails };
}

/** Items from the last full bundle to `size`, by tails that join. */
async function readTailsTo(
  destination: Destination,
  place: FencePlace,
  tails: readonly TailRange[],
  size: number,
): Promise<{ items: TailItem[]; note: string } | null> {
  const base = size - (size % bundleSize);
  let note: string | null = null;
  let items: TailItem[] = [];
  // Backwards: the tail that ends here carries the checkpoint, each one before it may overlap.
  for (let at = size; at > base; ) {
    const next = tails
      .filter(({ from, to }) => from >= base && from < at && to >= at)
      .sort((left, right) => left.from - right.from);
    let found: { tail: Tail; from: number } | null = null;
    for (const { from, to } of next) {
      if (at === size && to !== size) continue;
      const tail = await readTail(destination, place, { from, to });
      if (tail === null) continue;
      found = { tail, from };
      break;
    }
    if (found === null) return null;
    note ??= found.tail.note;
    items = [...found.tail.items.slice(0, at - found.from), ...items];
    at = found.from;
  }
  return note === null ? null : { items, note };
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
  for (const { entry } of items) partial.append(fastLeafHash(entry));
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

  async read(bundles: number, isSlow: boolean): Promise<Bytes | null> {
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
    if (leaves?.length === hashTileBytes) return [tileRoot(encodeNodes(leaves, fastNodeHash))];
    return this.#slow(number);
  }

  async #slow(number: number): Promise<Uint8Array[] | null> {
    const bytes = await this.#object({ kind: 'entries', number });
    const root = bytes === null ? null : bundleRoot(bytes);
    if (root !== null) return [root];
    const leaves = await this.#object({ kind: 'tile', level: 0, number });
    return leaves?.length === hashTileBytes ? [tileRoot(encodeNodes(leaves, fastNodeHash))] : null;
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
    for (const [position, entry] of parseEntryBundle(bytes).entries()) leaves.set(fastLeafHash(entry), position * 32);
    return tileRoot(encodeNodes(leaves, fastNodeHash));
  } catch {
    return null;
  }
}
