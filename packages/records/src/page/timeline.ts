import { informationFacts, isInformation } from '../fhir/information.ts';
import { isSocialHistory } from '../fhir/social-history.ts';
import { allFieldsTable } from './all-fields.ts';
import {
  conceptText,
  dateText,
  elementAt,
  type Fields,
  isFields,
  itemsAt,
  quantityText,
  scalarText,
  textAt,
} from './element-text.ts';
import { escapeHtml, escapeLines, relativeHref } from './escape.ts';
import type { Item, PageContext } from './page-record.ts';
import { doseDetails, mainWords, noteSections, recordTitle } from './resource-words.ts';
import { informationLine } from './rights-words.ts';
import { medicineText } from './summary.ts';
import { typeName } from './wording.ts';

/** Shown in the banner or the summary, and complete at the end of the page. */
const elsewhere = new Set([
  'Patient',
  'Condition',
  'AllergyIntolerance',
  'Consent',
  'Coverage',
  'Flag',
  'Practitioner',
  'Organization',
  'PractitionerRole',
  'Location',
  'Medication',
  'RelatedPerson',
  'FamilyMemberHistory',
]);

interface Moment {
  readonly day: string;
  readonly items: Item[];
}

/** All that happened, newest first: notes large with their measures and prescriptions, the rest one line each. */
export function timeline(context: PageContext): string {
  const events = context.items.filter(
    (item) => !(elsewhere.has(item.type) || item.inError || isSocialHistory(item.resource)),
  );
  const dated = events
    .filter((item) => item.day !== '')
    .sort((a, b) => (a.when < b.when ? 1 : a.when > b.when ? -1 : 0));
  const days = new Map<string, Moment>();
  for (const item of dated) {
    const moment = days.get(item.day) ?? { day: item.day, items: [] };
    moment.items.push(item);
    days.set(item.day, moment);
  }
  let year = '';
  let html = '';
  for (const moment of days.values()) {
    const momentYear = moment.day.slice(0, 4);
    if (momentYear !== year) html += `<h3 class="year">${escapeHtml(momentYear)}</h3>`;
    year = momentYear;
    html += dayHtml(moment, context);
  }
  const undated = events.filter((item) => item.day === '');
  const without =
    undated.length === 0
      ? ''
      : `<h3 class="year">${escapeHtml(context.wording.undated)}</h3>${dayHtml({ day: '', items: undated }, context)}`;
  return `<section><h2>${escapeHtml(context.wording.timeline)}</h2>${html}${without}${looseDocuments(context)}</section>`;
}

function dayHtml(moment: Moment, context: PageContext): string {
  const left = new Set(moment.items);
  let html = '';
  for (const item of moment.items) {
    if (item.type !== 'Composition') continue;
    html += noteHtml(item, takeEncounter(item, moment, left), context);
  }
  const rest = [...left].filter((item) => item.type !== 'Composition');
  const measures = rest.filter((item) => item.type === 'Observation');
  const others = rest.filter((item) => item.type !== 'Observation');
  let rows = '';
  const time = `<time>${escapeHtml(shortDay(moment.day, context))}</time>`;
  if (measures.length > 0) {
    const performers = [
      ...new Set(measures.map(({ resource }) => context.nameOf(itemsAt(resource, 'performer')[0]))),
    ].filter((name) => name !== '');
    const laboratory = measures.every(({ resource }) =>
      JSON.stringify(elementAt(resource, 'category') ?? '').includes('laboratory'),
    );
    const title = laboratory ? context.wording.biology : context.wording.measures;
    rows += `<p><span class="muted">${escapeHtml([title, ...performers].join(', '))}${context.wording.colon}</span>${measuresHtml(measures, context)}</p>`;
  }
  rows += others.map((item) => itemHtml(item, context)).join('');
  return rows === '' ? html : `${html}<article class="event fold">${time}<div>${rows}</div></article>`;
}

/** The measures, prescriptions and meeting that belong to a note's encounter. */
function takeEncounter(note: Item, moment: Moment, left: Set<Item>): Item[] {
  left.delete(note);
  const encounter = textAt(note.resource, 'encounter.reference');
  if (encounter === '') return [];
  const taken = [...left].filter((item) => {
    const isIt =
      item.type === 'Encounter' && (`Encounter/${item.id}` === encounter || item.record.fullUrl === encounter);
    const belongs =
      (item.type === 'Observation' || item.type === 'MedicationRequest') &&
      textAt(item.resource, 'encounter.reference') === encounter;
    return isIt || belongs;
  });
  for (const item of taken) left.delete(item);
  return moment.items.filter((item) => taken.includes(item));
}

