import { z } from 'zod/mini';
import { itemsOf, withItem } from '../json-edit.ts';
import type { JsonObject } from '../json-text.ts';
import { codeIn, codesOf, conceptText, elementAt, type Fields, itemsAt, textAt } from '../page/element-text.ts';
import { changedResource } from './change.ts';
import { codeSystems, extensionUrls } from './coding-system.ts';
import { base, codeableConcept, period, reference, references, text } from './element.ts';
import { extensionAt, withExtension } from './extension.ts';
import { checkResource } from './own-resource.ts';

export const coverageSchema = z.strictObject({
  resourceType: z.literal('Coverage'),
  ...base,
  status: z.enum(['active', 'cancelled', 'draft', 'entered-in-error']),
  type: codeableConcept,
  policyHolder: z.optional(reference),
  subscriber: z.optional(reference),
  subscriberId: z.optional(text),
  beneficiary: reference,
  dependent: z.optional(text),
  relationship: z.optional(codeableConcept),
  period: z.optional(period),
  payor: references,
});

type Coverage = z.infer<typeof coverageSchema>;

/** What pays, with the words that it is exported with. */
export const coverageKinds = {
  amo: 'Assurance maladie obligatoire',
  amc: 'Complémentaire',
  c2s: 'Complémentaire santé solidaire',
  ame: 'Aide médicale de l’État',
  other: 'Autre couverture',
} as const;

export type CoverageKind = keyof typeof coverageKinds;

/** What the patient is to the insured person (FHIR `subscriber-relationship`). */
export const insuredRelations = ['self', 'spouse', 'child', 'parent', 'other'] as const;
export type InsuredRelation = (typeof insuredRelations)[number];

/** What a card, a certificate or the patient says of who pays: all of it as it was given. */
export interface CoverageFacts {
  readonly coverage: CoverageKind;
  /** What one of no known kind says. */
  readonly label?: string | undefined;
  /** The caisse or the organism, in words. */
  readonly payer?: string | undefined;
  /** Its code: régime, caisse and centre (9 digits), or the number of a complementary organism. */
  readonly payerCode?: string | undefined;
  /** The NIR of the insured person, or the number of the contract. */
  readonly insuredId?: string | undefined;
  readonly relation: InsuredRelation;
  /** Who is insured, when it is not the patient. */
  readonly insuredName?: string | undefined;
  /** Rank of the beneficiary, as the card says it. */
  readonly rank?: string | undefined;
  readonly start?: string | undefined;
  readonly end?: string | undefined;
  /** What is to be known of direct payment (tiers payant). */
  readonly direct?: string | undefined;
  readonly note?: string | undefined;
  /** Said to be over by a person, whatever its last day. */
  readonly isOver?: boolean | undefined;
}

export interface CoverageSource {
  /** `Patient/…` */
  readonly patient: string;
}

/** Throws RESOURCE_INVALID. */
export function newCoverage(id: string, { patient }: CoverageSource, facts: CoverageFacts): Coverage {
  const coverage = { resourceType: 'Coverage', id, beneficiary: { reference: patient }, ...elementsOf(facts, patient) };
  return checkResource(coverageSchema, withTold(coverage, facts));
}

/** What a coverage of whatever origin says, as a form shows it. */
export function coverageFacts(resource: Fields): CoverageFacts {
  const type = elementAt(resource, 'type');
  const code = codeIn(type, codeSystems.coverage);
  const kind = (Object.keys(coverageKinds) as CoverageKind[]).find((known) => known === code);
  const told = extensionAt(resource, extensionUrls.coverage);
  const [payor] = itemsAt(resource, 'payor');
  const relations = codesOf(elementAt(resource, 'relationship'));
  const name = textAt(payor, 'display');
  return {
    coverage: kind ?? 'other',
    label: kind === undefined ? conceptText(type) || undefined : undefined,
    payer: name === unnamedPayer ? undefined : name || undefined,
    payerCode: textAt(payor, 'identifier.value') || undefined,
    insuredId: textAt(resource, 'subscriberId') || undefined,
    relation:
      insuredRelations.find((known) => relations.includes(known)) ?? (relations.length === 0 ? 'self' : 'other'),
    insuredName: textAt(resource, 'subscriber.display') || undefined,
    rank: textAt(resource, 'dependent') || undefined,
    start: textAt(resource, 'period.start') || undefined,
    end: textAt(resource, 'period.end') || undefined,
    direct: textAt(extensionAt(told, 'direct-payment'), 'valueString') || undefined,
    note: textAt(extensionAt(told, 'note'), 'valueString') || undefined,
    isOver: textAt(resource, 'status') === 'cancelled' ? true : undefined,
  };
}

/** A coverage with what a form changed of it. Throws RESOURCE_INVALID. */
export function changedCoverage(received: JsonObject, facts: CoverageFacts): JsonObject {
  const patient = textAt(received, 'beneficiary.reference');
  const elements = elementsOf(facts, patient);
  checkResource(coverageSchema, withTold({ resourceType: 'Coverage', id: 'a', beneficiary: {}, ...elements }, facts));
  return withTold(changedResource(received, elementsOf(coverageFacts(received), patient), elements), facts);
}

/** FHIR wants a payor, and a card may name none. */
const unnamedPayer = 'Organisme non précisé';

function elementsOf(facts: CoverageFacts, patient: string): JsonObject {
  const { coverage, label, payer, payerCode, insuredId, relation, insuredName, rank, start, end, isOver } = facts;
  const subscriber =
    relation === 'self' ? { reference: patient } : insuredName === undefined ? null : { display: insuredName };
  const ends = { ...(start === undefined ? {} : { start }), ...(end === undefined ? {} : { end }) };
  return {
    status: isOver === true ? 'cancelled' : 'active',
    type:
      label === undefined
        ? { coding: [{ system: codeSystems.coverage, code: coverage }], text: coverageKinds[coverage] }
        : { text: label },
    ...(subscriber === null ? {} : { subscriber }),
    ...(insuredId === undefined ? {} : { subscriberId: insuredId }),
    ...(rank === undefined ? {} : { dependent: rank }),
    relationship: { coding: [{ system: codeSystems.subscriberRelationship, code: relation }] },
    ...(Object.keys(ends).length === 0 ? {} : { period: ends }),
    payor: [
      {
        ...(payerCode === undefined ? {} : { identifier: { system: codeSystems.payer, value: payerCode } }),
        display: payer ?? unnamedPayer,
      },
    ],
  };
}

/** What FHIR R4 has no element for. */
function withTold(coverage: JsonObject, { direct, note }: CoverageFacts): JsonObject {
  const received = extensionAt(coverage, extensionUrls.coverage);
  const values = [
    ['direct-payment', direct],
    ['note', note],
  ] as const;
  const told = values.reduce(
    (one, [url, value]) => withExtension(one, url, value === undefined ? null : { valueString: value }),
    (received ?? {}) as JsonObject,
  );
  return withItem(coverage, 'extension', {
    fits: ({ url }) => url === extensionUrls.coverage,
    change: () => (itemsOf(told, 'extension').length === 0 ? null : { ...told, url: extensionUrls.coverage }),
  });
}
