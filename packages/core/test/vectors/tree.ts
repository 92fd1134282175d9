import { bytesToHex, hexToBytes } from '@serment/core/bytes';
import {
  consistencyProof,
  type HashReader,
  inclusionProof,
  rootFrom,
  verifyConsistency,
  verifyInclusion,
} from '@serment/core/journal/proof';
import { Frontier, leafHash } from '@serment/core/journal/tree';
import { type Finding, Scenarios } from './scenario.ts';

export interface TreeVectors {
  readonly trees: readonly { readonly size: number; readonly root: string; readonly frontier: readonly string[] }[];
  readonly frontiersRefused: readonly {
    readonly name: string;
    readonly size: number;
    readonly hashes: readonly string[];
  }[];
  readonly inclusion: readonly {
    readonly name: string;
    readonly index: number;
    readonly size: number;
    readonly leaf: string;
    readonly proof: readonly string[];
    readonly root: string;
    readonly valid: boolean;
  }[];
  readonly consistency: readonly {
    readonly name: string;
    readonly from: number;
    readonly to: number;
    readonly fromRoot: string;
    readonly toRoot: string;
    readonly proof: readonly string[];
    readonly valid: boolean;
  }[];
  readonly proofsRefused: readonly {
    readonly name: string;
    readonly kind: string;
    readonly index: number;
    readonly size: number;
  }[];
}

/** Runs vectors/tree.json; nothing found is what it should give. */
export async function runTreeVectors(vectors: TreeVectors): Promise<Finding[]> {
  const scenarios = new Scenarios();
  const nodes = new Map<string, string>();
  const reader: HashReader = (level, index) => hexToBytes(nodes.get(`${level}/${index}`) ?? '');
  const frontier = new Frontier();
  const leaves: string[] = [];
  for (const { size, root, frontier: hashes } of vectors.trees) {
    await scenarios.gives(`root of ${size}`, root, () => frontier.root());
    await scenarios.gives(`root of ${size}, from its subtrees`, root, () => rootFrom(size, reader));
    await scenarios.gives(`frontier of ${size}`, hashes, () => frontier.hashes().map(bytesToHex));
    await scenarios.gives(`frontier of ${size}, read`, root, () => Frontier.from(size, hashes.map(hexToBytes)).root());
    const leaf = leafHash(new Uint8Array(size).fill(0x78));
    leaves.push(bytesToHex(leaf));
    frontier.append(leaf, (level, index, hash) => nodes.set(`${level}/${index}`, bytesToHex(hash)));
  }
  for (const { name, size, hashes } of vectors.frontiersRefused)
    await scenarios.refuses(name, 'PROOF_INVALID', () => Frontier.from(size, hashes.map(hexToBytes)));
  for (const { name, index, size, leaf, proof, root, valid } of vectors.inclusion) {
    const claim = { index, size, leaf: hexToBytes(leaf), proof: proof.map(hexToBytes), root: hexToBytes(root) };
    await scenarios.gives(name, valid, () => verifyInclusion(claim));
    if (valid && leaves[index] === leaf)
      await scenarios.gives(`${name}, made`, proof, async () =>
        (await inclusionProof(index, size, reader)).map(bytesToHex),
      );
  }
  for (const { name, from, to, fromRoot, toRoot, proof, valid } of vectors.consistency) {
    const roots = { fromRoot: hexToBytes(fromRoot), toRoot: hexToBytes(toRoot) };
    await scenarios.gives(name, valid, () => verifyConsistency({ from, to, ...roots, proof: proof.map(hexToBytes) }));
    if (valid)
      await scenarios.gives(`${name}, made`, proof, async () =>
        (await consistencyProof(from, to, reader)).map(bytesToHex),
      );
  }
  for (const { name, kind, index, size } of vectors.proofsRefused) {
    const make = kind === 'inclusion' ? inclusionProof : consistencyProof;
    await scenarios.refuses(name, 'PROOF_INVALID', () => make(index, size, reader));
  }
  return scenarios.findings;
}
