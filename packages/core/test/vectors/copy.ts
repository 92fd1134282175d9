import { type Bytes, bytesToHex, concatBytes, hexToBytes } from '@serment/core/bytes';
import {
  encodeEntryBundle,
  encodePayloadBundle,
  parseEntryBundle,
  parsePayloadBundle,
} from '@serment/core/copy/bundle';
import { type CopyName, formatCopyName, parseCopyName } from '@serment/core/copy/names';
import { assertHashTile, assertNodes, encodeNodes, rootThroughTile, tileRoot } from '@serment/core/copy/nodes';
import { encodeBundleIndex, mergeStreamIndexes, parseStreamIndex } from '@serment/core/copy/stream-index';
import { encodeTail, parseTail } from '@serment/core/copy/tail';
import { sha256 } from '@serment/core/hash';
import { leafHash } from '@serment/core/journal/tree';
import { type Finding, Scenarios } from './scenario.ts';

interface Edit {
  readonly why: string;
  readonly cut?: number;
  readonly set?: string;
  readonly at?: number;
  readonly append?: string;
}

interface Digest {
  readonly size: number;
  readonly sha256: string;
}

export interface CopyVectors {
  readonly names: readonly { readonly name: string; readonly value: CopyName }[];
  readonly namesRefused: readonly { readonly why: string; readonly name: string }[];
  readonly entryBundle: Digest;
  readonly entryBundleRefused: readonly Edit[];
  readonly payloadBundle: Digest;
  readonly payloadBundleRefused: readonly Edit[];
  readonly nodes: {
    readonly tileSha256: string;
    readonly sha256: string;
    readonly first: string;
    readonly root: string;
  };
  readonly tileSizesRefused: readonly number[];
  readonly nodesSizesRefused: readonly number[];
  readonly bundleIndex: Digest & { readonly first: string };
  readonly merge: { readonly sources: readonly string[]; readonly merged: string };
  readonly indexesRefused: readonly { readonly why: string; readonly index: string }[];
  readonly mergesRefused: readonly { readonly why: string; readonly sources: readonly string[] }[];
  readonly tail: {
    readonly bytes: string;
    readonly practice: string;
    readonly fence: number;
    readonly from: number;
    readonly note: string;
    readonly items: readonly (readonly [string, string | null])[];
  };
  readonly tailsRefused: readonly { readonly why: string; readonly bytes: string }[];
}

const refusal = 'COPY_OBJECT_INVALID';
const entries = Array.from({ length: 256 }, (_, index) => new Uint8Array((index % 7) + 1).fill(index));
const payloads = entries.map((_, index) => (index % 5 === 4 ? null : new Uint8Array((index % 3) * 100).fill(index)));

/** Runs vectors/copy.json; nothing found is what it should give. */
export async function runCopyVectors(vectors: CopyVectors): Promise<Finding[]> {
  const scenarios = new Scenarios();
  for (const { name, value } of vectors.names) {
    await scenarios.gives(`name ${name}`, name, () => formatCopyName(value));
    await scenarios.gives(`name ${name}, read`, value, () => parseCopyName(name));
  }
  for (const { why, name } of vectors.namesRefused)
    await scenarios.refuses(`name: ${why}`, refusal, () => parseCopyName(name));
  await runBundles(scenarios, vectors);
  await runNodes(scenarios, vectors);
  await runIndexes(scenarios, vectors);
  await runTails(scenarios, vectors);
  return scenarios.findings;
}

async function runBundles(scenarios: Scenarios, vectors: CopyVectors): Promise<void> {
  const entryBundle = encodeEntryBundle(entries);
  await scenarios.gives('entry bundle', vectors.entryBundle, () => digest(entryBundle));
  await scenarios.gives('entry bundle, read', hexes(entries), () => hexes(parseEntryBundle(entryBundle)));
  for (const edit of vectors.entryBundleRefused)
    await scenarios.refuses(`entry bundle: ${edit.why}`, refusal, () => parseEntryBundle(edited(entryBundle, edit)));
  const payloadBundle = encodePayloadBundle(payloads);
  await scenarios.gives('payload bundle', vectors.payloadBundle, () => digest(payloadBundle));
  await scenarios.gives('payload bundle, read', hexes(payloads), () => hexes(parsePayloadBundle(payloadBundle)));
  for (const edit of vectors.payloadBundleRefused)
    await scenarios.refuses(`payload bundle: ${edit.why}`, refusal, () =>
      parsePayloadBundle(edited(payloadBundle, edit)),
    );
}

