import { z } from 'zod';
import {
  attachment,
  base,
  codeableConcept,
  coding,
  concepts,
  date,
  dateTime,
  humanName,
  identifier,
  instant,
  notes,
  period,
  quantity,
  range,
  reference,
  references,
  text,
} from './element.ts';

const dosage = z.strictObject({
  sequence: z.int().optional(),
  text: text.optional(),
  patientInstruction: text.optional(),
  asNeededBoolean: z.boolean().optional(),
  route: codeableConcept.optional(),
  timing: z.strictObject({ code: codeableConcept.optional(), event: z.array(dateTime).min(1).optional() }).optional(),
  doseAndRate: z
    .array(z.strictObject({ doseQuantity: quantity.optional(), doseRange: range.optional() }))
    .min(1)
    .optional(),
});

export const encounterSchema = z.strictObject({
  resourceType: z.literal('Encounter'),
  ...base,
  status: z.enum([
    'planned',
    'arrived',
    'triaged',
    'in-progress',
    'onleave',
    'finished',
    'cancelled',
    'entered-in-error',
  ]),
  class: coding,
  type: concepts.optional(),
  subject: reference,
  participant: z
    .array(z.strictObject({ type: concepts.optional(), individual: reference.optional(), period: period.optional() }))
    .min(1)
    .optional(),
  appointment: references.optional(),
  period: period.optional(),
  reasonCode: concepts.optional(),
  reasonReference: references.optional(),
  location: z
    .array(z.strictObject({ location: reference }))
    .min(1)
    .optional(),
  serviceProvider: reference.optional(),
});

const measured = {
  valueQuantity: quantity.optional(),
  valueCodeableConcept: codeableConcept.optional(),
  valueString: text.optional(),
  valueBoolean: z.boolean().optional(),
  valueInteger: z.int().optional(),
  valueDateTime: dateTime.optional(),
  dataAbsentReason: codeableConcept.optional(),
  interpretation: concepts.optional(),
  referenceRange: z
    .array(z.strictObject({ low: quantity.optional(), high: quantity.optional(), text: text.optional() }))
    .min(1)
    .optional(),
};

export const observationSchema = z.strictObject({
  resourceType: z.literal('Observation'),
  ...base,
  basedOn: references.optional(),
  status: z.enum([
    'registered',
    'preliminary',
    'final',
    'amended',
    'corrected',
    'cancelled',
    'entered-in-error',
    'unknown',
  ]),
  category: concepts.optional(),
  code: codeableConcept,
  subject: reference,
  encounter: reference.optional(),
  effectiveDateTime: dateTime.optional(),
  effectivePeriod: period.optional(),
  issued: instant.optional(),
  performer: references.optional(),
  ...measured,
  note: notes.optional(),
  bodySite: codeableConcept.optional(),
  method: codeableConcept.optional(),
  hasMember: references.optional(),
  derivedFrom: references.optional(),
  component: z
    .array(z.strictObject({ code: codeableConcept, ...measured }))
    .min(1)
    .optional(),
});

export const conditionSchema = z.strictObject({
  resourceType: z.literal('Condition'),
  ...base,
  clinicalStatus: codeableConcept.optional(),
  verificationStatus: codeableConcept.optional(),
  category: concepts.optional(),
  severity: codeableConcept.optional(),
  code: codeableConcept,
  bodySite: concepts.optional(),
  subject: reference,
  encounter: reference.optional(),
  onsetDateTime: dateTime.optional(),
  onsetString: text.optional(),
  abatementDateTime: dateTime.optional(),
  abatementString: text.optional(),
  recordedDate: dateTime.optional(),
  recorder: reference.optional(),
  asserter: reference.optional(),
  note: notes.optional(),
});

export const medicationRequestSchema = z.strictObject({
  resourceType: z.literal('MedicationRequest'),
  ...base,
  status: z.enum(['active', 'on-hold', 'cancelled', 'completed', 'entered-in-error', 'stopped', 'draft', 'unknown']),
  statusReason: codeableConcept.optional(),
  intent: z.enum([
    'proposal',
    'plan',
    'order',
    'original-order',
    'reflex-order',
    'filler-order',
    'instance-order',
    'option',
  ]),
  category: concepts.optional(),
  medicationCodeableConcept: codeableConcept,
  subject: reference,
  encounter: reference.optional(),
  authoredOn: dateTime.optional(),
  requester: reference.optional(),
  reasonCode: concepts.optional(),
  reasonReference: references.optional(),
  groupIdentifier: z.strictObject({ system: z.string().optional(), value: text }).optional(),
  courseOfTherapyType: codeableConcept.optional(),
  note: notes.optional(),
  dosageInstruction: z.array(dosage).min(1).optional(),
  dispenseRequest: z
    .strictObject({
      validityPeriod: period.optional(),
      numberOfRepeatsAllowed: z.int().nonnegative().optional(),
      quantity: quantity.optional(),
      expectedSupplyDuration: quantity.optional(),
    })
    .optional(),
  substitution: z.strictObject({ allowedBoolean: z.boolean(), reason: codeableConcept.optional() }).optional(),
  priorPrescription: reference.optional(),
});

