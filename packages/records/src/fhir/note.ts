import { z } from 'zod/mini';
import { codeSystems } from './coding-system.ts';
import {
  base,
  code,
  codeableConcept,
  dateTime,
  narrative,
  oneOrMore,
  period,
  reference,
  references,
  text,
} from './element.ts';
import { divToText, textToDiv } from './note-text.ts';
import { checkResource } from './own-resource.ts';

const section = z.strictObject({
  title: z.optional(text),
  code: z.optional(codeableConcept),
  text: z.optional(narrative),
  entry: z.optional(references),
  get section() {
    return z.optional(oneOrMore(section));
  },
});

export const compositionSchema = z.strictObject({
  resourceType: z.literal('Composition'),
  ...base,
  // Composition has one identifier, not a list (R4).
  identifier: z.optional(z.undefined()),
  status: z.enum(['preliminary', 'final', 'amended', 'entered-in-error']),
  type: codeableConcept,
  category: z.optional(oneOrMore(codeableConcept)),
  subject: reference,
  encounter: z.optional(reference),
  date: dateTime,
  author: references,
  title: text,
  confidentiality: z.optional(code),
  attester: z.optional(
    oneOrMore(
      z.strictObject({
        mode: z.enum(['personal', 'professional', 'legal', 'official']),
        time: z.optional(dateTime),
        party: z.optional(reference),
      }),
    ),
  ),
  custodian: z.optional(reference),
  relatesTo: z.optional(
    oneOrMore(
      z.strictObject({ code: z.enum(['replaces', 'transforms', 'signs', 'appends']), targetReference: reference }),
    ),
  ),
  event: z.optional(oneOrMore(z.strictObject({ period: z.optional(period) }))),
  section: z.optional(oneOrMore(section)),
});

export type Composition = z.infer<typeof compositionSchema>;
export type NoteStatus = Composition['status'];

/** True for a note that is not changed any more (docs/format/record.md, Notes). */
export function isSigned(resource: unknown): boolean {
  return signed.safeParse(resource).success;
}

const signed = z.object({ resourceType: z.literal('Composition'), status: z.enum(['final', 'amended']) });

export interface NoteSection {
  readonly title?: string | undefined;
  /** LOINC code of the section. */
  readonly loinc?: string | undefined;
  readonly text: string;
  /** `Type/…` of the records that this section is about. */
  readonly entries?: readonly string[] | undefined;
}

/** Who answers for a note, and since when. */
export interface Signature {
  /** `Practitioner/…` */
  readonly signer: string;
  /** Date and time with its offset. */
  readonly time: string;
}

export interface Note {
  readonly status: NoteStatus;
  /** `Patient/…` */
  readonly patient: string;
  /** `Practitioner/…` */
  readonly author: string;
  /** `Practitioner/…` of those who wrote in it too. */
  readonly otherAuthors?: readonly string[] | undefined;
  readonly encounter?: string | undefined;
  /** Date and time with its offset, `2026-11-23T14:05:00+01:00`. */
  readonly date: string;
  readonly title: string;
  /** LOINC code of the document; a consultation note unless said otherwise. */
  readonly loinc?: string | undefined;
  readonly sections: readonly NoteSection[];
  /** `Composition/…` that this note completes: a signed note is corrected by an addendum. */
  readonly appends?: string | undefined;
  readonly signature?: Signature | undefined;
}

const consultationNote = '11488-4';

/** The note as a Composition. Throws RESOURCE_INVALID. */
export function newNote(id: string, note: Note): Composition {
  return checkResource(compositionSchema, {
    resourceType: 'Composition',
    id,
    status: note.status,
    type: { coding: [{ system: codeSystems.loinc, code: note.loinc ?? consultationNote }] },
    subject: { reference: note.patient },
    ...(note.encounter === undefined ? {} : { encounter: { reference: note.encounter } }),
    date: note.date,
    author: [note.author, ...(note.otherAuthors ?? [])].map((author) => ({ reference: author })),
    title: note.title,
    ...(note.signature === undefined ? {} : { attester: [newAttester(note.signature)] }),
    ...(note.appends === undefined
      ? {}
      : { relatesTo: [{ code: 'appends', targetReference: { reference: note.appends } }] }),
    ...(note.sections.length === 0 ? {} : { section: note.sections.map(newSection) }),
  });
}

export interface ReadSection extends Omit<NoteSection, 'text' | 'entries'> {
  /** Exact text, or null when the narrative was written elsewhere: then show `div` in a sandbox, do not edit it. */
  readonly text: string | null;
  readonly div: string | null;
}

export interface ReadNote extends Omit<Note, 'sections'> {
  readonly sections: readonly ReadSection[];
}

/** A note back from its Composition, Serment's or imported; null when it lacks what FHIR requires of one. */
export function readNote(resource: unknown): ReadNote | null {
  const result = readable.safeParse(resource);
  if (!result.success) return null;
  const composition = result.data;
  return {
    status: composition.status,
    patient: composition.subject?.reference ?? '',
    author: composition.author[0]?.reference ?? '',
    encounter: composition.encounter?.reference,
    date: composition.date,
    title: composition.title,
    loinc: loincOf(composition.type),
    appends: composition.relatesTo?.find((relation) => relation.code === 'appends')?.targetReference?.reference,
    sections: (composition.section ?? []).flatMap(readSection),
  };
}

const looseReference = z.object({ reference: z.optional(z.string()) });
const looseConcept = z.object({
  coding: z.optional(z.array(z.object({ system: z.optional(z.string()), code: z.optional(z.string()) }))),
});
const looseSection = z.object({
  title: z.optional(z.string()),
  code: z.optional(looseConcept),
  text: z.optional(z.object({ div: z.string() })),
  get section() {
    return z.optional(z.array(looseSection));
  },
});
const readable = z.object({
  resourceType: z.literal('Composition'),
  status: compositionSchema.shape.status,
  type: z.optional(looseConcept),
  subject: z.optional(looseReference),
  encounter: z.optional(looseReference),
  date: z.string(),
  author: z.array(looseReference),
  title: z.string(),
  relatesTo: z.optional(z.array(z.object({ code: z.string(), targetReference: z.optional(looseReference) }))),
  section: z.optional(z.array(looseSection)),
});

function newSection(input: NoteSection): z.infer<typeof section> {
  return {
    ...(input.title === undefined ? {} : { title: input.title }),
    ...(input.loinc === undefined ? {} : { code: { coding: [{ system: codeSystems.loinc, code: input.loinc }] } }),
    // FHIR forbids an empty narrative; a section without one reads back as empty text.
    ...(input.text === '' ? {} : { text: { status: 'additional' as const, div: textToDiv(input.text) } }),
    ...(input.entries === undefined || input.entries.length === 0
      ? {}
      : { entry: input.entries.map((entry) => ({ reference: entry })) }),
  };
}

/** Who signs takes on what the law says of it. */
function newAttester({ signer, time }: Signature): NonNullable<Composition['attester']>[number] {
  return { mode: 'legal', time, party: { reference: signer } };
}

/** Sections within sections are read in order: none is left out of the page. */
function readSection(input: z.infer<typeof looseSection>): ReadSection[] {
  const div = input.text?.div ?? null;
  const own = { title: input.title, loinc: loincOf(input.code), text: div === null ? '' : divToText(div), div };
  return [own, ...(input.section ?? []).flatMap(readSection)];
}

function loincOf(concept: z.infer<typeof looseConcept> | undefined): string | undefined {
  return concept?.coding?.find((coding) => coding.system === codeSystems.loinc)?.code;
}
