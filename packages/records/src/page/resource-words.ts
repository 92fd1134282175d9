import { divToText } from '../fhir/note-text.ts';
import {
  codesOf,
  conceptText,
  dateText,
  dayOf,
  elementAt,
  type Fields,
  itemsAt,
  type Language,
  narrativeText,
  quantityText,
  scalarText,
  textAt,
} from './element-text.ts';
import { taskWord } from './wording.ts';

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
  'dateTime',
];

const wordFields = [
  'code',
  'vaccineCode',
  'medicationCodeableConcept',
  'type',
  'topic',
  'category',
  'serviceType',
  'description',
  'title',
  'reasonCode',
  // What a relative had, and else which relative it is.
  'condition.code',
  'relationship',
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

/** What is told in one line: its words, and what stands beside them. */
export interface ToldLine {
  readonly label: string;
  readonly detail: string;
}

/** Each thing that a relative had: `Cancer du sein`, `mère, à 52 ans`. */
export function familyLines(history: Fields, language: Language): ToldLine[] {
  const relative = conceptText(elementAt(history, 'relationship'));
  const conditions = itemsAt(history, 'condition').map((condition): ToldLine => {
    const onset = elementAt(condition, 'onsetAge');
    const years = onset === undefined ? '' : quantityText(onset, language);
    const age = years === '' ? '' : `${language === 'fr' ? 'à' : 'at'} ${years}`;
    const detail = [relative, age || textAt(condition, 'onsetString')].filter((part) => part !== '').join(', ');
    return { label: conceptText(elementAt(condition, 'code')), detail };
  });
  const note = textAt(history, 'note.text');
  return conditions.length > 0 ? conditions : [{ label: note || mainWords(history), detail: note ? relative : '' }];
}

/** One side of a way of life: `Tabac`, `Ancien fumeur, 12,5 paquets-années, arrêt en 2015`. */
export function socialLine(observation: Fields, language: Language): ToldLine {
  const packs = itemsAt(observation, 'component').map((part) =>
    quantityText(elementAt(part, 'valueQuantity'), language),
  );
  const value = elementAt(observation, 'valueQuantity');
  const parts = [
    conceptText(elementAt(observation, 'valueCodeableConcept')),
    value === undefined ? '' : quantityText(value, language),
    ...packs,
    textAt(observation, 'valueString'),
    textAt(observation, 'note.text'),
  ];
  return { label: mainWords(observation), detail: parts.filter((part) => part !== '').join(', ') };
}

/** The newest observation of each side of a way of life, by what it is about. */
export function newestOfEach<Told extends { readonly resource: Fields; readonly when: string }>(
  observations: readonly Told[],
): Told[] {
  const newest = new Map<string, Told>();
  for (const told of observations) {
    const name = mainWords(told.resource);
    const known = newest.get(name);
    if (known === undefined || told.when >= known.when) newest.set(name, told);
  }
  return [...newest.values()];
}

/** What stands beside a dose in a list: its rank, its lot, where it was given, or why it was not. */
export function doseDetails(dose: Fields, language: Language): string[] {
  const rank =
    textAt(dose, 'protocolApplied.doseNumberPositiveInt') || textAt(dose, 'protocolApplied.doseNumberString');
  const lot = textAt(dose, 'lotNumber');
  const expiry = dateText(textAt(dose, 'expirationDate'), language);
  const [doseWord, expiryWord] = language === 'fr' ? ['dose', 'péremption'] : ['dose', 'expiry'];
  return [
    rank === '' ? '' : `${doseWord} ${rank}`,
    lot === '' ? '' : `lot ${lot}`,
    expiry === '' ? '' : `${expiryWord} ${expiry}`,
    conceptText(elementAt(dose, 'site')),
    conceptText(elementAt(dose, 'route')),
  ].filter((part) => part !== '');
}

/** The main words of any resource: what it is about, in one line. */
export function mainWords(resource: Fields): string {
  for (const path of wordFields) {
    const text = conceptText(elementAt(resource, path));
    if (text !== '') return text;
  }
  return textAt(resource, 'name');
}

/** What any record is called in one line: its title, or its main words. */
export function recordTitle(resource: Fields, language: Language): string {
  const task = taskWord(elementAt(resource, 'code'), language);
  if (task === undefined) return textAt(resource, 'title') || mainWords(resource);
  return [task, textAt(resource, 'description')].filter((part) => part !== '').join(', ');
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
