import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytes, codeOf, hex, reader, vectorText } from './reader.ts';

test('roots and proofs are those of tree.json', () => {
  const vectors: {
    trees: { size: number; root: string; frontier: string[] }[];
    frontiersRefused: { name: string; size: number; hashes: string[] }[];
    inclusion: {
      name: string;
      index: number;
      size: number;
      leaf: string;
      proof: string[];
      root: string;
      valid: boolean;
    }[];
    consistency: {
      name: string;
      from: number;
      to: number;
      fromRoot: string;
      toRoot: string;
      proof: string[];
      valid: boolean;
    }[];
    proofsRefused: { name: string; kind: string; index: number; size: number }[];
  } = JSON.parse(vectorText('tree'));
  for (const { size, root, frontier } of vectors.trees) {
    const tree = new reader.Tree();
    for (let i = 0; i < size; i++) tree.add(reader.leafHash(new Uint8Array(i).fill(0x78)));
    assert.equal(hex(tree.root()), root, String(size));
    assert.deepEqual(tree.frontier().map(hex), frontier, String(size));
    assert.equal(hex(reader.rootFromFrontier(size, frontier.map(bytes))), root, String(size));
  }
  for (const { name, size, hashes } of vectors.frontiersRefused) {
    assert.throws(() => reader.rootFromFrontier(size, hashes.map(bytes)), name);
  }
  for (const { name, index, size, leaf, proof, root, valid } of vectors.inclusion) {
    const parts = { index, size, leaf: bytes(leaf), proof: proof.map(bytes), root: bytes(root) };
    assert.equal(reader.verifyInclusion(parts), valid, name);
  }
  for (const { name, from, to, fromRoot, toRoot, proof, valid } of vectors.consistency) {
    const parts = { from, to, fromRoot: bytes(fromRoot), toRoot: bytes(toRoot), proof: proof.map(bytes) };
    assert.equal(reader.verifyConsistency(parts), valid, name);
  }
  const none = { proof: [], root: new Uint8Array(32), fromRoot: new Uint8Array(32), toRoot: new Uint8Array(32) };
  for (const { name, kind, index, size } of vectors.proofsRefused) {
    const refused =
      kind === 'inclusion'
        ? reader.verifyInclusion({ ...none, index, size, leaf: new Uint8Array(32) })
        : reader.verifyConsistency({ ...none, from: index, to: size });
    assert.equal(refused, false, name);
  }
});

test('checkpoints are read and refused as checkpoint.json says', () => {
  type Signed = { name: string; note: string; fence: number; size: number; root: string };
  const vectors: {
    practice: string;
    host: { author: string };
    signed: Signed[];
    accepted: Signed[];
    refused: { name: string; note: string }[];
  } = JSON.parse(vectorText('checkpoint'));
  const host = bytes(vectors.host.author);
  for (const { name, note, fence, size, root } of [...vectors.signed, ...vectors.accepted]) {
    const expected = { practice: bytes(vectors.practice), fence, size, root: bytes(root) };
    assert.deepEqual(reader.openCheckpoint(note, host), expected, name);
  }
  for (const { name, note } of vectors.refused) {
    assert.equal(
      codeOf(() => reader.openCheckpoint(note, host)),
      'CHECKPOINT_INVALID',
      name,
    );
  }
});

test('cosignatures and key lines are read and refused as witness.json says', () => {
  const vectors: {
    witness: { name: string; key: string };
    keyLine: string;
    signed: { cosigned: string; time: number };
    accepted: { name: string; note: string; time: number; size: number }[];
    refused: { name: string; note: string }[];
    refusedKeyLines: { name: string; line: string }[];
  } = JSON.parse(vectorText('witness'));
  const witness = { name: vectors.witness.name, key: bytes(vectors.witness.key) };
  assert.deepEqual(reader.parseWitnessKey(vectors.keyLine), witness);
  assert.equal(reader.openCosignature(vectors.signed.cosigned, witness).time, vectors.signed.time);
  for (const { name, note, time, size } of vectors.accepted) {
    const read = reader.openCosignature(note, witness);
    assert.deepEqual([read.time, read.checkpoint.size], [time, size], name);
  }
  for (const { name, note } of vectors.refused)
    assert.equal(
      codeOf(() => reader.openCosignature(note, witness)),
      'COSIGNATURE_INVALID',
      name,
    );
  for (const { name, line } of vectors.refusedKeyLines)
    assert.equal(
      codeOf(() => reader.parseWitnessKey(line)),
      'WITNESS_KEY_INVALID',
      name,
    );
});
