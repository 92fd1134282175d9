import { newPatient, type Patient } from '../fhir/patient.ts';
import { nirKey } from '../identifiers/nir.ts';
import { isoDate } from './calendar.ts';
import type { Person } from './people.ts';

export interface PatientIdentity {
  readonly id: string;
  /** NIR without its key, or null for somebody whose identity is still provisional. */
  readonly nir: string | null;
  readonly doctor: string;
  readonly organization: string;
}

/** "HTEST" is the standard security label of test health data: any system that reads it knows the person is invented. */
const invented = { system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'HTEST' };

/** The invented person as a Patient with INS traits, in the national test range. */
export function patientResource(person: Person, identity: PatientIdentity): Patient {
  const { home, birthPlace } = person;
  const patient = newPatient(identity.id, {
    birthName: person.family,
    firstGivenName: person.given[0] ?? '',
    birthGivenNames: person.given.join(' '),
    ...(person.usedFamily === null ? {} : { usedName: person.usedFamily }),
    birthDate: isoDate(person.birth),
    sex: person.sex,
    birthPlaceCode: birthPlace.code,
    birthPlaceName: birthPlace.name,
    identityStatus: identity.nir === null ? 'provisional' : 'qualified',
    ...(identity.nir === null
      ? {}
      : { ins: { kind: 'INS-NIR-TEST' as const, value: identity.nir + nirKey(identity.nir) } }),
    ...(home.phone === null ? {} : { phone: home.phone }),
    ...(person.mobile === null ? {} : { mobile: person.mobile }),
    ...(person.email === null ? {} : { email: person.email }),
    address: { line: [home.street], postalCode: home.town.postalCode, city: home.town.name },
  });
  return {
    ...patient,
    meta: { ...patient.meta, security: [invented] },
    generalPractitioner: [{ reference: identity.doctor }],
    managingOrganization: { reference: identity.organization },
  };
}
