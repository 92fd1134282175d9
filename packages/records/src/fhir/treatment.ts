import { z } from 'zod/mini';
import type { JsonObject } from '../json-text.ts';
import { codeIn, conceptText, elementAt, type Fields, textAt } from '../page/element-text.ts';
import { changedResource } from './change.ts';
import { codeSystems } from './coding-system.ts';
import {
  base,
  codeableConcept,
  concepts,
  dateTime,
  notes,
  oneOrMore,
  period,
  reference,
  references,
  text,
} from './element.ts';
import { checkResource } from './own-resource.ts';

/**
 * A treatment that goes on, as somebody said it. A prescription is a MedicationRequest: what a doctor notes of a treatment
 * that another doctor gave, or that the patient takes, orders nothing, and the timeline must not show it as an order.
 */
export const medicationStatementSchema = z.strictObject({
  resourceType: z.literal('MedicationStatement'),
  ...base,
  status: z.enum(['active', 'completed', 'entered-in-error', 'intended', 'stopped', 'on-hold', 'unknown', 'not-taken']),
  statusReason: z.optional(concepts),
  medicationCodeableConcept: codeableConcept,
  subject: reference,
  context: z.optional(reference),
  effectivePeriod: z.optional(period),
  dateAsserted: z.optional(dateTime),
  informationSource: z.optional(reference),
  derivedFrom: z.optional(references),
  reasonCode: z.optional(concepts),
  reasonReference: z.optional(references),
  note: z.optional(notes),
  dosage: z.optional(oneOrMore(z.strictObject({ text }))),
});

export type MedicationStatement = z.infer<typeof medicationStatementSchema>;

/** What is said of a treatment. */
export interface TreatmentFacts {
  readonly medicine: string;
  readonly atc?: string | undefined;
  /** Of the French public drug base. */
  readonly cis?: string | undefined;
  readonly dosage?: string | undefined;
  /** A day, a month or a year. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly status?: 'active' | 'stopped' | undefined;
  /** Why it was stopped. */
  readonly reason?: string | undefined;
  readonly note?: string | undefined;
}

export interface TreatmentSource {
  /** `Patient/…` */
  readonly patient: string;
  /** `Practitioner/…` who wrote it down. */
  readonly recorder: string;
  readonly recordedDate: string;
}

/** Throws RESOURCE_INVALID. */
export function newTreatment(id: string, source: TreatmentSource, facts: TreatmentFacts): MedicationStatement {
  return checkResource(medicationStatementSchema, {
    resourceType: 'MedicationStatement',
    id,
    subject: { reference: source.patient },
    dateAsserted: source.recordedDate,
    informationSource: { reference: source.recorder },
    ...elementsOf(facts),
  });
}

/** What a treatment, or a prescription that still runs, says as a form shows it. */
export function treatmentFacts(resource: Fields): TreatmentFacts {
  const medicine = elementAt(resource, 'medicationCodeableConcept');
  const status = textAt(resource, 'status');
  return {
    medicine: conceptText(medicine) || textAt(resource, 'medicationReference.display'),
    atc: codeIn(medicine, codeSystems.atc),
    cis: codeIn(medicine, codeSystems.cis),
    dosage: textAt(resource, 'dosage.text') || textAt(resource, 'dosageInstruction.text') || undefined,
    since: textAt(resource, 'effectivePeriod.start') || textAt(resource, 'effectiveDateTime') || undefined,
    until: textAt(resource, 'effectivePeriod.end') || undefined,
    status: status === 'stopped' || status === 'completed' ? 'stopped' : 'active',
    reason: conceptText(elementAt(resource, 'statusReason')) || undefined,
    note: textAt(resource, 'note.text') || undefined,
  };
}

/** A treatment with what a form changed of it. Throws RESOURCE_INVALID. */
export function changedTreatment(received: JsonObject, facts: TreatmentFacts): JsonObject {
  const elements = elementsOf(facts);
  checkResource(medicationStatementSchema, {
    resourceType: 'MedicationStatement',
    id: 'a',
    subject: {},
    ...elements,
  });
  return changedResource(received, elementsOf(treatmentFacts(received)), elements);
}

/** A prescription that runs no more, and why. Its own words stay as they were prescribed. */
export function stoppedPrescription(received: JsonObject, reason: string | undefined): JsonObject {
  return {
    ...received,
    status: 'stopped',
    ...(reason === undefined ? {} : { statusReason: { text: reason } }),
  };
}

function elementsOf(facts: TreatmentFacts) {
  const { medicine, atc, cis, dosage, since, until, status = 'active', reason, note } = facts;
  const coding = [
    ...(atc === undefined ? [] : [{ system: codeSystems.atc, code: atc }]),
    ...(cis === undefined ? [] : [{ system: codeSystems.cis, code: cis }]),
  ];
  const hasPeriod = since !== undefined || until !== undefined;
  return {
    status,
    ...(reason === undefined ? {} : { statusReason: [{ text: reason }] }),
    medicationCodeableConcept: { ...(coding.length === 0 ? {} : { coding }), text: medicine },
    ...(hasPeriod
      ? {
          effectivePeriod: {
            ...(since === undefined ? {} : { start: since }),
            ...(until === undefined ? {} : { end: until }),
          },
        }
      : {}),
    ...(note === undefined ? {} : { note: [{ text: note }] }),
    ...(dosage === undefined ? {} : { dosage: [{ text: dosage }] }),
  };
}
