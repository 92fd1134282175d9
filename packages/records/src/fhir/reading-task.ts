import { z } from 'zod/mini';
import { codeSystems } from './coding-system.ts';
import { base, codeableConcept, dateTime, notes, oneOrMore, period, reference, text } from './element.ts';
import { checkResource } from './own-resource.ts';

/** A result that is out of its range: how far its sender says, its name, and its value. */
const outOfRangeInput = z.strictObject({ type: codeableConcept, valueString: text });
export type OutOfRangeInput = z.infer<typeof outOfRangeInput>;
/** Of a report with more, the first ones: they are told in a line. */
export const maxOutOfRange = 20;

/** What is to be done, or was, about something that arrived; or who reads for whom (docs/format/record.md, What arrives). */
export const readingTaskSchema = z.strictObject({
  resourceType: z.literal('Task'),
  id: base.id,
  identifier: base.identifier,
  status: z.enum(['requested', 'accepted', 'completed', 'cancelled']),
  intent: z.literal('order'),
  priority: z.optional(z.literal('urgent')),
  code: codeableConcept,
  description: z.optional(text),
  focus: z.optional(reference),
  for: z.optional(reference),
  authoredOn: z.optional(dateTime),
  executionPeriod: z.optional(period),
  requester: z.optional(reference),
  owner: z.optional(reference),
  businessStatus: z.optional(codeableConcept),
  note: z.optional(notes.check(z.maxLength(1))),
  input: z.optional(oneOrMore(outOfRangeInput).check(z.maxLength(maxOutOfRange))),
  restriction: z.optional(z.strictObject({ period })),
});

export type ReadingTask = z.infer<typeof readingTaskSchema>;
export type ReadingCode = 'to-read' | 'to-tell' | 'read' | 'told' | 'absence';

/** How a result may be out of its range: below, far below, above, far above, or odd without a direction. */
export const outFlags = ['L', 'LL', 'H', 'HH', 'A'] as const;
export type OutFlag = (typeof outFlags)[number];

const hashSystem = 'urn:serment:sha-256';
const readingCodes: ReadonlySet<string> = new Set<ReadingCode>(['to-read', 'to-tell', 'read', 'told', 'absence']);

export interface Arrival {
  /** Of the bytes, in hexadecimal. */
  readonly hash: string;
  readonly title: string;
  /** `DiagnosticReport/…` or `DocumentReference/…`. */
  readonly focus: string;
  /** Date and time with its offset. */
  readonly at: string;
  /** `Practitioner/…` who let it in, and whom it waits for, if anybody in particular. */
  readonly by: string;
  readonly owner: string | null;
  /** Whether its sender flagged a result as critical. */
  readonly isUrgent: boolean;
  /** Its results out of range, the most out first. */
  readonly outOfRange: readonly OutOfRangeInput[];
}

/** That something came and is to be read. Throws RESOURCE_INVALID. */
export function toReadTask(
  id: string,
  { hash, title, focus, at, by, owner, isUrgent, outOfRange }: Arrival,
): ReadingTask {
  return checkResource(readingTaskSchema, {
    ...{ resourceType: 'Task', id, status: 'requested', intent: 'order', code: coded('to-read') },
    ...{ identifier: [hashIdentifier(hash)], description: title, focus: { reference: focus } },
    ...{ authoredOn: at, requester: { reference: by }, businessStatus: coded('received') },
    ...(owner === null ? {} : { owner: { reference: owner } }),
    ...(isUrgent ? { priority: 'urgent' } : {}),
    ...(outOfRange.length === 0 ? {} : { input: outOfRange.slice(0, maxOutOfRange) }),
  });
}

/** The same, filed in a patient's file. Throws RESOURCE_INVALID. */
export function filedReadingTask(task: ReadingTask, patient: string): ReadingTask {
  return checkResource(readingTaskSchema, { ...task, for: { reference: patient }, businessStatus: coded('filed') });
}

