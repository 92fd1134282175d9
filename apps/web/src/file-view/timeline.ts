import { readReadingTask } from '@serment/records/fhir/reading-task';
import { isSocialHistory } from '@serment/records/fhir/social-history';
import { codesOf, conceptText, dateText, elementAt, itemsAt, textAt } from '@serment/records/page/element-text';
import { mainWords } from '@serment/records/page/resource-words';
import { typeName } from '@serment/records/page/wording';
import { noteView } from './note-view.ts';
import { medicineLine, type Read, type ReadingContext } from './reading.ts';
import { readMarks, reportView } from './report.ts';
import { lineOf, lowerFirst, measures, measuresText, plain, sentence, treatments } from './sentence.ts';
import type { TimelineItem, VisitView } from './view.ts';
import { words } from './words.ts';

/** Said by the banner or the margin. */
const elsewhere = new Set([
  ...[
    'Patient',
    'AllergyIntolerance',
    'Consent',
    'Coverage',
    'Flag',
    'Practitioner',
    'PractitionerRole',
    'Organization',
    'Location',
    'Medication',
  ],
  ...['RelatedPerson', 'CareTeam', 'Provenance', 'FamilyMemberHistory'],
]);
export const administrative = new Set([
  'Claim',
  'ExplanationOfBenefit',
  'Account',
  'Invoice',
  'ChargeItem',
  'Device',
  'SupplyDelivery',
]);
const problemList = 'problem-list-item';

/** A run of this many lines of one type, in one month, folds into one line. */
const foldedRun = 3;

/** All that happened, newest first: consultations with what belongs to them, everything else as one-line sentences. */
export function timelineOf(reads: readonly Read[], context: ReadingContext): TimelineItem[] {
  const marks = readMarks(reads, context.isDoctor ?? (() => false));
  const told = reads.filter(
    (read) =>
      !(
        elsewhere.has(read.type) ||
        isListedProblem(read) ||
        isSocialHistory(read.resource) ||
        isToldElsewhere(read, reads)
      ),
  );
  const left = new Set(told);
  const byEncounter = Map.groupBy(
    told.filter((read) => read.encounter !== ''),
    (read) => read.encounter,
  );
  const items = [
    ...noteItems(told, left, { byEncounter, context }),
    ...visitItems(told, left, { byEncounter, context }),
    ...reportItems(told, left, { context, marks, documented: documentedIn(reads) }),
    ...measureItems(left, context),
    ...prescriptionItems(left, context),
    ...[...left].map((read) => marked(lineItem(read, context), marks, context)),
  ];
  return foldRuns(items.sort(newestFirst), context);
}

interface Grouping {
  readonly byEncounter: ReadonlyMap<string, readonly Read[]>;
  readonly context: ReadingContext;
}

function noteItems(told: readonly Read[], left: Set<Read>, { byEncounter, context }: Grouping): TimelineItem[] {
  const notes = told.filter(({ type }) => type === 'Composition');
  const appendedTo = (read: Read) =>
    textAt(
      itemsAt(read.resource, 'relatesTo').find((one) => textAt(one, 'code') === 'appends'),
      'targetReference.reference',
    );
  const ids = new Set(notes.map(({ id }) => id));
  const addenda = Map.groupBy(
    notes.filter((note) => ids.has(appendedTo(note))),
    appendedTo,
  );
  return notes.flatMap((note): TimelineItem[] => {
    left.delete(note);
    if (ids.has(appendedTo(note))) return [];
    const around =
      note.encounter === ''
        ? []
        : (byEncounter.get(note.encounter) ?? []).filter((read) => left.has(read) && isPartOfNote(read));
    const encounter = told.find(({ id }) => id === note.encounter);
    for (const read of encounter === undefined ? around : [...around, encounter]) left.delete(read);
    const added = (addenda.get(note.id) ?? []).sort((one, other) => (one.when < other.when ? -1 : 1));
    return [
      {
        ...{ kind: 'note', key: note.id, when: note.when, day: note.day },
        note: noteView(note, around, context),
        addenda: added.map((addendum) => noteView(addendum, [], context)),
      },
    ];
  });
}

function visitItems(told: readonly Read[], left: Set<Read>, { byEncounter, context }: Grouping): TimelineItem[] {
  return told.flatMap((visit): TimelineItem[] => {
    if (visit.type !== 'Encounter' || !left.has(visit)) return [];
    left.delete(visit);
    const around = (byEncounter.get(visit.id) ?? []).filter(
      (read) => left.has(read) && read.type !== 'DiagnosticReport',
    );
    const reported = reportedBy(told);
    const own = around.filter((read) => !(reported.has(read.id) || administrative.has(read.type)));
    for (const read of own) left.delete(read);
    return [{ kind: 'visit', key: visit.id, when: visit.when, day: visit.day, visit: visitView(visit, own, context) }];
  });
}

