import type { MeetingPlace } from '@serment/records/fhir/encounter';
import { bodyMassIndex } from '@serment/records/measures/body-mass';
import { type MeasureKind, measureTypes, roundMeasure } from '@serment/records/measures/measure-types';
import { parseMeasure } from '@serment/records/measures/parse-measure';
import type { NoteView } from '../../file-view/view.ts';
import type {
  ActItem,
  BegunRecord,
  ConsultationStart,
  DiagnosisItem,
  LastMeasure,
  MeasureItem,
} from '../../worker/consultation-desk.ts';
import type { TemplateContent } from '../../worker/template-desk.ts';
import { type Editing, fieldLoinc, firstDraft, isEmptyDraft, type NoteDraft, noteFields } from '../file/note-draft.ts';

/** Where somebody stood in a form that another patient interrupted. */
export interface Parked {
  /** The device's clock, ms. */
  readonly at: number;
  /** The window that left it; Escape returns in that one alone. */
  readonly window: string;
  /** The field that had the focus, and where its caret was; '' for none. */
  readonly field: string;
  readonly caret: number;
}

/** A consultation as it is sealed while one writes: what is typed, and what it was begun on. */
export interface ConsultationDraft extends NoteDraft {
  /** `Composition/…` and `Encounter/…`, drawn as it was begun: saved twice, it is one consultation. */
  readonly note: string;
  readonly encounter: string;
  readonly place: MeetingPlace;
  /** As they were typed. */
  readonly measures: Readonly<Partial<Record<MeasureKind, string>>>;
  /** `Observation/…` by kind, of those that were there. */
  readonly measured: Readonly<Partial<Record<MeasureKind, string>>>;
  readonly diagnoses: readonly DiagnosisItem[];
  readonly acts: readonly ActItem[];
  readonly begun: readonly BegunRecord[];
  /** `Composition/…` that an addendum completes. */
  readonly appends: string | null;
  readonly parked: Parked | null;
}

/** Where an editor begins. */
export function firstConsultation(
  editing: Editing,
  { note, start }: { readonly note: NoteView | null; readonly start: ConsultationStart },
  nowMs: number,
): ConsultationDraft {
  const { parts } = start;
  const isKnown = editing.kind === 'edit' && parts !== null;
  return {
    ...firstDraft(editing, note, nowMs),
    note: editing.kind === 'edit' ? editing.recordId : `Composition/${crypto.randomUUID()}`,
    encounter: (isKnown ? parts.encounter : null) ?? `Encounter/${crypto.randomUUID()}`,
    place: isKnown ? parts.place : 'practice',
    measures: isKnown ? Object.fromEntries(parts.measures.map(({ kind, text }) => [kind, text])) : {},
    measured: isKnown ? Object.fromEntries(parts.measures.map(({ kind, recordId }) => [kind, recordId])) : {},
    diagnoses: isKnown ? parts.diagnoses : [],
    acts: isKnown ? parts.acts : [],
    begun: isKnown ? parts.begun : [],
    appends: editing.kind === 'addendum' ? editing.recordId : isKnown ? parts.appends : null,
    parked: null,
  };
}

/** A draft as this version reads it: what another one left out, or wrote in another form, falls back to `first`. */
export function soundDraft(value: ConsultationDraft, first: ConsultationDraft): ConsultationDraft {
  const lines = <Item extends { text: string }>(items: readonly Item[], fallback: readonly Item[]) =>
    Array.isArray(items) && items.every((item) => typeof item?.text === 'string') ? items : fallback;
  const texts = isObject(value.texts) ? value.texts : first.texts;
  return {
    ...first,
    ...value,
    texts: Object.fromEntries(Object.entries(texts).filter(([, text]) => typeof text === 'string')),
    replaces: Array.isArray(value.replaces) ? value.replaces : first.replaces,
    date: typeof value.date === 'string' ? value.date : first.date,
    measures: isObject(value.measures) ? value.measures : first.measures,
    measured: isObject(value.measured) ? value.measured : first.measured,
    diagnoses: lines(value.diagnoses, first.diagnoses),
    acts: lines(value.acts, first.acts),
    begun: Array.isArray(value.begun) ? value.begun : first.begun,
  };
}

/** True while nothing was typed in it at all. */
export function isEmptyConsultation(draft: ConsultationDraft): boolean {
  const typed = [...Object.values(draft.measures), ...draft.diagnoses.map(textOf), ...draft.acts.map(textOf)];
  return isEmptyDraft(draft) && typed.every((text) => text.trim() === '');
}

/** What was typed for one measure: a value, or why it is none. */
export interface ReadMeasure {
  readonly kind: MeasureKind;
  readonly value: number;
  readonly second: number | undefined;
  readonly isPlausible: boolean;
}

/** Null for nothing typed, or nothing that can be read as a value. */
export function readMeasure(kind: MeasureKind, text: string): ReadMeasure | null {
  if (text.trim() === '') return null;
  try {
    const { value, second, plausible } = parseMeasure(kind, text);
    return { kind, value, second, isPlausible: plausible };
  } catch {
    return null;
  }
}

