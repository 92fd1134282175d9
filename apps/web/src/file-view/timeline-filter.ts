import { fold } from '@serment/replica/search-terms';
import { administrative } from './timeline.ts';
import type { LineView, NoteView, TimelineItem, VisitView } from './view.ts';

export const timelineKinds = [
  'consultations',
  'results',
  'documents',
  'treatments',
  'vaccines',
  'administrative',
] as const;
export type TimelineKind = (typeof timelineKinds)[number];

export interface TimelineFilter {
  /** Null for everything. */
  readonly kind: TimelineKind | null;
  /** Folded words or runs of words, all of which an item has, as `textTerms` makes them. */
  readonly terms: readonly string[];
}

const typesOf: Readonly<Record<'results' | 'documents' | 'treatments' | 'vaccines', readonly string[]>> = {
  results: ['DiagnosticReport', 'Observation', 'ImagingStudy', 'Specimen'],
  documents: ['DocumentReference', 'DocumentManifest', 'Media'],
  treatments: [
    ...['MedicationRequest', 'MedicationStatement', 'MedicationDispense', 'MedicationAdministration'],
    ...['VisionPrescription', 'DeviceRequest'],
  ],
  vaccines: ['Immunization'],
};

/** What an item is found under; nothing for what stands only among everything. */
export function kindsOf(item: TimelineItem): readonly TimelineKind[] {
  if (item.kind === 'note' || item.kind === 'visit') {
    const { treatments } = item.kind === 'note' ? item.note : item.visit;
    return treatments.length === 0 ? ['consultations'] : ['consultations', 'treatments'];
  }
  const line = item.kind === 'line' ? item.line : item.lines[0]?.line;
  const type = line?.recordId.slice(0, line.recordId.indexOf('/')) ?? '';
  if (administrative.has(type)) return ['administrative'];
  return (['results', 'documents', 'treatments', 'vaccines'] as const).filter((kind) => typesOf[kind].includes(type));
}

/** Each line of a folded run on its own. */
export function unfoldRuns(items: readonly TimelineItem[]): TimelineItem[] {
  return items.flatMap((item): TimelineItem[] =>
    item.kind === 'group' ? item.lines.map((line) => ({ ...line, kind: 'line' })) : [item],
  );
}

/** How many items of a timeline whose runs are unfolded each kind has, those that have some. */
export function kindCounts(items: readonly TimelineItem[]): ReadonlyMap<TimelineKind, number> {
  const counts = new Map<TimelineKind, number>();
  for (const kind of items.flatMap(kindsOf)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return new Map(timelineKinds.flatMap((kind) => (counts.has(kind) ? [[kind, counts.get(kind) ?? 0]] : [])));
}

/**
 * A filter over a timeline. Without kind and words it gives the timeline as it is; with one, what was folded and is
 * found stands unfolded. Texts are folded at the first search only.
 */
export function filterOf(timeline: readonly TimelineItem[]): (filter: TimelineFilter) => readonly TimelineItem[] {
  const items = unfoldRuns(timeline);
  const texts = new Map<TimelineItem, string>();
  const textOf = (item: TimelineItem) => {
    const text = texts.get(item) ?? folded(shownParts(item));
    texts.set(item, text);
    return text;
  };
  return ({ kind, terms }) => {
    if (kind === null && terms.length === 0) return timeline;
    return items.filter(
      (item) =>
        (kind === null || kindsOf(item).includes(kind)) &&
        terms.every((term) => isYearOf(item, term) || textOf(item).includes(term)),
    );
  };
}

/** Whether words are among the results that a line of a report opens to, and some not in the line itself. */
export function isFoundInside(line: LineView, terms: readonly string[]): boolean {
  if (terms.length === 0) return false;
  const sentence = folded(sentenceParts(line));
  const inside = folded(reportParts(line));
  return terms.some((term) => !sentence.includes(term) && inside.includes(term));
}

/** Where a record stands in a timeline, in a folded run too; -1 where no item names it. */
export function placeOfRecord(items: readonly TimelineItem[], recordId: string): number {
  return items.findIndex((item) => {
    if (item.kind === 'note') return [item.note, ...item.addenda].some((note) => note.recordId === recordId);
    if (item.kind === 'visit') return item.visit.recordId === recordId;
    if (item.kind === 'line') return item.line.recordId === recordId;
    return item.lines.some(({ line }) => line.recordId === recordId);
  });
}

/** A year alone finds what is of that year. */
function isYearOf(item: TimelineItem, term: string): boolean {
  return /^\d{4}$/.test(term) && item.day.startsWith(term);
}

/** Folded, each part on a line of its own: no run of words goes over two of them. */
function folded(parts: readonly string[]): string {
  return parts.map(fold).join('\n');
}

/** Every text that the item shows. */
function shownParts(item: TimelineItem): string[] {
  if (item.kind === 'note') return [item.note, ...item.addenda].flatMap(noteParts);
  if (item.kind === 'visit') return visitParts(item.visit);
  if (item.kind === 'line') return [...sentenceParts(item.line), ...reportParts(item.line)];
  return item.lines.flatMap(({ line }) => sentenceParts(line));
}

function noteParts(note: NoteView): string[] {
  const sections = [...note.sections, ...note.sides.flatMap((side) => side.sections)];
  return [
    note.title,
    ...note.sides.map(({ title }) => title),
    ...sections.flatMap(({ title, text }) => [title, text]),
    ...[...note.measures, ...note.treatments].map(({ label, detail }) => `${label} ${detail}`),
    ...note.diagnoses.map(({ label, detail }) => `${detail} ${label}`),
    ...note.acts,
    note.author ?? '',
  ];
}

function visitParts({ title, lines, measures, treatments, author }: VisitView): string[] {
  const told = [...measures, ...treatments].map(({ label, detail }) => `${label} ${detail}`);
  return [title, ...lines, ...told, author ?? ''];
}

function sentenceParts({ segments, detail }: LineView): string[] {
  return [segments.map(({ text }) => text).join(''), detail];
}

function reportParts({ report }: LineView): string[] {
  return (report?.rows ?? []).map(({ label, value, note }) => `${label} ${value} ${note}`);
}
