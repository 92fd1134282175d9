import { z } from 'zod/mini';
import type { JsonObject } from '../json-text.ts';
import { codeIn, codesOf, conceptText, elementAt, type Fields, textAt } from '../page/element-text.ts';
import { changedResource } from './change.ts';
import { type Condition, conditionSchema } from './clinical.ts';
import { codeSystems } from './coding-system.ts';
import { checkResource } from './own-resource.ts';

/** A diagnosis as it was said: a code of CIM-10 that was chosen, or words alone. */
export interface Diagnosis {
  readonly code: string | null;
  readonly text: string;
}

/** A problem of the patient's list, or what one encounter found. */
export type ConditionCategory = 'problem-list-item' | 'encounter-diagnosis';
export type ClinicalStatus = 'active' | 'recurrence' | 'relapse' | 'inactive' | 'remission' | 'resolved';
export type Verification = 'unconfirmed' | 'provisional' | 'differential' | 'confirmed' | 'refuted';

/** What is said of a problem or a diagnosis. */
export interface ConditionFacts {
  readonly diagnosis: Diagnosis;
  readonly clinicalStatus?: ClinicalStatus | undefined;
  readonly verification?: Verification | undefined;
  /** A day, a month or a year: no more than what is known. */
  readonly onset?: string | undefined;
  /** As `onset`; only of what is over or for now without effect. */
  readonly abatement?: string | undefined;
  readonly note?: string | undefined;
}

export interface ConditionInput extends ConditionFacts {
  /** `Patient/…` */
  readonly patient: string;
  readonly category: ConditionCategory;
  /** `Encounter/…` */
  readonly encounter?: string | undefined;
  /** `Practitioner/…` */
  readonly recorder: string;
  /** Date and time with its offset. */
  readonly recordedDate: string;
}

/**
 * A problem or a diagnosis, as a Condition. Throws RESOURCE_INVALID, also for an end of what still goes on (con-4 of
 * FHIR R4).
 */
export function newCondition(id: string, input: ConditionInput): Condition {
  const { encounter } = input;
  return checkResource(endedSchema, {
    resourceType: 'Condition',
    id,
    category: [{ coding: [{ system: codeSystems.conditionCategory, code: input.category }] }],
    subject: { reference: input.patient },
    ...(encounter === undefined ? {} : { encounter: { reference: encounter } }),
    recordedDate: input.recordedDate,
    recorder: { reference: input.recorder },
    ...elementsOf(input),
  });
}

/** What a condition of whatever origin says, as a form shows it. */
export function conditionFacts(resource: Fields): ConditionFacts {
  const code = elementAt(resource, 'code');
  const status = codesOf(elementAt(resource, 'clinicalStatus'))[0];
  const clinicalStatus = clinicalStatuses.find((known) => known === status) ?? 'active';
  const verification = codesOf(elementAt(resource, 'verificationStatus'))[0];
  const abatement = textAt(resource, 'abatementDateTime') || undefined;
  return {
    diagnosis: { code: codeIn(code, codeSystems.cim10) ?? null, text: conceptText(code) },
    // What has an end is over, whatever an import says beside it.
    clinicalStatus: abatement !== undefined && lasting.has(clinicalStatus) ? 'resolved' : clinicalStatus,
    verification: verifications.find((known) => known === verification),
    onset: textAt(resource, 'onsetDateTime') || undefined,
    abatement,
    note: textAt(resource, 'note.text') || undefined,
  };
}

/** A condition with what a form changed of it. Throws RESOURCE_INVALID for facts that a new one could not have. */
export function changedCondition(received: JsonObject, facts: ConditionFacts): JsonObject {
  const elements = elementsOf(facts);
  checkResource(endedSchema, { resourceType: 'Condition', id: 'a', subject: {}, ...elements });
  return changedResource(received, elementsOf(conditionFacts(received)), elements);
}

function elementsOf(facts: ConditionFacts) {
  const { clinicalStatus = 'active', verification = 'confirmed', diagnosis, onset, abatement, note } = facts;
  return {
    clinicalStatus: { coding: [{ system: codeSystems.conditionClinical, code: clinicalStatus }] },
    verificationStatus: { coding: [{ system: codeSystems.conditionVerification, code: verification }] },
    code: diagnosisConcept(diagnosis),
    ...(onset === undefined ? {} : { onsetDateTime: onset }),
    ...(abatement === undefined ? {} : { abatementDateTime: abatement }),
    ...(note === undefined ? {} : { note: [{ text: note }] }),
  };
}

/** The concept of a diagnosis; its text is what was on the screen, whatever a table says later. */
export function diagnosisConcept({ code, text }: Diagnosis): Condition['code'] {
  return { ...(code === null ? {} : { coding: [{ system: codeSystems.cim10, code }] }), text };
}

const clinicalStatuses = ['active', 'recurrence', 'relapse', 'inactive', 'remission', 'resolved'] as const;
const verifications = ['unconfirmed', 'provisional', 'differential', 'confirmed', 'refuted'] as const;
const lasting = new Set(['active', 'recurrence', 'relapse']);
const endedSchema = conditionSchema.check(
  z.refine(
    ({ clinicalStatus, abatementDateTime }) =>
      abatementDateTime === undefined || !clinicalStatus?.coding?.some(({ code = '' }) => lasting.has(code)),
    { path: ['abatementDateTime'] },
  ),
);
