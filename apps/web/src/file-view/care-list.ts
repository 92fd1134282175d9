import { type AldFacts, aldFacts } from '@serment/records/fhir/ald';
import { type AllergyFacts, allergyFacts, isNoneKnown, isStandingNoneKnown } from '@serment/records/fhir/allergy';
import { type ConditionFacts, conditionFacts } from '@serment/records/fhir/condition';
import { type ConsentFacts, consentFacts } from '@serment/records/fhir/consent';
import { type CoverageFacts, coverageFacts } from '@serment/records/fhir/coverage';
import { type FamilyFacts, familyFacts } from '@serment/records/fhir/family-history';
import { type VaccineFacts, vaccineFacts } from '@serment/records/fhir/immunization';
import { type InformationFacts, informationFacts, isInformation } from '@serment/records/fhir/information';
import { isSocialHistory, type SocialFacts, socialFacts } from '@serment/records/fhir/social-history';
import { type TreatmentFacts, treatmentFacts } from '@serment/records/fhir/treatment';
import { codesOf, dayOf, type Fields, itemsAt, textAt } from '@serment/records/page/element-text';
import type { PatientFile } from '@serment/replica/patient-file';
import { dosesOf } from './care.ts';
import { type Read, readRecord, type ShownVersions } from './reading.ts';

/** What each list of a file tells of one of its lines. */
export interface CareFacts {
  readonly problems: ConditionFacts;
  readonly allergies: AllergyFacts;
  readonly treatments: TreatmentFacts;
  readonly vaccines: VaccineFacts;
  readonly family: FamilyFacts;
  readonly social: SocialFacts;
  readonly ald: AldFacts;
  readonly consents: ConsentFacts;
  readonly information: InformationFacts;
  readonly coverage: CoverageFacts;
}

export type CareSubject = keyof CareFacts;

export interface CareItem<Subject extends CareSubject> extends ShownVersions {
  readonly facts: CareFacts[Subject];
  /** Over, stopped, refuted or not given: kept, and shown apart. */
  readonly isPast: boolean;
  /** Of treatments: prescribed, so that it can be stopped here and not rewritten. */
  readonly isOrder: boolean;
  /** Older prescriptions of the same medicine that still run: they stop with it. */
  readonly also: readonly ShownVersions[];
  /** Who wrote its last version; null for somebody whom this device cannot name. */
  readonly author: string | null;
  /** Two versions stand side by side until a person chooses. */
  readonly isConflict: boolean;
  /** The day it is about, or was written on; '' when it says none. */
  readonly day: string;
}

export interface CareList<Subject extends CareSubject> {
  readonly items: readonly CareItem<Subject>[];
  /** False while something of the file is missing: an empty list then says nothing. */
  readonly isComplete: boolean;
  /** This member's rights do not open it. */
  readonly isHidden: boolean;
  /** Of allergies: asked, and none known. */
  readonly isNoneKnown: boolean;
}

interface Kind<Subject extends CareSubject> {
  readonly select: (read: Read) => boolean;
  readonly facts: (resource: Fields) => CareFacts[Subject];
  readonly isPast: (facts: CareFacts[Subject], resource: Fields) => boolean;
}

