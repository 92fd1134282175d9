import { z } from 'zod/mini';
import type { JsonObject } from '../json-text.ts';
import { codeIn, conceptText, elementAt, type Fields, textAt } from '../page/element-text.ts';
import { aldList } from './ald-list.ts';
import { changedResource } from './change.ts';
import { codeSystems, extensionUrls } from './coding-system.ts';
import { type Diagnosis, diagnosisConcept } from './condition.ts';
import { base, codeableConcept, concepts, period, reference } from './element.ts';
import { extensionAt, withExtension } from './extension.ts';
import { checkResource } from './own-resource.ts';

export const flagSchema = z.strictObject({
  resourceType: z.literal('Flag'),
  ...base,
  status: z.enum(['active', 'inactive', 'entered-in-error']),
  category: z.optional(concepts),
  code: codeableConcept,
  subject: reference,
  period: z.optional(period),
  encounter: z.optional(reference),
  author: z.optional(reference),
});

type Flag = z.infer<typeof flagSchema>;

/** A long-term condition with full cover (affection de longue durée). */
export interface AldFacts {
  /** 1 to 32, as in `aldList`; null for one that says none of them. */
  readonly number: number | null;
  /** What one without a known number says. */
  readonly label?: string | undefined;
  /** First and last day of the right: a day, a month or a year. */
  readonly start?: string | undefined;
  readonly end?: string | undefined;
  /** Date of the care protocol. */
  readonly protocol?: string | undefined;
  readonly diagnosis?: Diagnosis | undefined;
  /** Said to be over by a person, whatever its last day. */
  readonly isOver?: boolean | undefined;
}

export interface AldSource {
  /** `Patient/…` */
  readonly patient: string;
  /** `Practitioner/…` who noted it. */
  readonly recorder: string;
}

/** Throws RESOURCE_INVALID. */
export function newAld(id: string, { patient, recorder }: AldSource, facts: AldFacts): Flag {
  const flag = {
    ...{ resourceType: 'Flag', id, subject: { reference: patient }, author: { reference: recorder } },
    ...elementsOf(facts),
  };
  return checkResource(flagSchema, withExtensions(flag, facts));
}

/** Whether a Flag tells a long-term condition. */
export function isAld(resource: Fields): boolean {
  return numberOf(resource) !== null;
}

/** What a Flag of whatever origin says, as a form shows it. */
export function aldFacts(resource: Fields): AldFacts {
  const number = numberOf(resource);
  const diagnosis = elementAt(extensionAt(resource, extensionUrls.aldDiagnosis), 'valueCodeableConcept');
  return {
    number,
    label: number === null ? conceptText(elementAt(resource, 'code')) : undefined,
    start: textAt(resource, 'period.start') || undefined,
    end: textAt(resource, 'period.end') || undefined,
    protocol: textAt(extensionAt(resource, extensionUrls.aldProtocol), 'valueDate') || undefined,
    diagnosis:
      diagnosis === undefined
        ? undefined
        : { code: codeIn(diagnosis, codeSystems.cim10) ?? null, text: conceptText(diagnosis) },
    isOver: textAt(resource, 'status') === 'inactive' ? true : undefined,
  };
}

/** A Flag with what a form changed of it. Throws RESOURCE_INVALID. */
export function changedAld(received: JsonObject, facts: AldFacts): JsonObject {
  const elements = elementsOf(facts);
  const whole = { resourceType: 'Flag', id: 'a', subject: {}, ...elements };
  checkResource(flagSchema, withExtensions(whole, facts));
  const before = aldFacts(received);
  return withExtensions(changedResource(received, elementsOf(before), elements), facts);
}

function elementsOf({ number, label = '', start, end, isOver = false }: AldFacts) {
  const name = number === null ? undefined : aldList.get(number);
  const coding = number === null ? {} : { coding: [{ system: codeSystems.ald, code: String(number) }] };
  const ends = { ...(start === undefined ? {} : { start }), ...(end === undefined ? {} : { end }) };
  return {
    status: isOver ? 'inactive' : 'active',
    category: [{ coding: [{ system: codeSystems.flagCategory, code: 'admin' }] }],
    code: { ...coding, text: name === undefined ? label : `ALD ${number} ${name.short}` },
    ...(Object.keys(ends).length === 0 ? {} : { period: ends }),
  };
}

function withExtensions(flag: JsonObject, { protocol, diagnosis }: AldFacts): JsonObject {
  const concept = diagnosis === undefined ? null : { valueCodeableConcept: { ...diagnosisConcept(diagnosis) } };
  const dated = protocol === undefined ? null : { valueDate: protocol };
  const before = aldFacts(flag);
  const isSame = before.diagnosis?.text === diagnosis?.text && before.diagnosis?.code === diagnosis?.code;
  const told = isSame ? flag : withExtension(flag, extensionUrls.aldDiagnosis, concept as JsonObject | null);
  return before.protocol === protocol ? told : withExtension(told, extensionUrls.aldProtocol, dated);
}

/** By its code, or by words such as `ALD 8` that other programs write. */
function numberOf(resource: Fields): number | null {
  const code = elementAt(resource, 'code');
  const said = codeIn(code, codeSystems.ald) ?? /^ALD(?:\s*n?°)?\s*(\d{1,2})(?!\d)/i.exec(conceptText(code))?.[1];
  const number = Number(said);
  return aldList.has(number) ? number : null;
}