function visitView(visit: Read, around: readonly Read[], context: ReadingContext): VisitView {
  const { resource } = visit;
  const reason = conceptText(elementAt(resource, 'reasonCode'));
  const diagnoses = around.filter(({ type }) => type === 'Condition').map((read) => mainWords(read.resource));
  const kind =
    conceptText(elementAt(resource, 'type')) ||
    conceptText(elementAt(resource, 'class')) ||
    typeName('Encounter', context.language);
  const title = diagnoses[0] ?? (reason || kind);
  const participants = itemsAt(resource, 'participant')
    .map((one) => context.nameOf(elementAt(one, 'individual')))
    .filter((name) => name !== '');
  const others = around.filter(({ type }) => !['Condition', 'Observation', 'MedicationRequest'].includes(type));
  const about = [kind, reason].filter((text) => text !== '' && text !== title).join(', ');
  const lines = [about, diagnoses.slice(1).join(', '), ...others.map((read) => plain(lineOf(read, context)))];
  return {
    recordId: visit.id,
    title,
    author: participants[0] ?? null,
    measures: measures(around, context),
    treatments: treatments(around),
    lines: [...new Set(lines.filter((line) => line !== ''))],
  };
}

type Marks = ReturnType<typeof readMarks>;

interface ReportGrouping {
  readonly context: ReadingContext;
  readonly marks: Marks;
  /** Reports that came in a document of the file. */
  readonly documented: ReadonlySet<string>;
}

function documentedIn(reads: readonly Read[]): ReadonlySet<string> {
  const documents = reads.filter(({ type }) => type === 'DocumentReference');
  return new Set(documents.map(({ resource }) => textAt(resource, 'context.related.reference')).filter(Boolean));
}

/** A report with its results: `Biologie, laboratoire Bioalliance : HbA1c 7,4 %, créatinine 62 µmol/l, vu le 13/11/2026` */
function reportItems(
  told: readonly Read[],
  left: Set<Read>,
  { context, marks, documented }: ReportGrouping,
): TimelineItem[] {
  const byId = new Map(told.map((read) => [read.id, read]));
  const observed = told.filter(({ type }) => type === 'Observation').map(({ resource }) => resource);
  return told.flatMap((report): TimelineItem[] => {
    if (report.type !== 'DiagnosticReport' || !left.has(report)) return [];
    left.delete(report);
    const results = itemsAt(report.resource, 'result')
      .flatMap((result) => byId.get(textAt(result, 'reference')) ?? [])
      .filter((read) => left.has(read));
    for (const read of results) left.delete(read);
    const performer =
      itemsAt(report.resource, 'performer')
        .map(context.nameOf)
        .find((name) => name !== '') ?? '';
    const title = [mainWords(report.resource), lowerFirst(performer)].filter((text) => text !== '').join(', ');
    const segments = measuresText(results, title || typeName('DiagnosticReport', context.language), context);
    const { language } = context;
    const own = results.map(({ resource }) => resource);
    const hasDocument = documented.has(report.id);
    const table =
      results.length === 0
        ? {}
        : { report: reportView(report.resource, own, { earlier: observed, language, hasDocument }) };
    const line = { segments, detail: '', recordId: report.id, ...table };
    return [marked({ ...dated(report), kind: 'line', line }, marks, context)];
  });
}

/** A line with who read it, and when, behind it. */
function marked(item: TimelineItem, marks: Marks, { language }: ReadingContext): TimelineItem {
  const own = item.kind === 'line' ? (marks.get(item.line.recordId) ?? []) : [];
  if (item.kind !== 'line' || own.length === 0) return item;
  const { mark } = words[language].inbox;
  const told = own.map(({ kind, counts, day, by }) => {
    const sentence = kind === 'told' ? mark.told : counts ? mark.read : mark.notCounted;
    return sentence.replace('{{day}}', dateText(day, language)).replace('{{by}}', by ?? mark.someone);
  });
  return { ...item, line: { ...item.line, detail: [item.line.detail, ...told].filter(Boolean).join(', ') } };
}

/** What a report came in is opened from the report, and that it was read is said behind it. */
function isToldElsewhere({ type, resource }: Read, reads: readonly Read[]): boolean {
  if (type === 'Task') return readReadingTask(JSON.parse(JSON.stringify(resource))) !== null;
  const related = type === 'DocumentReference' ? textAt(resource, 'context.related.reference') : '';
  return related.startsWith('DiagnosticReport/') && reads.some(({ id }) => id === related);
}

