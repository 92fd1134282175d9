import { z } from 'zod/mini';
import type { JsonObject } from '../json-text.ts';
import { codeIn, conceptText, elementAt, type Fields, textAt } from '../page/element-text.ts';
import { changedResource } from './change.ts';
import { codeSystems } from './coding-system.ts';
import { type Diagnosis, diagnosisConcept } from './condition.ts';
import { base, codeableConcept, date, dateTime, notes, oneOrMore, quantity, reference, text } from './element.ts';
import { checkResource } from './own-resource.ts';

/** Relatives as v3-RoleCode names them. */
export const relatives = {
  MTH: 'mère',
  FTH: 'père',
  BRO: 'frère',
  SIS: 'sœur',
  SON: 'fils',
  DAU: 'fille',
  MGRMTH: 'grand-mère maternelle',
  MGRFTH: 'grand-père maternel',
  PGRMTH: 'grand-mère paternelle',
  PGRFTH: 'grand-père paternel',
  AUNT: 'tante',
  UNCLE: 'oncle',
  COUSN: 'cousin ou cousine',
  FAMMEMB: 'autre parent',
} as const;

export type Relative = keyof typeof relatives;

export const familyMemberHistorySchema = z.strictObject({
  resourceType: z.literal('FamilyMemberHistory'),
  ...base,
  status: z.enum(['partial', 'completed', 'entered-in-error', 'health-unknown']),
  patient: reference,
  date: z.optional(dateTime),
  name: z.optional(text),
  relationship: codeableConcept,
  sex: z.optional(codeableConcept),
  bornDate: z.optional(date),
  deceasedBoolean: z.optional(z.boolean()),
  deceasedAge: z.optional(quantity),
  note: z.optional(notes),
  condition: z.optional(
    oneOrMore(
      z.strictObject({
        code: codeableConcept,
        outcome: z.optional(codeableConcept),
        contributedToDeath: z.optional(z.boolean()),
        onsetAge: z.optional(quantity),
        note: z.optional(notes),
      }),
    ),
  ),
});

export type FamilyMemberHistory = z.infer<typeof familyMemberHistorySchema>;

/** What one relative had. */
export interface FamilyFacts {
  readonly relative: Relative;
  readonly diagnosis: Diagnosis;
  /** Completed years at which it began. */
  readonly age?: number | undefined;
  readonly note?: string | undefined;
}

export interface FamilySource {
  /** `Patient/…` whose relative it is. */
  readonly patient: string;
  readonly recordedDate: string;
}

/** Throws RESOURCE_INVALID. */
export function newFamilyHistory(id: string, source: FamilySource, facts: FamilyFacts): FamilyMemberHistory {
  return checkResource(familyMemberHistorySchema, {
    resourceType: 'FamilyMemberHistory',
    id,
    status: 'completed',
    patient: { reference: source.patient },
    date: source.recordedDate,
    ...elementsOf(facts),
  });
}

/** What a family history of whatever origin says, as a form shows it: its first condition. */
export function familyFacts(resource: Fields): FamilyFacts {
  const code = elementAt(resource, 'condition.code');
  const relative = codeIn(elementAt(resource, 'relationship'), codeSystems.roleCode);
  const onset = elementAt(resource, 'condition.onsetAge');
  // Months of somebody else's are no years.
  const isYears = /^(?:a|ans?|years?|)$/i.test(textAt(onset, 'code') || textAt(onset, 'unit'));
  const age = Number(textAt(onset, 'value') || 'x');
  return {
    relative: (Object.keys(relatives) as Relative[]).find((known) => known === relative) ?? 'FAMMEMB',
    diagnosis: { code: codeIn(code, codeSystems.cim10) ?? null, text: conceptText(code) },
    age: isYears && Number.isInteger(age) ? age : undefined,
    note: textAt(resource, 'note.text') || undefined,
  };
}

/** A family history with what a form changed of it. Throws RESOURCE_INVALID. */
export function changedFamilyHistory(received: JsonObject, facts: FamilyFacts): JsonObject {
  const elements = elementsOf(facts);
  const whole = { resourceType: 'FamilyMemberHistory', id: 'a', status: 'completed', patient: {}, ...elements };
  checkResource(familyMemberHistorySchema, whole);
  return changedResource(received, elementsOf(familyFacts(received)), elements);
}

function elementsOf({ relative, diagnosis, age, note }: FamilyFacts) {
  return {
    relationship: { coding: [{ system: codeSystems.roleCode, code: relative }], text: relatives[relative] },
    ...(note === undefined ? {} : { note: [{ text: note }] }),
    condition: [
      {
        code: diagnosisConcept(diagnosis),
        ...(age === undefined ? {} : { onsetAge: { value: age, unit: 'ans', system: codeSystems.ucum, code: 'a' } }),
      },
    ],
  };
}
