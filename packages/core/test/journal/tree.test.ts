import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Bytes, bytesToHex, hexToBytes, utf8ToBytes } from '../../src/bytes.ts';
import {
  consistencyProof,
  frontierFromProof,
  type HashReader,
  inclusionProof,
  rootFrom,
  verifyConsistency,
  verifyInclusion,
  verifyRun,
} from '../../src/journal/proof.ts';
import { emptyRoot, Frontier, leafHash, nodeHash } from '../../src/journal/tree.ts';

/** MTH of RFC 6962 section 2.1, word for word. */
function naiveRoot(leaves: readonly Bytes[]): Bytes {
  const [first, ...rest] = leaves;
  if (first === undefined) return emptyRoot;
  if (rest.length === 0) return first;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(naiveRoot(leaves.slice(0, split)), naiveRoot(leaves.slice(split)));
}

/** PATH of RFC 6962 section 2.1.1. */
function naivePath(index: number, leaves: readonly Bytes[]): Bytes[] {
  if (leaves.length <= 1) return [];
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return index < split
    ? [...naivePath(index, left), naiveRoot(right)]
    : [...naivePath(index - split, right), naiveRoot(left)];
}

/** SUBPROOF of RFC 6962 section 2.1.2. */
function naiveSubproof(from: number, leaves: readonly Bytes[], isWhole: boolean): Bytes[] {
  if (from === leaves.length) return isWhole ? [] : [naiveRoot(leaves)];
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  if (from <= split) return [...naiveSubproof(from, left, isWhole), naiveRoot(right)];
  return [...naiveSubproof(from - split, right, false), naiveRoot(left)];
}

const leavesOf = (size: number) => Array.from({ length: size }, (_, index) => leafHash(utf8ToBytes(`entry ${index}`)));
const readerOf =
  (leaves: readonly Bytes[]): HashReader =>
  (level, index) =>
    naiveRoot(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level));

