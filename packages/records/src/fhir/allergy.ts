import { z } from 'zod/mini';
import type { JsonObject } from '../json-text.ts';
import { codeIn, codesOf, conceptText, elementAt, type Fields, textAt } from '../page/element-text.ts';
import { changedResource } from './change.ts';
import { codeSystems } from './coding-system.ts';
import { base, codeableConcept, concepts, dateTime, notes, oneOrMore, reference, text } from './element.ts';
import { checkResource } from './own-resource.ts';

export const allergyIntoleranceSchema = z.strictObject({
  resourceType: z.literal('AllergyIntolerance'),
  ...base,
  clinicalStatus: z.optional(codeableConcept),
  verificationStatus: z.optional(codeableConcept),
  type: z.optional(z.enum(['allergy', 'intolerance'])),
  category: z.optional(oneOrMore(z.enum(['food', 'medication', 'environment', 'biologic']))),
  criticality: z.optional(z.enum(['low', 'high', 'unable-to-assess'])),
  code: codeableConcept,
  patient: reference,
  encounter: z.optional(reference),
  onsetDateTime: z.optional(dateTime),
  onsetString: z.optional(text),
  recordedDate: z.optional(dateTime),
  recorder: z.optional(reference),
  asserter: z.optional(reference),
  lastOccurrence: z.optional(dateTime),
  note: z.optional(notes),
  reaction: z.optional(
    oneOrMore(
      z.strictObject({
        substance: z.optional(codeableConcept),
        manifestation: concepts,
        description: z.optional(text),
        onset: z.optional(dateTime),
        severity: z.optional(z.enum(['mild', 'moderate', 'severe'])),
      }),
    ),
  ),
});

export type AllergyIntolerance = z.infer<typeof allergyIntoleranceSchema>;

export interface AllergyQuestion {
  /** `Patient/…` */
  readonly patient: string;
  /** `Practitioner/…` who asked. */
  readonly recorder: string;
  readonly recordedDate: string;
}

/** What is said of an allergy or an intolerance. */
export interface AllergyFacts {
  readonly substance: string;
  /** Of a drug, when it is known. */
  readonly atc?: string | undefined;
  readonly category?: AllergyCategory | undefined;
  /** What happened, in words. */
  readonly reaction?: string | undefined;
  readonly severity?: 'mild' | 'moderate' | 'severe' | undefined;
  /** How bad it may be next time. */
  readonly criticality?: 'low' | 'high' | 'unable-to-assess' | undefined;
  readonly verification?: 'unconfirmed' | 'confirmed' | 'refuted' | undefined;
  readonly isOver?: boolean | undefined;
  /** A day, a month or a year. */
  readonly onset?: string | undefined;
  readonly note?: string | undefined;
}

export type AllergyCategory = 'food' | 'medication' | 'environment' | 'biologic';

/** Throws RESOURCE_INVALID. */
export function newAllergy(id: string, question: AllergyQuestion, facts: AllergyFacts): AllergyIntolerance {
  return checkResource(allergyIntoleranceSchema, {
    resourceType: 'AllergyIntolerance',
    id,
    patient: { reference: question.patient },
    recordedDate: question.recordedDate,
    recorder: { reference: question.recorder },
    ...elementsOf(facts),
  });
}

/** What an allergy of whatever origin says, as a form shows it. */
export function allergyFacts(resource: Fields): AllergyFacts {
  const [severity, criticality] = [textAt(resource, 'reaction.severity'), textAt(resource, 'criticality')];
  const verification = codesOf(elementAt(resource, 'verificationStatus'))[0];
  return {
    substance: conceptText(elementAt(resource, 'code')) || conceptText(elementAt(resource, 'reaction.substance')),
    atc: codeIn(elementAt(resource, 'code'), codeSystems.atc),
    category: categories.find((known) => known === textAt(resource, 'category')),
    reaction: conceptText(elementAt(resource, 'reaction.manifestation')) || undefined,
    severity: severities.find((known) => known === severity),
    criticality: criticalities.find((known) => known === criticality),
    verification: verifications.find((known) => known === verification),
    isOver: codesOf(elementAt(resource, 'clinicalStatus')).some((code) => overStatuses.has(code)),
    onset: textAt(resource, 'onsetDateTime') || undefined,
    note: textAt(resource, 'note.text') || undefined,
  };
}