/** Kinds whose text is no value. */
export function unreadableMeasures({ measures }: ConsultationDraft): MeasureKind[] {
  return typedKinds(measures).filter((kind) => readMeasure(kind, measures[kind] ?? '') === null);
}

const adultYears = 18;

/**
 * The body mass index of what was typed: of a weight, with the height of the same day, or with the last known one of an
 * adult, who grows no more. Null where that cannot be told.
 */
export function typedBodyMass(
  { measures, date }: Pick<ConsultationDraft, 'measures' | 'date'>,
  { last, birthDate }: Pick<ConsultationStart, 'last' | 'birthDate'>,
): number | null {
  const weight = readMeasure('weight', measures.weight ?? '');
  if (weight === null || weight.value <= 0) return null;
  const typed = (['height', 'standingHeight'] as const)
    .map((kind) => readMeasure(kind, measures[kind] ?? ''))
    .find((one) => one !== null);
  const known = last.find(({ kind }) => kind === 'height');
  const isGrown = known !== undefined && yearsAt(birthDate, known.when) >= adultYears;
  const height = typed?.value ?? (isGrown && yearsAt(birthDate, date) >= adultYears ? known.value : null);
  if (height === null || height <= 0) return null;
  const index = roundMeasure('bmi', bodyMassIndex(weight.value, height));
  return Number.isFinite(index) ? index : null;
}

/** The measures to keep, with the body mass index that they give. */
export function measureItems(draft: ConsultationDraft, start: ConsultationStart): MeasureItem[] {
  const items = typedKinds(draft.measures)
    .filter((kind) => kind !== 'bmi')
    .flatMap((kind): MeasureItem[] => {
      const read = readMeasure(kind, draft.measures[kind] ?? '');
      if (read === null) return [];
      return [{ recordId: draft.measured[kind] ?? null, kind, value: read.value, second: read.second }];
    });
  const index = typedBodyMass(draft, start);
  return index === null
    ? items
    : [...items, { recordId: draft.measured.bmi ?? null, kind: 'bmi', value: index, second: undefined }];
}

/** Diagnoses or acts with words in them, trimmed. */
export function saidItems<Item extends { readonly text: string }>(items: readonly Item[]): Item[] {
  return items.flatMap((item) => (item.text.trim() === '' ? [] : [{ ...item, text: item.text.trim() }]));
}

/** What a consultation leaves to be begun with again: its words, what is measured, and no value. */
export function templateOf(draft: ConsultationDraft): Omit<TemplateContent, 'title' | 'status'> {
  return {
    section: noteFields.flatMap((field) => {
      const text = draft.texts[field]?.trim() ?? '';
      return text === '' ? [] : [{ code: fieldLoinc[field], text }];
    }),
    measure: Object.keys(draft.measures).flatMap((kind) =>
      isKind(kind) && kind !== 'bmi' ? [measureTypes[kind].loinc] : [],
    ),
    diagnosis: saidItems(draft.diagnoses).map(({ text, code }) => ({ text, ...(code === null ? {} : { code }) })),
    act: saidItems(draft.acts).map(textOf),
  };
}

/** The draft with what a template adds to it: nothing that was typed goes. */
export function withTemplate(draft: ConsultationDraft, template: TemplateContent): Partial<ConsultationDraft> {
  const texts = { ...draft.texts };
  for (const { code, text } of template.section) {
    const field = noteFields.find((one) => fieldLoinc[one] === code) ?? 'story';
    texts[field] = [texts[field]?.trim() ?? '', text].filter((part) => part !== '').join('\n');
  }
  const asked = Object.entries(measureTypes).filter(([, { loinc }]) => template.measure.includes(loinc));
  return {
    texts,
    measures: { ...Object.fromEntries(asked.map(([kind]) => [kind, ''])), ...draft.measures },
    diagnoses: [
      ...saidItems(draft.diagnoses),
      ...template.diagnosis.map(({ text, code }) => ({ recordId: null, text, code: code ?? null })),
    ],
    acts: [...saidItems(draft.acts), ...template.act.map((text) => ({ recordId: null, text }))],
  };
}

/** How much a measure moved since the last one; null for what has no single value. */
export function difference(read: ReadMeasure, last: LastMeasure | undefined): number | null {
  if (last === undefined || read.second !== undefined) return null;
  return roundMeasure(read.kind, read.value - last.value);
}

function typedKinds(measures: ConsultationDraft['measures']): MeasureKind[] {
  return Object.entries(measures).flatMap(([kind, text]) =>
    isKind(kind) && typeof text === 'string' && text.trim() !== '' ? [kind] : [],
  );
}

function isKind(kind: string): kind is MeasureKind {
  return Object.hasOwn(measureTypes, kind);
}

/** Whole years from a birth date to a day; −1 where one of them is not known. */
function yearsAt(birthDate: string | null, when: string): number {
  const [birth, day] = [birthDate ?? '', when].map((one) => /^(\d{4})-(\d\d)-(\d\d)/.exec(one));
  if (birth == null || day == null) return -1;
  const years = Number(day[1]) - Number(birth[1]);
  return `${day[2]}${day[3]}` < `${birth[2]}${birth[3]}` ? years - 1 : years;
}

function textOf({ text }: { readonly text: string }): string {
  return text;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
