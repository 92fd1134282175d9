import { isNoneKnown, isStandingNoneKnown } from '../fhir/allergy.ts';
import { consentFacts } from '../fhir/consent.ts';
import { isSocialHistory } from '../fhir/social-history.ts';
import { ageAt, codesOf, conceptText, dateText, elementAt, type Fields, itemsAt, textAt } from './element-text.ts';
import { escapeHtml } from './escape.ts';
import type { Item, PageContext } from './page-record.ts';
import { doseDetails, familyLines, isOver, mainWords, newestOfEach, socialLine } from './resource-words.ts';
import { consentLine, flagLines } from './rights-words.ts';
import type { Wording } from './wording.ts';

export interface PatientName {
  readonly family: string;
  readonly given: string;
  /** Name at birth when another name is used. */
  readonly birthFamily: string;
}

/** The name in use and the name at birth, by FR Core's conventions and by older ones. */
export function patientName(patient: unknown): PatientName {
  const names = itemsAt(patient, 'name');
  const of = (use: string): unknown => names.find((name) => textAt(name, 'use') === use);
  const official = of('official') ?? names[0];
  const shown = of('usual') ?? official;
  const birth = textAt(of('maiden') ?? official, 'family');
  const family = textAt(shown, 'family') || birth;
  const text = textAt(shown, 'text');
  const givenOf = (from: unknown): string =>
    itemsAt(from, 'given')
      .filter((item) => typeof item === 'string')
      .join(' ');
  const given = givenOf(shown) || givenOf(official);
  if (family === '' && given === '') return { family: text, given: '', birthFamily: '' };
  return { family, given, birthFamily: birth !== family ? birth : '' };
}

/** "SANTORO Élodie", or the wording for somebody without a name. */
export function nameText(name: PatientName, wording: Wording): string {
  return [name.family.toUpperCase(), name.given].filter((part) => part !== '').join(' ') || wording.unnamed;
}

export function banner(patient: Fields, context: PageContext, exportedAt: string): string {
  const { wording, language } = context;
  const name = patientName(patient);
  const gender = textAt(patient, 'gender');
  const sexes: Readonly<Record<string, string>> = {
    female: wording.female,
    male: wording.male,
    other: wording.otherSex,
  };
  const sex = (Object.hasOwn(sexes, gender) ? sexes[gender] : undefined) ?? wording.unknownSex;
  const birthDate = textAt(patient, 'birthDate');
  const died = textAt(patient, 'deceasedDateTime');
  const age = ageText(birthDate, died || exportedAt, wording);
  const born = gender === 'female' ? wording.bornFemale : gender === 'male' ? wording.bornMale : wording.born;
  const facts = [
    `<b>${escapeHtml([sex, age].filter((part) => part !== '').join(', '))}</b>${birthDate === '' ? '' : ` (${escapeHtml(dateText(birthDate, language))})`}`,
    ...(died !== '' || elementAt(patient, 'deceasedBoolean') === true
      ? [`<b>${escapeHtml(`${wording.died} ${dateText(died, language)}`.trim())}</b>`]
      : []),
    ...birthPlaceFact(patient, born, context),
    ...insFacts(patient, wording),
    ...itemsAt(patient, 'telecom').map((point) => escapeHtml(phoneText(textAt(point, 'value')))),
    ...itemsAt(patient, 'address').map((address) => escapeHtml(addressText(address))),
  ];
  const invented = itemsAt(patient, 'meta.security').some((label) => textAt(label, 'code') === 'HTEST');
  const birthName =
    name.birthFamily === '' ? '' : ` <span class="née">${escapeHtml(`${born} ${name.birthFamily}`)}</span>`;
  return `<header><h1>${escapeHtml(nameText(name, wording))}${birthName}</h1>
<div class="facts">${facts
    .filter((fact) => fact !== '')
    .map((fact) => `<span>${fact}</span>`)
    .join('')}</div>
${invented ? `<p class="small amber">${escapeHtml(wording.demo)}</p>` : ''}${allergyLine(context)}</header>`;
}

function ageText(birthDate: string, on: string, wording: Wording): string {
  const years = ageAt(birthDate, on);
  if (years === null || years < 0) return '';
  if (years >= 3) return `${years} ${wording.years}`;
  const [birthYear = 0, birthMonth = 0, birthDay = 0] = birthDate.split('-').map(Number);
  const [year = 0, month = 0, day = 0] = on.slice(0, 10).split('-').map(Number);
  return `${(year - birthYear) * 12 + month - birthMonth - (day < birthDay ? 1 : 0)} ${wording.months}`;
}

