import { z } from 'zod/mini';
import { type InsKind, insKindOf, insSystems } from '../identifiers/ins.ts';
import { codeSystems, extensionUrls, profiles } from './coding-system.ts';
import {
  address,
  base,
  codeableConcept,
  contactPoint,
  date,
  dateTime,
  humanName,
  oneOrMore,
  reference,
} from './element.ts';
import { checkResource } from './own-resource.ts';

export const patientSchema = z.strictObject({
  resourceType: z.literal('Patient'),
  ...base,
  active: z.optional(z.boolean()),
  name: oneOrMore(humanName),
  telecom: z.optional(oneOrMore(contactPoint)),
  gender: z.enum(['male', 'female', 'other', 'unknown']),
  birthDate: z.optional(date),
  deceasedBoolean: z.optional(z.boolean()),
  deceasedDateTime: z.optional(dateTime),
  multipleBirthBoolean: z.optional(z.boolean()),
  multipleBirthInteger: z.optional(z.int().check(z.positive())),
  address: z.optional(oneOrMore(address)),
  maritalStatus: z.optional(codeableConcept),
  contact: z.optional(
    oneOrMore(
      z.strictObject({
        relationship: z.optional(oneOrMore(codeableConcept)),
        name: z.optional(humanName),
        telecom: z.optional(oneOrMore(contactPoint)),
        address: z.optional(address),
      }),
    ),
  ),
  communication: z.optional(
    oneOrMore(z.strictObject({ language: codeableConcept, preferred: z.optional(z.boolean()) })),
  ),
  generalPractitioner: z.optional(oneOrMore(reference)),
  managingOrganization: z.optional(reference),
  link: z.optional(
    oneOrMore(z.strictObject({ other: reference, type: z.enum(['replaced-by', 'replaces', 'refer', 'seealso']) })),
  ),
});

export type Patient = z.infer<typeof patientSchema>;

/** What is of another kind reads as absent. */
function ifUnderstood<Schema extends z.ZodMiniType>(schema: Schema) {
  return z.catch(z.optional(schema), undefined);
}

const word = ifUnderstood(z.string());
const words = ifUnderstood(z.array(z.string()));
const leafExtension = z.object({
  url: word,
  valueString: word,
  valueCoding: ifUnderstood(z.object({ code: word })),
});
const leafExtensions = ifUnderstood(z.array(leafExtension));
const looseAddress = z.object({ use: word, line: words, city: word, postalCode: word, extension: leafExtensions });
const looseExtension = z.extend(leafExtension, {
  valueAddress: ifUnderstood(looseAddress),
  extension: leafExtensions,
});
const looseName = z.object({
  use: word,
  text: word,
  family: word,
  given: words,
  extension: leafExtensions,
});
const readable = z.object({
  resourceType: z.literal('Patient'),
  name: ifUnderstood(z.array(looseName)),
  telecom: ifUnderstood(z.array(z.object({ system: word, value: word, use: word }))),
  identifier: ifUnderstood(z.array(z.object({ system: word, value: word, use: word }))),
  gender: ifUnderstood(patientSchema.shape.gender),
  birthDate: word,
  address: ifUnderstood(z.array(looseAddress)),
  extension: ifUnderstood(z.array(looseExtension)),
});

/** The four statuses of an identity (référentiel national d'identitovigilance). */
export type IdentityStatus = 'provisional' | 'retrieved' | 'validated' | 'qualified';

export const statusCodes: Readonly<Record<IdentityStatus, string>> = {
  provisional: 'PROV',
  retrieved: 'RECUP',
  validated: 'VALI',
  qualified: 'QUAL',
};

export interface PatientTraits {
  readonly birthName: string;
  readonly firstGivenName: string;
  /** All given names of the birth certificate, separated by spaces. */
  readonly birthGivenNames?: string | undefined;
  /** Name and given name in use, when they differ. */
  readonly usedName?: string | undefined;
  readonly usedGivenName?: string | undefined;
  readonly birthDate?: string | undefined;
  readonly sex: 'male' | 'female' | 'other' | 'unknown';
  /** INSEE code of the commune or country of birth, five characters. */
  readonly birthPlaceCode?: string | undefined;
  readonly birthPlaceName?: string | undefined;
  readonly identityStatus: IdentityStatus;
  readonly ins?: { readonly kind: InsKind; readonly value: string } | undefined;
  readonly phone?: string | undefined;
  readonly mobile?: string | undefined;
  readonly email?: string | undefined;
  readonly address?:
    | { readonly line: readonly string[]; readonly postalCode: string; readonly city: string }
    | undefined;
}

/** A Patient resource with its INS traits. Throws RESOURCE_INVALID, with the paths of what is wrong and never the values. */
export function newPatient(id: string, traits: PatientTraits): Patient {
  return checkResource(patientSchema, {
    resourceType: 'Patient',
    id,
    meta: { profile: [traits.ins === undefined ? profiles.patient : profiles.patientIns] },
    extension: [identityExtension(traits.identityStatus), ...birthPlaceExtension(traits)],
    ...(traits.ins === undefined ? {} : { identifier: [insIdentifier(traits.ins.kind, traits.ins.value)] }),
    active: true,
    name: namesOf(traits),
    ...telecomOf(traits),
    gender: traits.sex,
    ...(traits.birthDate === undefined ? {} : { birthDate: traits.birthDate }),
    ...(traits.address === undefined
      ? {}
      : { address: [{ use: 'home', ...traits.address, line: [...traits.address.line] }] }),
  });
}

