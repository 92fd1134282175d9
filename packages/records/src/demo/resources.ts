import { newAld } from '../fhir/ald.ts';
import { noKnownAllergy } from '../fhir/allergy.ts';
import { codeSystems } from '../fhir/coding-system.ts';
import { newConsent } from '../fhir/consent.ts';
import { newCoverage } from '../fhir/coverage.ts';
import { newInformation } from '../fhir/information.ts';
import { textToDiv } from '../fhir/note-text.ts';
import { newRelative } from '../fhir/related-person.ts';
import { measureTypes, roundMeasure } from '../measures/measure-types.ts';
import { addMonths, type Day, isoDate, isoInstant } from './calendar.ts';
import type {
  Allergy,
  Coded,
  Course,
  DoctorKey,
  GivenVaccine,
  LabReport,
  Letter,
  Measure,
  Problem,
  Visit,
} from './course.ts';
import { type DrugName, drugs } from './drugs.ts';
import { type VaccineName, vaccines, vaccineText } from './vaccines.ts';

/** A FHIR R4 resource as plain JSON. */
export interface DemoResource {
  readonly resourceType: string;
  readonly id: string;
  readonly [element: string]: unknown;
}

export interface ResourceContext {
  readonly patient: string;
  readonly organization: string;
  readonly today: Day;
  readonly newId: () => string;
  readonly reference: (doctor: DoctorKey) => string;
  /** `Patient/…` of somebody of the cast. */
  readonly castMember: (place: number) => string;
  /** Registers the bytes of a letter and gives the URL and size that its DocumentReference carries. */
  readonly storeLetter: (letter: Letter) => { readonly url: string; readonly size: number };
}

const hl7 = 'http://terminology.hl7.org/CodeSystem';
const clinical = (code: 'active' | 'resolved') => ({ coding: [{ system: `${hl7}/condition-clinical`, code }] });
const confirmed = { coding: [{ system: `${hl7}/condition-ver-status`, code: 'confirmed' }] };
const vitalSigns = [{ coding: [{ system: codeSystems.observationCategory, code: 'vital-signs' }] }];
const laboratory = [{ coding: [{ system: codeSystems.observationCategory, code: 'laboratory' }] }];
const laboratoryName = 'Laboratoire Bioalliance';

/** All the resources of one patient but the Patient itself: the summary first, then what happened, oldest first. */
export function courseResources(course: Course, context: ResourceContext): DemoResource[] {
  const resources: DemoResource[] = [
    ...allergyResources(course, context),
    ...course.problems.map((problem) => conditionResource(problem, context)),
    ...course.cover.map((cover) => coverResource(cover, context)),
  ];
  const visits = [...course.visits].sort((a, b) => a.day - b.day || a.minute - b.minute);
  const current = currentPrescriptions(course, visits, context.today);
  for (const [drug, since] of course.longTerm) {
    if (!visits.some((visit) => visit.drugs.includes(drug)))
      resources.push(prescriptionResource(drug, since ?? addMonths(context.today, -14), context));
  }
  const events: { readonly day: Day; readonly write: () => DemoResource[] }[] = [
    ...visits.map((visit) => ({ day: visit.day, write: () => visitResources(visit, current, context) })),
    ...course.labs.map((report) => ({ day: report.day, write: () => labResources(report, context) })),
    ...course.vaccines.map((vaccine) => ({ day: vaccine.day, write: () => [vaccineResource(vaccine, context)] })),
    ...course.letters.map((letter) => ({ day: letter.day, write: () => [letterResource(letter, context)] })),
  ];
  events.sort((a, b) => a.day - b.day);
  for (const event of events) resources.push(...event.write());
  return [...resources, ...toldResources(course, context)];
}

/** For each daily medicine, the visit that renewed it last: that prescription is the one still running. */
function currentPrescriptions(course: Course, visits: readonly Visit[], today: Day): ReadonlyMap<DrugName, Visit> {
  const current = new Map<DrugName, Visit>();
  for (const visit of visits) {
    for (const drug of visit.drugs) if (course.longTerm.has(drug) && today - visit.day < 420) current.set(drug, visit);
  }
  return current;
}

function visitResources(visit: Visit, current: ReadonlyMap<DrugName, Visit>, context: ResourceContext): DemoResource[] {
  const start = isoInstant(visit.day, visit.minute);
  const encounterId = context.newId();
  const encounter = `Encounter/${encounterId}`;
  const author = context.reference(visit.doctor);
  const kind = { practice: ['AMB', 'ambulatory'], home: ['HH', 'home health'], remote: ['VR', 'virtual'] } as const;
  const [code, display] = kind[visit.setting];
  const at = { encounter, when: isoInstant(visit.day, visit.minute + 6), performer: { reference: author } };
  return [
    {
      resourceType: 'Encounter',
      id: encounterId,
      status: 'finished',
      class: { system: codeSystems.actCode, code, display },
      subject: { reference: context.patient },
      participant: [{ individual: { reference: author } }],
      period: { start, end: isoInstant(visit.day, visit.minute + 15) },
      reasonCode: [{ ...(visit.diagnosis === null ? {} : { coding: [cim10(visit.diagnosis)] }), text: visit.reason }],
      serviceProvider: { reference: context.organization },
    },
    noteResource(visit, encounter, context),
    ...visit.measures.map((measure) => measureResource(measure, at, context)),
    ...visit.drugs.map((drug) =>
      prescriptionResource(drug, { visit, encounter, current: current.get(drug) === visit }, context),
    ),
  ];
}

