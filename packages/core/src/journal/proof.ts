import { type Bytes, equalBytes, ownBytes } from '../bytes.ts';
import { CoreError } from '../error.ts';
import { hashSizeBytes } from '../hash.ts';
import { emptyRoot, Frontier, nodeHash } from './tree.ts';

/** Hash of the perfect subtree of 2^level leaves that starts at leaf index × 2^level. */
export type HashReader = (level: number, index: number) => Promise<Bytes> | Bytes;

/** Leaves `start` to `end`, the second excluded. */
type Range = readonly [start: number, end: number];

/** Root of the first `size` leaves. */
export async function rootFrom(size: number, reader: HashReader): Promise<Bytes> {
  assertSize(size, 0);
  return size === 0 ? emptyRoot : rangeHash([0, size], reader);
}

/** Audit path of a leaf, nearest sibling first (RFC 6962 section 2.1.1). Throws PROOF_INVALID unless index < size. */
export async function inclusionProof(index: number, size: number, reader: HashReader): Promise<Bytes[]> {
  assertSize(size, 1);
  if (!Number.isSafeInteger(index) || index < 0 || index >= size)
    throw new CoreError('PROOF_INVALID', 'The entry is not in a tree of that size');
  const siblings: Range[] = [];
  let start = 0;
  let end = size;
  while (end - start > 1) {
    const middle = start + splitSize(end - start);
    if (index < middle) {
      siblings.push([middle, end]);
      end = middle;
    } else {
      siblings.push([start, middle]);
      start = middle;
    }
  }
  return Promise.all(siblings.reverse().map((range) => rangeHash(range, reader)));
}

/** Proof that the first `from` leaves begin the first `to` (RFC 6962 section 2.1.2). Throws PROOF_INVALID unless from ≤ to. */
export async function consistencyProof(from: number, to: number, reader: HashReader): Promise<Bytes[]> {
  assertSize(to, 0);
  if (!Number.isSafeInteger(from) || from < 0 || from > to)
    throw new CoreError('PROOF_INVALID', 'A tree is consistent with larger ones only');
  if (from === 0 || from === to) return [];
  const ranges: Range[] = [];
  let start = 0;
  let end = to;
  let isOldTree = true;
  while (end !== from) {
    const middle = start + splitSize(end - start);
    if (from <= middle) {
      ranges.push([middle, end]);
      end = middle;
    } else {
      ranges.push([start, middle]);
      start = middle;
      isOldTree = false;
    }
  }
  if (!isOldTree) ranges.push([start, end]);
  return Promise.all(ranges.reverse().map((range) => rangeHash(range, reader)));
}

/** True when `proof` leads from the leaf to the root (RFC 9162 section 2.1.3.2). Never throws. */
export function verifyInclusion(claim: {
  readonly index: number;
  readonly size: number;
  readonly leaf: Uint8Array;
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}): boolean {
  const { index, size, proof } = claim;
  if (!(isSize(index) && isSize(size)) || index >= size || ![claim.leaf, claim.root, ...proof].every(isHash))
    return false;
  let node = index;
  let last = size - 1;
  let hash = ownBytes(claim.leaf);
  for (const sibling of proof) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash);
      while (node % 2 === 0 && node !== 0) {
        node = half(node);
        last = half(last);
      }
    } else hash = nodeHash(hash, sibling);
    node = half(node);
    last = half(last);
  }
  return last === 0 && equalBytes(hash, claim.root);
}

/**
 * True when these leaves are the tree's, from `from` on, a multiple of `most` which is a power of two: `most` of them, or
 * as many as the tree has left. `proof` is the audit path of the first, whose nearest hashes are those of the others.
 */