describe('tree', () => {
  test('the roots are those that Certificate Transparency publishes for its test leaves', () => {
    const leaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
    const roots = [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
      'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
      '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
      'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
      '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
    ];
    const frontier = new Frontier();
    for (const [index, leaf] of leaves.entries()) {
      frontier.append(leafHash(hexToBytes(leaf)));
      assert.equal(bytesToHex(frontier.root()), roots[index]);
    }
  });

  test('a frontier gives the root of the whole tree at every size, kept and read again or not', () => {
    const leaves = leavesOf(130);
    let frontier = new Frontier();
    for (const [index, leaf] of leaves.entries()) {
      assert.deepEqual(frontier.root(), naiveRoot(leaves.slice(0, index)));
      if (index % 7 === 0) frontier = Frontier.from(frontier.size, frontier.hashes());
      if (index % 5 === 0) {
        const other = frontier.clone();
        other.append(leafHash(utf8ToBytes('another')));
        assert.equal(frontier.size, index);
      }
      frontier.append(leaf);
    }
  });

  test('a frontier tells each perfect subtree once', () => {
    const leaves = leavesOf(37);
    const frontier = new Frontier();
    const told = new Set<string>();
    for (const leaf of leaves)
      frontier.append(leaf, (level, index, hash) => {
        assert.deepEqual(hash, naiveRoot(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level)));
        assert.ok(!told.has(`${level}/${index}`));
        told.add(`${level}/${index}`);
      });
    assert.equal(told.size, 37 + 18 + 9 + 4 + 2 + 1);
  });

  test('every inclusion proof is that of RFC 6962, verifies, and fails for any other leaf, place or root', async () => {
    const place = fc.integer({ min: 1, max: 90 }).chain((size) => fc.tuple(fc.nat(size - 1), fc.constant(size)));
    await fc.assert(
      fc.asyncProperty(place, fc.nat(90), async ([index, size], other) => {
        const leaves = leavesOf(size);
        const proof = await inclusionProof(index, size, readerOf(leaves));
        assert.deepEqual(proof, naivePath(index, leaves));
        const leaf = leaves[index] ?? emptyRoot;
        const root = naiveRoot(leaves);
        assert.ok(verifyInclusion({ index, size, leaf, proof, root }));
        assert.deepEqual(await rootFrom(size, readerOf(leaves)), root);
        assert.equal(verifyInclusion({ index: other, size, leaf, proof, root }), other === index);
        assert.ok(!verifyInclusion({ index, size, leaf: emptyRoot, proof, root }));
        assert.ok(!verifyInclusion({ index, size, leaf, proof, root: emptyRoot }));
        assert.ok(!verifyInclusion({ index, size, leaf, proof: [...proof, emptyRoot], root }));
      }),
      { numRuns: 150 },
    );
  });

  test('every consistency proof is that of RFC 6962, verifies, and fails once anything in it is changed', async () => {
    const sizes = fc
      .integer({ min: 1, max: 90 })
      .chain((to) => fc.tuple(fc.integer({ min: 1, max: to }), fc.constant(to)));
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), async ([from, to], choice) => {
        const leaves = leavesOf(to);
        const fromRoot = naiveRoot(leaves.slice(0, from));
        const toRoot = naiveRoot(leaves);
        const proof = await consistencyProof(from, to, readerOf(leaves));
        assert.deepEqual(proof, naiveSubproof(from, leaves, true));
        assert.ok(verifyConsistency({ from, to, fromRoot, toRoot, proof }));
        assert.ok(!verifyConsistency({ from, to, fromRoot: emptyRoot, toRoot, proof }));
        assert.ok(!verifyConsistency({ from, to, fromRoot, toRoot: emptyRoot, proof }));
        assert.ok(!verifyConsistency({ from, to, fromRoot, toRoot, proof: [...proof, emptyRoot] }));
        if (proof.length === 0) return;
        const changed = proof.with(choice % proof.length, emptyRoot);
        assert.ok(!verifyConsistency({ from, to, fromRoot, toRoot, proof: changed }));
        assert.ok(!verifyConsistency({ from, to, fromRoot, toRoot, proof: proof.slice(1) }));
      }),
      { numRuns: 150 },
    );
  });

  test('proofs of trees past 2^32 entries are made and verified', async () => {
    const size = 2 ** 40 + 5;
    const perfect: Bytes[] = [leafHash(utf8ToBytes('every entry'))];
    for (let level = 1; level <= 40; level += 1)
      perfect.push(nodeHash(perfect[level - 1] ?? emptyRoot, perfect[level - 1] ?? emptyRoot));
    const reader: HashReader = (level) => perfect[level] ?? emptyRoot;
    const [leaf = emptyRoot] = perfect;
    const root = await rootFrom(size, reader);
    for (const index of [0, 2 ** 33 + 1, 2 ** 40, size - 1])
      assert.ok(verifyInclusion({ index, size, leaf, proof: await inclusionProof(index, size, reader), root }));
    for (const from of [1, 2 ** 35, 2 ** 40 - 1, 2 ** 40, size - 1]) {
      const proof = await consistencyProof(from, size, reader);
      assert.ok(verifyConsistency({ from, to: size, fromRoot: await rootFrom(from, reader), toRoot: root, proof }));
    }
  });

  test('a frontier comes from the last leaf and its path, and from no other path', async () => {
    const leaves = leavesOf(70);
    for (let size = 1; size <= leaves.length; size += 1) {
      const some = leaves.slice(0, size);
      const last = some.at(-1) ?? emptyRoot;
      const proof = await inclusionProof(size - 1, size, readerOf(some));
      const frontier = frontierFromProof(size, last, proof);
      assert.equal(frontier.size, size);
      assert.deepEqual(frontier.root(), naiveRoot(some));
      frontier.append(leafHash(utf8ToBytes('next')));
      assert.deepEqual(frontier.root(), naiveRoot([...some, leafHash(utf8ToBytes('next'))]));
      assert.throws(() => frontierFromProof(size, last, [...proof, last]), { code: 'PROOF_INVALID' });
      if (size > 1) assert.throws(() => frontierFromProof(size, last, proof.slice(1)), { code: 'PROOF_INVALID' });
    }
  });

  test('a run of leaves is proven by the path of its first, with all of its leaves and no other', async () => {
    const leaves = leavesOf(75);
    for (const size of [1, 7, 8, 9, 16, 63, 64, 65, 72, 75]) {
      const some = leaves.slice(0, size);
      const root = naiveRoot(some);
      for (let from = 0; from < size; from += 8) {
        const run = some.slice(from, from + 8);
        const proof = await inclusionProof(from, size, readerOf(some));
        const claim = { from, most: 8, size, leaves: run, proof, root };
        assert.equal(await verifyRun(claim), true);
        assert.equal(await verifyRun({ ...claim, leaves: run.slice(1) }), false);
        assert.equal(await verifyRun({ ...claim, leaves: run.slice(0, -1) }), false);
        assert.equal(await verifyRun({ ...claim, leaves: [...run, emptyRoot] }), false);
        for (let place = 0; place < run.length; place += 1)
          assert.equal(await verifyRun({ ...claim, leaves: run.with(place, emptyRoot) }), false);
        for (let place = 0; place < proof.length; place += 1)
          assert.equal(await verifyRun({ ...claim, proof: proof.with(place, emptyRoot) }), false);
        assert.equal(await verifyRun({ ...claim, from: from + 1 }), false);
      }
    }
  });
});