/** What newNote writes, without its check: twenty thousand patients have 150 000 notes, and the tests hold them to the schema. */
function noteResource(visit: Visit, encounter: string, context: ResourceContext): DemoResource {
  return {
    resourceType: 'Composition',
    id: context.newId(),
    status: 'final',
    type: { coding: [{ system: codeSystems.loinc, code: '11488-4' }] },
    subject: { reference: context.patient },
    encounter: { reference: encounter },
    date: isoInstant(visit.day, visit.minute + 14),
    author: [{ reference: context.reference(visit.doctor) }],
    title: visit.title,
    section: noteSections(visit).map(({ title, loinc, text }) => ({
      title,
      code: { coding: [{ system: codeSystems.loinc, code: loinc }] },
      text: { status: 'additional', div: textToDiv(text) },
    })),
  };
}

function noteSections(visit: Visit): { title: string; loinc: string; text: string }[] {
  const sections = [
    { title: 'Motif', loinc: '10154-3', text: visit.reason },
    { title: 'Histoire', loinc: '10164-2', text: visit.history },
    { title: 'Examen', loinc: '29545-1', text: visit.exam },
    { title: 'Conclusion', loinc: '51848-0', text: visit.conclusion },
    { title: 'Conduite', loinc: '18776-5', text: visit.plan },
  ];
  return sections.filter(({ text }) => text !== '');
}

interface MeasureMoment {
  readonly encounter: string | null;
  readonly when: string;
  readonly performer: { readonly reference: string } | { readonly display: string };
}

function measureResource(measure: Measure, at: MeasureMoment, context: ResourceContext): DemoResource {
  const type = measureTypes[measure.kind];
  const quantity = (value: number) => ({
    value: roundMeasure(measure.kind, value),
    unit: type.unit,
    system: codeSystems.ucum,
    code: type.ucum,
  });
  const part = (loinc: string, display: string, text: string, value: number) => ({
    code: { coding: [{ system: codeSystems.loinc, code: loinc, display }], text },
    valueQuantity: quantity(value),
  });
  return {
    resourceType: 'Observation',
    id: context.newId(),
    status: 'final',
    category: type.laboratory ? laboratory : vitalSigns,
    code: { coding: [{ system: codeSystems.loinc, code: type.loinc }], text: type.text },
    subject: { reference: context.patient },
    ...(at.encounter === null ? {} : { encounter: { reference: at.encounter } }),
    effectiveDateTime: at.when,
    performer: [at.performer],
    ...(measure.second === undefined
      ? { valueQuantity: quantity(measure.value) }
      : {
          component: [
            part('8480-6', 'Systolic blood pressure', 'Systolique', measure.value),
            part('8462-4', 'Diastolic blood pressure', 'Diastolique', measure.second),
          ],
        }),
  };
}

function labResources(report: LabReport, context: ResourceContext): DemoResource[] {
  const when = isoInstant(report.day, 8 * 60 + 10);
  const at = { encounter: null, when, performer: { display: laboratoryName } };
  const results = report.results.map((measure) => measureResource(measure, at, context));
  return [
    {
      resourceType: 'DiagnosticReport',
      id: context.newId(),
      status: 'final',
      category: [{ coding: [{ system: `${hl7}/v2-0074`, code: 'LAB' }] }],
      code: {
        coding: [{ system: codeSystems.loinc, code: '11502-2', display: 'Laboratory report' }],
        text: 'Biologie',
      },
      subject: { reference: context.patient },
      effectiveDateTime: when,
      issued: isoInstant(report.day, 17 * 60 + 30),
      performer: [{ display: laboratoryName }],
      result: results.map(({ id }) => ({ reference: `Observation/${id}` })),
    },
    ...results,
  ];
}

function prescriptionResource(
  name: DrugName,
  from: { readonly visit: Visit; readonly encounter: string; readonly current: boolean } | Day,
  context: ResourceContext,
): DemoResource {
  const { atc, text, dosage } = drugs[name];
  const earlier = typeof from === 'number';
  const authored = earlier ? isoInstant(from, 600) : isoInstant(from.visit.day, from.visit.minute + 12);
  const active = earlier || from.current || context.today - from.visit.day <= 5;
  return {
    resourceType: 'MedicationRequest',
    id: context.newId(),
    status: active ? 'active' : 'completed',
    intent: 'order',
    medicationCodeableConcept: { coding: [{ system: codeSystems.atc, code: atc }], text },
    subject: { reference: context.patient },
    ...(earlier ? {} : { encounter: { reference: from.encounter } }),
    authoredOn: authored,
    requester: { reference: context.reference(earlier ? 'vasseur' : from.visit.doctor) },
    dosageInstruction: [{ text: dosage }],
  };
}

