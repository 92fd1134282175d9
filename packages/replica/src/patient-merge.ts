import { mergePatients, separatePatients } from '@serment/records/fhir/patient-merge';
import { isJsonObject, type JsonObject, parseJson } from '@serment/records/json-text';
import { ReplicaError } from './error.ts';
import type { RecordView } from './patient-file.ts';
import type { Practice } from './practice.ts';

/** Which of two records goes on, and the versions of both that were on the screen. */
export interface MergeRequest {
  /** `Patient/…` */
  readonly kept: string;
  readonly gone: string;
  /** Names of versions, in hexadecimal; null for those that this device knows. */
  readonly versions?: { readonly kept: readonly string[]; readonly gone: readonly string[] };
}

/**
 * One record stands for two from now on (docs/format/record.md): nothing is moved, and `separateRecords` brings both back.
 * Throws PATIENT_UNKNOWN, and MERGE_IMPOSSIBLE where one of them goes on for the other's already or stands in two versions.
 */
export async function mergeRecords(
  practice: Practice,
  { kept, gone, versions }: MergeRequest,
): Promise<{ id: string }> {
  const { directory } = practice;
  const [keptRecord, goneRecord] = [await recordOf(practice, kept), await recordOf(practice, gone)];
  if (kept === gone || directory.survivorOf(kept) !== kept || directory.survivorOf(gone) !== gone)
    throw new ReplicaError('MERGE_IMPOSSIBLE', 'One of the two records was merged already');
  const [keptAfter, goneAfter] = mergePatients(resourceOf(keptRecord), resourceOf(goneRecord));
  return practice.saveAll([
    edit(kept, keptAfter, versions?.kept ?? namesOf(keptRecord)),
    edit(gone, goneAfter, versions?.gone ?? namesOf(goneRecord)),
  ]);
}

/** Brings back a record that was merged into another one. Throws PATIENT_UNKNOWN, MERGE_IMPOSSIBLE where it is not merged. */
export async function separateRecords(practice: Practice, gone: string): Promise<{ id: string }> {
  const kept = practice.directory.get(gone)?.replacedBy ?? null;
  if (kept === null) throw new ReplicaError('MERGE_IMPOSSIBLE', 'The record was not merged');
  const [keptRecord, goneRecord] = [await recordOf(practice, kept), await recordOf(practice, gone)];
  const [keptAfter, goneAfter] = separatePatients(resourceOf(keptRecord), resourceOf(goneRecord));
  return practice.saveAll([edit(kept, keptAfter, namesOf(keptRecord)), edit(gone, goneAfter, namesOf(goneRecord))]);
}

async function recordOf(practice: Practice, id: string): Promise<RecordView> {
  const record = practice.directory.get(id) === null ? null : await practice.patientRecord(id);
  if (record === null) throw new ReplicaError('PATIENT_UNKNOWN', 'No such patient in this practice');
  if (record.isConflict) throw new ReplicaError('MERGE_IMPOSSIBLE', 'The record stands in two versions');
  return record;
}

function resourceOf({ content }: RecordView): JsonObject {
  const value = parseJson(content ?? 'null');
  if (!isJsonObject(value)) throw new ReplicaError('PATIENT_UNKNOWN', 'That version is no resource');
  return value;
}

function namesOf({ versions }: RecordView): string[] {
  return versions.map(({ version }) => version);
}

function edit(patient: string, resource: JsonObject, replaces: readonly string[]) {
  return { patient, records: [{ resource, change: 'edit' as const, replaces }] };
}
