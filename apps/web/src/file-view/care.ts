import { type ConsentFacts, consentFacts } from '@serment/records/fhir/consent';
import { coverageFacts } from '@serment/records/fhir/coverage';
import { informationFacts, isInformation } from '@serment/records/fhir/information';
import { isSocialHistory } from '@serment/records/fhir/social-history';
import { dateText, textAt } from '@serment/records/page/element-text';
import { familyLines, mainWords, newestOfEach, socialLine } from '@serment/records/page/resource-words';
import { consentLine, coverageLine, informationLine, type WarnedLine } from '@serment/records/page/rights-words';
import { type VaccinationPlan, vaccinationPlan } from '@serment/records/vaccination/due-doses';
import { schedule2025 } from '@serment/records/vaccination/schedule-2025';
import type { Read, ReadingContext } from './reading.ts';
import type { Line } from './view.ts';

/** What the margin says beside problems, treatments and allergies. */
export interface CareView {
  readonly family: readonly Line[];
  readonly social: readonly Line[];
  /** Newest first. */
  readonly vaccines: readonly Line[];
  /** Who pays, as it stands: what was said to be over is left out. */
  readonly coverage: readonly WarnedLine[];
  /** What was said last of each thing that is consented to. */
  readonly consents: readonly (Line & { readonly isOver: boolean })[];
  /** What the patient was informed of, newest first. */
  readonly information: readonly Line[];
  /** Null when nothing can be said: the file is not whole, or the birth date is not. */
  readonly plan: VaccinationPlan | null;
}

export interface CareMoment {
  readonly birthDate: string | null;
  /** False while something of the file is missing: no plan then. */
  readonly isWhole: boolean;
  /** `2026-11-23` */
  readonly today: string;
}

export function careOf(reads: readonly Read[], context: ReadingContext, moment: CareMoment): CareView {
  const { language } = context;
  const social = newestOfEach(
    reads.filter(({ type, resource }) => type === 'Observation' && isSocialHistory(resource)),
  );
  return {
    family: reads
      .filter(({ type }) => type === 'FamilyMemberHistory')
      .flatMap(({ resource }) => familyLines(resource, language)),
    social: social.map(({ resource }) => socialLine(resource, language)),
    vaccines: dosesOf(reads)
      .filter(({ resource }) => textAt(resource, 'status') !== 'not-done')
      .map(({ resource, day }) => ({
        label: mainWords(resource),
        detail: dateText(day, language) || textAt(resource, 'occurrenceString'),
      })),
    coverage: reads
      .filter(({ type }) => type === 'Coverage')
      .map(({ resource }) => coverageFacts(resource))
      .filter(({ isOver }) => isOver !== true)
      .map((facts) => coverageLine(facts, moment.today, language)),
    consents: consentsOf(reads, context),
    information: newestFirst(
      reads.filter(({ resource, type }) => type === 'Communication' && isInformation(resource)),
    ).map(({ resource }) => informationLine(informationFacts(resource), language)),
    plan: planOf(reads, moment),
  };
}

/** One line for each thing; several of no known kind are each their own. */
function consentsOf(reads: readonly Read[], { language }: ReadingContext): CareView['consents'] {
  const told = new Map<string, ConsentFacts>();
  for (const { resource } of newestFirst(reads.filter(({ type }) => type === 'Consent'))) {
    const facts = consentFacts(resource);
    const key = facts.kind === 'other' ? `other ${facts.label ?? facts.note ?? ''}` : facts.kind;
    if (!told.has(key)) told.set(key, facts);
  }
  return [...told.values()].map((facts) => ({
    ...consentLine(facts, language),
    isOver: facts.withdrawn !== undefined,
  }));
}

/** Of one day, what was written last. */
function newestFirst(reads: readonly Read[]): Read[] {
  return reads.toReversed().sort((left, right) => (left.day < right.day ? 1 : left.day > right.day ? -1 : 0));
}

/** The doses of a file, newest first; those without a day at the end. */
export function dosesOf(reads: readonly Read[]): Read[] {
  return reads
    .filter(({ type }) => type === 'Immunization')
    .map((read) => ({ ...read, day: textAt(read.resource, 'occurrenceDateTime').slice(0, 10) }))
    .sort((left, right) => (left.day < right.day ? 1 : left.day > right.day ? -1 : 0));
}

function planOf(reads: readonly Read[], { birthDate, isWhole, today }: CareMoment): VaccinationPlan | null {
  if (!isWhole || birthDate === null || !/^\d{4}-\d\d-\d\d$/.test(birthDate) || birthDate > today) return null;
  const immunizations = dosesOf(reads).map(({ resource }) => resource);
  return vaccinationPlan({ birthDate, immunizations }, today, schedule2025);
}

/** The day it is on this device's clock. */
export function todayHere(now = new Date()): string {
  const two = (count: number) => String(count).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
