import { insKindOf } from '../identifiers/ins.ts';
import { parseNir } from '../identifiers/nir.ts';
import { elementAt, type Fields, itemsAt, scalarText, textAt } from '../page/element-text.ts';
import { extensionUrls } from './coding-system.ts';
import { type PersonBeside, personsBeside } from './contact.ts';
import { type IdentityStatus, readPatient } from './patient.ts';

/** Who a patient is and how to reach them, as a form shows it: '' for what is not said. */
export interface Identity {
  readonly birthName: string;
  readonly firstGivenName: string;
  /** All given names of the birth certificate, separated by spaces. */
  readonly birthGivenNames: string;
  /** Set only where they differ from those of the birth. */
  readonly usedName: string;
  readonly usedGivenName: string;
  readonly sex: 'male' | 'female' | 'other' | 'unknown';
  /** FHIR's form: a day, a month or a year. */
  readonly birthDate: string;
  /** Of several births at once: 1 for the first. */
  readonly birthRank: string;
  /** INSEE code of the commune, or of the country for who was born abroad; five characters. */
  readonly birthPlaceCode: string;
  readonly birthPlaceName: string;
  /** The matricule of the INS, as it is written. */
  readonly nir: string;
  readonly status: IdentityStatus;
  /** Which document was seen, of a validated identity; a code of FR Core. */
  readonly proof: string;
  /** '' while alive, `yes` where the day is not known, else FHIR's date or date and time. */
  readonly deceased: string;
  readonly mobile: string;
  readonly phone: string;
  readonly email: string;
  /** A line each. */
  readonly addressLines: string;
  readonly postalCode: string;
  readonly city: string;
  /** Attending doctor (médecin traitant): `Practitioner/…` of this practice, or a name. */
  readonly doctor: string;
  readonly doctorName: string;
  readonly persons: readonly PersonBeside[];
}

/** Documents that a person may have shown (FR Core, code system "mode de validation de l'identité"). */
export const identityProofs = ['CN', 'PA', 'CS', 'AN', 'LE', 'DC', 'CE', 'CM', 'CC', 'IE', 'TC', 'AC', 'PC'] as const;

/** The traits that make an identity (référentiel national d'identitovigilance): changing one asks for another proof. */
export const strictTraits = [
  'birthName',
  'firstGivenName',
  'birthGivenNames',
  'sex',
  'birthDate',
  'birthPlaceCode',
  'nir',
] as const satisfies readonly (keyof Identity)[];

/** What a Patient from anywhere says, as far as it is understood. */
export function readIdentity(resource: Fields): Identity {
  const traits = readPatient(resource);
  const birthName = traits?.birthName ?? '';
  const firstGivenName = traits?.firstGivenName ?? '';
  const unlessSame = (used: string | undefined, birth: string) => (used === undefined || used === birth ? '' : used);
  const reliability = itemsAt(resource, 'extension').find(
    (one) => textAt(one, 'url') === extensionUrls.identityReliability,
  );
  const proof = itemsAt(reliability, 'extension').find((one) => textAt(one, 'url') === 'validationMode');
  const place = itemsAt(resource, 'extension').find((one) => textAt(one, 'url') === extensionUrls.birthPlace);
  const [doctor] = itemsAt(resource, 'generalPractitioner');
  return {
    birthName,
    firstGivenName,
    birthGivenNames: traits?.birthGivenNames ?? '',
    usedName: unlessSame(traits?.usedName, birthName),
    usedGivenName: unlessSame(traits?.usedGivenName, firstGivenName),
    sex: traits?.sex ?? 'unknown',
    birthDate: traits?.birthDate ?? '',
    birthRank: textAt(resource, 'multipleBirthInteger'),
    birthPlaceCode: traits?.birthPlaceCode ?? '',
    birthPlaceName: textAt(place, 'valueAddress.city'),
    nir: textAt(itemsAt(resource, 'identifier').find(isIns), 'value'),
    status: traits?.identityStatus ?? 'provisional',
    proof: textAt(proof, 'valueCoding.code'),
    deceased: textAt(resource, 'deceasedDateTime') || (elementAt(resource, 'deceasedBoolean') === true ? 'yes' : ''),
    mobile: traits?.mobile ?? '',
    phone: traits?.phone ?? '',
    email: traits?.email ?? '',
    addressLines: itemsAt(itemsAt(resource, 'address').find(isCurrent), 'line').map(scalarText).join('\n'),
    postalCode: traits?.address?.postalCode ?? '',
    city: traits?.address?.city ?? '',
    doctor: textAt(doctor, 'reference'),
    doctorName: textAt(doctor, 'display'),
    persons: personsBeside(resource),
  };
}

/** The status that an identity has once it was changed: another strict trait needs another proof. */
export function statusAfter(before: Identity, after: Identity): IdentityStatus {
  const isSame = strictTraits.every((trait) => isSameTrait(trait, before, after));
  // Nobody gives these two here: they come from the national service alone.
  const isOfService = after.status === 'qualified' || after.status === 'retrieved';
  if (isSame) return isOfService && before.status !== after.status ? before.status : after.status;
  // A proof that is given with the change is of what it was changed to.
  return after.status === 'validated' && after.proof !== '' && after.proof !== before.proof
    ? 'validated'
    : 'provisional';
}

function isSameTrait(trait: (typeof strictTraits)[number], before: Identity, after: Identity): boolean {
  if (trait !== 'nir') return before[trait] === after[trait];
  const plain = (text: string) => parseNir(text).nir?.text ?? text.trim();
  return plain(before.nir) === plain(after.nir);
}

export function isIns(identifier: unknown): boolean {
  return insKindOf(textAt(identifier, 'system')) !== null && isCurrent(identifier);
}

export function isCurrent(element: unknown): boolean {
  return textAt(element, 'use') !== 'old';
}
