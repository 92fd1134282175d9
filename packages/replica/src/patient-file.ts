import { bytesToHex } from '@serment/core/bytes';
import type { Finding } from '@serment/core/journal/finding';
import { type FoldedVersion, hasConflict, type RecordState } from '@serment/records/fold';
import type { PatientRow } from './directory.ts';

/** Where a save is: on this device only, durable at the host, held by a copy too; or refused by the host. */
export type SaveState = 'device' | 'host' | 'copy' | 'refused';

export interface VersionView {
  /** Hexadecimal name of the version. */
  readonly version: string;
  /** JSON text of the resource; null once removed. */
  readonly content: string | null;
  readonly change: FoldedVersion['change'];
  readonly authorName: string | null;
  readonly authorMember: string | null;
  /** `browser`, `cli`, `script`, or a kit's test value. */
  readonly authorLabel: string | null;
  /** The host's clock, ms; null while it is on this device only. */
  readonly receivedAt: number | null;
  /** The author's clock, ms. */
  readonly time: number;
  readonly index: number | null;
  readonly state: SaveState;
}

export interface RecordView {
  readonly id: string;
  readonly type: string;
  /** `Patient/…` in whose file it stands: of merged ones, each keeps its own. */
  readonly patient: string | null;
  /** The resource of the last current version, for display; null when removed or entered in error. */
  readonly resource: unknown;
  readonly content: string | null;
  readonly change: FoldedVersion['change'];
  readonly isConflict: boolean;
  /** The current versions; several when two saves replaced the same one. */
  readonly versions: readonly VersionView[];
  readonly state: SaveState;
  readonly savedAt: number;
}

export interface PatientFile {
  readonly row: PatientRow;
  /** The Patient record first, then the file's, in the order of their entries. */
  readonly records: readonly RecordView[];
  readonly findings: readonly Finding[];
  /** Entries of the file that are at the host and not on this device, while the line is cut. */
  readonly absent: number;
  /** False when this member's rights, or what was loaded so far, leave something out. */
  readonly isComplete: boolean;
  readonly canReadClinical: boolean;
  /** The records that were merged into this one, whose files are shown with it. */
  readonly merged: readonly MergedRecord[];
  /** The record that goes on in this one's place; null when this one does. */
  readonly mergedInto: PatientRow | null;
}

export interface MergedRecord {
  readonly row: PatientRow;
  /** Its file is restricted to others: nothing of it is shown. */
  readonly isShut: boolean;
}

/** Numbers at or above this one stand for saves that have no entry yet. */
export const pendingFrom = 2 ** 50;

export interface VersionContext {
  /** Entries that some copy holds. */
  readonly copiedSize: number;
  readonly isRefused: (index: number) => boolean;
  readonly authorOf: (author: Uint8Array) => { name: string | null; member: string | null; label: string | null };
}

export function versionView(version: FoldedVersion, context: VersionContext): VersionView {
  const author = context.authorOf(version.author);
  const isPending = version.index >= pendingFrom;
  return {
    version: bytesToHex(version.version),
    content: version.content,
    change: version.change,
    authorName: author.name,
    authorMember: author.member,
    authorLabel: author.label,
    receivedAt: isPending ? null : version.receivedAt,
    time: version.time,
    index: isPending ? null : version.index,
    state: stateOf(version.index, context),
  };
}

export function recordView(record: RecordState, patient: string | null, context: VersionContext): RecordView | null {
  const last = record.current.at(-1);
  if (last === undefined) return null;
  const isShown = last.content !== null && last.change !== 'entered-in-error';
  return {
    id: record.id,
    type: record.id.slice(0, record.id.indexOf('/')),
    patient,
    resource: isShown && last.content !== null ? JSON.parse(last.content) : null,
    content: last.content,
    change: last.change,
    isConflict: hasConflict(record),
    versions: record.current.map((version) => versionView(version, context)),
    state: stateOf(last.index, context),
    savedAt: last.index >= pendingFrom ? last.time : last.receivedAt,
  };
}

/** Where the save is whose entry has this number. */
export function stateOf(index: number, context: Pick<VersionContext, 'copiedSize' | 'isRefused'>): SaveState {
  if (index >= pendingFrom) return context.isRefused(index) ? 'refused' : 'device';
  return index < context.copiedSize ? 'copy' : 'host';
}
