import type { AllergyFacts } from '@serment/records/fhir/allergy';
import type { ConditionFacts } from '@serment/records/fhir/condition';
import type { FamilyFacts, Relative } from '@serment/records/fhir/family-history';
import type { AdministrationRoute, InjectionSite, VaccineFacts } from '@serment/records/fhir/immunization';
import type { SocialFacts, SocialKind, TobaccoAnswer } from '@serment/records/fhir/social-history';
import type { TreatmentFacts } from '@serment/records/fhir/treatment';
import { vaccineKinds } from '@serment/records/vaccination/vaccines';
import type { CareFacts, CareSubject } from '../../file-view/care-list.ts';
import { parsePartialDate, typedDate } from '../patients/birth-date.ts';
import {
  type CareField,
  type CareValues,
  dateOf,
  isAsked,
  numberOf,
  rareNote,
  shown,
  shownNumber,
  textOf,
} from './care-fields.ts';
import { rightsFacts, rightsFields, rightsValues } from './rights-values.ts';

/** The fields of each list, in the order in which they are typed. */
export const careFields: { readonly [Subject in CareSubject]: readonly CareField[] } = {
  problems: [
    { name: 'diagnosis', kind: 'diagnosis', isRequired: true },
    { name: 'onset', kind: 'date' },
    {
      ...{ name: 'clinicalStatus', kind: 'choice', isRare: true },
      options: ['active', 'recurrence', 'relapse', 'inactive', 'remission', 'resolved'],
    },
    {
      ...{ name: 'verification', kind: 'choice', isRare: true },
      options: ['confirmed', 'unconfirmed', 'provisional', 'differential', 'refuted'],
    },
    { name: 'abatement', kind: 'date', isRare: true },
    rareNote,
  ],
  allergies: [
    { name: 'substance', kind: 'text', isRequired: true },
    { name: 'reaction', kind: 'text' },
    { name: 'severity', kind: 'choice', options: ['', 'mild', 'moderate', 'severe'] },
    {
      ...{ name: 'criticality', kind: 'choice', isRare: true },
      options: ['', 'low', 'high', 'unable-to-assess'],
    },
    {
      ...{ name: 'category', kind: 'choice', isRare: true },
      options: ['', 'medication', 'food', 'environment', 'biologic'],
    },
    { name: 'allergyVerification', kind: 'choice', isRare: true, options: ['confirmed', 'unconfirmed', 'refuted'] },
    { name: 'onset', kind: 'date', isRare: true },
    rareNote,
  ],
  treatments: [
    { name: 'medicine', kind: 'text', isRequired: true },
    { name: 'dosage', kind: 'text' },
    { name: 'since', kind: 'date' },
    rareNote,
  ],
  vaccines: [
    { name: 'vaccine', kind: 'vaccine', isRequired: true },
    { name: 'date', kind: 'date' },
    { name: 'lot', kind: 'text' },
    { name: 'dose', kind: 'number' },
    { name: 'origin', kind: 'choice', options: ['here', 'elsewhere'] },
    { name: 'site', kind: 'choice', options: ['', 'LA', 'RA', 'LT', 'RT'], isRare: true },
    { name: 'route', kind: 'choice', options: ['', 'IM', 'SQ', 'IDINJ', 'PO', 'NASINHLC'], isRare: true },
    { name: 'expiry', kind: 'date', isRare: true },
    { name: 'notDone', kind: 'text', isRare: true },
    rareNote,
  ],
  family: [
    { name: 'diagnosis', kind: 'diagnosis', isRequired: true },
    {
      ...{ name: 'relative', kind: 'choice' },
      options: [
        ...['MTH', 'FTH', 'BRO', 'SIS', 'SON', 'DAU', 'MGRMTH', 'MGRFTH', 'PGRMTH', 'PGRFTH'],
        ...['AUNT', 'UNCLE', 'COUSN', 'FAMMEMB'],
      ],
    },
    { name: 'age', kind: 'number' },
    rareNote,
  ],
  social: [
    {
      ...{ name: 'kind', kind: 'choice' },
      options: ['tobacco', 'alcohol', 'occupation', 'drugs', 'activity', 'home', 'other'],
    },
    {
      ...{ name: 'tobacco', kind: 'choice', when: ['kind', 'tobacco'] },
      options: ['', 'never', 'former', 'daily', 'sometimes'],
    },
    { name: 'packYears', kind: 'number', when: ['kind', 'tobacco'] },
    { name: 'text', kind: 'text' },
  ],
  ...rightsFields,
};