function measureItems(left: Set<Read>, context: ReadingContext): TimelineItem[] {
  const observed = [...left].filter(({ type }) => type === 'Observation');
  return [...Map.groupBy(observed, ({ day }) => day).values()].flatMap((reads): TimelineItem[] => {
    for (const read of reads) left.delete(read);
    const [first] = reads;
    if (first === undefined) return [];
    const segments = measuresText(reads, words[context.language].file.measures, context);
    return [{ ...dated(first), kind: 'line', line: { segments, detail: '', recordId: first.id } }];
  });
}

function prescriptionItems(left: Set<Read>, context: ReadingContext): TimelineItem[] {
  const prescribed = [...left].filter(({ type }) => type === 'MedicationRequest');
  return [...Map.groupBy(prescribed, ({ day }) => day).values()].flatMap((reads): TimelineItem[] => {
    for (const read of reads) left.delete(read);
    const [first] = reads;
    if (first === undefined) return [];
    const names = [...new Set(reads.map((read) => medicineLine(read).label).filter((label) => label !== ''))].join(
      ', ',
    );
    const segments = sentence(words[context.language].file.prescription, names);
    return [{ ...dated(first), kind: 'line', line: { segments, detail: '', recordId: first.id } }];
  });
}

function lineItem(read: Read, context: ReadingContext): TimelineItem {
  return { ...dated(read), kind: 'line', line: lineOf(read, context) };
}

/** Lines of one type that follow each other within one month fold into one, from three on. */
function foldRuns(items: readonly TimelineItem[], context: ReadingContext): TimelineItem[] {
  const folded: TimelineItem[] = [];
  for (let place = 0; place < items.length; ) {
    const first = items[place];
    if (first === undefined) break;
    let end = place + 1;
    while (first.kind === 'line' && isSameRun(first, items[end])) end += 1;
    const run = items.slice(place, end).filter((item) => item.kind === 'line');
    if (run.length >= foldedRun) folded.push(groupOf(run, context));
    else folded.push(...items.slice(place, end));
    place = end;
  }
  return folded;
}

type LineItem = Extract<TimelineItem, { kind: 'line' }>;

function isSameRun(first: LineItem, next: TimelineItem | undefined): boolean {
  return (
    next?.kind === 'line' &&
    typeOf(next) === typeOf(first) &&
    next.day.slice(0, 7) === first.day.slice(0, 7) &&
    first.day !== ''
  );
}

function groupOf(run: readonly LineItem[], { language }: ReadingContext): TimelineItem {
  const [first] = run;
  const type = first === undefined ? '' : typeOf(first);
  const summary = `${run.length} ${words[language].file.plurals[pluralKey(type)]}`;
  const when = first?.day.slice(0, 7) ?? '';
  return { kind: 'group', key: `group/${first?.key}`, when: first?.when ?? '', day: when, summary, lines: run };
}

function pluralKey(type: string): keyof (typeof words)['fr']['file']['plurals'] {
  if (type === 'DocumentReference') return 'documents';
  if (type === 'Immunization') return 'vaccines';
  if (type === 'DiagnosticReport') return 'reports';
  if (type === 'Procedure') return 'procedures';
  return administrative.has(type) ? 'administrative' : 'items';
}

function typeOf(item: LineItem): string {
  const type = item.line.recordId.slice(0, item.line.recordId.indexOf('/'));
  return administrative.has(type) ? 'Claim' : type;
}

const partsOfNote = new Set(['Observation', 'MedicationRequest', 'Condition', 'Procedure']);

function isPartOfNote(read: Read): boolean {
  return partsOfNote.has(read.type);
}

/** A problem of the list stands in the margin; a diagnosis of one meeting stands with it. */
function isListedProblem(read: Read): boolean {
  const categories = itemsAt(read.resource, 'category').flatMap(codesOf);
  return (
    read.type === 'Condition' && read.encounter === '' && (categories.length === 0 || categories.includes(problemList))
  );
}

function reportedBy(told: readonly Read[]): Set<string> {
  const reports = told.filter(({ type }) => type === 'DiagnosticReport');
  return new Set(
    reports.flatMap(({ resource }) => itemsAt(resource, 'result').map((result) => textAt(result, 'reference'))),
  );
}

function newestFirst(left: TimelineItem, right: TimelineItem): number {
  if (left.day === '' || right.day === '') return Number(left.day === '') - Number(right.day === '');
  return left.when < right.when ? 1 : left.when > right.when ? -1 : 0;
}

function dated(read: Read): { key: string; when: string; day: string } {
  return { key: read.id, when: read.when, day: read.day };
}
