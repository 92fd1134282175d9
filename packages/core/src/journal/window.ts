import { type Bytes, equalBytes } from '../bytes.ts';
import type { CborValue } from '../cbor.ts';
import { hashSizeBytes } from '../hash.ts';
import { makeShape } from './shape.ts';
import { emptyRoot, Frontier, foldFrontier, nodeHash } from './tree.ts';

/** How many sizes back a root can be told. */
export const windowSize = 65_536;
const chunkSize = 256;
const chunkBytes = chunkSize * hashSizeBytes;

/** 256 entries of the journal, with the frontier of the tree before them. */
interface Chunk {
  readonly start: number;
  readonly frontier: readonly Bytes[];
  readonly ids: Bytes;
  /** Leaf hashes; the chunk is full unless it is the last. */
  readonly leaves: Bytes;
  /** Hashes of levels 1 to 7 inside the chunk, made when first needed. */
  levels: Bytes[] | null;
}

const shape = makeShape('CBOR_INVALID');

/** The last 65 536 leaves and entry ids of a journal: roots at recent sizes, and statements that came twice. */
export class RecentWindow {
  #frontier = new Frontier();
  #chunks: Chunk[] = [];
  readonly #idPrefixes = new Map<number, number>();
  #lastRoot: { readonly size: number; readonly root: Bytes } = { size: 0, root: emptyRoot };

  /** Reads what `toCbor` wrote. Throws CBOR_INVALID, or PROOF_INVALID for a frontier of another size. */
  static parse(item: CborValue | undefined): RecentWindow {
    const [sizeItem, hashItems, chunkItems, ...rest] = shape.array(item);
    if (rest.length > 0) shape.fail('a window has 3 items');
    const size = shape.uint(sizeItem);
    const hashes = shape.array(hashItems).map((hash) => shape.bytes(hash, hashSizeBytes));
    const window = new RecentWindow();
    window.#frontier = Frontier.from(size, hashes);
    for (const chunkItem of shape.array(chunkItems)) window.#restore(chunkItem, size);
    const held = window.#chunks.at(-1);
    if (size > 0 && (held === undefined || held.start !== Math.floor((size - 1) / chunkSize) * chunkSize))
      shape.fail('the last chunk ends the window');
    return window;
  }

  /** A window that begins after so many entries, of which it knows the frontier alone: a multiple of 256. */
  static after(frontier: Frontier): RecentWindow {
    if (frontier.size === 0 || frontier.size % chunkSize !== 0) throw new RangeError('A window begins with a chunk');
    const window = new RecentWindow();
    window.#frontier = frontier.clone();
    return window;
  }

  get size(): number {
    return this.#frontier.size;
  }

  frontier(): Frontier {
    return this.#frontier.clone();
  }