function birthPlaceFact(patient: Fields, born: string, { wording }: PageContext): string[] {
  const extension = itemsAt(patient, 'extension').find((item) => textAt(item, 'url').endsWith('patient-birthPlace'));
  const place = textAt(extension, 'valueAddress.city') || textAt(extension, 'valueAddress.text');
  return place === '' ? [] : [escapeHtml(`${born} ${wording.birthPlace} ${place}`)];
}

function insFacts(patient: Fields, wording: Wording): string[] {
  return itemsAt(patient, 'identifier').flatMap((identifier) => {
    const system = textAt(identifier, 'system');
    if (!system.startsWith('urn:oid:1.2.250.1.213.1.4.')) return [];
    const label = /\.(8|9)$/.test(system) ? wording.ins : wording.insTest;
    const value = textAt(identifier, 'value').replace(
      /^(\d)(\d\d)(\d\d)(\w\w)(\d{3})(\d{3})(\d\d)$/,
      '$1 $2 $3 $4 $5 $6 $7',
    );
    return [`${escapeHtml(label)} ${escapeHtml(value)}`];
  });
}

const phoneText = (value: string): string =>
  /^0\d{9}$/.test(value) ? value.replace(/(\d\d)(?=\d)/g, '$1\u00a0') : value;

function addressText(address: unknown): string {
  const town = [textAt(address, 'postalCode'), textAt(address, 'city')].filter((part) => part !== '').join(' ');
  const lines = itemsAt(address, 'line').filter((line) => typeof line === 'string');
  return (
    textAt(address, 'text') || [...lines, town, textAt(address, 'country')].filter((part) => part !== '').join(', ')
  );
}

const standing = (context: PageContext, type: string): Item[] =>
  context.items.filter((item) => item.type === type && !item.inError);

/** "None known" and "not asked" are two different answers, and neither is a blank. */
function allergyLine(context: PageContext): string {
  const { wording, language } = context;
  const all = standing(context, 'AllergyIntolerance').filter(
    ({ resource }) => !codesOf(elementAt(resource, 'verificationStatus')).includes('refuted'),
  );
  const none = all.filter(({ resource }) => isStandingNoneKnown(resource));
  const some = all.filter(({ resource }) => !isNoneKnown(resource));
  const active = some.filter(({ resource }) => !codesOf(elementAt(resource, 'clinicalStatus')).includes('resolved'));
  if (active.length > 0) {
    const list = active.map(({ resource }) => {
      const reaction = conceptText(elementAt(resource, 'reaction.manifestation'));
      const since = dateText(textAt(resource, 'onsetDateTime'), language);
      const told = reaction === '' ? '' : `${wording.colon}${reaction.slice(0, 1).toLowerCase()}${reaction.slice(1)}`;
      return `${escapeHtml(`${mainWords(resource)}${told}`)}${since === '' ? '' : ` <span>(${escapeHtml(since)})</span>`}`;
    });
    return `<p class="allergy red">${list.join('<span class="faint"> · </span>')}</p>`;
  }
  if (none.length === 0) return `<p class="allergy amber">${escapeHtml(wording.notAsked)}</p>`;
  const asked = dateText(textAt(none[0]?.resource, 'recordedDate').slice(0, 10), language);
  return `<p class="allergy">${escapeHtml(wording.noneKnown)} <span class="muted">${escapeHtml(asked === '' ? '' : `(${wording.noneKnownAsked}, ${asked})`)}</span></p>`;
}

export function summary(context: PageContext, exportedAt: string): string {
  const { wording } = context;
  const left =
    block(wording.problems, problemRows(context), wording.noProblems) +
    block(wording.family, familyRows(context), '') +
    block(wording.vaccines, vaccineRows(context), wording.noVaccines);
  const right =
    block(wording.treatments, treatmentRows(context), wording.noTreatments) +
    block(wording.social, socialRows(context), '') +
    block(wording.alerts, flagRows(context, exportedAt), '') +
    block(wording.consents, consentRows(context), '');
  return `<section class="summary"><div>${left}</div><div>${right}</div></section>`;
}

