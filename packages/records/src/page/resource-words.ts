import { divToText } from '../fhir/note-text.ts';
import {
  codesOf,
  conceptText,
  dayOf,
  elementAt,
  type Fields,
  itemsAt,
  narrativeText,
  scalarText,
  textAt,
} from './element-text.ts';

/** A titled text of a note. */
export interface NoteSection {
  readonly title: string;
  readonly loinc: string | null;
  readonly text: string;
}

const dateFields = [
  'effectiveDateTime',
  'effectivePeriod.start',
  'effectiveInstant',
  'performedDateTime',
  'performedPeriod.start',
  'occurrenceDateTime',
  'occurrencePeriod.start',
  'period.start',
  'date',
  'authoredOn',
  'started',
  'onsetDateTime',
  'onsetPeriod.start',
  'recordedDate',
  'dateAsserted',
  'startDate',
  'start',
  'billablePeriod.start',
  'created',
  'issued',
  'assertedDate',
  'recorded',
  'sent',
];

const wordFields = [
  'code',
  'vaccineCode',
  'medicationCodeableConcept',
  'type',
  'category',
  'serviceType',
  'description',
  'title',
  'reasonCode',
];

/** When a resource of any type happened: a FHIR date or date and time, '' when it says none. */
export function whenOf(resource: Fields): string {
  // A letter stands where it was written, whenever it was filed.
  const written =
    textAt(resource, 'resourceType') === 'DocumentReference' ? textAt(resource, 'content.attachment.creation') : '';
  if (dayOf(written) !== '') return written;
  return dateFields.map((path) => textAt(resource, path)).find((value) => dayOf(value) !== '') ?? '';
}

/** Whether a resource says of itself that it should never have been written: it is shown to nobody as a fact. */
export function isInError(resource: Fields): boolean {
  const statuses = [textAt(resource, 'status'), ...codesOf(elementAt(resource, 'verificationStatus'))];
  return statuses.includes('entered-in-error');
}

/** Whether a problem is over, or for now without effect, by its status or by its end. */
export function isOver(condition: Fields): boolean {
  const statuses = codesOf(elementAt(condition, 'clinicalStatus'));
  return (
    statuses.some((status) => ['resolved', 'inactive', 'remission'].includes(status)) ||
    textAt(condition, 'abatementDateTime') !== ''
  );
}

/** The main words of any resource: what it is about, in one line. */
export function mainWords(resource: Fields): string {
  for (const path of wordFields) {
    const text = conceptText(elementAt(resource, path));
    if (text !== '') return text;
  }
  return textAt(resource, 'name');
}

/** The sections of a note that have a text, those within sections in their order. */
export function noteSections(resource: Fields): NoteSection[] {
  return itemsAt(resource, 'section').flatMap(sectionTexts);
}

function sectionTexts(section: unknown): NoteSection[] {
  const div = textAt(section, 'text.div');
  const text = div === '' ? '' : (divToText(div) ?? narrativeText(div));
  const loinc = textAt(section, 'code.coding.code');
  const title = textAt(section, 'title') || conceptText(elementAt(section, 'code'));
  const own = text === '' ? [] : [{ title, loinc: loinc === '' ? null : loinc, text }];
  return [...own, ...itemsAt(section, 'section').flatMap(sectionTexts)];
}

/** Of a person, an organisation or a place of the directory, as a line shows it; '' when it has no name. */
export function displayName(resource: Fields): string {
  const name = elementAt(resource, 'name');
  if (typeof name === 'string') return name;
  const [first] = itemsAt(resource, 'name');
  const own = [...itemsAt(first, 'given').slice(0, 1), textAt(first, 'family')].map(scalarText).filter(isSaid);
  // A title alone names nobody.
  if (own.length === 0) return textAt(first, 'text');
  return [...itemsAt(first, 'prefix').map(scalarText).filter(isSaid), ...own].join(' ');
}

function isSaid(word: string): boolean {
  return word !== '';
}