  /** Adds an entry; `id` is null when it has none because it does not parse. */
  append(leaf: Bytes, id: Bytes | null): void {
    const index = this.#frontier.size;
    const offset = (index % chunkSize) * hashSizeBytes;
    let chunk = this.#chunks.at(-1);
    if (offset === 0 || chunk === undefined) {
      const fresh = { ids: new Uint8Array(chunkBytes), leaves: new Uint8Array(chunkBytes), levels: null };
      chunk = { start: index, frontier: this.#frontier.hashes(), ...fresh };
      this.#chunks.push(chunk);
    }
    chunk.leaves.set(leaf, offset);
    if (id !== null) {
      chunk.ids.set(id, offset);
      this.#countId(id, 1);
    }
    chunk.levels = offset === 0 ? emptyLevels() : chunk.levels;
    const { start, levels } = chunk;
    this.#frontier.append(leaf, (level, node, hash) => {
      if (level > 0 && level < 8) levels?.[level - 1]?.set(hash, (node - start / 2 ** level) * hashSizeBytes);
    });
    this.#forget();
  }

  /** The tree's root at that size; null when it is larger than the journal or out of the window. */
  rootAt(size: number): Bytes | null {
    if (size > this.size || size < 0 || this.size - size > windowSize) return null;
    if (size === 0) return emptyRoot;
    if (size === this.size) return this.#frontier.root();
    if (size === this.#lastRoot.size) return this.#lastRoot.root;
    const start = Math.floor(size / chunkSize) * chunkSize;
    const oldest = this.#chunks[0]?.start ?? 0;
    const chunk = this.#chunks[(start - oldest) / chunkSize];
    if (chunk === undefined) return null;
    const root = foldFrontier([...chunk.frontier, ...nodesBefore(chunk, size - start)]);
    this.#lastRoot = { size, root };
    return root;
  }

  /** True when that entry id stands in the window. */
  hasId(id: Bytes): boolean {
    if (!this.#idPrefixes.has(prefixOf(id))) return false;
    return this.#chunks.some((chunk) => hasHash(chunk.ids, id));
  }

  toCbor(): CborValue {
    const chunks = this.#chunks.map((chunk) => {
      const bytes = Math.min(chunkSize, this.size - chunk.start) * hashSizeBytes;
      return [chunk.start, chunk.frontier, chunk.leaves.subarray(0, bytes), chunk.ids.subarray(0, bytes)];
    });
    return [this.size, this.#frontier.hashes(), chunks];
  }

  #restore(item: CborValue, size: number): void {
    const [startItem, frontierItems, leafItem, idItem] = shape.array(item, 4);
    const last = this.#chunks.at(-1);
    const start = shape.uint(startItem, 0, size - 1);
    if (start % chunkSize !== 0 || (last !== undefined && start !== last.start + chunkSize))
      shape.fail('chunks in order');
    const bytes = Math.min(chunkSize, size - start) * hashSizeBytes;
    const leaves = new Uint8Array(chunkBytes);
    const ids = new Uint8Array(chunkBytes);
    leaves.set(shape.bytes(leafItem, bytes));
    ids.set(shape.bytes(idItem, bytes));
    const hashes = shape.array(frontierItems).map((hash) => shape.bytes(hash, hashSizeBytes));
    this.#chunks.push({ start, frontier: Frontier.from(start, hashes).hashes(), leaves, ids, levels: null });
    for (let offset = 0; offset < bytes; offset += hashSizeBytes) this.#countStored(ids, offset, 1);
  }

  #forget(): void {
    const [oldest] = this.#chunks;
    if (oldest === undefined || oldest.start + chunkSize > this.size - windowSize) return;
    this.#chunks.shift();
    for (let offset = 0; offset < chunkBytes; offset += hashSizeBytes) this.#countStored(oldest.ids, offset, -1);
  }

  /** An entry without an id left zeros in its place. */
  #countStored(ids: Bytes, offset: number, change: 1 | -1): void {
    const id = ids.subarray(offset, offset + hashSizeBytes);
    if (id.some((byte) => byte !== 0)) this.#countId(id, change);
  }

  #countId(id: Bytes, change: 1 | -1): void {
    const prefix = prefixOf(id);
    const count = (this.#idPrefixes.get(prefix) ?? 0) + change;
    if (count === 0) this.#idPrefixes.delete(prefix);
    else this.#idPrefixes.set(prefix, count);
  }
}

/** The perfect subtrees that make up the chunk's first `count` leaves, largest first. */
function nodesBefore(chunk: Chunk, count: number): Bytes[] {
  chunk.levels ??= buildLevels(chunk.leaves);
  const nodes: Bytes[] = [];
  let first = 0;
  for (let level = 7; level >= 0; level -= 1) {
    const leaves = 2 ** level;
    if (Math.floor(count / leaves) % 2 === 0) continue;
    const hashes = level === 0 ? chunk.leaves : (chunk.levels[level - 1] ?? chunk.leaves);
    const offset = (first / leaves) * hashSizeBytes;
    nodes.push(hashes.slice(offset, offset + hashSizeBytes));
    first += leaves;
  }
  return nodes;
}

function emptyLevels(): Bytes[] {
  return Array.from({ length: 7 }, (_, position) => new Uint8Array(chunkBytes / 2 ** (position + 1)));
}

/** Nodes over leaves that are not there yet are wrong, and are written over when their leaves come. */
function buildLevels(leaves: Bytes): Bytes[] {
  let below = leaves;
  return emptyLevels().map((level) => {
    for (let offset = 0; offset < level.length; offset += hashSizeBytes) {
      const left = below.subarray(offset * 2, offset * 2 + hashSizeBytes);
      level.set(nodeHash(left, below.subarray(offset * 2 + hashSizeBytes, offset * 2 + 2 * hashSizeBytes)), offset);
    }
    below = level;
    return level;
  });
}

/** Thirty bits of an id: a number that the engine keeps without allocating. */
function prefixOf(id: Bytes): number {
  const [first = 0, second = 0, third = 0, fourth = 0] = id;
  return (first << 22) | (second << 14) | (third << 6) | (fourth >> 2);
}

function hasHash(hashes: Bytes, hash: Bytes): boolean {
  for (let offset = 0; offset < hashes.length; offset += hashSizeBytes)
    if (hashes[offset] === hash[0] && equalBytes(hashes.subarray(offset, offset + hashSizeBytes), hash)) return true;
  return false;
}
