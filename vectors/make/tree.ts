import { type Bytes, bytesToHex, concatBytes, utf8ToBytes } from '../../packages/core/src/bytes.ts';
import { sha256 } from '../../packages/core/src/hash.ts';
import { consistencyProof, type HashReader, inclusionProof } from '../../packages/core/src/journal/proof.ts';
import { Frontier, leafHash } from '../../packages/core/src/journal/tree.ts';

type Edit = readonly [name: string, edit: (proof: Bytes[]) => Bytes[]];

const leafCount = 20;
const entries = Array.from({ length: leafCount }, (_, index) => utf8ToBytes('x'.repeat(index)));
const stranger = sha256(utf8ToBytes('no node of this tree'));
const nodes = new Map<string, Bytes>();
const roots: Bytes[] = [];
const frontiers: string[][] = [];
const frontier = new Frontier();
for (const entry of [...entries, null]) {
  roots.push(frontier.root());
  frontiers.push(frontier.hashes().map(bytesToHex));
  if (entry !== null) frontier.append(leafHash(entry), (level, index, hash) => nodes.set(`${level}/${index}`, hash));
}
const reader: HashReader = (level, index) => nodes.get(`${level}/${index}`) ?? stranger;
const rootOf = (size: number): Bytes => roots[size] ?? stranger;
const leafOf = (index: number): Bytes => leafHash(entries[index] ?? stranger);

/** What a liar does to a proof. */
const edits: readonly Edit[] = [
  ['without its first hash', (proof) => proof.slice(1)],
  ['without its last hash', (proof) => proof.slice(0, -1)],
  ['with one hash more at the end', (proof) => [...proof, stranger]],
  ['with one hash more at the start', (proof) => [stranger, ...proof]],
  ['with another first hash', (proof) => [stranger, ...proof.slice(1)]],
  ['with another last hash', (proof) => [...proof.slice(0, -1), stranger]],
  ['in reverse order', (proof) => proof.toReversed()],
  ['with a hash of 31 bytes', (proof) => [...proof.slice(0, -1), stranger.slice(1)]],
  ['with a hash of 33 bytes', (proof) => [concatBytes(stranger, new Uint8Array(1)), ...proof.slice(1)]],
  ['with nothing in it', () => []],
];

export async function makeTree(): Promise<object> {
  return {
    about: 'docs/format/journal.md, Tree. Entry number i is i times the byte 78.',
    trees: roots.map((root, size) => ({ size, root: bytesToHex(root), frontier: frontiers[size] ?? [] })),
    frontiersRefused: [
      { name: 'a hash too many', size: 4, hashes: [bytesToHex(stranger), bytesToHex(stranger)] },
      { name: 'a hash too few', size: 7, hashes: [bytesToHex(stranger), bytesToHex(stranger)] },
      { name: 'a hash of the empty tree', size: 0, hashes: [bytesToHex(stranger)] },
      { name: 'a hash of 31 bytes', size: 1, hashes: [bytesToHex(stranger.slice(1))] },
      { name: 'a size under zero', size: -1, hashes: [] },
      { name: 'a size past 2^53', size: 9007199254740992, hashes: [bytesToHex(stranger)] },
      { name: 'a size that is no integer', size: 1.5, hashes: [bytesToHex(stranger)] },
    ],
    inclusion: await makeInclusion(),
    consistency: await makeConsistency(),
    proofsRefused: [
      { name: 'an entry past the end', kind: 'inclusion', index: 5, size: 5 },
      { name: 'an entry of the empty tree', kind: 'inclusion', index: 0, size: 0 },
      { name: 'an entry under zero', kind: 'inclusion', index: -1, size: 5 },
      { name: 'a smaller tree', kind: 'consistency', index: 6, size: 5 },
      { name: 'a tree under zero', kind: 'consistency', index: -1, size: 5 },
    ],
  };
}

