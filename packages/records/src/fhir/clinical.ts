import { z } from 'zod/mini';
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
  oneOrMore,
  period,
  quantity,
  range,
  reference,
  references,
  text,
} from './element.ts';

const dosage = z.strictObject({
  sequence: z.optional(z.int()),
  text: z.optional(text),
  patientInstruction: z.optional(text),
  asNeededBoolean: z.optional(z.boolean()),
  route: z.optional(codeableConcept),
  timing: z.optional(z.strictObject({ code: z.optional(codeableConcept), event: z.optional(oneOrMore(dateTime)) })),
  doseAndRate: z.optional(
    oneOrMore(z.strictObject({ doseQuantity: z.optional(quantity), doseRange: z.optional(range) })),
  ),
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
  type: z.optional(concepts),
  subject: reference,
  participant: z.optional(
    oneOrMore(
      z.strictObject({ type: z.optional(concepts), individual: z.optional(reference), period: z.optional(period) }),
    ),
  ),
  appointment: z.optional(references),
  period: z.optional(period),
  reasonCode: z.optional(concepts),
  reasonReference: z.optional(references),
  location: z.optional(oneOrMore(z.strictObject({ location: reference }))),
  serviceProvider: z.optional(reference),
});

const measured = {
  valueQuantity: z.optional(quantity),
  valueCodeableConcept: z.optional(codeableConcept),
  valueString: z.optional(text),
  valueBoolean: z.optional(z.boolean()),
  valueInteger: z.optional(z.int()),
  valueDateTime: z.optional(dateTime),
  dataAbsentReason: z.optional(codeableConcept),
  interpretation: z.optional(concepts),
  referenceRange: z.optional(
    oneOrMore(z.strictObject({ low: z.optional(quantity), high: z.optional(quantity), text: z.optional(text) })),
  ),
};

export const observationSchema = z.strictObject({
  resourceType: z.literal('Observation'),
  ...base,
  basedOn: z.optional(references),
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
  category: z.optional(concepts),
  code: codeableConcept,
  subject: reference,
  encounter: z.optional(reference),
  effectiveDateTime: z.optional(dateTime),
  effectivePeriod: z.optional(period),
  issued: z.optional(instant),
  performer: z.optional(references),
  ...measured,
  note: z.optional(notes),
  bodySite: z.optional(codeableConcept),
  method: z.optional(codeableConcept),
  hasMember: z.optional(references),
  derivedFrom: z.optional(references),
  component: z.optional(oneOrMore(z.strictObject({ code: codeableConcept, ...measured }))),
});

export const conditionSchema = z.strictObject({
  resourceType: z.literal('Condition'),
  ...base,
  clinicalStatus: z.optional(codeableConcept),
  verificationStatus: z.optional(codeableConcept),
  category: z.optional(concepts),
  severity: z.optional(codeableConcept),
  code: codeableConcept,
  bodySite: z.optional(concepts),
  subject: reference,
  encounter: z.optional(reference),
  onsetDateTime: z.optional(dateTime),
  onsetString: z.optional(text),
  abatementDateTime: z.optional(dateTime),
  abatementString: z.optional(text),
  recordedDate: z.optional(dateTime),
  recorder: z.optional(reference),
  asserter: z.optional(reference),
  note: z.optional(notes),
});

export const medicationRequestSchema = z.strictObject({
  resourceType: z.literal('MedicationRequest'),
  ...base,
  status: z.enum(['active', 'on-hold', 'cancelled', 'completed', 'entered-in-error', 'stopped', 'draft', 'unknown']),
  statusReason: z.optional(codeableConcept),
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
  category: z.optional(concepts),
  medicationCodeableConcept: codeableConcept,
  subject: reference,
  encounter: z.optional(reference),
  authoredOn: z.optional(dateTime),
  requester: z.optional(reference),
  reasonCode: z.optional(concepts),
  reasonReference: z.optional(references),
  groupIdentifier: z.optional(z.strictObject({ system: z.optional(z.string()), value: text })),
  courseOfTherapyType: z.optional(codeableConcept),
  note: z.optional(notes),
  dosageInstruction: z.optional(oneOrMore(dosage)),
  dispenseRequest: z.optional(
    z.strictObject({
      validityPeriod: z.optional(period),
      numberOfRepeatsAllowed: z.optional(z.int().check(z.nonnegative())),
      quantity: z.optional(quantity),
      expectedSupplyDuration: z.optional(quantity),
    }),
  ),
  substitution: z.optional(z.strictObject({ allowedBoolean: z.boolean(), reason: z.optional(codeableConcept) })),
  priorPrescription: z.optional(reference),
});

