import type { Organization, Practitioner } from '../fhir/directory.ts';
import { addMonths, type Day, parseDay } from './calendar.ts';
import { type CastMember, inventCast } from './cast.ts';
import { createCivilNumbers } from './civil-number.ts';
import { type DoctorKey, emptyCourse, type Letter } from './course.ts';
import { tellLife } from './life.ts';
import { patientResource } from './patient-resource.ts';
import { writePdf } from './pdf.ts';
import { inventPeople } from './people.ts';
import { type DemoMember, inventStaff } from './practice.ts';
import { createRandom, type Random } from './random.ts';
import { courseResources, type DemoResource } from './resources.ts';

export interface DemoDocument {
  /** 32 hexadecimal digits; the DocumentReference points to `urn:serment:document:<id>`. */
  readonly id: string;
  readonly title: string;
  readonly mediaType: 'application/pdf' | 'text/plain';
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface DemoPatient {
  readonly patientId: string;
  /** The Patient first, then the summary, then events from the oldest to the newest. */
  readonly resources: readonly DemoResource[];
  readonly documents: readonly DemoDocument[];
}

export interface DemoPractice {
  readonly organization: Organization;
  readonly practitioners: readonly Practitioner[];
  readonly members: readonly DemoMember[];
  /** A new iteration from the first patient; patients are made as they are asked for. */
  readonly patients: () => Iterable<DemoPatient>;
}

export interface DemoRequest {
  readonly patients: number;
  readonly seed: number;
  /** 'YYYY-MM-DD': all dates follow from it. */
  readonly today: string;
}

/**
 * An invented general practice with three years of activity up to yesterday. The same request gives the same bytes, and a larger
 * one begins with the same patients. Throws a RangeError when `today` is no date.
 */
export function demoPractice(request: DemoRequest): DemoPractice {
  const today = parseDay(request.today);
  const staff = inventStaff(request.seed);
  return {
    organization: staff.organization,
    practitioners: staff.members.map(({ practitioner }) => practitioner),
    members: staff.members,
    patients: () => patientsOf(request, today),
  };
}

function* patientsOf(request: DemoRequest, today: Day): Generator<DemoPatient> {
  const { seed } = request;
  const staff = inventStaff(seed);
  const [vasseur, morel] = staff.members;
  const references: Readonly<Record<DoctorKey, string>> = {
    vasseur: `Practitioner/${vasseur.practitioner.id}`,
    morel: `Practitioner/${morel.practitioner.id}`,
  };
  const civilNumber = createCivilNumbers();
  let index = 0;
  for (const { person, tell } of peopleOf(seed, today)) {
    if (index >= request.patients) return;
    const random = createRandom(seed, 0x70617469, index);
    const ids = createRandom(seed, 0x69647320, index);
    const number = civilNumber(person, random);
    const id = demoPatientId(seed, index);
    const provisional = random.chance(0.03) && index > 6;
    const patient = patientResource(person, {
      id,
      nir: provisional ? null : number,
      doctor: references.vasseur,
      organization: `Organization/${staff.organization.id}`,
    });
    const course = emptyCourse();
    tell({ person, random, today, from: addMonths(today, -36), course });
    const documents: DemoDocument[] = [];
    const resources = courseResources(course, {
      patient: `Patient/${id}`,
      organization: `Organization/${staff.organization.id}`,
      today,
      newId: () => ids.uuid(),
      reference: (doctor) => references[doctor],
      castMember: (place) => `Patient/${demoPatientId(seed, place)}`,
      storeLetter: (letter) => storeLetter(letter, ids, documents),
    });
    yield { patientId: id, resources: [patient, ...resources], documents };
    index++;
  }
}

/** The logical id of the patient at `index`: the first seven are the people of the pictures. */
export function demoPatientId(seed: number, index: number): string {
  return createRandom(seed, 0x70696473, index).uuid();
}

function* peopleOf(seed: number, today: Day): Generator<CastMember> {
  yield* inventCast(today);
  for (const person of inventPeople(seed, today)) yield { person, tell: tellLife };
}

function storeLetter(letter: Letter, ids: Random, documents: DemoDocument[]): { url: string; size: number } {
  const id = ids.uuid().replaceAll('-', '');
  const bytes =
    letter.mediaType === 'application/pdf'
      ? writePdf({ title: letter.title, from: letter.from, paragraphs: letter.body })
      : new TextEncoder().encode(`${[letter.from, letter.title, ...letter.body].join('\n\n')}\n`);
  documents.push({ id, title: letter.title, mediaType: letter.mediaType, bytes });
  return { url: `urn:serment:document:${id}`, size: bytes.length };
}
