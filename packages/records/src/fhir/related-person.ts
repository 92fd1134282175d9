import { z } from 'zod/mini';
import { codeIn, type Fields, itemsAt, textAt } from '../page/element-text.ts';
import { codeSystems } from './coding-system.ts';
import { address, base, concepts, contactPoint, date, humanName, oneOrMore, period, reference } from './element.ts';
import { checkResource } from './own-resource.ts';

export const relatedPersonSchema = z.strictObject({
  resourceType: z.literal('RelatedPerson'),
  ...base,
  active: z.optional(z.boolean()),
  patient: reference,
  relationship: z.optional(concepts),
  name: z.optional(oneOrMore(humanName)),
  telecom: z.optional(oneOrMore(contactPoint)),
  gender: z.optional(z.enum(['male', 'female', 'other', 'unknown'])),
  birthDate: z.optional(date),
  address: z.optional(oneOrMore(address)),
  period: z.optional(period),
});

type RelatedPerson = z.infer<typeof relatedPersonSchema>;

/** What one patient is to another, as v3-RoleCode names it, with the word that is exported with it. */
export const kinships = {
  PRN: 'parent',
  CHILD: 'enfant',
  SPS: 'conjoint',
  DOMPART: 'partenaire',
  SIB: 'frère ou sœur',
  GRPRN: 'grand-parent',
  GRNDCHILD: 'petit-enfant',
  GUARD: 'tuteur ou curateur',
  FAMMEMB: 'autre proche',
} as const;

export type Kinship = keyof typeof kinships;
/** A kinship, or what the ward of a guardian is: said of the other side alone. */
export type Relation = Kinship | 'WARD';

export interface RelativeLink {
  /** `Patient/…` whose relative it is. */
  readonly patient: string;
  /** `Patient/…` who that relative is. */
  readonly relative: string;
  readonly kinship: Kinship;
}

/**
 * Says that one patient of the practice is another one's relative. It names nobody: who that is stands in their own
 * record. Throws RESOURCE_INVALID.
 */
export function newRelative(id: string, { patient, relative, kinship }: RelativeLink): RelatedPerson {
  return checkResource(relatedPersonSchema, {
    ...{ resourceType: 'RelatedPerson', id, active: true, patient: { reference: patient } },
    identifier: [{ system: codeSystems.patient, value: relative.slice('Patient/'.length) }],
    relationship: [{ coding: [{ system: codeSystems.roleCode, code: kinship }], text: kinships[kinship] }],
  });
}

/** Null for a RelatedPerson who is no patient of the practice. */
export function readRelative(resource: Fields): RelativeLink | null {
  const identifier = itemsAt(resource, 'identifier').find((one) => textAt(one, 'system') === codeSystems.patient);
  const value = textAt(identifier, 'value');
  if (value === '' || textAt(resource, 'resourceType') !== 'RelatedPerson') return null;
  const codes = itemsAt(resource, 'relationship').flatMap((one) => codeIn(one, codeSystems.roleCode) ?? []);
  const kinship = (Object.keys(kinships) as Kinship[]).find((known) => codes.includes(known)) ?? 'FAMMEMB';
  return { patient: textAt(resource, 'patient.reference'), relative: `Patient/${value}`, kinship };
}

/** What the first is to the second, when the second is that to the first. */
export function reversed(kinship: Kinship): Relation {
  return opposites[kinship];
}

const opposites: Readonly<Record<Kinship, Relation>> = {
  PRN: 'CHILD',
  CHILD: 'PRN',
  SPS: 'SPS',
  DOMPART: 'DOMPART',
  SIB: 'SIB',
  GRPRN: 'GRNDCHILD',
  GRNDCHILD: 'GRPRN',
  GUARD: 'WARD',
  FAMMEMB: 'FAMMEMB',
};

/** `Patient/…` that a record of the directory is told of: whose it is first, then who it links them to. */
export function patientsTold(resource: Fields): string[] {
  const type = textAt(resource, 'resourceType');
  const field = type === 'Coverage' ? 'beneficiary' : type === 'RelatedPerson' ? 'patient' : null;
  const whose = field === null ? '' : textAt(resource, `${field}.reference`);
  if (!/^Patient\/[^/]+$/.test(whose)) return [];
  const link = readRelative(resource);
  return link === null ? [whose] : [whose, link.relative];
}