/** An empty form; what is of a day is of today more often than not. */
export function emptyValues(subject: CareSubject, today: string): CareValues {
  const first = careFields[subject].flatMap(({ name, options }) => (options === undefined ? [] : [[name, options[0]]]));
  return { ...Object.fromEntries(first), ...(ofToday.has(subject) ? { date: typedDate(today) } : {}) };
}

const ofToday: ReadonlySet<CareSubject> = new Set(['vaccines', 'consents', 'information']);

/** What a line says, as its form shows it. */
export function valuesOf<Subject extends CareSubject>(subject: Subject, facts: CareFacts[Subject]): CareValues {
  return toValues[subject](facts);
}

/** The names of the fields that cannot be read as they stand. */
export function wrongFields(subject: CareSubject, values: CareValues, begun: CareValues): string[] {
  return careFields[subject].flatMap((field) => {
    const { name, kind, isRequired = false } = field;
    if (!isAsked(field, values)) return [];
    const text = (values[name] ?? '').trim();
    if (text === '') return isRequired ? [name] : [];
    if (text === begun[name]) return [];
    if (kind === 'date') return parsePartialDate(text) === null ? [name] : [];
    if (kind === 'number') return numberOf(text) === undefined ? [name] : [];
    return [];
  });
}

/** What a form says; `received` is what the line said before, of which no unseen part is lost. */
export function factsOf<Subject extends CareSubject>(
  subject: Subject,
  values: CareValues,
  received: CareFacts[Subject] | null,
): CareFacts[Subject] {
  return toFacts[subject](values, received);
}

/** `HTA depuis 2019` is a problem and its year, as it is said. */
export function splitSince(text: string): { readonly text: string; readonly since: string } | null {
  const [, words, since] = /^(.*[^\s,])[\s,]+(?:depuis|since)\s+(?:le\s+)?(\d[\d/.\s-]*)$/i.exec(text.trim()) ?? [];
  if (words === undefined || since === undefined) return null;
  return parsePartialDate(since) === null ? null : { text: words, since: since.trim() };
}

const toValues: { readonly [Subject in CareSubject]: (facts: CareFacts[Subject]) => CareValues } = {
  problems: ({ diagnosis, clinicalStatus = 'active', verification = 'confirmed', onset, abatement, note = '' }) => ({
    ...{ diagnosis: diagnosis.text, code: diagnosis.code ?? '', clinicalStatus, verification, note },
    ...{ onset: shown(onset), abatement: shown(abatement) },
  }),
  allergies: (facts) => ({
    ...{ substance: facts.substance, reaction: facts.reaction ?? '', severity: facts.severity ?? '' },
    ...{ criticality: facts.criticality ?? '', category: facts.category ?? '', onset: shown(facts.onset) },
    ...{ allergyVerification: facts.verification ?? 'confirmed', note: facts.note ?? '' },
  }),
  treatments: ({ medicine, dosage = '', since, note = '' }) => ({ medicine, dosage, since: shown(since), note }),
  vaccines: (facts) => ({
    ...{ vaccine: facts.vaccine, date: shown(facts.date), lot: facts.lot ?? '', expiry: shown(facts.expiry) },
    ...{ dose: String(facts.dose ?? ''), origin: facts.isOwn ? 'here' : 'elsewhere', note: facts.note ?? '' },
    ...{ site: facts.site ?? '', route: facts.route ?? '', notDone: facts.notDone ?? '' },
  }),
  family: ({ relative, diagnosis, age, note = '' }) => ({
    ...{ relative, diagnosis: diagnosis.text, code: diagnosis.code ?? '', age: String(age ?? ''), note },
  }),
  social: ({ kind, tobacco = '', packYears, text = '' }) => ({
    kind,
    tobacco,
    packYears: shownNumber(packYears),
    text,
  }),
  ...rightsValues,
};

