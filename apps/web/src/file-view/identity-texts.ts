import { readIdentity } from '@serment/records/fhir/identity';
import { linkedPatients } from '@serment/records/fhir/patient-merge';
import { formatNir } from '@serment/records/identifiers/nir';
import { dateText, type Fields } from '@serment/records/page/element-text';
import type { Language } from '../i18n/language.ts';
import { phoneText } from './contact.ts';
import { words } from './words.ts';

/** What a Patient says, each under its name; '' for what it does not say. */
export function identityTexts(
  resource: Fields,
  language: Language,
  nameOf: (reference: string) => string = (reference) => reference,
): Map<string, string> {
  const { patientIdentity: told, sex } = words[language];
  const { field } = told;
  const identity = readIdentity(resource);
  const { status, proof, deceased, doctor, doctorName, persons } = identity;
  const merged = [...linkedPatients(resource, 'replaced-by'), ...linkedPatients(resource, 'replaces')];
  return new Map([
    [field.status, [told.status[status], proofText(proof, language)].filter(Boolean).join(', ')],
    [field.birthName, identity.birthName],
    [field.firstGivenName, identity.firstGivenName],
    [field.birthGivenNames, identity.birthGivenNames],
    [field.usedName, identity.usedName],
    [field.usedGivenName, identity.usedGivenName],
    [field.sex, sex[identity.sex]],
    [field.birthDate, dateText(identity.birthDate, language)],
    [field.birthRank, identity.birthRank],
    [field.birthPlace, [identity.birthPlaceName, identity.birthPlaceCode].filter(Boolean).join(', ')],
    [field.nir, formatNir(identity.nir)],
    [field.deceased, deceased === 'yes' ? told.yes : dateText(deceased, language)],
    [field.mobile, phoneText(identity.mobile)],
    [field.phone, phoneText(identity.phone)],
    [field.email, identity.email],
    [
      field.address,
      [identity.addressLines.replaceAll('\n', ', '), `${identity.postalCode} ${identity.city}`.trim()]
        .filter(Boolean)
        .join(', '),
    ],
    [field.doctor, doctorName || nameOf(doctor)],
    [field.persons, persons.map((one) => [one.name, one.relation, one.phone].filter(Boolean).join(', ')).join(' ; ')],
    [field.merged, merged.length === 0 ? '' : told[linkedPatients(resource, 'replaces').length > 0 ? 'keeps' : 'gone']],
  ]);
}

export function proofText(proof: string, language: Language): string {
  const { proofs } = words[language].patientIdentity;
  return Object.hasOwn(proofs, proof) ? proofs[proof as keyof typeof proofs] : proof;
}
