import { isSocialHistory } from '@serment/records/fhir/social-history';
import { ageAt, dateText, textAt } from '@serment/records/page/element-text';
import { noteSections } from '@serment/records/page/resource-words';
import type { PatientRow } from '@serment/replica/directory';
import type { PatientFile } from '@serment/replica/patient-file';
import type { RescueLine, RescuePatient } from '../rescue-page/content.ts';
import { rescueWords } from '../rescue-page/words.ts';
import { careOf } from './care.ts';
import { identityTexts } from './identity-texts.ts';
import { measureSeries } from './measure-series.ts';
import { namesOf, type Read, type ReadingContext, readRecord } from './reading.ts';
import { allergiesOf, flagsOf, isSecret, summaryOf } from './summary.ts';
import type { Line } from './view.ts';
import { words } from './words.ts';

export interface RescuePatientOptions extends Pick<ReadingContext, 'language' | 'nameOf'> {
  /** `2026-11-23` */
  readonly today: string;
  /** Of the patients of the practice who are relatives, each in words. */
  readonly relatives: readonly Line[];
}

const shownNotes = 3;
const shownResults = 24;
/** Of one note: what a letter would say, not what a book would. */
const longestNote = 1200;
const toldElsewhere = new Set(['Patient', 'RelatedPerson', 'Coverage', 'Consent', 'Flag', 'AllergyIntolerance']);
const concluding = new Set(['51848-0', '18776-5']);
const reasons = new Set(['10154-3']);

/** What of a file can be read, once for all that is made of it. */
export function rescueReads(file: PatientFile): Read[] {
  return file.records.flatMap((record) => readRecord(record) ?? []);
}

/** Whether something of it is dated since a day, and until another: an import is of no day but those that it tells. */
export function isSeenSince(reads: readonly Read[], since: string, today: string): boolean {
  return reads.some(({ type, day }) => !toldElsewhere.has(type) && day >= since && day <= today);
}

/** A file as a rescue copy tells it (docs/format/rescue.md). */
export function rescuePatient(file: PatientFile, reads: readonly Read[], options: RescuePatientOptions): RescuePatient {
  const { language, today, relatives } = options;
  const { row } = file;
  const told = rescueWords(language);
  const persons = file.records.flatMap(({ id, type, content }) =>
    type === 'RelatedPerson' && content !== null ? [{ id, content }] : [],
  );
  const personName = namesOf(persons);
  const nameOf: ReadingContext['nameOf'] = (reference) => options.nameOf(reference) || personName(reference);
  const context = { language, nameOf };
  const summary = summaryOf(reads, context);
  const care = careOf(reads, context, { birthDate: row.birthDate, isWhole: false, today });
  const section = (title: string, lines: readonly RescueLine[]) => (lines.length === 0 ? [] : [{ title, lines }]);
  const orNone = (lines: readonly RescueLine[]) => (lines.length > 0 || !file.isComplete ? lines : [plain(told.none)]);
  const { title } = told;
  return {
    ...{ id: row.id, family: row.family, birthFamily: row.birthFamily ?? '', given: row.given },
    ...{ names: row.otherNames.join(' '), birthDate: row.birthDate ?? '', about: aboutOf(row, today, language) },
    alerts: alertsOf(file, reads, options),
    sections: [
      ...section(
        title.problems,
        orNone(summary.problems.map(({ isOver, ...line }) => toned(line, isOver ? 'over' : 'plain'))),
      ),
      ...section(title.treatments, orNone(summary.treatments.map(lineOf))),
      ...section(title.notes, notesOf(reads, context)),
      ...section(title.measures, valuesOf(reads, context, false)),
      ...section(title.results, valuesOf(reads, context, true)),
      ...section(title.vaccines, orNone(care.vaccines.map(lineOf))),
      ...section(title.family, care.family.map(lineOf)),
      ...section(title.social, care.social.map(lineOf)),
      ...section(title.relatives, relatives.map(lineOf)),
      ...section(title.rights, care.coverage.map(lineOf)),
      ...section(title.identity, identityOf(reads, context)),
    ],
  };
}

