import { z } from 'zod/mini';
import { idnpsSystem, parseRpps, rppsSystem } from '../identifiers/rpps.ts';
import { codeSystems } from './coding-system.ts';
import {
  address,
  base,
  codeableConcept,
  concepts,
  contactPoint,
  date,
  humanName,
  oneOrMore,
  period,
  reference,
  references,
  text,
} from './element.ts';
import { checkResource } from './own-resource.ts';

const telecom = z.optional(oneOrMore(contactPoint));

export const practitionerSchema = z.strictObject({
  resourceType: z.literal('Practitioner'),
  ...base,
  active: z.optional(z.boolean()),
  name: oneOrMore(humanName),
  telecom,
  address: z.optional(oneOrMore(address)),
  gender: z.optional(z.enum(['male', 'female', 'other', 'unknown'])),
  birthDate: z.optional(date),
  qualification: z.optional(oneOrMore(z.strictObject({ code: codeableConcept, period: z.optional(period) }))),
});

export const practitionerRoleSchema = z.strictObject({
  resourceType: z.literal('PractitionerRole'),
  ...base,
  active: z.optional(z.boolean()),
  period: z.optional(period),
  practitioner: reference,
  organization: reference,
  code: z.optional(concepts),
  specialty: z.optional(concepts),
  location: z.optional(references),
  telecom,
});

export const organizationSchema = z.strictObject({
  resourceType: z.literal('Organization'),
  ...base,
  active: z.optional(z.boolean()),
  type: z.optional(concepts),
  name: text,
  alias: z.optional(oneOrMore(text)),
  telecom,
  address: z.optional(oneOrMore(address)),
  partOf: z.optional(reference),
});

/** A device that members work on; it says no more than this, so that its record stays in the directory. */
export const deviceSchema = z.strictObject({
  resourceType: z.literal('Device'),
  id: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  deviceName: z.tuple([z.strictObject({ name: text, type: z.literal('user-friendly-name') })]),
  owner: reference,
});

export type Practitioner = z.infer<typeof practitionerSchema>;
export type PractitionerRole = z.infer<typeof practitionerRoleSchema>;
export type Organization = z.infer<typeof organizationSchema>;
export type Device = z.infer<typeof deviceSchema>;

export interface PractitionerTraits {
  readonly family: string;
  readonly given?: string | undefined;
  readonly prefix?: string | undefined;
  readonly rpps?: string | undefined;
}

/** A member of the practice. Throws RESOURCE_INVALID. */
export function newPractitioner(id: string, traits: PractitionerTraits): Practitioner {
  return checkResource(practitionerSchema, {
    resourceType: 'Practitioner',
    id,
    ...(traits.rpps === undefined ? {} : { identifier: rppsIdentifiers(traits.rpps) }),
    active: true,
    name: [
      {
        use: 'official',
        family: traits.family,
        ...(traits.given === undefined ? {} : { given: [traits.given] }),
        ...(traits.prefix === undefined ? {} : { prefix: [traits.prefix] }),
      },
    ],
  });
}

export interface PracticeTraits {
  readonly name: string;
  readonly phone?: string | undefined;
  readonly email?: string | undefined;
  readonly address?:
    | { readonly line: readonly string[]; readonly postalCode: string; readonly city: string }
    | undefined;
}

/** The practice itself. Throws RESOURCE_INVALID. */
export function newPractice(id: string, traits: PracticeTraits): Organization {
  const points = [
    ...(traits.phone === undefined ? [] : [{ system: 'phone', value: traits.phone, use: 'work' }]),
    ...(traits.email === undefined ? [] : [{ system: 'email', value: traits.email, use: 'work' }]),
  ];
  return checkResource(organizationSchema, {
    resourceType: 'Organization',
    id,
    active: true,
    name: traits.name,
    ...(points.length === 0 ? {} : { telecom: points }),
    ...(traits.address === undefined
      ? {}
      : { address: [{ use: 'work', ...traits.address, line: [...traits.address.line] }] }),
  });
}

/** A device of the practice, by its author, and what it is called. Ids in hexadecimal. Throws RESOURCE_INVALID. */
export function newDevice(
  author: string,
  { practice, name }: { readonly practice: string; readonly name: string },
): Device {
  return checkResource(deviceSchema, {
    resourceType: 'Device',
    id: author,
    deviceName: [{ name, type: 'user-friendly-name' }],
    owner: { reference: `Organization/${practice}` },
  });
}

/** The number under the directory's own name, and as the national identifier that cards carry. */
function rppsIdentifiers(input: string): Practitioner['identifier'] {
  const value = parseRpps(input).rpps ?? input;
  const typed = (kind: string) => ({ coding: [{ system: codeSystems.frIdentifierType, code: kind }] });
  return [
    { use: 'official', type: typed('RPPS'), system: rppsSystem, value },
    { use: 'official', type: typed('IDNPS'), system: idnpsSystem, value: `8${value}` },
  ];
}
