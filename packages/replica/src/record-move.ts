import { hexToBytes } from '@serment/core/bytes';
import { isJsonObject, parseJson } from '@serment/records/json-text';
import { type FiledRecord, movedResource, moveSet } from '@serment/records/move-set';
import { patientStream } from '@serment/records/route';
import { type DocumentKey, newVersion, type RecordVersion, removedVersion } from '@serment/records/version';
import { ReplicaError } from './error.ts';
import type { RecordView } from './patient-file.ts';
import { requireWhole } from './patient-files.ts';
import type { Practice } from './practice.ts';
import { recordsPart } from './saving.ts';

const documentReference = /"urn:serment:document:([0-9a-f]{32})"/g;

/** What goes with a record to another file, itself first. Throws RECORD_UNKNOWN. */
export async function recordsToMove(practice: Practice, patient: string, recordId: string): Promise<RecordView[]> {
  const file = await practice.readPatient(patient);
  requireWhole(file);
  // Of a file that was merged, each record stands where it was written.
  const owner = await practice.ownerOf(patient, recordId);
  const ids = moveSet(filedRecords(file.records.filter((record) => record.patient === owner)), recordId);
  if (ids.length === 0) throw new ReplicaError('RECORD_UNKNOWN', 'That record is not in this file');
  return ids.flatMap((id) => file.records.find((record) => record.id === id) ?? []);
}

/**
 * Moves a record, and what goes with it, to the file of another patient: taken out of the first, whose history keeps it,
 * and new in the second, in one request (docs/format/record.md). Throws RECORD_UNKNOWN, SAVE_INVALID, PATIENT_RESTRICTED.
 */
export async function moveRecord(
  practice: Practice,
  { from, to, recordId }: { readonly from: string; readonly to: string; readonly recordId: string },
): Promise<{ id: string; ids: readonly string[] }> {
  const { directory } = practice;
  if (directory.survivorOf(from) === directory.survivorOf(to))
    throw new ReplicaError('SAVE_INVALID', 'It is in that file already');
  const records = await recordsToMove(practice, from, recordId);
  const owner = await practice.ownerOf(from, recordId);
  if (records.some(({ isConflict }) => isConflict))
    throw new ReplicaError('SAVE_INVALID', 'Two versions stand side by side: one of them must be chosen first');
  const target = await practice.readPatient(to);
  const { random, keyring } = practice;
  const created = records.map((record): RecordVersion => {
    const resource = movedResource(resourceOf(record), owner, to);
    // Where it comes back to, what was taken out there stands before it.
    const standing = target.records.find(({ id, patient }) => id === record.id && patient === to)?.versions ?? [];
    const replaces = standing.map(({ version }) => hexToBytes(version));
    const named = { ...resource, resourceType: record.type, id: record.id.slice(record.type.length + 1) };
    return newVersion({ resource: named, change: 'create', replaces }, random);
  });
  const removed = records.map(({ id, versions }) =>
    removedVersion(
      id,
      versions.map(({ version }) => hexToBytes(version)),
      random,
    ),
  );
  const documents = await documentsOf(practice, owner, created);
  const stream = (patient: string) => keyring.stream('clinical', patientStream(patient));
  const saved = await practice.saveParts([
    recordsPart(stream(owner), { patient: owner, versions: removed, documents: [] }),
    recordsPart(stream(to), { patient: to, versions: created, documents }),
  ]);
  return { id: saved.id, ids: records.map(({ id }) => id) };
}

function filedRecords(records: readonly RecordView[]): FiledRecord[] {
  return records.flatMap((record) =>
    record.resource === null ? [] : [{ id: record.id, resource: resourceOf(record) }],
  );
}

function resourceOf({ content }: RecordView) {
  const resource = content === null ? null : parseJson(content);
  if (!isJsonObject(resource)) throw new ReplicaError('RECORD_UNKNOWN', 'That record says nothing');
  return resource;
}

/** The keys of the documents that the records refer to: the stream that they go to has them from then on. */
async function documentsOf(
  practice: Practice,
  patient: string,
  versions: readonly RecordVersion[],
): Promise<DocumentKey[]> {
  const named = versions.flatMap(({ content }) =>
    [...(content ?? '').matchAll(documentReference)].flatMap(([, blobId]) => blobId ?? []),
  );
  const keys = [...new Set(named)].map((blobId) => practice.documentKey(patient, blobId));
  return (await Promise.all(keys)).filter((key) => key !== null);
}