/** What is in view before all else: never "none" of what was not read whole. */
function alertsOf(
  file: PatientFile,
  reads: readonly Read[],
  { language, today, nameOf }: RescuePatientOptions,
): RescueLine[] {
  const told = rescueWords(language);
  const own = words[language];
  const allergies = allergiesOf(reads, { language, nameOf });
  const kind = allergies.kind !== 'some' && !file.isComplete ? 'loading' : allergies.kind;
  const isPartial = !file.isComplete || file.findings.length > 0;
  return [
    ...(isPartial ? [toned({ label: told.partial, detail: '' }, 'alert')] : []),
    ...(allergies.kind === 'some'
      ? allergies.list.map(({ label, detail }) => toned({ label: `${told.allergy} : ${label}`, detail }, 'alert'))
      : [plain(own.file.allergies[kind === 'some' ? 'loading' : kind])]),
    ...flagsOf(reads, today, { language, nameOf }).map(lineOf),
    ...(isSecret(reads, file.row.birthDate, today)
      ? [toned({ label: own.patientIdentity.banner.secret, detail: '' }, 'alert')]
      : []),
  ];
}

function aboutOf(row: PatientRow, today: string, language: ReadingContext['language']): string {
  const told = rescueWords(language);
  const { sex, file } = words[language];
  const born = row.sex === 'male' || row.sex === 'female' ? told.born[row.sex] : told.born.other;
  const age = row.birthDate === null || row.deceased ? null : ageAt(row.birthDate, today);
  return [
    sex[row.sex],
    row.birthDate === null ? '' : `${born} ${dateText(row.birthDate, language)}`,
    age === null ? '' : age < 2 ? `${monthsAt(row.birthDate ?? '', today)} ${told.months}` : `${age} ${told.years}`,
    row.deceased ? file.deceased : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}

function monthsAt(birthDate: string, today: string): number {
  const [born, now] = [birthDate, today].map((day) => day.split('-').map(Number));
  const [[year = 0, month = 0, day = 0] = [], [onYear = 0, onMonth = 0, onDay = 0] = []] = [born, now];
  return (onYear - year) * 12 + onMonth - month - (onDay < day ? 1 : 0);
}

function identityOf(reads: readonly Read[], context: ReadingContext): RescueLine[] {
  const patient = reads.find(({ type }) => type === 'Patient')?.resource;
  if (patient === undefined) return [];
  const nameOf = (reference: string) => context.nameOf({ reference });
  const texts = [...identityTexts(patient, context.language, nameOf)];
  return texts.flatMap(([label, detail]) => (detail === '' ? [] : [{ label, detail, tone: 'plain' as const }]));
}

/** Why, and what was concluded, of the last consultations; of a note without either, how it begins. */
function notesOf(reads: readonly Read[], { language, nameOf }: ReadingContext): RescueLine[] {
  const told = rescueWords(language);
  const notes = reads
    .filter(({ type }) => type === 'Composition')
    .sort((left, right) => (left.when < right.when ? 1 : -1))
    .slice(0, shownNotes);
  return notes.map(({ resource, day, record }) => {
    const sections = noteSections(resource);
    const of = (codes: ReadonlySet<string>) => sections.filter(({ loinc }) => loinc !== null && codes.has(loinc));
    const chosen = [...of(reasons), ...of(concluding)];
    const text = (of(concluding).length > 0 ? chosen : sections).map((one) => `${one.title} : ${one.text}`).join('\n');
    const author = nameOf(Array.isArray(resource.author) ? resource.author[0] : undefined);
    const about = [
      dateText(day, language),
      textAt(resource, 'title'),
      author || (record.versions.at(-1)?.authorName ?? ''),
    ];
    const detail = text.length > longestNote ? `${text.slice(0, longestNote)}… ${told.clipped}` : text;
    return { label: about.filter(Boolean).join(' · '), detail, tone: 'plain' as const };
  });
}

/** The last value of each measure, or of each result. */
function valuesOf(reads: readonly Read[], context: ReadingContext, isLaboratory: boolean): RescueLine[] {
  const told = rescueWords(context.language);
  const observed = reads.filter(({ type, resource }) => type === 'Observation' && !isSocialHistory(resource));
  return measureSeries(observed, context)
    .filter((series) => series.isLaboratory === isLaboratory)
    .flatMap(({ label, rows }) => rows.slice(0, 1).map((row) => ({ label, row })))
    .sort((left, right) => right.row.when.slice(0, 10).localeCompare(left.row.when.slice(0, 10)))
    .slice(0, shownResults)
    .map(({ label, row }) => {
      const range = row.range === '' ? '' : `${told.from} ${row.range}`;
      const detail = [row.value, range, dateText(row.when.slice(0, 10), context.language)].filter(Boolean).join(', ');
      return toned({ label, detail }, row.flag === null ? 'plain' : 'alert');
    });
}

function toned({ label, detail }: Line, tone: RescueLine['tone']): RescueLine {
  return { label, detail, tone };
}

const lineOf = (line: Line): RescueLine => toned(line, 'plain');
const plain = (label: string): RescueLine => toned({ label, detail: '' }, 'plain');