export const immunizationSchema = z.strictObject({
  resourceType: z.literal('Immunization'),
  ...base,
  status: z.enum(['completed', 'entered-in-error', 'not-done']),
  statusReason: z.optional(codeableConcept),
  vaccineCode: codeableConcept,
  patient: reference,
  encounter: z.optional(reference),
  occurrenceDateTime: z.optional(dateTime),
  occurrenceString: z.optional(text),
  recorded: z.optional(dateTime),
  primarySource: z.optional(z.boolean()),
  manufacturer: z.optional(reference),
  lotNumber: z.optional(text),
  expirationDate: z.optional(date),
  site: z.optional(codeableConcept),
  route: z.optional(codeableConcept),
  doseQuantity: z.optional(quantity),
  performer: z.optional(oneOrMore(z.strictObject({ function: z.optional(codeableConcept), actor: reference }))),
  note: z.optional(notes),
  protocolApplied: z.optional(
    oneOrMore(
      z.strictObject({
        series: z.optional(text),
        targetDisease: z.optional(concepts),
        doseNumberPositiveInt: z.optional(z.int().check(z.positive())),
        doseNumberString: z.optional(text),
        seriesDosesPositiveInt: z.optional(z.int().check(z.positive())),
      }),
    ),
  ),
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
  statusReason: z.optional(codeableConcept),
  category: z.optional(codeableConcept),
  code: codeableConcept,
  subject: reference,
  encounter: z.optional(reference),
  performedDateTime: z.optional(dateTime),
  performedPeriod: z.optional(period),
  performedString: z.optional(text),
  recorder: z.optional(reference),
  performer: z.optional(oneOrMore(z.strictObject({ function: z.optional(codeableConcept), actor: reference }))),
  reasonCode: z.optional(concepts),
  reasonReference: z.optional(references),
  bodySite: z.optional(concepts),
  outcome: z.optional(codeableConcept),
  note: z.optional(notes),
});

/** An identity as a sender wrote it: no patient of the practice. */
export const receivedPatientSchema = z.strictObject({
  resourceType: z.literal('Patient'),
  id: z.literal('patient'),
  identifier: z.optional(oneOrMore(identifier)),
  name: oneOrMore(humanName),
  gender: z.optional(z.enum(['male', 'female'])),
  birthDate: z.optional(date),
});

export const documentReferenceSchema = z.strictObject({
  resourceType: z.literal('DocumentReference'),
  ...base,
  contained: z.optional(z.tuple([receivedPatientSchema])),
  status: z.enum(['current', 'superseded', 'entered-in-error']),
  docStatus: z.optional(z.enum(['preliminary', 'final', 'amended', 'entered-in-error'])),
  type: z.optional(codeableConcept),
  category: z.optional(concepts),
  subject: z.optional(reference),
  date: z.optional(instant),
  author: z.optional(references),
  custodian: z.optional(reference),
  description: z.optional(text),
  relatesTo: z.optional(
    oneOrMore(z.strictObject({ code: z.enum(['replaces', 'transforms', 'signs', 'appends']), target: reference })),
  ),
  securityLabel: z.optional(concepts),
  content: oneOrMore(z.strictObject({ attachment, format: z.optional(coding) })),
  context: z.optional(
    z.strictObject({
      encounter: z.optional(references),
      event: z.optional(concepts),
      period: z.optional(period),
      related: z.optional(references),
    }),
  ),
});

export type Encounter = z.infer<typeof encounterSchema>;
export type Observation = z.infer<typeof observationSchema>;
export type Condition = z.infer<typeof conditionSchema>;
export type MedicationRequest = z.infer<typeof medicationRequestSchema>;
export type Immunization = z.infer<typeof immunizationSchema>;
export type Procedure = z.infer<typeof procedureSchema>;
export type DocumentReference = z.infer<typeof documentReferenceSchema>;
