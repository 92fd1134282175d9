import { type Bytes, bytesToHex, joinBytes } from '@serment/core/bytes';
import { type CborValue, decodeCanonical, encodeCanonical, encodeHead } from '@serment/core/cbor';
import { RecordsError } from './error.ts';
import { addDocument, addVersion, compareOrder, emptyStream, type FoldedVersion, type StreamState } from './fold.ts';
import {
  bytesOf,
  checkDocument,
  checkVersion,
  type DocumentKey,
  documentFromCbor,
  documentToCbor,
  fieldsOf,
  listOf,
  sizeOf,
  versionFromCbor,
  versionToCbor,
} from './version.ts';

export const snapshotFormat = 1;
/** Of CBOR. */
const arrayType = 4;

/** A stream's current versions, each with its place in the journal, and all its document keys. */
export interface Snapshot {
  readonly versions: readonly FoldedVersion[];
  readonly documents: readonly DocumentKey[];
}

/** Canonical bytes of the snapshot of a stream: the same state gives the same bytes on every device. */
export function encodeSnapshot(state: StreamState): Bytes {
  return joinBytes([...snapshotParts(state)]);
}

/** The snapshot's bytes, in parts of one version or one document each: for who writes them between other work. */
export function* snapshotParts(state: StreamState): Generator<Bytes> {
  const versions = [...state.records.values()].flatMap((record) => record.current).sort(compareOrder);
  const documents = [...state.documents]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([, document]) => document);
  yield encodeHead(arrayType, 3);
  yield encodeCanonical(snapshotFormat);
  yield encodeHead(arrayType, versions.length);
  for (const version of versions) yield encodeCanonical(foldedToCbor(version));
  yield encodeHead(arrayType, documents.length);
  for (const document of documents) yield encodeCanonical(documentToCbor(document));
}

/** Reads a snapshot strictly. Throws SNAPSHOT_INVALID, or CBOR_INVALID from core. */
export function parseSnapshot(bytes: Uint8Array): Snapshot {
  const value = decodeCanonical(bytes);
  try {
    return snapshotFromCbor(value);
  } catch (cause) {
    if (!(cause instanceof RecordsError)) throw cause;
    throw new RecordsError('SNAPSHOT_INVALID', 'Not a snapshot of a stream', { cause, fields: cause.fields });
  }
}

/** The state to which entries after the snapshot are folded. */
export function streamFromSnapshot(snapshot: Snapshot): StreamState {
  const state = emptyStream();
  for (const version of snapshot.versions) addVersion(state, version);
  // A key in a snapshot was there before any entry still to come.
  for (const document of snapshot.documents) addDocument(state, -1, document);
  return state;
}

function snapshotFromCbor(value: CborValue): Snapshot {
  const [format, versions, documents] = fieldsOf(value, 3, 'snapshot');
  if (format !== snapshotFormat)
    throw new RecordsError('SNAPSHOT_INVALID', 'Not a snapshot of a stream', { fields: { field: 'format' } });
  const snapshot = {
    versions: foldedFromCbor(listOf(versions, 'versions')),
    documents: listOf(documents, 'documents').map(documentFromCbor),
  };
  const names = new Set<string>();
  for (const version of snapshot.versions) {
    checkVersion(version);
    names.add(`${version.id} ${bytesToHex(version.version)}`);
  }
  if (names.size !== snapshot.versions.length) throw orderBroken('version twice');
  let previous = '';
  for (const document of snapshot.documents) {
    checkDocument(document);
    const blobId = bytesToHex(document.blobId);
    if (blobId <= previous) throw orderBroken('documents order');
    previous = blobId;
  }
  return snapshot;
}

function foldedToCbor(version: FoldedVersion): CborValue[] {
  return [...versionToCbor(version), version.index, version.entryId, version.author, version.receivedAt, version.time];
}

/** Places within one entry are not written: the order in the snapshot gives them back. */
function foldedFromCbor(values: readonly CborValue[]): FoldedVersion[] {
  let previous = -1;
  let position = 0;
  return values.map((value) => {
    const fields = fieldsOf(value, 11, 'version');
    const [index, entryId, author, receivedAt, time] = fields.slice(6);
    const place = sizeOf(index, 'index');
    if (place < previous) throw orderBroken('versions order');
    position = place === previous ? position + 1 : 0;
    previous = place;
    return {
      ...versionFromCbor(fields.slice(0, 6)),
      index: place,
      position,
      entryId: bytesOf(entryId, 32, 'entryId'),
      author: bytesOf(author, 32, 'author'),
      receivedAt: sizeOf(receivedAt, 'receivedAt'),
      time: sizeOf(time, 'time'),
    };
  });
}

function orderBroken(field: string): RecordsError {
  return new RecordsError('SNAPSHOT_INVALID', 'Not a snapshot of a stream', { fields: { field } });
}
