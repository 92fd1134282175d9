import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Bytes, bytes, codeOf, hex, reader, sha256, vectorText } from './reader.ts';

type ObjectEdit = { why: string; cut?: number; append?: string; set?: string; at?: number };
type CopyVectors = {
  names: { name: string; value: object }[];
  namesRefused: { why: string; name: string }[];
  entryBundle: { size: number; sha256: string };
  entryBundleRefused: ObjectEdit[];
  payloadBundle: { size: number; sha256: string };
  payloadBundleRefused: ObjectEdit[];
  nodes: { tileSha256: string; sha256: string; first: string; root: string };
  tileSizesRefused: number[];
  nodesSizesRefused: number[];
  bundleIndex: { size: number; sha256: string };
  merge: { sources: string[]; merged: string };
  indexesRefused: { why: string; index: string }[];
  mergesRefused: { why: string; sources: string[] }[];
  tail: {
    bytes: string;
    practice: string;
    fence: number;
    from: number;
    note: string;
    items: [string, string | null][];
  };
  tailsRefused: { why: string; bytes: string }[];
};

/** The 256 entries and payloads that copy.json speaks of. */
const copyItems = Array.from({ length: 256 }, (_, i) => ({
  entry: new Uint8Array((i % 7) + 1).fill(i),
  payload: i % 5 === 4 ? null : new Uint8Array(100 * (i % 3)).fill(i),
  stream: Uint8Array.from([...new Uint8Array(15), i % 4]),
}));

function copyBundles(): { entries: Bytes; payloads: Bytes } {
  const entries = copyItems.flatMap(({ entry }) => [Uint8Array.of(0, entry.length), entry]);
  const payloads = copyItems.flatMap(({ payload }) => {
    const size = Buffer.alloc(4);
    size.writeUInt32BE(payload === null ? 0xffffffff : payload.length);
    return payload === null ? [size] : [size, payload];
  });
  return { entries: Uint8Array.from(Buffer.concat(entries)), payloads: Uint8Array.from(Buffer.concat(payloads)) };
}

function editObject(object: Bytes, { cut, append, set, at }: ObjectEdit): Bytes {
  const edited = Buffer.concat([object.subarray(0, cut ?? object.length), bytes(append ?? '')]);
  edited.set(bytes(set ?? ''), at ?? 0);
  return Uint8Array.from(edited);
}

test('names and objects of a copy are those of copy.json', () => {
  const vectors: CopyVectors = JSON.parse(vectorText('copy'));
  for (const { name, value } of vectors.names) assert.deepEqual(reader.parseCopyName(name), value, name);
  for (const { why, name } of vectors.namesRefused) assert.equal(reader.parseCopyName(name), null, why);
  const { entries, payloads } = copyBundles();
  assert.equal(sha256(entries), vectors.entryBundle.sha256);
  assert.equal(sha256(payloads), vectors.payloadBundle.sha256);
  assert.deepEqual(
    reader.splitEntryBundle(entries),
    copyItems.map(({ entry }) => entry),
  );
  assert.deepEqual(
    reader.splitPayloadBundle(payloads),
    copyItems.map(({ payload }) => payload),
  );
  const leaves = copyItems.map(({ entry }) => reader.leafHash(entry));
  const tile = Uint8Array.from(Buffer.concat(leaves));
  assert.equal(sha256(tile), vectors.nodes.tileSha256);
  const nodes = reader.nodesOf(reader.splitTile(tile));
  assert.equal(sha256(nodes), vectors.nodes.sha256);
  assert.equal(hex(reader.splitNodes(nodes)[0]!), vectors.nodes.first);
  assert.equal(hex(reader.splitNodes(nodes)[254]!), vectors.nodes.root);
  const index = reader.indexOfBundle(
    1,
    copyItems.map(({ entry, payload, stream }) => ({
      stream,
      entrySize: entry.length,
      payloadSize: payload?.length ?? null,
    })),
  );
  assert.equal(sha256(index), vectors.bundleIndex.sha256);
  assert.equal(hex(reader.mergeIndexes(vectors.merge.sources.map(bytes))), vectors.merge.merged);
  const { practice, fence, from, note, items } = reader.parseTail(bytes(vectors.tail.bytes));
  const read = items.map(({ entry, payload }) => [hex(entry), payload === null ? null : hex(payload)]);
  const expected = { ...vectors.tail, bytes: undefined };
  assert.deepEqual({ practice: hex(practice), fence, from, note, items: read, bytes: undefined }, expected);
});

test('damaged objects of a copy are refused as copy.json says', () => {
  const vectors: CopyVectors = JSON.parse(vectorText('copy'));
  const { entries, payloads } = copyBundles();
  const refused = (name: string, action: () => unknown) => assert.notEqual(codeOf(action), 'no error', name);
  for (const edit of vectors.entryBundleRefused) {
    refused(edit.why, () => reader.splitEntryBundle(editObject(entries, edit)));
  }
  for (const edit of vectors.payloadBundleRefused) {
    refused(edit.why, () => reader.splitPayloadBundle(editObject(payloads, edit)));
  }
  for (const size of vectors.tileSizesRefused) refused(`tile of ${size}`, () => reader.splitTile(new Uint8Array(size)));
  for (const size of vectors.nodesSizesRefused)
    refused(`nodes of ${size}`, () => reader.splitNodes(new Uint8Array(size)));
  for (const { why, index } of vectors.indexesRefused) refused(why, () => reader.splitIndex(bytes(index)));
  for (const { why, sources } of vectors.mergesRefused) refused(why, () => reader.mergeIndexes(sources.map(bytes)));
  for (const { why, bytes: tail } of vectors.tailsRefused) refused(why, () => reader.parseTail(bytes(tail)));
});