async function makeInclusion(): Promise<object[]> {
  const cases: object[] = [];
  const claim = (
    name: string,
    values: { index: number; size: number; leaf: Bytes; proof: Bytes[]; root: Bytes },
    valid: boolean,
  ) => ({
    name,
    index: values.index,
    size: values.size,
    leaf: bytesToHex(values.leaf),
    proof: values.proof.map(bytesToHex),
    root: bytesToHex(values.root),
    valid,
  });
  for (const [index, size] of [
    [0, 1],
    [0, 2],
    [1, 2],
    [2, 3],
    [0, 7],
    [4, 7],
    [6, 7],
    [3, 8],
    [16, 17],
    [19, 20],
  ] as const) {
    const values = {
      index,
      size,
      leaf: leafOf(index),
      proof: await inclusionProof(index, size, reader),
      root: rootOf(size),
    };
    cases.push(claim(`entry ${index} of ${size}`, values, true));
    cases.push(claim(`entry ${index} of ${size}, another leaf`, { ...values, leaf: stranger }, false));
    cases.push(claim(`entry ${index} of ${size}, another root`, { ...values, root: stranger }, false));
    cases.push(claim(`entry ${index} of ${size}, placed after the end`, { ...values, index: size }, false));
  }
  for (const [index, size] of [
    [4, 7],
    [3, 8],
    [10, 20],
  ] as const) {
    const values = {
      index,
      size,
      leaf: leafOf(index),
      proof: await inclusionProof(index, size, reader),
      root: rootOf(size),
    };
    for (const [name, edit] of edits)
      cases.push(claim(`entry ${index} of ${size}, proof ${name}`, { ...values, proof: edit(values.proof) }, false));
    cases.push(claim(`entry ${index} of ${size}, given as the next`, { ...values, index: index + 1 }, false));
    cases.push(claim(`entry ${index} of ${size}, tree given twice as large`, { ...values, size: size * 2 }, false));
    cases.push(claim(`entry ${index} of ${size}, size 0`, { ...values, size: 0 }, false));
    cases.push(claim(`entry ${index} of ${size}, index under zero`, { ...values, index: -1 }, false));
    cases.push(claim(`entry ${index} of ${size}, leaf of 31 bytes`, { ...values, leaf: values.leaf.slice(1) }, false));
    cases.push(
      claim(
        `entry ${index} of ${size}, root of 33 bytes`,
        { ...values, root: concatBytes(values.root, new Uint8Array(1)) },
        false,
      ),
    );
  }
  // RFC 6962 gives leaves and nodes a prefix each so that neither passes for the other.
  const node = nodes.get('1/0') ?? stranger;
  const asLeaf = { index: 0, size: 2, leaf: node, proof: [nodes.get('1/1') ?? stranger], root: rootOf(4) };
  cases.push(claim('a node given as a leaf of a smaller tree passes: sizes come from a checkpoint', asLeaf, true));
  return cases;
}

async function makeConsistency(): Promise<object[]> {
  const cases: object[] = [];
  const claim = (
    name: string,
    values: { from: number; to: number; fromRoot: Bytes; toRoot: Bytes; proof: Bytes[] },
    valid: boolean,
  ) => ({
    name,
    from: values.from,
    to: values.to,
    fromRoot: bytesToHex(values.fromRoot),
    toRoot: bytesToHex(values.toRoot),
    proof: values.proof.map(bytesToHex),
    valid,
  });
  for (const [from, to] of [
    [0, 0],
    [0, 5],
    [1, 1],
    [1, 2],
    [2, 5],
    [3, 7],
    [4, 8],
    [6, 8],
    [7, 7],
    [8, 20],
    [13, 20],
    [19, 20],
  ] as const) {
    const values = {
      from,
      to,
      fromRoot: rootOf(from),
      toRoot: rootOf(to),
      proof: await consistencyProof(from, to, reader),
    };
    const name = `${from} to ${to}`;
    cases.push(claim(name, values, true));
    cases.push(claim(`${name}, another first root`, { ...values, fromRoot: stranger }, false));
    if (from > 0) cases.push(claim(`${name}, another second root`, { ...values, toRoot: stranger }, false));
    cases.push(claim(`${name}, a hash more`, { ...values, proof: [...values.proof, stranger] }, false));
  }
  for (const [from, to] of [
    [3, 7],
    [8, 20],
    [13, 20],
  ] as const) {
    const values = {
      from,
      to,
      fromRoot: rootOf(from),
      toRoot: rootOf(to),
      proof: await consistencyProof(from, to, reader),
    };
    for (const [name, edit] of edits)
      cases.push(claim(`${from} to ${to}, proof ${name}`, { ...values, proof: edit(values.proof) }, false));
    cases.push(claim(`${from} to ${to}, given backwards`, { ...values, from: to, to: from }, false));
    cases.push(claim(`${from} to ${to}, first size one less`, { ...values, from: from - 1 }, false));
    cases.push(claim(`${from} to ${to}, second size doubled`, { ...values, to: to * 2 }, false));
    cases.push(claim(`${from} to ${to}, first size 0`, { ...values, from: 0 }, false));
    cases.push(claim(`${from} to ${to}, first size under zero`, { ...values, from: -1 }, false));
    cases.push(
      claim(
        `${from} to ${to}, roots exchanged`,
        { ...values, fromRoot: values.toRoot, toRoot: values.fromRoot },
        false,
      ),
    );
    cases.push(
      claim(`${from} to ${to}, first root of 31 bytes`, { ...values, fromRoot: values.fromRoot.slice(1) }, false),
    );
  }
  return cases;
}
