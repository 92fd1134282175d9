import { bytesToHex } from '@serment/core/bytes';
import {
  type OutOfRange,
  outOfRangeIn,
  type ReadingCode,
  type ReadingTask,
  readReadingTask,
} from '@serment/records/fhir/reading-task';
import type { RecordState, StreamState } from '@serment/records/fold';
import type { PatientRow } from './directory.ts';
import type { SaveState } from './patient-file.ts';
import type { Practice } from './practice.ts';
import { isRestrictedHere } from './restricted-here.ts';

/** Something that waits: to be filed, to be read, or to be told. */
export interface Waiting {
  /** Logical id of the Task. */
  readonly id: string;
  readonly kind: 'to-file' | 'to-read' | 'to-tell';
  /** Nothing where its patient's file is kept from this member. */
  readonly title: string;
  /** When it came, or was asked, ms, by the clock of who let it in. */
  readonly at: number;
  readonly patient: PatientRow | null;
  readonly isRestricted: boolean;
  /** For more than two days, unread. */
  readonly isLate: boolean;
  /** Its sender flagged a result as critical. */
  readonly isUrgent: boolean;
  /** Results out of range, the most out first, as it came: empty where none is known to be. */
  readonly outOfRange: readonly OutOfRange[];
  /** In hexadecimal, whom it waits for; null for any doctor. */
  readonly owner: string | null;
  /** Who reads it as things are: another than `owner` while that one is away. */
  readonly reader: string | null;
  /** `DiagnosticReport/…` or `DocumentReference/…`. */
  readonly focus: string;
  /** What is to be told. */
  readonly note: string;
  readonly state: SaveState;
}

export interface AbsenceView {
  readonly id: string;
  /** In hexadecimal. */
  readonly of: string;
  readonly reader: string;
  readonly start: number;
  readonly end: number;
}

export const lateAfterMs = 48 * 3_600_000;
/** Away for away for away: further, a circle is more likely than a chain. */
const mostSteps = 4;

/** A Task of the practice's stream, with its record. */
export interface FoundTask {
  readonly id: string;
  readonly task: ReadingTask;
  readonly code: ReadingCode;
  readonly state: RecordState;
}

/** What is to be done, in the order of their entries. */
export function tasksIn({ records }: StreamState): FoundTask[] {
  return [...records.values()].flatMap((state) => {
    const content = state.current.at(-1)?.content;
    if (content == null || !state.id.startsWith('Task/')) return [];
    const read = readReadingTask(JSON.parse(content));
    return read === null ? [] : [{ id: state.id.slice('Task/'.length), ...read, state }];
  });
}

/** One as it waits; null for what is done, or says who is away. */
export function waitingOf(
  { id, task, code, state }: FoundTask,
  { practice, absences }: { readonly practice: Practice; readonly absences: readonly AbsenceView[] },
): Waiting | null {
  if (task.status !== 'requested' || (code !== 'to-read' && code !== 'to-tell')) return null;
  const patient = task.for?.reference ?? null;
  const last = state.current.at(-1);
  const at = Date.parse(task.authoredOn ?? '') || (last?.receivedAt ?? 0);
  const isRestricted = isRestrictedHere(practice, patient);
  const owner = memberIn(task.owner?.reference);
  return {
    id,
    kind: code === 'to-tell' ? 'to-tell' : patient === null ? 'to-file' : 'to-read',
    title: isRestricted ? '' : (task.description ?? ''),
    at,
    patient: patient === null ? null : practice.directory.get(patient),
    isRestricted,
    isLate: code === 'to-read' && practice.clock() - at > lateAfterMs,
    isUrgent: task.priority === 'urgent',
    outOfRange: isRestricted ? [] : outOfRangeIn(task),
    owner,
    reader: readerOf(owner, absences, practice.clock()),
    focus: task.focus?.reference ?? '',
    note: isRestricted ? '' : (task.note?.[0]?.text ?? ''),
    state: practice.saveState(last?.index ?? 0),
  };
}

/** Who is away, as the doctor who is said so: another one's word sends nobody's results elsewhere. */
export function absencesIn(tasks: readonly FoundTask[], practice: Practice): AbsenceView[] {
  const { authors } = practice.mirror.governance;
  return tasks.flatMap(({ id, task, code, state }) => {
    const of = memberIn(task.requester?.reference);
    const reader = memberIn(task.owner?.reference);
    const author = authors.get(bytesToHex(state.current.at(-1)?.author ?? new Uint8Array()))?.member;
    if (code !== 'absence' || task.status !== 'accepted' || of === null || reader === null || author !== of) return [];
    const { start = '', end = '' } = task.restriction?.period ?? {};
    return [{ id, of, reader, start: Date.parse(start) || 0, end: Date.parse(end) || 0 }];
  });
}

/** Follows who is away to who reads meanwhile. */
function readerOf(owner: string | null, absences: readonly AbsenceView[], now: number): string | null {
  let reader = owner;
  for (let step = 0; step < mostSteps && reader !== null; step += 1) {
    const away = absences.findLast(({ of, start, end }) => of === reader && start <= now && now <= end);
    if (away === undefined) break;
    reader = away.reader;
  }
  return reader;
}

/** True for a member, in hexadecimal, whose reading of a result counts. */
export function isDoctor({ mirror }: Practice, member: string): boolean {
  const role = mirror.governance.members.get(member)?.role;
  return role === 'doctor' || role === 'substitute';
}

/** `Practitioner/…` of a member. */
export function practitioner(member: string): string {
  return `Practitioner/${member}`;
}

function memberIn(reference: string | undefined): string | null {
  return /^Practitioner\/([0-9a-f]{32})$/.exec(reference ?? '')?.[1] ?? null;
}
