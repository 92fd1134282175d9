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

export interface ConditionInput {
  /** `Patient/…` */
  readonly patient: string;
  readonly category: ConditionCategory;
  readonly diagnosis: Diagnosis;
  readonly clinicalStatus?: ClinicalStatus;
  readonly verification?: Verification;
  /** A day, a month or a year: no more than what is known. */
  readonly onset?: string | undefined;
  /** As `onset`; only of what is over or for now without effect. */
  readonly abatement?: string | undefined;
  readonly note?: string | undefined;
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
  const { clinicalStatus = 'active', verification = 'confirmed', diagnosis, onset, abatement, note, encounter } = input;
  return checkResource(endedSchema, {
    resourceType: 'Condition',
    id,
    clinicalStatus: { coding: [{ system: codeSystems.conditionClinical, code: clinicalStatus }] },
    verificationStatus: { coding: [{ system: codeSystems.conditionVerification, code: verification }] },
    category: [{ coding: [{ system: codeSystems.conditionCategory, code: input.category }] }],
    code: diagnosisConcept(diagnosis),
    subject: { reference: input.patient },
    ...(encounter === undefined ? {} : { encounter: { reference: encounter } }),
    ...(onset === undefined ? {} : { onsetDateTime: onset }),
    ...(abatement === undefined ? {} : { abatementDateTime: abatement }),
    recordedDate: input.recordedDate,
    recorder: { reference: input.recorder },
    ...(note === undefined ? {} : { note: [{ text: note }] }),
  });
}

/** The concept of a diagnosis; its text is what was on the screen, whatever a table says later. */
export function diagnosisConcept({ code, text }: Diagnosis): Condition['code'] {
  return { ...(code === null ? {} : { coding: [{ system: codeSystems.cim10, code }] }), text };
}

const lasting = new Set(['active', 'recurrence', 'relapse']);
const endedSchema = conditionSchema.refine(
  ({ clinicalStatus, abatementDateTime }) =>
    abatementDateTime === undefined || !clinicalStatus?.coding?.some(({ code = '' }) => lasting.has(code)),
  { path: ['abatementDateTime'] },
);
