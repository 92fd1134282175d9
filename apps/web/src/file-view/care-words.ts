import { aldFacts } from '@serment/records/fhir/ald';
import { allergyFacts } from '@serment/records/fhir/allergy';
import { conditionFacts } from '@serment/records/fhir/condition';
import { consentFacts } from '@serment/records/fhir/consent';
import { coverageFacts } from '@serment/records/fhir/coverage';
import { informationFacts, isInformation } from '@serment/records/fhir/information';
import { treatmentFacts } from '@serment/records/fhir/treatment';
import { conceptText, dateText, elementAt, type Fields, textAt } from '@serment/records/page/element-text';
import { doseDetails, familyLines, mainWords, socialLine, type ToldLine } from '@serment/records/page/resource-words';
import {
  aldDetails,
  aldLine,
  consentLine,
  coverageDetails,
  coverageLine,
  informationLine,
} from '@serment/records/page/rights-words';
import type { Language } from '../i18n/language.ts';
import { todayHere } from './care.ts';
import { words } from './words.ts';

/**
 * A line of a list in full, so that two versions of it that differ read differently; '' for a type that is in no list.
 */
export function careWords(resource: Fields, language: Language): string {
  const told = wordsOf[textAt(resource, 'resourceType')]?.(resource, language) ?? [];
  return told.filter((part) => part !== undefined && part !== '').join(', ');
}

type Words = (resource: Fields, language: Language) => readonly (string | undefined)[];

const wordsOf: Readonly<Record<string, Words>> = {
  Condition: (resource, language) => {
    const { diagnosis, clinicalStatus = 'active', verification, onset, abatement, note } = conditionFacts(resource);
    const { problems } = words[language].care;
    return [
      diagnosis.text,
      diagnosis.code ?? '',
      spanWords(onset, abatement, language),
      problems.status[clinicalStatus],
      verification === undefined || verification === 'confirmed' ? '' : problems.verification[verification],
      note,
    ];
  },
  AllergyIntolerance: (resource, language) => {
    const { substance, reaction, severity, criticality, verification, onset, note } = allergyFacts(resource);
    const { allergies } = words[language].care;
    return [
      substance,
      reaction,
      severity === undefined ? '' : allergies.severity[severity],
      criticality === undefined ? '' : allergies.criticality[criticality],
      verification === undefined || verification === 'confirmed' ? '' : allergies.verification[verification],
      dateText(onset ?? '', language),
      note,
    ];
  },
  MedicationStatement: treatmentWords,
  MedicationRequest: treatmentWords,
  Immunization: (resource, language) => [
    mainWords(resource),
    dateText(textAt(resource, 'occurrenceDateTime'), language) || textAt(resource, 'occurrenceString'),
    textAt(resource, 'status') === 'not-done' ? words[language].file.notDone : '',
    conceptText(elementAt(resource, 'statusReason')),
    ...doseDetails(resource, language),
    textAt(resource, 'note.text'),
  ],
  FamilyMemberHistory: (resource, language) => [
    ...familyLines(resource, language).flatMap(({ label, detail }) => [label, detail]),
    textAt(resource, 'note.text'),
  ],
  Flag: (resource, language) => {
    const facts = aldFacts(resource);
    const today = todayHere();
    return [aldLine(facts, today, language).label, ...aldDetails(facts, today, language)];
  },
  Coverage: (resource, language) => {
    const facts = coverageFacts(resource);
    const today = todayHere();
    return [coverageLine(facts, today, language).label, ...coverageDetails(facts, today, language)];
  },
  Consent: (resource, language) => toldWords(consentLine(consentFacts(resource), language)),
  Communication: (resource, language) =>
    isInformation(resource) ? toldWords(informationLine(informationFacts(resource), language)) : [],
  Observation: (resource, language) => {
    const { label, detail } = socialLine(resource, language);
    return [label, detail];
  },
};

function toldWords({ label, detail }: ToldLine): readonly string[] {
  return [label, detail];
}

/** `2019 – 2021`, or the one of them that is told; once where both are the same. */
function spanWords(from: string | undefined, to: string | undefined, language: Language): string {
  const told = [from, to].map((day) => dateText(day ?? '', language)).filter(Boolean);
  return [...new Set(told)].join(' – ');
}

function treatmentWords(resource: Fields, language: Language): readonly (string | undefined)[] {
  const { medicine, dosage, since, until, reason, note } = treatmentFacts(resource);
  const { treatments } = words[language].care;
  const isActive = textAt(resource, 'status') === 'active';
  return [medicine, dosage, spanWords(since, until, language), isActive ? '' : treatments.stopped, reason, note];
}