export async function verifyRun(claim: {
  readonly from: number;
  readonly most: number;
  readonly size: number;
  readonly leaves: readonly Bytes[];
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}): Promise<boolean> {
  const { from, most, size, leaves, proof, root } = claim;
  const [leaf] = leaves;
  if (leaf === undefined || from % most !== 0 || leaves.length !== Math.min(most, size - from)) return false;
  const inside = await inclusionProof(0, leaves.length, (level, index) => {
    const subtree = new Frontier();
    for (const one of leaves.slice(index * 2 ** level, (index + 1) * 2 ** level)) subtree.append(one);
    return subtree.root();
  });
  const isInside = inside.every((hash, place) => equalBytes(hash, proof[place] ?? emptyRoot));
  return isInside && verifyInclusion({ index: from, size, leaf, proof, root });
}

/**
 * The frontier of a tree, from its last leaf and that leaf's audit path: all its siblings stand on the left. It is the
 * tree's only if its root is. Throws PROOF_INVALID when there are not as many hashes as a tree of that size has.
 */
export function frontierFromProof(size: number, lastLeaf: Bytes, proof: readonly Bytes[]): Frontier {
  assertSize(size, 1);
  let hash = lastLeaf;
  let place = 0;
  for (let node = size; node % 2 === 0; node = half(node)) {
    const sibling = proof[place];
    if (sibling === undefined) throw new CoreError('PROOF_INVALID', 'A hash of the path is missing');
    hash = nodeHash(sibling, hash);
    place += 1;
  }
  return Frontier.from(size, [...proof.slice(place).toReversed(), hash]);
}

/** True when `proof` shows that the first tree begins the second (RFC 9162 section 2.1.4.2). Never throws. */
export function verifyConsistency(claim: {
  readonly from: number;
  readonly to: number;
  readonly fromRoot: Uint8Array;
  readonly toRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
}): boolean {
  const { from, to, fromRoot, toRoot, proof } = claim;
  if (!(isSize(from) && isSize(to)) || from > to || ![fromRoot, toRoot, ...proof].every(isHash)) return false;
  if (from === to)
    return proof.length === 0 && equalBytes(fromRoot, toRoot) && (from > 0 || equalBytes(fromRoot, emptyRoot));
  if (from === 0) return proof.length === 0 && equalBytes(fromRoot, emptyRoot);
  if (proof.length === 0) return false;
  const path = isPowerOfTwo(from) ? [fromRoot, ...proof] : proof;
  let node = from - 1;
  let last = to - 1;
  while (node % 2 === 1) {
    node = half(node);
    last = half(last);
  }
  let fromHash = ownBytes(path[0] ?? emptyRoot);
  let toHash = fromHash;
  for (const sibling of path.slice(1)) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      fromHash = nodeHash(sibling, fromHash);
      toHash = nodeHash(sibling, toHash);
      while (node % 2 === 0 && node !== 0) {
        node = half(node);
        last = half(last);
      }
    } else toHash = nodeHash(toHash, sibling);
    node = half(node);
    last = half(last);
  }
  return last === 0 && equalBytes(fromHash, fromRoot) && equalBytes(toHash, toRoot);
}

async function rangeHash([start, end]: Range, reader: HashReader): Promise<Bytes> {
  const size = end - start;
  if (isPowerOfTwo(size)) return reader(Math.round(Math.log2(size)), start / size);
  const middle = start + splitSize(size);
  const [left, right] = await Promise.all([rangeHash([start, middle], reader), rangeHash([middle, end], reader)]);
  return nodeHash(left, right);
}

/** Largest power of two smaller than `size`, which is at least 2. Sizes may pass 2^32, so no bitwise operators. */
function splitSize(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

function isPowerOfTwo(size: number): boolean {
  return size === 1 || splitSize(size) * 2 === size;
}

function half(value: number): number {
  return Math.floor(value / 2);
}

function isSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function isHash(bytes: Uint8Array): boolean {
  return bytes.length === hashSizeBytes;
}

function assertSize(size: number, min: number): void {
  if (!Number.isSafeInteger(size) || size < min) throw new CoreError('PROOF_INVALID', 'Not a size of a tree');
}
