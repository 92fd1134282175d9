import { z } from 'zod';
import { codeSystems } from './coding-system.ts';
import { base, codeableConcept, concepts, dateTime, notes, reference, text } from './element.ts';
import { checkResource } from './own-resource.ts';

export const allergyIntoleranceSchema = z.strictObject({
  resourceType: z.literal('AllergyIntolerance'),
  ...base,
  clinicalStatus: codeableConcept.optional(),
  verificationStatus: codeableConcept.optional(),
  type: z.enum(['allergy', 'intolerance']).optional(),
  category: z
    .array(z.enum(['food', 'medication', 'environment', 'biologic']))
    .min(1)
    .optional(),
  criticality: z.enum(['low', 'high', 'unable-to-assess']).optional(),
  code: codeableConcept,
  patient: reference,
  encounter: reference.optional(),
  onsetDateTime: dateTime.optional(),
  onsetString: text.optional(),
  recordedDate: dateTime.optional(),
  recorder: reference.optional(),
  asserter: reference.optional(),
  lastOccurrence: dateTime.optional(),
  note: notes.optional(),
  reaction: z
    .array(
      z.strictObject({
        substance: codeableConcept.optional(),
        manifestation: concepts,
        description: text.optional(),
        onset: dateTime.optional(),
        severity: z.enum(['mild', 'moderate', 'severe']).optional(),
      }),
    )
    .min(1)
    .optional(),
});

export type AllergyIntolerance = z.infer<typeof allergyIntoleranceSchema>;

export interface AllergyQuestion {
  /** `Patient/…` */
  readonly patient: string;
  /** `Practitioner/…` who asked. */
  readonly recorder: string;
  readonly recordedDate: string;
}

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
  return standing.some(isNoneKnown) ? 'none-known' : 'not-asked';
}

/** True for "no known allergies" said as a record, in the words of the International Patient Summary or of SNOMED CT. */
export function isNoneKnown(record: AllergyIntolerance): boolean {
  return codesOf(record.code).some((code) => code === 'no-known-allergies' || code === '716186003');
}

function codesOf(concept: AllergyIntolerance['code'] | undefined): string[] {
  return (concept?.coding ?? []).flatMap((coding) => (coding.code === undefined ? [] : [coding.code]));
}
