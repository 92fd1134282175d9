import { newPractice, newPractitioner, type Organization, type Practitioner } from '../fhir/directory.ts';
import { rppsKey } from '../identifiers/rpps.ts';
import type { DoctorKey } from './course.ts';
import { createRandom } from './random.ts';

export interface DemoMember {
  readonly key: DoctorKey | 'lambert';
  readonly role: 'doctor' | 'substitute' | 'secretary';
  readonly displayName: string;
  readonly practitioner: Practitioner;
}

export interface DemoStaff {
  readonly organization: Organization;
  readonly members: readonly [DemoMember, DemoMember, DemoMember];
}

/** The invented practice and its three members. RPPS numbers stand in the range of the national test cards. */
export function inventStaff(seed: number): DemoStaff {
  const random = createRandom(seed, 0x73746166);
  const rpps = (body: string): string => body + rppsKey(body);
  const organization = newPractice(random.uuid(), {
    name: 'Cabinet des Tilleuls',
    phone: '0465712040',
    email: 'accueil@cabinet-des-tilleuls.example',
    address: { line: ['12 place des Tilleuls'], postalCode: '69400', city: 'Villefranche-sur-Saône' },
  });
  const vasseur = newPractitioner(random.uuid(), {
    family: 'Vasseur',
    given: 'Claire',
    prefix: 'Dr',
    rpps: rpps('8997000101'),
  });
  const morel = newPractitioner(random.uuid(), {
    family: 'Morel',
    given: 'Hugo',
    prefix: 'Dr',
    rpps: rpps('8997000202'),
  });
  const lambert = newPractitioner(random.uuid(), { family: 'Lambert', given: 'Sophie' });
  return {
    organization,
    members: [
      { key: 'vasseur', role: 'doctor', displayName: 'Dr Claire Vasseur', practitioner: vasseur },
      { key: 'morel', role: 'substitute', displayName: 'Dr Hugo Morel', practitioner: morel },
      { key: 'lambert', role: 'secretary', displayName: 'Sophie Lambert', practitioner: lambert },
    ],
  };
}
