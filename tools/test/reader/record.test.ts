import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytes, codeOf, hex, reader, type Version, vectorText } from './reader.ts';

type DocumentRow = { blobId: string; key: string; sealedHash: string; hash: string };
type RecordVectors = {
  batches: {
    name: string;
    bytes: string;
    patient: string | null;
    versions: { id: string; version: string; replaces: string[]; change: string; fullUrl: string | null }[];
    documents: DocumentRow[];
  }[];
  batchesRefused: { name: string; bytes: string; error: string }[];
  folds: {
    name: string;
    entries: {
      index: number;
      entryId: string;
      author: string;
      receivedAt: number;
      time: number;
      batch: string;
    }[];
    current: Record<string, string[]>;
    history: Record<string, string[]>;
    findings: object[];
    snapshot: string;
  }[];
  snapshotsRefused: { name: string; bytes: string; error: string }[];
  narratives: { text: string; div: string }[];
  foreignNarratives: string[];
};

test('batches are read and refused as record.json says', () => {
  const vectors: RecordVectors = JSON.parse(vectorText('record'));
  for (const { name, bytes: batch, patient, versions, documents } of vectors.batches) {
    const expected = {
      patient,
      versions: versions.map((version) => ({
        ...version,
        version: bytes(version.version),
        replaces: version.replaces.map(bytes),
      })),
      documents: documents.map((document) => ({
        ...document,
        blobId: bytes(document.blobId),
        key: bytes(document.key),
        sealedHash: bytes(document.sealedHash),
        hash: bytes(document.hash),
      })),
    };
    assert.deepEqual(reader.parseBatch(bytes(batch)), expected, name);
  }
  for (const { name, bytes: batch, error } of vectors.batchesRefused) {
    assert.equal(
      codeOf(() => reader.parseBatch(bytes(batch))),
      error,
      name,
    );
  }
});

test('streams fold as record.json says, in order, backwards and twice', () => {
  const vectors: RecordVectors = JSON.parse(vectorText('record'));
  const names = (versions: Version[]) => versions.map(({ version }) => hex(version));
  for (const { name, entries, current, history, findings, snapshot } of vectors.folds) {
    const written = entries.map(({ entryId, author, batch, ...rest }) => ({
      ...rest,
      entryId: bytes(entryId),
      author: bytes(author),
      batch: reader.parseBatch(bytes(batch)),
    }));
    for (const order of [written, written.toReversed(), [...written, ...written]]) {
      const state = reader.foldStream(order);
      const records = [...state.records];
      assert.deepEqual(Object.fromEntries(records.map(([id, record]) => [id, names(record.current)])), current, name);
      assert.deepEqual(Object.fromEntries(records.map(([id, record]) => [id, names(record.history)])), history, name);
      assert.deepEqual(state.findings, findings, name);
      assert.equal(hex(reader.encodeSnapshot(state)), snapshot, name);
      reader.checkSnapshot(bytes(snapshot));
    }
  }
  for (const { name, bytes: snapshot, error } of vectors.snapshotsRefused) {
    assert.equal(
      codeOf(() => reader.checkSnapshot(bytes(snapshot))),
      error,
      name,
    );
  }
  for (const { text, div } of vectors.narratives) {
    assert.equal(reader.writeNarrative(text), div);
    assert.equal(reader.readNarrative(div), text);
  }
  for (const div of vectors.foreignNarratives) assert.equal(reader.readNarrative(div), null, div);
});