export const immunizationSchema = z.strictObject({
  resourceType: z.literal('Immunization'),
  ...base,
  status: z.enum(['completed', 'entered-in-error', 'not-done']),
  statusReason: codeableConcept.optional(),
  vaccineCode: codeableConcept,
  patient: reference,
  encounter: reference.optional(),
  occurrenceDateTime: dateTime.optional(),
  occurrenceString: text.optional(),
  recorded: dateTime.optional(),
  primarySource: z.boolean().optional(),
  manufacturer: reference.optional(),
  lotNumber: text.optional(),
  expirationDate: date.optional(),
  site: codeableConcept.optional(),
  route: codeableConcept.optional(),
  doseQuantity: quantity.optional(),
  performer: z
    .array(z.strictObject({ function: codeableConcept.optional(), actor: reference }))
    .min(1)
    .optional(),
  note: notes.optional(),
  protocolApplied: z
    .array(
      z.strictObject({
        series: text.optional(),
        targetDisease: concepts.optional(),
        doseNumberPositiveInt: z.int().positive().optional(),
        doseNumberString: text.optional(),
        seriesDosesPositiveInt: z.int().positive().optional(),
      }),
    )
    .min(1)
    .optional(),
});

export const procedureSchema = z.strictObject({
  resourceType: z.literal('Procedure'),
  ...base,
  status: z.enum([
    'preparation',
    'in-progress',
    'not-done',
    'on-hold',
    'stopped',
    'completed',
    'entered-in-error',
    'unknown',
  ]),
  statusReason: codeableConcept.optional(),
  category: codeableConcept.optional(),
  code: codeableConcept,
  subject: reference,
  encounter: reference.optional(),
  performedDateTime: dateTime.optional(),
  performedPeriod: period.optional(),
  performedString: text.optional(),
  recorder: reference.optional(),
  performer: z
    .array(z.strictObject({ function: codeableConcept.optional(), actor: reference }))
    .min(1)
    .optional(),
  reasonCode: concepts.optional(),
  reasonReference: references.optional(),
  bodySite: concepts.optional(),
  outcome: codeableConcept.optional(),
  note: notes.optional(),
});

/** An identity as a sender wrote it: no patient of the practice. */
export const receivedPatientSchema = z.strictObject({
  resourceType: z.literal('Patient'),
  id: z.literal('patient'),
  identifier: z.array(identifier).min(1).optional(),
  name: z.array(humanName).min(1),
  gender: z.enum(['male', 'female']).optional(),
  birthDate: date.optional(),
});

export const documentReferenceSchema = z.strictObject({
  resourceType: z.literal('DocumentReference'),
  ...base,
  contained: z.tuple([receivedPatientSchema]).optional(),
  status: z.enum(['current', 'superseded', 'entered-in-error']),
  docStatus: z.enum(['preliminary', 'final', 'amended', 'entered-in-error']).optional(),
  type: codeableConcept.optional(),
  category: concepts.optional(),
  subject: reference.optional(),
  date: instant.optional(),
  author: references.optional(),
  custodian: reference.optional(),
  description: text.optional(),
  relatesTo: z
    .array(z.strictObject({ code: z.enum(['replaces', 'transforms', 'signs', 'appends']), target: reference }))
    .min(1)
    .optional(),
  securityLabel: concepts.optional(),
  content: z.array(z.strictObject({ attachment, format: coding.optional() })).min(1),
  context: z
    .strictObject({
      encounter: references.optional(),
      event: concepts.optional(),
      period: period.optional(),
      related: references.optional(),
    })
    .optional(),
});

export type Encounter = z.infer<typeof encounterSchema>;
export type Observation = z.infer<typeof observationSchema>;
export type Condition = z.infer<typeof conditionSchema>;
export type MedicationRequest = z.infer<typeof medicationRequestSchema>;
export type Immunization = z.infer<typeof immunizationSchema>;
export type Procedure = z.infer<typeof procedureSchema>;
export type DocumentReference = z.infer<typeof documentReferenceSchema>;
