import { bytesToHex } from '@serment/core/bytes';
import { isJsonObject, parseJson } from '@serment/records/json-text';
import { ReplicaError } from './error.ts';
import type { PatientFile, RecordView } from './patient-file.ts';
import type { Practice } from './practice.ts';

/** A moment at which something of a file was written. */
export interface FileInstant {
  /** The host's clock, ms. */
  readonly at: number;
  readonly author: string | null;
  /** How many records it wrote. */
  readonly records: number;
}

/** A record that a file has otherwise now than it had at an instant. */
export interface FileDifference {
  readonly id: string;
  /** `changed`; `added` since; `gone` since: taken out, or said to be an error. */
  readonly kind: 'changed' | 'added' | 'gone';
  /** JSON text of what it said then, and of what it says now; null where it was, or is, not shown. */
  readonly was: string | null;
  readonly is: string | null;
}

/** When the file changed, newest first. Throws as `Practice.readPatient`. */
export async function fileInstants(practice: Practice, patient: string): Promise<FileInstant[]> {
  const written = await practice.files.written(patient);
  return written
    .map(({ receivedAt, author, batch }): FileInstant => {
      const member = practice.mirror.governance.authors.get(bytesToHex(author))?.member ?? null;
      const name = member === null ? null : practice.memberName(member);
      return { at: receivedAt, author: name, records: batch.versions.length };
    })
    .reverse();
}

/** What differs between the file of an instant, ms on the host's clock, and that of now. */
export async function fileDifferences(practice: Practice, patient: string, at: number): Promise<FileDifference[]> {
  const [then, now] = [await practice.files.at(patient, at), await practice.readPatient(patient)];
  return differencesOf(then, now);
}

/**
 * Writes the chosen records as they were at an instant: what changed or went says again what it said, what came since is
 * marked as entered in error. All of it at once, as new versions: it is itself undone the same way. Throws SAVE_INVALID
 * for a record that is as it was.
 */
export async function restoreFile(
  practice: Practice,
  patient: string,
  { at, ids }: { readonly at: number; readonly ids: readonly string[] },
): Promise<{ id: string }> {
  const [then, now] = [await practice.files.at(patient, at), await practice.readPatient(patient)];
  const differences = new Map(differencesOf(then, now).map((difference) => [difference.id, difference]));
  const records = ids.map((id) => {
    const difference = differences.get(id);
    if (difference === undefined) throw new ReplicaError('SAVE_INVALID', 'That record is as it was');
    const replaces = versionsOf(now, id);
    return difference.was === null
      ? { resource: resourceOf(difference.is), change: 'entered-in-error' as const, replaces }
      : { resource: resourceOf(difference.was), change: 'restore' as const, replaces };
  });
  return practice.save({ patient, records });
}

/** Writes what a record said in one of its versions again. Throws RECORD_UNKNOWN. */
export async function restoreVersion(
  practice: Practice,
  patient: string,
  { recordId, version }: { readonly recordId: string; readonly version: string },
): Promise<{ id: string }> {
  const versions = await practice.history(patient, recordId);
  const content = versions.find((one) => one.version === version)?.content ?? null;
  const replaces = versionsOf(await practice.readPatient(patient), recordId);
  return practice.save({ patient, records: [{ resource: resourceOf(content), change: 'restore', replaces }] });
}

function differencesOf(then: PatientFile, now: PatientFile): FileDifference[] {
  const before = new Map(then.records.map((record) => [record.id, shownContent(record)]));
  const after = new Map(now.records.map((record) => [record.id, shownContent(record)]));
  return [...new Set([...after.keys(), ...before.keys()])].flatMap((id): FileDifference[] => {
    const [was, is] = [before.get(id) ?? null, after.get(id) ?? null];
    if (was === is) return [];
    return [{ id, kind: was === null ? 'added' : is === null ? 'gone' : 'changed', was, is }];
  });
}

/** What a file shows of a record: null for one that was taken out, or is said to be an error. */
export function shownContent({ resource, content }: Pick<RecordView, 'resource' | 'content'>): string | null {
  return resource === null ? null : content;
}

function versionsOf(file: PatientFile, id: string): string[] {
  return file.records.find((record) => record.id === id)?.versions.map(({ version }) => version) ?? [];
}

/** What a version says. Throws RECORD_UNKNOWN when it says nothing. */
export function resourceOf(content: string | null): object {
  const resource = content === null ? null : parseJson(content);
  if (!isJsonObject(resource)) throw new ReplicaError('RECORD_UNKNOWN', 'That version says nothing');
  return resource;
}