const kinds: { readonly [Subject in CareSubject]: Kind<Subject> } = {
  problems: {
    select: ({ type, resource }) => type === 'Condition' && isListed(resource),
    facts: conditionFacts,
    isPast: ({ clinicalStatus, verification }) =>
      verification === 'refuted' || ['inactive', 'remission', 'resolved'].includes(clinicalStatus ?? ''),
  },
  allergies: {
    select: ({ type, resource }) => type === 'AllergyIntolerance' && !isNoneKnown(resource),
    facts: allergyFacts,
    isPast: ({ isOver, verification }) => isOver === true || verification === 'refuted',
  },
  treatments: {
    select: ({ type }) => type === 'MedicationStatement' || type === 'MedicationRequest',
    facts: treatmentFacts,
    isPast: (_, resource) => textAt(resource, 'status') !== 'active',
  },
  vaccines: {
    select: ({ type }) => type === 'Immunization',
    facts: vaccineFacts,
    isPast: ({ notDone }) => notDone !== undefined,
  },
  family: {
    select: ({ type }) => type === 'FamilyMemberHistory',
    facts: familyFacts,
    isPast: () => false,
  },
  social: {
    select: ({ type, resource }) => type === 'Observation' && isSocialHistory(resource),
    facts: socialFacts,
    isPast: () => false,
  },
  ald: {
    select: ({ type }) => type === 'Flag',
    facts: aldFacts,
    isPast: ({ isOver = false }) => isOver,
  },
  consents: {
    select: ({ type }) => type === 'Consent',
    facts: consentFacts,
    isPast: ({ withdrawn }) => withdrawn !== undefined,
  },
  information: {
    select: ({ type, resource }) => type === 'Communication' && isInformation(resource),
    facts: informationFacts,
    isPast: () => false,
  },
  coverage: {
    select: ({ type }) => type === 'Coverage',
    facts: coverageFacts,
    isPast: ({ isOver = false }) => isOver,
  },
};

/** Lists that whoever reads the directory reads, files that are closed to them too. */
export const administrativeSubjects: ReadonlySet<CareSubject> = new Set(['coverage']);

/** One list of a file, as its sheet shows it: what runs first, newest first. */
export function careList<Subject extends CareSubject>(file: PatientFile, subject: Subject): CareList<Subject> {
  const kind: Kind<Subject> = kinds[subject];
  const reads = file.records.flatMap((record) => readRecord(record) ?? []);
  const selected = subject === 'vaccines' ? dosesOf(reads) : reads.filter(kind.select);
  const items = selected.map((read): CareItem<Subject> => {
    const facts = kind.facts(read.resource);
    return {
      recordId: read.id,
      facts,
      versions: read.record.versions.map(({ version }) => version),
      isPast: kind.isPast(facts, read.resource),
      isOrder: read.type === 'MedicationRequest',
      also: [],
      author: read.record.versions.at(-1)?.authorName ?? null,
      isConflict: read.record.isConflict,
      day: read.day || dayOf(textAt(read.resource, 'recorded')),
    };
  });
  items.sort((left, right) => Number(left.isPast) - Number(right.isPast) || (left.day < right.day ? 1 : -1));
  return {
    items: subject === 'treatments' ? gatherOrders(items) : items,
    isComplete: file.isComplete,
    isHidden: !(file.canReadClinical || administrativeSubjects.has(subject)),
    isNoneKnown:
      subject === 'allergies' &&
      reads.some(({ type, resource }) => type === 'AllergyIntolerance' && isStandingNoneKnown(resource)),
  };
}

/**
 * One line for the prescriptions of one medicine that run, the newest. Those of a cold, years ago, are in the timeline;
 * what was stopped here, with its reason, stays in sight.
 */
function gatherOrders<Subject extends CareSubject>(items: readonly CareItem<Subject>[]): CareItem<Subject>[] {
  const running = Map.groupBy(
    items.filter(({ isOrder, isPast }) => isOrder && !isPast),
    ({ facts }) => ('medicine' in facts ? facts.medicine : ''),
  );
  return items.flatMap((item): CareItem<Subject>[] => {
    if (!item.isOrder) return [item];
    if (item.isPast) return 'reason' in item.facts && item.facts.reason !== undefined ? [item] : [];
    const same = running.get('medicine' in item.facts ? item.facts.medicine : '') ?? [];
    return same[0] === item ? [{ ...item, also: same.slice(1) }] : [];
  });
}

/** A problem of the list: said so, or said by nobody to be of one encounter. */
function isListed(resource: Fields): boolean {
  const categories = itemsAt(resource, 'category').flatMap(codesOf);
  const encounter = textAt(resource, 'encounter.reference');
  return categories.includes('problem-list-item') || (categories.length === 0 && encounter === '');
}

/** The record that says "none known", if one stands. */
export function noneKnownRecords(file: PatientFile): Read[] {
  return file.records
    .flatMap((record) => readRecord(record) ?? [])
    .filter(({ type, resource }) => type === 'AllergyIntolerance' && isStandingNoneKnown(resource));
}