function noteHtml(note: Item, parts: readonly Item[], context: PageContext): string {
  const { wording } = context;
  const rows = noteSections(note.resource);
  const measures = parts.filter((item) => item.type === 'Observation');
  const medicines = parts.filter((item) => item.type === 'MedicationRequest');
  const at = rows.findIndex(({ title }) => /^(conclusion|conduite|diagnostic|plan|assessment)/i.test(title));
  const before = at < 0 ? rows : rows.slice(0, at);
  const after = at < 0 ? [] : rows.slice(at);
  const row = (title: string, html: string): string => `<dt>${escapeHtml(title)}</dt><dd>${html}</dd>`;
  const list = [
    ...before.map(({ title, text }) => row(title, escapeLines(text))),
    ...(measures.length === 0 ? [] : [row(wording.measures, measuresHtml(measures, context))]),
    ...after.map(({ title, text }) => row(title, escapeLines(text))),
    ...(medicines.length === 0
      ? []
      : [row(wording.prescription, medicines.map((item) => medicineHtml(item.resource, context)).join('<br>'))]),
  ];
  const author = itemsAt(note.resource, 'author')
    .map(context.nameOf)
    .filter((name) => name !== '')
    .join(', ');
  const status =
    textAt(note.resource, 'status') === 'preliminary'
      ? wording.draft
      : elementAt(note.resource, 'relatesTo.code') === 'appends'
        ? wording.addendum
        : '';
  const meta = [author, dateText(note.when, context.language), status, receivedText(note, context)]
    .filter((part) => part !== '')
    .join(' · ');
  return `<article class="event note"><time>${escapeHtml(shortDay(note.day, context))}</time><div><h3>${escapeHtml(textAt(note.resource, 'title') || wording.note)}</h3>
<dl>${list.join('')}</dl><p class="meta">${escapeHtml(meta)}</p></div></article>`;
}

function measuresHtml(measures: readonly Item[], context: PageContext): string {
  return measures
    .map(
      ({ resource }) =>
        `<span class="value">${escapeHtml(shortMeasure(mainWords(resource)))} <b>${escapeHtml(observationValue(resource, context))}</b></span>`,
    )
    .join(' ');
}

const shortMeasure = (text: string): string => (text === 'Pression artérielle' ? 'TA' : text);

/** The value of an observation, whatever FHIR type it has; the parts of a panel joined, 128/76 for a blood pressure. */
function observationValue(resource: Fields, context: PageContext): string {
  const own = valueText(resource, context);
  if (own !== '') return own;
  const parts = itemsAt(resource, 'component');
  const codes = parts.map((part) => textAt(part, 'code.coding.code'));
  const systolic = parts[codes.indexOf('8480-6')];
  const diastolic = parts[codes.indexOf('8462-4')];
  if (parts.length === 2 && systolic !== undefined && diastolic !== undefined) {
    const unit = textAt(systolic, 'valueQuantity.unit');
    return `${textAt(systolic, 'valueQuantity.value')}/${textAt(diastolic, 'valueQuantity.value')} ${unit}`.trim();
  }
  const told = parts.map((part) =>
    `${conceptText(elementAt(part, 'code'))} ${isFields(part) ? valueText(part, context) : ''}`.trim(),
  );
  return told.join(', ') || conceptText(elementAt(resource, 'dataAbsentReason')) || '–';
}

function valueText(element: Fields, { language }: PageContext): string {
  for (const [name, value] of Object.entries(element)) {
    if (!name.startsWith('value')) continue;
    if (name === 'valueQuantity') return quantityText(value, language);
    if (name === 'valueDateTime') return dateText(scalarText(value), language);
    return conceptText(value) || (isFields(value) ? JSON.stringify(value) : scalarText(value));
  }
  return '';
}

function medicineHtml(resource: Fields, context: PageContext): string {
  const dosage = textAt(resource, 'dosageInstruction.text');
  return `<b>${escapeHtml(medicineText(resource, context))}</b>${dosage === '' ? '' : ` <span class="muted">${escapeHtml(dosage)}</span>`}`;
}