/** An allergy with what a form changed of it. Throws RESOURCE_INVALID. */
export function changedAllergy(received: JsonObject, facts: AllergyFacts): JsonObject {
  const elements = elementsOf(facts);
  checkResource(allergyIntoleranceSchema, { resourceType: 'AllergyIntolerance', id: 'a', patient: {}, ...elements });
  return changedResource(received, elementsOf(allergyFacts(received)), elements);
}

/** "None known" as it stands once an allergy was found: it was true when it was asked, and answers no more. */
export function endedNoneKnown(received: JsonObject): JsonObject {
  return { ...received, clinicalStatus: { coding: [{ system: codeSystems.allergyClinical, code: 'inactive' }] } };
}

function elementsOf(facts: AllergyFacts) {
  const { substance, atc, category, reaction, severity, criticality, verification = 'confirmed' } = facts;
  const { isOver = false, onset, note } = facts;
  const status = isOver ? 'resolved' : 'active';
  const hasReaction = reaction !== undefined || severity !== undefined;
  return {
    clinicalStatus: { coding: [{ system: codeSystems.allergyClinical, code: status }] },
    verificationStatus: { coding: [{ system: codeSystems.allergyVerification, code: verification }] },
    ...(category === undefined ? {} : { category: [category] }),
    ...(criticality === undefined ? {} : { criticality }),
    code: { ...(atc === undefined ? {} : { coding: [{ system: codeSystems.atc, code: atc }] }), text: substance },
    ...(onset === undefined ? {} : { onsetDateTime: onset }),
    ...(note === undefined ? {} : { note: [{ text: note }] }),
    ...(hasReaction
      ? {
          reaction: [
            // FHIR wants a manifestation: a severity alone is of a reaction that nobody told.
            {
              manifestation: [{ text: reaction ?? 'Réaction non précisée' }],
              ...(severity === undefined ? {} : { severity }),
            },
          ],
        }
      : {}),
  };
}

const categories = ['food', 'medication', 'environment', 'biologic'] as const;
const severities = ['mild', 'moderate', 'severe'] as const;
const criticalities = ['low', 'high', 'unable-to-assess'] as const;
const verifications = ['unconfirmed', 'confirmed', 'refuted'] as const;
const overStatuses = new Set(['resolved', 'inactive']);

/** The record that somebody asked and there is no known allergy. Throws RESOURCE_INVALID. */
export function noKnownAllergy(id: string, question: AllergyQuestion): AllergyIntolerance {
  return checkResource(allergyIntoleranceSchema, {
    resourceType: 'AllergyIntolerance',
    id,
    clinicalStatus: { coding: [{ system: codeSystems.allergyClinical, code: 'active' }] },
    verificationStatus: { coding: [{ system: codeSystems.allergyVerification, code: 'confirmed' }] },
    code: { coding: [{ system: codeSystems.absentOrUnknown, code: 'no-known-allergies' }] },
    patient: { reference: question.patient },
    recordedDate: question.recordedDate,
    recorder: { reference: question.recorder },
  });
}

/** `not-asked` is the absence of any record, which is never to be read as "none". */
export type AllergyAnswer = 'not-asked' | 'none-known' | 'some';

const retracted = new Set(['refuted', 'entered-in-error']);

/** What the active records of one patient say, all of them loaded. An allergy outweighs an older "none known". */
export function allergyAnswer(records: readonly AllergyIntolerance[]): AllergyAnswer {
  const standing = records.filter((record) => !codesOf(record.verificationStatus).some((code) => retracted.has(code)));
  if (standing.some((record) => !(isNoneKnown(record) || codesOf(record.clinicalStatus).includes('resolved'))))
    return 'some';
  return standing.some(isStandingNoneKnown) ? 'none-known' : 'not-asked';
}

/** True for "no known allergies" said as a record, in the words of the International Patient Summary or of SNOMED CT. */
export function isNoneKnown(record: Fields): boolean {
  return codesOf(elementAt(record, 'code')).some((code) => code === 'no-known-allergies' || code === '716186003');
}

/** True for "no known allergies" that no allergy found since has ended. */
export function isStandingNoneKnown(record: Fields): boolean {
  return isNoneKnown(record) && !codesOf(elementAt(record, 'clinicalStatus')).some((code) => overStatuses.has(code));
}