/**
 * The traits of a Patient from anywhere, as far as they are understood: what is missing or odd reads as absent, names as empty
 * text. Null when it is no Patient at all.
 */
export function readPatient(resource: unknown): PatientTraits | null {
  const result = readable.safeParse(resource);
  if (!result.success) return null;
  const {
    name: names = [],
    telecom = [],
    identifier = [],
    extension = [],
    address: addresses = [],
    ...patient
  } = result.data;
  const official =
    names.find((name) => name.use === 'official') ?? names.find((name) => name.use === undefined) ?? names[0] ?? {};
  const maiden = names.find((name) => name.use === 'maiden');
  const usual = names.find((name) => name.use === 'usual');
  const insIdentity = identifier.find((one) => insKindOf(one.system ?? '') !== null && one.use !== 'old');
  const kind = insKindOf(insIdentity?.system ?? '');
  const birthPlace = extension.find((one) => one.url === extensionUrls.birthPlace)?.valueAddress;
  const home = addresses.find((one) => one.use !== 'old');
  const points = telecom.filter((point) => point.use !== 'old');
  return {
    birthName: maiden?.family ?? official.family ?? official.text ?? '',
    firstGivenName: official.given?.[0] ?? '',
    birthGivenNames: official.extension?.find((one) => one.url === extensionUrls.birthGivenNames)?.valueString,
    usedName: usual?.family ?? (maiden === undefined ? undefined : official.family),
    usedGivenName: usual?.given?.[0],
    birthDate: patient.birthDate,
    sex: patient.gender ?? 'unknown',
    birthPlaceCode: birthPlace?.extension?.find((one) => one.url === extensionUrls.inseeCode)?.valueCoding?.code,
    birthPlaceName: birthPlace?.city,
    identityStatus: statusOf(extension),
    ins: kind === null || insIdentity?.value === undefined ? undefined : { kind, value: insIdentity.value },
    phone: points.find((point) => point.system === 'phone' && point.use !== 'mobile')?.value,
    mobile: points.find((point) => point.system === 'phone' && point.use === 'mobile')?.value,
    email: points.find((point) => point.system === 'email')?.value,
    address:
      home === undefined
        ? undefined
        : { line: home.line ?? [], postalCode: home.postalCode ?? '', city: home.city ?? '' },
  };
}

/** A national health identity; `INS-NIA` is temporary by nature. */
export function insIdentifier(kind: InsKind, value: string): NonNullable<Patient['identifier']>[number] {
  return {
    use: kind === 'INS-NIA' ? 'temp' : 'official',
    type: { coding: [{ system: codeSystems.frIdentifierType, code: kind }] },
    system: insSystems[kind],
    value,
  };
}

function identityExtension(status: IdentityStatus): NonNullable<Patient['extension']>[number] {
  return {
    url: extensionUrls.identityReliability,
    extension: [
      { url: 'identityStatus', valueCoding: { system: codeSystems.frIdentityStatus, code: statusCodes[status] } },
    ],
  };
}

function statusOf(extensions: readonly z.infer<typeof looseExtension>[]): IdentityStatus {
  const reliability = extensions.find((extension) => extension.url === extensionUrls.identityReliability);
  const code = reliability?.extension?.find((extension) => extension.url === 'identityStatus')?.valueCoding?.code;
  const statuses: readonly IdentityStatus[] = ['provisional', 'retrieved', 'validated', 'qualified'];
  return statuses.find((status) => statusCodes[status] === code) ?? 'provisional';
}

function birthPlaceExtension(traits: PatientTraits): NonNullable<Patient['extension']> {
  const { birthPlaceCode, birthPlaceName } = traits;
  if (birthPlaceCode === undefined && birthPlaceName === undefined) return [];
  const insee = { url: extensionUrls.inseeCode, valueCoding: { system: codeSystems.commune, code: birthPlaceCode } };
  const valueAddress = {
    ...(birthPlaceCode === undefined ? {} : { extension: [insee] }),
    ...(birthPlaceName === undefined ? {} : { city: birthPlaceName }),
  };
  return [{ url: extensionUrls.birthPlace, valueAddress }];
}

function namesOf(traits: PatientTraits): Patient['name'] {
  const given = traits.birthGivenNames ?? traits.firstGivenName;
  const official = {
    extension: [{ url: extensionUrls.birthGivenNames, valueString: given }],
    use: 'official' as const,
    family: traits.birthName,
    given: [traits.firstGivenName],
  };
  if (traits.usedName === undefined && traits.usedGivenName === undefined) return [official];
  const usual = {
    use: 'usual' as const,
    family: traits.usedName ?? traits.birthName,
    given: [traits.usedGivenName ?? traits.firstGivenName],
  };
  return [official, usual];
}

function telecomOf(traits: PatientTraits): Pick<Patient, 'telecom'> {
  const telecom = [
    ...(traits.phone === undefined ? [] : [{ system: 'phone' as const, value: traits.phone, use: 'home' as const }]),
    ...(traits.mobile === undefined
      ? []
      : [{ system: 'phone' as const, value: traits.mobile, use: 'mobile' as const }]),
    ...(traits.email === undefined ? [] : [{ system: 'email' as const, value: traits.email }]),
  ];
  return telecom.length === 0 ? {} : { telecom };
}
