import { bytesToHex, hexToBytes } from '@serment/core/bytes';
import { type Finding, Scenarios } from '../../../core/test/vectors/scenario.ts';
import { divToText, textToDiv } from '../../src/fhir/note-text.ts';
import { type FoldFinding, foldFindings, foldStream, type StreamState, type WrittenBatch } from '../../src/fold.ts';
import { encodeSnapshot, parseSnapshot, streamFromSnapshot } from '../../src/snapshot.ts';
import { type DocumentKey, encodeRecordBatch, parseRecordBatch, type RecordVersion } from '../../src/version.ts';

interface VersionJson {
  readonly id: string;
  readonly version: string;
  readonly replaces: readonly string[];
  readonly change: string;
  readonly fullUrl: string | null;
  readonly content: string | null;
}
interface DocumentJson {
  readonly blobId: string;
  readonly key: string;
  readonly sealedHash: string;
  readonly sealedSize: number;
  readonly size: number;
  readonly hash: string;
  readonly mediaType: string;
}
interface EntryJson {
  readonly index: number;
  readonly entryId: string;
  readonly author: string;
  readonly receivedAt: number;
  readonly time: number;
  readonly batch: string;
}
interface Refused {
  readonly name: string;
  readonly bytes: string;
  readonly error: string;
}

export interface RecordVectors {
  readonly about: string;
  readonly batches: readonly {
    readonly name: string;
    readonly bytes: string;
    readonly patient: string | null;
    readonly versions: readonly VersionJson[];
    readonly documents: readonly DocumentJson[];
  }[];
  readonly batchesRefused: readonly Refused[];
  readonly folds: readonly {
    readonly name: string;
    readonly entries: readonly EntryJson[];
    /** By record id, names of versions in the order of the journal. */
    readonly current: Readonly<Record<string, readonly string[]>>;
    readonly history: Readonly<Record<string, readonly string[]>>;
    readonly findings: readonly FoldFinding[];
    readonly snapshot: string;
  }[];
  readonly snapshotsRefused: readonly Refused[];
  readonly narratives: readonly { readonly text: string; readonly div: string }[];
  readonly foreignNarratives: readonly string[];
}

/** Runs vectors/record.json; an empty list says that all holds. */
export async function runRecordVectors(vectors: RecordVectors): Promise<Finding[]> {
  const scenarios = new Scenarios();
  for (const { name, bytes, ...value } of vectors.batches) {
    await scenarios.gives(name, value, () => {
      const { patient, versions, documents } = parseRecordBatch(hexToBytes(bytes));
      return { patient, versions: versions.map(versionJson), documents: documents.map(documentJson) };
    });
    await scenarios.gives(`${name}, written`, bytes, () => encodeRecordBatch(parseRecordBatch(hexToBytes(bytes))));
  }
  for (const { name, bytes, error } of vectors.batchesRefused)
    await scenarios.refuses(name, error, () => parseRecordBatch(hexToBytes(bytes)));
  for (const fold of vectors.folds)
    for (const [order, entries] of [
      ['in order', fold.entries],
      ['backwards', fold.entries.toReversed()],
      ['twice', [...fold.entries, ...fold.entries]],
    ] as const) {
      const state = foldStream(entries.map(entryOf));
      const { current, history, findings, snapshot } = fold;
      const expected = { current, history, findings };
      await scenarios.gives(`${fold.name}, ${order}`, expected, () => ({
        current: namesOf(state, 'current'),
        history: namesOf(state, 'history'),
        findings: foldFindings(state),
      }));
      await scenarios.gives(`${fold.name}, ${order}, snapshot`, snapshot, () => encodeSnapshot(state));
      await scenarios.gives(`${fold.name}, ${order}, snapshot read`, current, () =>
        namesOf(streamFromSnapshot(parseSnapshot(hexToBytes(snapshot))), 'current'),
      );
    }
  for (const { name, bytes, error } of vectors.snapshotsRefused)
    await scenarios.refuses(name, error, () => parseSnapshot(hexToBytes(bytes)));
  for (const { text, div } of vectors.narratives) {
    await scenarios.gives(`narrative of ${JSON.stringify(text)}`, div, () => textToDiv(text));
    await scenarios.gives(`text of ${div}`, text, () => divToText(div));
  }
  for (const div of vectors.foreignNarratives) await scenarios.gives(`text of ${div}`, null, () => divToText(div));
  return scenarios.findings;
}

export function entryOf(entry: EntryJson): WrittenBatch {
  const { index, receivedAt, time } = entry;
  const batch = parseRecordBatch(hexToBytes(entry.batch));
  return { index, entryId: hexToBytes(entry.entryId), author: hexToBytes(entry.author), receivedAt, time, batch };
}

/** Records sorted by id, so that the same state is always the same JSON. */
export function namesOf(state: StreamState, which: 'current' | 'history'): Record<string, string[]> {
  const records = [...state.records.values()].sort((left, right) => (left.id < right.id ? -1 : 1));
  return Object.fromEntries(
    records.map((record) => [record.id, record[which].map(({ version }) => bytesToHex(version))]),
  );
}

export function versionJson({ id, version, replaces, change, fullUrl, content }: RecordVersion): VersionJson {
  return { id, version: bytesToHex(version), replaces: replaces.map(bytesToHex), change, fullUrl, content };
}

export function documentJson({ sealedSize, size, mediaType, ...bytes }: DocumentKey): DocumentJson {
  const [blobId, key, sealedHash, hash] = [bytes.blobId, bytes.key, bytes.sealedHash, bytes.hash].map(bytesToHex);
  return {
    blobId: blobId ?? '',
    key: key ?? '',
    sealedHash: sealedHash ?? '',
    sealedSize,
    size,
    hash: hash ?? '',
    mediaType,
  };
}