type ToFacts<Subject extends CareSubject> = (
  values: CareValues,
  received: CareFacts[Subject] | null,
) => CareFacts[Subject];

const toFacts: { readonly [Subject in CareSubject]: ToFacts<Subject> } = {
  problems: (values, received): ConditionFacts => {
    const abatement = dateOf(values.abatement, received?.abatement);
    const status = values.clinicalStatus as ConditionFacts['clinicalStatus'];
    const isLasting = status === undefined || ['active', 'recurrence', 'relapse'].includes(status);
    return {
      diagnosis: diagnosisOf(values),
      // What has an end is over.
      clinicalStatus: abatement !== undefined && isLasting ? 'resolved' : status,
      verification: values.verification as ConditionFacts['verification'],
      onset: dateOf(values.onset, received?.onset),
      abatement,
      note: textOf(values.note),
    };
  },
  allergies: (values, received): AllergyFacts => {
    const substance = textOf(values.substance) ?? '';
    return {
      substance,
      // A code is of the words that it was chosen with.
      atc: received?.substance === substance ? received.atc : undefined,
      category: textOf(values.category) as AllergyFacts['category'],
      reaction: textOf(values.reaction),
      severity: textOf(values.severity) as AllergyFacts['severity'],
      criticality: textOf(values.criticality) as AllergyFacts['criticality'],
      verification: values.allergyVerification as AllergyFacts['verification'],
      isOver: received?.isOver,
      onset: dateOf(values.onset, received?.onset),
      note: textOf(values.note),
    };
  },
  treatments: (values, received): TreatmentFacts => {
    const medicine = textOf(values.medicine) ?? '';
    const isSame = received?.medicine === medicine;
    return {
      ...{ status: received?.status, until: received?.until, reason: received?.reason, medicine },
      ...(isSame ? { atc: received.atc, cis: received.cis } : {}),
      ...{ dosage: textOf(values.dosage), since: dateOf(values.since, received?.since), note: textOf(values.note) },
    };
  },
  vaccines: (values, received): VaccineFacts => {
    const vaccine = textOf(values.vaccine) ?? '';
    return {
      vaccine,
      atc: received?.vaccine === vaccine ? received.atc : vaccineKinds.find(({ text }) => text === vaccine)?.atc,
      date: dateOf(values.date, received?.date),
      lot: textOf(values.lot),
      expiry: dateOf(values.expiry, received?.expiry),
      site: textOf(values.site) as InjectionSite | undefined,
      route: textOf(values.route) as AdministrationRoute | undefined,
      dose: numberOf(values.dose ?? ''),
      isOwn: values.origin !== 'elsewhere',
      // One that was not given stays so when no reason is told.
      notDone: textOf(values.notDone) ?? (received?.notDone === '' ? '' : undefined),
      note: textOf(values.note),
    };
  },
  family: (values): FamilyFacts => ({
    relative: values.relative as Relative,
    diagnosis: diagnosisOf(values),
    age: numberOf(values.age ?? ''),
    note: textOf(values.note),
  }),
  social: (values): SocialFacts => {
    const kind = values.kind as SocialKind;
    const isTobacco = kind === 'tobacco';
    const tobacco = isTobacco ? (textOf(values.tobacco) as TobaccoAnswer | undefined) : undefined;
    const packYears = tobacco === undefined ? undefined : numberOf(values.packYears ?? '');
    return { kind, tobacco, packYears, text: textOf(values.text) };
  },
  ...rightsFacts,
};

function diagnosisOf(values: CareValues) {
  return { code: textOf(values.code) ?? null, text: textOf(values.diagnosis) ?? '' };
}