function itemHtml(item: Item, context: PageContext): string {
  const { resource, type } = item;
  if (type === 'DocumentReference') return documentHtml(item, context);
  if (type === 'MedicationRequest')
    return `<p>${escapeHtml(context.wording.prescription)}${context.wording.colon}${medicineHtml(resource, context)}</p>`;
  if (type === 'Immunization') {
    const refused = textAt(resource, 'status') === 'not-done';
    const reason = refused ? conceptText(elementAt(resource, 'statusReason')) : '';
    const details = [
      ...(refused ? [[context.wording.notDone, reason].filter((part) => part !== '').join(context.wording.colon)] : []),
      ...doseDetails(resource, context.language),
    ];
    return `<p>${escapeHtml(typeName(type, context.language))} <b>${escapeHtml(mainWords(resource))}</b>${details.length === 0 ? '' : ` ${escapeHtml(details.join(', '))}`}</p>`;
  }
  if (type === 'Communication' && isInformation(resource)) {
    const { label, detail } = informationLine(informationFacts(resource), context.language);
    return `<p>${escapeHtml(context.wording.information)} <b>${escapeHtml(label)}</b> ${escapeHtml(detail)}</p>`;
  }
  const words = [recordTitle(resource, context.language), receivedText(item, context)]
    .filter((part) => part !== '')
    .join(' · ');
  return `<details><summary>${escapeHtml(typeName(type, context.language))} <b>${escapeHtml(words)}</b></summary>${allFieldsTable(resource)}</details>`;
}

function documentHtml(item: Item, context: PageContext): string {
  const links = itemsAt(item.resource, 'content').map((content) => {
    const url = textAt(content, 'attachment.url');
    const title =
      textAt(content, 'attachment.title') ||
      textAt(item.resource, 'description') ||
      mainWords(item.resource) ||
      typeName('DocumentReference', context.language);
    const file = url === '' ? undefined : context.documents.find((document) => document.url === url);
    // An address written in a record is never made a link: only files delivered with the page are.
    const href = file === undefined ? null : relativeHref(file.fileName);
    return href === null
      ? `<b>${escapeHtml(title)}</b> <span class="faint">(${escapeHtml(context.wording.noDocument)})</span>`
      : `<a href="${escapeHtml(href)}">${escapeHtml(title)}</a>`;
  });
  const from = itemsAt(item.resource, 'author')
    .map(context.nameOf)
    .filter((name) => name !== '')
    .join(', ');
  return `<p>${escapeHtml(typeName('DocumentReference', context.language))}${context.wording.colon}${links.join(', ')}${from === '' ? '' : ` <span class="faint">${escapeHtml(from)}</span>`}</p>`;
}

/** Files delivered with the page that no record points to. */
function looseDocuments(context: PageContext): string {
  const known = new Set(
    context.items
      .filter((item) => item.type === 'DocumentReference' && !item.inError)
      .flatMap(({ resource }) => itemsAt(resource, 'content').map((content) => textAt(content, 'attachment.url'))),
  );
  const loose = context.documents.filter(({ url }) => url === undefined || !known.has(url));
  if (loose.length === 0) return '';
  const rows = loose.map(({ fileName, title }) => {
    const href = relativeHref(fileName);
    return `<p>${href === null ? escapeHtml(title) : `<a href="${escapeHtml(href)}">${escapeHtml(title || fileName)}</a>`}</p>`;
  });
  return `<h3 class="year">${escapeHtml(context.wording.documents)}</h3><article class="event fold"><time></time><div>${rows.join('')}</div></article>`;
}

function receivedText(item: Item, { wording, language }: PageContext): string {
  const { receivedAt, author } = item.record;
  const received =
    receivedAt === undefined
      ? ''
      : `${wording.received} ${dateText(new Date(receivedAt).toISOString().slice(0, 10), language)}`;
  return [author ?? '', received].filter((part) => part !== '').join(', ');
}

const shortMonths = {
  fr: ['janv.', 'févr.', 'mars', 'avr.', 'mai', 'juin', 'juil.', 'août', 'sept.', 'oct.', 'nov.', 'déc.'],
  en: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
} as const;

/** "28 mai": the year stands above. */
function shortDay(day: string, { language }: PageContext): string {
  const [, month, date] = day.split('-');
  if (month === undefined) return day;
  const name = shortMonths[language][Number(month) - 1] ?? month;
  return date === undefined ? name : `${date === '01' && language === 'fr' ? '1er' : String(Number(date))} ${name}`;
}
