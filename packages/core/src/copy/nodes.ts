import type { Bytes } from '../bytes.ts';
import { CoreError } from '../error.ts';
import { nodeHash } from '../journal/tree.ts';
import { bundleSize } from './names.ts';

export const hashTileBytes = bundleSize * 32;
export const nodesBytes = (bundleSize - 1) * 32;

/** A SHA-256 of a tree node; a caller may bring a faster one than the isomorphic default. */
export type NodeHash = (left: Uint8Array, right: Uint8Array) => Uint8Array;

/** The 255 inner hashes of a full tile, level by level upwards; its root comes last. Throws COPY_OBJECT_INVALID. */
export function encodeNodes(tile: Uint8Array, hashPair: NodeHash = nodeHash): Bytes {
  assertHashTile(tile);
  const nodes = new Uint8Array(nodesBytes);
  let below: Uint8Array = tile;
  let written = 0;
  for (let count = bundleSize / 2; count >= 1; count /= 2) {
    const start = written;
    for (let index = 0; index < count; index += 1) {
      const left = below.subarray(index * 64, index * 64 + 32);
      const right = below.subarray(index * 64 + 32, index * 64 + 64);
      nodes.set(hashPair(left, right), written);
      written += 32;
    }
    below = nodes.subarray(start, written);
  }
  return nodes;
}

/** Throws COPY_OBJECT_INVALID unless the object has the size of a full hash tile. */
export function assertHashTile(tile: Uint8Array): void {
  if (tile.length !== hashTileBytes) throw new CoreError('COPY_OBJECT_INVALID', 'A hash tile has 256 hashes');
}

/** Throws COPY_OBJECT_INVALID unless the object has the size of the inner hashes of a tile. */
export function assertNodes(nodes: Uint8Array): void {
  if (nodes.length !== nodesBytes) throw new CoreError('COPY_OBJECT_INVALID', 'A tile has 255 inner hashes');
}

/** The root of a tile out of its nodes object. */
export function tileRoot(nodes: Uint8Array): Uint8Array {
  return nodes.subarray(nodesBytes - 32, nodesBytes);
}

/** The root that a leaf gives, through the hashes that tile and nodes hold beside its path. */
export function rootThroughTile(
  position: number,
  leaf: Uint8Array,
  beside: { tile: Uint8Array; nodes: Uint8Array },
  hashPair: NodeHash = nodeHash,
): Uint8Array {
  let hash = leaf;
  let place = position;
  let level = beside.tile;
  let start = 0;
  for (let count = bundleSize; count > 1; count /= 2) {
    const sibling = level.subarray(start + (place ^ 1) * 32, start + (place ^ 1) * 32 + 32);
    hash = place % 2 === 0 ? hashPair(hash, sibling) : hashPair(sibling, hash);
    start = level === beside.tile ? 0 : start + count * 32;
    level = beside.nodes;
    place >>>= 1;
  }
  return hash;
}
