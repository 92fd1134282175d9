import { equalBytes } from '@serment/core/bytes';
import { sha256Stream } from '@serment/core/hash';
import type { DocumentKey } from '@serment/records/version';
import { chunksOf } from './answer-body.ts';
import { memoryCache } from './cache.ts';
import { CopySource } from './copy-source.ts';
import { ReplicaError } from './error.ts';
import { type FileDifference, resourceOf, shownContent } from './file-travel.ts';
import { blobIdOf } from './patient-documents.ts';
import type { RecordView } from './patient-file.ts';
import type { SourcedFile } from './patient-files.ts';
import { PayloadReader, type PayloadSource } from './payload-reader.ts';
import type { Practice } from './practice.ts';
import type { Work } from './practice-rewind.ts';
import { partsOfSave, type SaveRequest } from './saving.ts';

/** A record that a copy gives otherwise than the live side: `gone` where the live side gives none. */
export interface CopyDifference extends FileDifference {
  readonly kind: 'changed' | 'gone';
  readonly was: string;
  /** True when somebody wrote over it after what the copy holds: what stands here is meant to. */
  readonly isSince: boolean;
}

/** A document of the file that the live side has lost, or holds with other bytes. */
export interface LostDocument {
  readonly key: DocumentKey;
  /** In hexadecimal. */
  readonly blobId: string;
  /** Whether the copy holds it as it was filed. */
  readonly isInCopy: boolean;
}

/** One patient's file as a copy holds it, beside what the live side gives of it. */
export interface CopyComparison {
  readonly copy: string;
  readonly patient: string;
  /** The copy holds the entries below this number. */
  readonly size: number;
  /** When its last one was received, the host's clock, ms. */
  readonly at: number;
  readonly same: number;
  readonly differences: readonly CopyDifference[];
  /** Records that were written after what the copy holds: they stay. */
  readonly since: number;
  /** Entries of the file that the copy does not give whole. */
  readonly lost: number;
  readonly documents: number;
  readonly lostDocuments: readonly LostDocument[];
  /** Keys of documents that the copy's entries hold and the live side's do not. */
  readonly keys: readonly DocumentKey[];
}

export interface CopyChoice {
  /** Ids of records. */
  readonly records: readonly string[];
  /** Blob ids of documents, in hexadecimal. */
  readonly documents: readonly string[];
}

/** A record as it was written again. */
export interface Rewritten {
  readonly id: string;
  readonly before: string | null;
  readonly after: string;
  /** Names of the versions that it replaces, in hexadecimal. */
  readonly versions: readonly string[];
}

export interface CopyRestored {
  /** Of the save; null when documents alone were put back. */
  readonly id: string | null;
  readonly records: readonly Rewritten[];
  readonly documents: number;
}

/**
 * Reads a patient's file, with its documents, from a copy and from the live side, and says what differs. Nothing that this
 * device keeps stands in for either. Throws as `Practice.readPatient`, COPY_UNAVAILABLE, HOST_LIES when the copy is of
 * another history, and an AbortError once `signal` says so.
 */
export async function compareWithCopy(
  practice: Practice,
  { copy, patient }: { readonly copy: string; readonly patient: string },
  { onProgress, signal }: Work = {},
): Promise<CopyComparison> {
  // What waits on this device is meant to be there.
  await practice.outbox.flush();
  await practice.sync();
  await practice.readUnread();
  const { mirror, transport } = practice;
  const source = new CopySource({ mirror, transport, copy });
  const { readable, finding } = await source.head();
  if (finding !== null)
    throw new ReplicaError('HOST_LIES', 'The copy holds another history than this device has verified', {
      fields: { finding, copy },
    });
  const then = await practice.files.from(patient, { reader: readerOf(practice, source), size: readable });
  signal?.throwIfAborted();
  const now = await practice.files.from(patient, {
    reader: readerOf(practice, transport),
    size: Number.POSITIVE_INFINITY,
  });
  const compared = compareRecords(then, now, readable);
  const documents = new Map([...then.documents, ...now.documents].map((key) => [blobIdOf(key), key]));
  const lostDocuments: LostDocument[] = [];
  let done = 0;
  for (const [blobId, key] of documents) {
    signal?.throwIfAborted();
    onProgress?.(done, documents.size);
    if (!(await isDocumentWhole(transport, key)))
      lostDocuments.push({ key, blobId, isInCopy: await isDocumentWhole(source, key) });
    done += 1;
  }
  const known = new Set(now.documents.map(blobIdOf));
  return {
    ...{ copy, patient, size: readable, ...compared, documents: documents.size, lostDocuments },
    at: readable === 0 ? 0 : (await mirror.entry(readable - 1)).receivedAt,
    lost: then.findings.length + [...source.damaged.values()].length,
    keys: then.documents.filter((key) => !known.has(blobIdOf(key))),
  };
}

/**
 * Writes chosen records again as the copy has them, all in one save and as new versions, and has chosen documents put back.
 * Throws SAVE_INVALID when nothing of it differs, DOCUMENT_INVALID when a document did not come back as it was filed.
 */
