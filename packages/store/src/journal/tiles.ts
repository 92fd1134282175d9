import { type Bytes, concatBytes } from '@serment/core/bytes';
import type { HashReader } from '@serment/core/journal/proof';
import { Frontier, leafHash } from '@serment/core/journal/tree';
import type { Transaction } from '../database-scope.ts';

/** Hashes of level 8 × `level`, 256 of them, and the root that they make: that of level 8 × (`level` + 1). */
export interface Tile {
  readonly level: number;
  readonly number: number;
  readonly root: Bytes;
  readonly hashes: Bytes;
}

const tileWidth = 256;

/** The right edge of a tree by tiles, which grows with it and gives each tile as it becomes full. */
export class TileEdge {
  readonly #partial: Bytes[][];

  /** `partial[level]` are the hashes of the tile of that level that is not full yet. */
  constructor(partial: readonly (readonly Bytes[])[]) {
    this.#partial = partial.map((hashes) => hashes.slice());
  }

  /** For `Frontier.append`: takes in a perfect subtree. */
  add(nodeLevel: number, index: number, hash: Bytes, onTile: (tile: Tile) => void): void {
    if (nodeLevel % 8 !== 0) return;
    const level = nodeLevel / 8;
    const below = this.#partial[level - 1];
    if (below !== undefined) {
      onTile({ level: level - 1, number: index, root: hash, hashes: concatBytes(...below) });
      this.#partial[level - 1] = [];
    }
    const own = this.#partial[level] ?? [];
    own.push(hash);
    this.#partial[level] = own;
  }

  /** The tree's frontier, which the same hashes make. */
  frontier(size: number): Frontier {
    const hashes = this.#partial.toReversed().flatMap((partial) => {
      const part = new Frontier();
      for (const hash of partial) part.append(hash);
      return part.hashes();
    });
    return Frontier.from(size, hashes);
  }
}

/** The edge of a tree of `size` entries, from what the database holds. */
export async function loadEdge(sql: Transaction, practice: Bytes, size: number): Promise<TileEdge> {
  const partial: Bytes[][] = [];
  let count = size;
  for (let level = 0; count > 0; level += 1) {
    const full = Math.floor(count / tileWidth);
    partial.push(await readHashes(sql, practice, level, [full * tileWidth, count]));
    count = full;
  }
  return new TileEdge(partial);
}

/** Reads any perfect subtree of the journal. Hashes read once are kept, so make one for each answer. */
export function hashReader(sql: Transaction, practice: Bytes): HashReader {
  const tiles = new Map<string, Promise<Bytes[]>>();
  const tileHashes = (level: number, range: readonly [number, number]) => {
    const name = `${level}/${range.join('-')}`;
    const known = tiles.get(name) ?? readHashes(sql, practice, level, range);
    tiles.set(name, known);
    return known;
  };
  return async (nodeLevel, index) => {
    const level = Math.floor(nodeLevel / 8);
    const width = 2 ** (nodeLevel % 8);
    const subtree = new Frontier();
    const hashes = await tileHashes(level, [index * width, (index + 1) * width]);
    for (const hash of hashes) subtree.append(hash);
    return subtree.root();
  };
}

/** Hashes of level 8 × `level`, from and up to, not including, the numbers given. */
async function readHashes(
  sql: Transaction,
  practice: Bytes,
  level: number,
  [from, to]: readonly [number, number],
): Promise<Bytes[]> {
  if (from === to) return [];
  const number = Math.floor(from / tileWidth);
  const [tile] = await sql<{ hashes: Bytes }[]>`
    SELECT hashes FROM serment.tiles WHERE practice = ${practice} AND level = ${level} AND number = ${number}`;
  if (tile !== undefined) {
    const start = from - number * tileWidth;
    return Array.from({ length: to - from }, (_, place) =>
      tile.hashes.slice((start + place) * 32, (start + place + 1) * 32),
    );
  }
  if (level === 0) {
    const rows = await sql<{ entry: Bytes }[]>`
      SELECT entry FROM serment.entries WHERE practice = ${practice} AND index >= ${from} AND index < ${to} ORDER BY index`;
    return rows.map(({ entry }) => leafHash(entry));
  }
  const rows = await sql<{ root: Bytes }[]>`
    SELECT root FROM serment.tiles WHERE practice = ${practice} AND level = ${level - 1} AND number >= ${from}
    AND number < ${to} ORDER BY number`;
  return rows.map(({ root }) => root);
}