export interface Done {
  readonly code: 'read' | 'told';
  readonly patient: string;
  readonly focus: string;
  readonly by: string;
  readonly at: string;
  /** What was told; empty for nothing that was written. */
  readonly note?: string;
}

/** That it was read, or told. Throws RESOURCE_INVALID. */
export function doneTask(id: string, { code, patient, focus, by, at, note = '' }: Done): ReadingTask {
  return checkResource(readingTaskSchema, {
    ...{ resourceType: 'Task', id, status: 'completed', intent: 'order', code: coded(code) },
    ...{ focus: { reference: focus }, for: { reference: patient }, owner: { reference: by } },
    executionPeriod: { end: at },
    ...(note === '' ? {} : { note: [{ text: note }] }),
  });
}

/** That a patient is to be told something of a report. Throws RESOURCE_INVALID. */
export function toTellTask(id: string, asked: Omit<Done, 'code'> & { readonly title: string }): ReadingTask {
  const { patient, focus, by, at, title, note = '' } = asked;
  return checkResource(readingTaskSchema, {
    ...{ resourceType: 'Task', id, status: 'requested', intent: 'order', code: coded('to-tell') },
    ...{ description: title, focus: { reference: focus }, for: { reference: patient } },
    ...{ authoredOn: at, requester: { reference: by } },
    ...(note === '' ? {} : { note: [{ text: note }] }),
  });
}

export interface Absence {
  /** `Practitioner/…` who is away, and who reads in the meantime. */
  readonly of: string;
  readonly reader: string;
  /** Date and time with its offset, or a day that it still holds on. */
  readonly start: string;
  readonly end: string;
}

/** That somebody is away. Throws RESOURCE_INVALID. */
export function absenceTask(id: string, { of, reader, start, end }: Absence): ReadingTask {
  return checkResource(readingTaskSchema, {
    ...{ resourceType: 'Task', id, status: 'accepted', intent: 'order', code: coded('absence') },
    ...{ requester: { reference: of }, owner: { reference: reader }, restriction: { period: { start, end } } },
  });
}

/** Throws RESOURCE_INVALID. */
export function cancelledTask(task: ReadingTask): ReadingTask {
  return checkResource(readingTaskSchema, { ...task, status: 'cancelled' });
}

/** Null for what is none of these. */
export function readReadingTask(resource: unknown): { readonly task: ReadingTask; readonly code: ReadingCode } | null {
  const read = readingTaskSchema.safeParse(resource);
  if (!read.success) return null;
  const code = read.data.code.coding?.find(({ system }) => system === codeSystems.task)?.code ?? '';
  return isReadingCode(code) && (code === 'absence' || read.data.focus !== undefined)
    ? { task: read.data, code }
    : null;
}

/** Of the bytes that a Task or a DocumentReference is about, in hexadecimal; '' when it does not say. */
export function hashOf({ identifier = [] }: Pick<ReadingTask, 'identifier'>): string {
  return identifier.find(({ system }) => system === hashSystem)?.value ?? '';
}

/** A result out of range, as a Task tells it. */
export interface OutOfRange {
  readonly label: string;
  readonly flag: OutFlag;
  /** `5.60 mmol/l`, `< 0.5 mg/l`, or words: the characters that were received, a comma made a point. */
  readonly value: string;
}

/** The most out first. */
export function outOfRangeIn({ input = [] }: ReadingTask): OutOfRange[] {
  return input.flatMap(({ type, valueString: value }): OutOfRange[] => {
    const said = type.coding?.find(({ system }) => system === codeSystems.interpretation)?.code;
    const flag = outFlags.find((one) => one === said);
    return flag === undefined ? [] : [{ label: type.text ?? '', flag, value }];
  });
}

/** The identifier that bytes are known by. */
export function hashIdentifier(hash: string): { system: string; value: string } {
  return { system: hashSystem, value: hash };
}

function isReadingCode(code: string): code is ReadingCode {
  return readingCodes.has(code);
}

function coded(code: string) {
  return { coding: [{ system: codeSystems.task, code }] };
}