export async function restoreFromCopy(
  practice: Practice,
  comparison: CopyComparison,
  chosen: CopyChoice,
): Promise<CopyRestored> {
  const { copy, patient } = comparison;
  const differences = comparison.differences.filter(({ id }) => chosen.records.includes(id));
  const isWanted = (blobId: string) =>
    chosen.documents.includes(blobId) || differences.some(({ was }) => was.includes(blobId));
  const lost = comparison.lostDocuments.filter(({ blobId, isInCopy }) => isInCopy && isWanted(blobId));
  if (differences.length + lost.length === 0)
    throw new ReplicaError('SAVE_INVALID', 'Nothing of it is otherwise in the copy');
  for (const { key } of lost) await putBack(practice, copy, key);
  if (differences.length === 0) return { id: null, records: [], documents: lost.length };
  const { records: here } = await practice.readPatient(patient);
  const records = differences.map(({ id, was }) => rewritten(id, was, here, patient));
  // Over what was signed too: what was signed before stands again.
  const { keyring, random } = practice;
  const requests = requestsOf(records, keysOf(comparison, differences));
  const { id } = await practice.saveParts(requests.flatMap((request) => partsOfSave(request, keyring, random)));
  return { id, records, documents: lost.length };
}

function rewritten(
  id: string,
  after: string,
  here: readonly RecordView[],
  patient: string,
): Rewritten & { readonly owner: string } {
  const record = here.find((one) => one.id === id);
  return {
    ...{ id, after, before: record === undefined ? null : shownContent(record) },
    versions: record?.versions.map(({ version }) => version) ?? [],
    owner: record?.patient ?? patient,
  };
}

/** One for each of the merged files in which a record stands. */
function requestsOf(
  records: readonly (Rewritten & { readonly owner: string })[],
  documents: readonly DocumentKey[],
): SaveRequest[] {
  return [...new Set(records.map(({ owner }) => owner))].map((owner) => {
    const own = records.filter((record) => record.owner === owner);
    const rewrites = own.map(({ after, versions }) => ({
      ...{ resource: resourceOf(after), replaces: versions },
      change: 'restore' as const,
    }));
    const named = documents.filter((key) => own.some(({ after }) => after.includes(blobIdOf(key))));
    return { patient: owner, records: rewrites, documents: named };
  });
}

/** Keys that these records need and the live side has lost with their entries, of documents that it holds. */
function keysOf(
  { keys, lostDocuments }: CopyComparison,
  differences: readonly CopyDifference[],
): readonly DocumentKey[] {
  const isGone = (key: DocumentKey) =>
    lostDocuments.some(({ blobId, isInCopy }) => blobId === blobIdOf(key) && !isInCopy);
  return keys.filter((key) => !isGone(key) && differences.some(({ was }) => was.includes(blobIdOf(key))));
}

function compareRecords(then: SourcedFile, now: SourcedFile, size: number) {
  const before = new Map(then.records.map((record) => [record.id, record]));
  const after = new Map(now.records.map((record) => [record.id, record]));
  const isSince = (record: RecordView | undefined) =>
    record?.versions.some(({ index }) => index === null || index >= size) ?? false;
  const differences: CopyDifference[] = [];
  let same = 0;
  for (const [id, record] of before) {
    const [was, is] = [shownContent(record), contentOf(after.get(id))];
    if (was === is && was !== null) same += 1;
    if (was === null || was === is) continue;
    differences.push({ id, kind: is === null ? 'gone' : 'changed', was, is, isSince: isSince(after.get(id)) });
  }
  const since = now.records.filter((record) => isSince(record) && shownContent(record) !== null).length;
  return { same, differences, since };
}

function contentOf(record: RecordView | undefined): string | null {
  return record === undefined ? null : shownContent(record);
}

function readerOf({ mirror, keyring }: Practice, source: PayloadSource): PayloadReader {
  return new PayloadReader({ mirror, keyring, source, cache: memoryCache() });
}

/** Has the host take a document from a copy, and reads it again from the live side. */
async function putBack({ transport }: Practice, copy: string, key: DocumentKey): Promise<void> {
  await transport.mendBlob(copy, key.sealedHash);
  if (!(await isDocumentWhole(transport, key)))
    throw new ReplicaError('DOCUMENT_INVALID', 'The document did not come back as it was filed');
}

/** Whether one side gives the sealed bytes that were filed. Throws for what says nothing of the document. */
async function isDocumentWhole(side: Pick<PayloadSource, 'blob'>, key: DocumentKey): Promise<boolean> {
  const hash = sha256Stream();
  try {
    for await (const chunk of chunksOf(await side.blob(key.sealedHash))) {
      hash.update(chunk);
      if (hash.sizeBytes > key.sealedSize) return false;
    }
  } catch (error) {
    if (error instanceof ReplicaError && error.code === 'SERVER_REFUSED' && error.fields.status === 404) return false;
    throw error;
  }
  return equalBytes(hash.digest(), key.sealedHash);
}