function block(title: string, rows: readonly (readonly [string, string])[], empty: string): string {
  if (rows.length === 0 && empty === '') return '';
  const list = rows
    .map(
      ([main, side]) =>
        `<li><span${main.length < 28 ? ' class="nw"' : ''}>${escapeHtml(main)}</span><span${side.length < 30 ? ' class="nw"' : ''}>${escapeHtml(side)}</span></li>`,
    )
    .join('');
  return `<h2>${escapeHtml(title)}</h2>${rows.length === 0 ? `<p class="small faint">${escapeHtml(empty)}</p>` : `<ul>${list}</ul>`}`;
}

function problemRows(context: PageContext): [string, string][] {
  const { wording, language } = context;
  const conditions = standing(context, 'Condition').filter(
    ({ resource }) => !codesOf(elementAt(resource, 'verificationStatus')).includes('refuted'),
  );
  const over = ({ resource }: Item): boolean => isOver(resource);
  const rows = [...conditions.filter((item) => !over(item)), ...conditions.filter(over)].map(
    (item): [string, string] => {
      const since = dateText(textAt(item.resource, 'onsetDateTime').slice(0, 10), language);
      const until = textAt(item.resource, 'abatementDateTime');
      const end =
        over(item) && until !== '' && dateText(until.slice(0, 10), language) !== since
          ? ` – ${dateText(until.slice(0, 10), language)}`
          : '';
      return [mainWords(item.resource), `${since}${end}${over(item) && until === '' ? ` (${wording.resolved})` : ''}`];
    },
  );
  return rows;
}

/** One row per medicine: the newest prescription of it that is still running. */
function treatmentRows(context: PageContext): [string, string][] {
  const rows = new Map<string, [string, string]>();
  const found = [...standing(context, 'MedicationRequest'), ...standing(context, 'MedicationStatement')]
    .filter(({ resource }) => textAt(resource, 'status') === 'active')
    .sort((a, b) => (a.when < b.when ? 1 : -1));
  for (const { resource } of found) {
    const text = medicineText(resource, context);
    if (!rows.has(text))
      rows.set(text, [text, textAt(resource, 'dosageInstruction.text') || textAt(resource, 'dosage.text')]);
  }
  return [...rows.values()];
}

export function medicineText(resource: Fields, context: PageContext): string {
  const own = conceptText(elementAt(resource, 'medicationCodeableConcept'));
  if (own !== '') return own;
  const target = textAt(resource, 'medicationReference.reference');
  const medication = context.items.find(
    (item) => item.type === 'Medication' && (`Medication/${item.id}` === target || item.record.fullUrl === target),
  );
  return (
    conceptText(elementAt(medication?.resource, 'code')) || textAt(resource, 'medicationReference.display') || target
  );
}

function vaccineRows(context: PageContext): [string, string][] {
  return standing(context, 'Immunization')
    .filter(({ resource }) => textAt(resource, 'status') !== 'not-done')
    .sort((a, b) => (a.when < b.when ? 1 : -1))
    .map(({ resource, day }) => {
      const when = dateText(day, context.language) || textAt(resource, 'occurrenceString');
      const detail = [...doseDetails(resource, context.language), when].filter((part) => part !== '');
      return [mainWords(resource), detail.join(' · ')];
    });
}

function familyRows(context: PageContext): [string, string][] {
  return standing(context, 'FamilyMemberHistory')
    .flatMap(({ resource }) => familyLines(resource, context.language))
    .map(({ label, detail }) => [label, detail]);
}

/** Of each side of a way of life, what was said last; all of it stands in the complete data. */
function socialRows(context: PageContext): [string, string][] {
  const told = standing(context, 'Observation').filter(({ resource }) => isSocialHistory(resource));
  return newestOfEach(told).map(({ resource }) => {
    const { label, detail } = socialLine(resource, context.language);
    return [label, detail];
  });
}

function flagRows(context: PageContext, exportedAt: string): [string, string][] {
  const flags = standing(context, 'Flag').map(({ resource }) => resource);
  return flagLines(flags, exportedAt.slice(0, 10), context.language).map(({ label, detail }) => [label, detail]);
}

/** What the patient consented to, newest first, whatever was said since: each is of its day. */
function consentRows(context: PageContext): [string, string][] {
  return standing(context, 'Consent')
    .sort((a, b) => (a.when < b.when ? 1 : -1))
    .map(({ resource }) => {
      const { label, detail } = consentLine(consentFacts(resource), context.language);
      return [label, detail];
    });
}