function conditionResource(problem: Problem, context: ResourceContext): DemoResource {
  return {
    resourceType: 'Condition',
    id: context.newId(),
    clinicalStatus: clinical(problem.until === undefined ? 'active' : 'resolved'),
    verificationStatus: confirmed,
    category: [{ coding: [{ system: `${hl7}/condition-category`, code: 'problem-list-item' }] }],
    code: { coding: [cim10(problem)], text: problem.display },
    subject: { reference: context.patient },
    onsetDateTime: problem.since,
    ...(problem.until === undefined ? {} : { abatementDateTime: problem.until }),
    recorder: { reference: context.reference('vasseur') },
  };
}

function coverResource(cover: Course['cover'][number], context: ResourceContext): DemoResource {
  const { condition, protocol } = cover;
  return newAld(
    context.newId(),
    { patient: context.patient, recorder: context.reference('vasseur') },
    {
      ...{ number: cover.number, start: isoDate(cover.from), end: isoDate(cover.to) },
      ...(condition === undefined ? {} : { diagnosis: { code: condition.code, text: condition.display } }),
      ...(protocol === undefined ? {} : { protocol: isoDate(protocol) }),
    },
  );
}

/** Who pays, whose relative, what was consented to, and what the patient was told. */
function toldResources(course: Course, context: ResourceContext): DemoResource[] {
  const { coverage, relatives, consents, information } = course;
  const { patient } = context;
  const source = { patient, recorder: context.reference('vasseur') };
  return [
    ...coverage.map((facts) => newCoverage(context.newId(), source, facts)),
    ...relatives.map(({ place, kinship }) =>
      newRelative(context.newId(), { patient, relative: context.castMember(place), kinship }),
    ),
    ...consents.map((facts) => newConsent(context.newId(), source, facts)),
    ...information.map((facts) => newInformation(context.newId(), source, facts)),
  ];
}

function allergyResources(course: Course, context: ResourceContext): DemoResource[] {
  const { allergies } = course;
  if (allergies === 'not asked') return [];
  if (allergies === 'none known') {
    const recordedDate = isoInstant(addMonths(context.today, -30), 610);
    return [
      noKnownAllergy(context.newId(), {
        patient: context.patient,
        recorder: context.reference('vasseur'),
        recordedDate,
      }),
    ];
  }
  return allergies.map((allergy) => allergyResource(allergy, context));
}

function allergyResource(allergy: Allergy, context: ResourceContext): DemoResource {
  return {
    resourceType: 'AllergyIntolerance',
    id: context.newId(),
    clinicalStatus: { coding: [{ system: codeSystems.allergyClinical, code: 'active' }] },
    verificationStatus: { coding: [{ system: codeSystems.allergyVerification, code: 'confirmed' }] },
    type: 'allergy',
    category: [allergy.kind],
    criticality: allergy.severe ? 'high' : 'low',
    code: {
      ...(allergy.atc === null ? {} : { coding: [{ system: codeSystems.atc, code: allergy.atc }] }),
      text: allergy.substance,
    },
    patient: { reference: context.patient },
    onsetDateTime: allergy.since,
    recorder: { reference: context.reference('vasseur') },
    reaction: [{ manifestation: [{ text: allergy.reaction }], severity: allergy.severe ? 'severe' : 'mild' }],
  };
}

const siteNames = { LA: 'deltoïde gauche', RA: 'deltoïde droit', LT: 'cuisse gauche', RT: 'cuisse droite' } as const;

function vaccineResource(given: GivenVaccine, context: ResourceContext): DemoResource {
  const name: VaccineName = given.vaccine;
  return {
    resourceType: 'Immunization',
    id: context.newId(),
    status: 'completed',
    vaccineCode: { coding: [{ system: codeSystems.atc, code: vaccines[name].atc }], text: vaccineText(name) },
    patient: { reference: context.patient },
    occurrenceDateTime: isoDate(given.day),
    primarySource: true,
    lotNumber: given.lot,
    site: { coding: [{ system: `${hl7}/v3-ActSite`, code: given.site }], text: siteNames[given.site] },
    performer: [{ actor: { reference: context.reference('vasseur') } }],
  };
}

const letterCodes = { report: '11488-4', letter: '57133-1', certificate: '64298-3' } as const;

function letterResource(letter: Letter, context: ResourceContext): DemoResource {
  const { url, size } = context.storeLetter(letter);
  return {
    resourceType: 'DocumentReference',
    id: context.newId(),
    status: 'current',
    docStatus: 'final',
    type: { coding: [{ system: codeSystems.loinc, code: letterCodes[letter.kind] }], text: letter.title },
    subject: { reference: context.patient },
    date: isoInstant(letter.day, 11 * 60),
    author: [{ display: letter.from }],
    description: letter.title,
    content: [
      {
        attachment: {
          contentType: letter.mediaType,
          language: 'fr-FR',
          url,
          size,
          title: letter.title,
          creation: isoDate(letter.day),
        },
      },
    ],
  };
}

function cim10(coded: Coded): { system: string; code: string; display: string } {
  return { system: codeSystems.cim10, code: coded.code, display: coded.display };
}