async function runNodes(scenarios: Scenarios, vectors: CopyVectors): Promise<void> {
  const tile = concatBytes(...entries.map(leafHash));
  const nodes = encodeNodes(tile);
  const found = {
    tileSha256: bytesToHex(sha256(tile)),
    sha256: bytesToHex(sha256(nodes)),
    first: bytesToHex(nodes.slice(0, 32)),
    root: bytesToHex(tileRoot(nodes)),
  };
  await scenarios.gives('nodes', vectors.nodes, () => found);
  for (const position of [0, 1, 127, 128, 200, 255])
    await scenarios.gives(`path of entry ${position}`, vectors.nodes.root, () =>
      rootThroughTile(position, tile.slice(position * 32, position * 32 + 32), { tile, nodes }),
    );
  for (const size of vectors.tileSizesRefused)
    await scenarios.refuses(`tile of ${size}`, refusal, () => assertHashTile(new Uint8Array(size)));
  for (const size of vectors.nodesSizesRefused)
    await scenarios.refuses(`nodes of ${size}`, refusal, () => assertNodes(new Uint8Array(size)));
}

async function runIndexes(scenarios: Scenarios, vectors: CopyVectors): Promise<void> {
  const streams = entries.map((_, index) => {
    const stream = new Uint8Array(16);
    stream[15] = index % 4;
    return stream;
  });
  const index = encodeBundleIndex({
    number: 1,
    streams,
    entries: encodeEntryBundle(entries),
    payloads: encodePayloadBundle(payloads),
  });
  await scenarios.gives('stream index', vectors.bundleIndex, () => ({
    ...digest(index),
    first: bytesToHex(index.slice(0, 40)),
  }));
  await scenarios.gives('stream index, without the host’s stream', 192, () => parseStreamIndex(index).length);
  await scenarios.gives('merge', vectors.merge.merged, () => merged(vectors.merge.sources, 1));
  await scenarios.gives('merge, in pieces', vectors.merge.merged, () => merged(vectors.merge.sources, 7));
  for (const { why, index: refused } of vectors.indexesRefused)
    await scenarios.refuses(`stream index: ${why}`, refusal, () => parseStreamIndex(hexToBytes(refused)));
  for (const { why, sources } of vectors.mergesRefused)
    await scenarios.refuses(`merge: ${why}`, refusal, () => merged(sources, 1));
}

async function runTails(scenarios: Scenarios, { tail, tailsRefused }: CopyVectors): Promise<void> {
  const { practice, fence, from, note } = tail;
  const items = tail.items.map(([entry, payload]) => ({
    entry: hexToBytes(entry),
    payload: payload === null ? null : hexToBytes(payload),
  }));
  await scenarios.gives('tail', tail.bytes, () =>
    encodeTail({ practice: hexToBytes(practice), fence, from, items, note }),
  );
  await scenarios.gives('tail, read', { practice, fence, from, items: tail.items, note }, () => {
    const read = parseTail(hexToBytes(tail.bytes));
    const readItems = read.items.map(({ entry, payload }) => [
      bytesToHex(entry),
      payload === null ? null : bytesToHex(payload),
    ]);
    return {
      practice: bytesToHex(read.practice),
      fence: read.fence,
      from: read.from,
      items: readItems,
      note: read.note,
    };
  });
  for (const { why, bytes } of tailsRefused)
    await scenarios.refuses(`tail: ${why}`, refusal, () => parseTail(hexToBytes(bytes)));
}

async function merged(sources: readonly string[], pieceBytes: number): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of mergeStreamIndexes(sources.map((source) => inPieces(hexToBytes(source), pieceBytes))))
    pieces.push(piece);
  return bytesToHex(concatBytes(...pieces));
}

async function* inPieces(bytes: Bytes, pieceBytes: number): AsyncGenerator<Uint8Array> {
  const size = pieceBytes === 1 ? Math.max(1, bytes.length) : pieceBytes;
  for (let offset = 0; offset < bytes.length; offset += size) yield bytes.subarray(offset, offset + size);
}

function edited(bytes: Bytes, edit: Edit): Bytes {
  const copy = concatBytes(bytes.subarray(0, edit.cut ?? bytes.length), hexToBytes(edit.append ?? ''));
  copy.set(hexToBytes(edit.set ?? ''), edit.at ?? 0);
  return copy;
}

function digest(bytes: Bytes): Digest {
  return { size: bytes.length, sha256: bytesToHex(sha256(bytes)) };
}

function hexes(list: readonly (Uint8Array | null)[]): (string | null)[] {
  return list.map((bytes) => (bytes === null ? null : bytesToHex(bytes)));
}
