import { type Bytes, ownBytes } from '../bytes.ts';
import { CoreError } from '../error.ts';
import { hashSizeBytes, sha256 } from '../hash.ts';

const leafPrefix = new Uint8Array([0]);
// Filled anew for each hash: a tree has more of them than anything else.
const pair = new Uint8Array(1 + 2 * hashSizeBytes);
pair[0] = 1;

/** Root of the tree of no entry (RFC 6962 section 2.1). */
export const emptyRoot: Bytes = sha256();

/** Hash of one entry as a leaf. */
export function leafHash(entryBytes: Uint8Array): Bytes {
  return sha256(leafPrefix, entryBytes);
}

/** Hash of two subtrees, the left one full. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Bytes {
  pair.set(left, 1);
  pair.set(right, 1 + hashSizeBytes);
  return sha256(pair);
}

/** Called for each perfect subtree of 2^level leaves that an append completes, leaf first. */
export type NodeListener = (level: number, index: number, hash: Bytes) => void;

/** The hashes of the perfect subtrees that make up a tree, largest first: enough to append and to tell the root. */
export class Frontier {
  #size = 0;
  #hashes: Bytes[] = [];

  /** A frontier kept before. Throws PROOF_INVALID when the hashes are not as many as a tree of that size has. */
  static from(size: number, hashes: readonly Uint8Array[]): Frontier {
    const isSize = Number.isSafeInteger(size) && size >= 0;
    if (!isSize || hashes.length !== oneBits(size) || hashes.some((hash) => hash.length !== hashSizeBytes))
      throw new CoreError('PROOF_INVALID', 'Not the frontier of a tree of that size');
    const frontier = new Frontier();
    frontier.#size = size;
    frontier.#hashes = hashes.map(ownBytes);
    return frontier;
  }

  get size(): number {
    return this.#size;
  }

  /** Adds a leaf hash on the right. */
  append(leaf: Bytes, onNode?: NodeListener): void {
    let hash = leaf;
    let index = this.#size;
    let level = 0;
    onNode?.(level, index, hash);
    while (index % 2 === 1) {
      hash = nodeHash(this.#hashes.pop() ?? emptyRoot, hash);
      index = Math.floor(index / 2);
      level += 1;
      onNode?.(level, index, hash);
    }
    this.#hashes.push(hash);
    this.#size += 1;
  }

  root(): Bytes {
    return foldFrontier(this.#hashes);
  }

  /** The hashes, largest subtree first. */
  hashes(): readonly Bytes[] {
    return this.#hashes.slice();
  }

  clone(): Frontier {
    const copy = new Frontier();
    copy.#size = this.#size;
    copy.#hashes = this.#hashes.slice();
    return copy;
  }
}

/** Root of the tree that these perfect subtrees make up, largest first. */
export function foldFrontier(hashes: readonly Bytes[]): Bytes {
  let root: Bytes | null = null;
  for (let position = hashes.length - 1; position >= 0; position -= 1) {
    const hash = hashes[position] ?? emptyRoot;
    root = root === null ? hash : nodeHash(hash, root);
  }
  return root ?? emptyRoot;
}

function oneBits(value: number): number {
  let count = 0;
  for (let rest = value; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
}
