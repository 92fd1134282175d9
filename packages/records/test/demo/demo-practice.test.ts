import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { demoAppointments } from '../../src/demo/appointments.ts';
import { type DemoPatient, demoPatientId, demoPractice } from '../../src/demo/demo-practice.ts';
import type { DemoResource } from '../../src/demo/resources.ts';
import { newNote, readNote } from '../../src/fhir/note.ts';
import { checkOwnResource, hasSchema } from '../../src/fhir/schema.ts';
import { insKindOf } from '../../src/identifiers/ins.ts';
import { isNir } from '../../src/identifiers/nir.ts';
import { isRpps } from '../../src/identifiers/rpps.ts';
import { elementAt, itemsAt, textAt } from '../../src/page/element-text.ts';
import { patientName } from '../../src/page/summary.ts';

const today = '2026-11-23';
const make = (patients: number, seed = 1): DemoPatient[] => [...demoPractice({ patients, seed, today }).patients()];
const practice = make(400);
const resources = practice.flatMap((patient) => patient.resources);
const ofType = (type: string, among: readonly DemoResource[] = resources) =>
  among.filter(({ resourceType }) => resourceType === type);

function digest(patients: Iterable<DemoPatient>): string {
  const hash = createHash('sha256');
  for (const { patientId, resources, documents } of patients) {
    hash.update(patientId).update(JSON.stringify(resources));
    for (const document of documents) hash.update(document.id).update(document.title).update(document.bytes);
  }
  return hash.digest('hex');
}

test('the same request gives the same bytes, another seed or day gives others', () => {
  assert.equal(digest(make(60)), digest(make(60)));
  assert.notEqual(digest(make(60)), digest(make(60, 2)));
  assert.notEqual(digest(make(60)), digest(demoPractice({ patients: 60, seed: 1, today: '2026-11-24' }).patients()));
});

test('a larger practice begins with the people of a smaller one', () => {
  assert.equal(digest(make(100)), digest(practice.slice(0, 100)));
});

test('patients can be iterated twice, and there are as many as asked', () => {
  const one = demoPractice({ patients: 30, seed: 4, today });
  assert.equal(digest(one.patients()), digest(one.patients()));
  assert.equal([...one.patients()].length, 30);
  assert.deepEqual(make(0), []);
});

test('every resource keeps the schema of what Serment writes, where it has one', () => {
  for (const resource of resources) if (hasSchema(resource.resourceType)) checkOwnResource(resource);
  for (const practitioner of demoPractice({ patients: 0, seed: 1, today }).practitioners)
    checkOwnResource(practitioner);
  const known = new Set(resources.map(({ resourceType }) => resourceType));
  for (const type of [
    'Patient',
    'Encounter',
    'Composition',
    'Observation',
    'Condition',
    'AllergyIntolerance',
    'MedicationRequest',
    'Immunization',
    'DocumentReference',
  ]) {
    assert.ok(known.has(type), type);
  }
});

test('a note is exactly what the note builder would have written', () => {
  for (const composition of ofType('Composition').slice(0, 500)) {
    const note = readNote(composition);
    assert.ok(note !== null);
    const sections = note.sections.map(({ title, loinc, text }) => ({
      title,
      loinc,
      text: text ?? assert.fail('not Serment’s own text'),
    }));
    assert.deepEqual(newNote(composition.id, { ...note, loinc: undefined, sections }), composition);
  }
});

test('identifiers are unique, NIR have a valid key in the national test range, RPPS are valid', () => {
  assert.equal(new Set(resources.map(({ resourceType, id }) => `${resourceType}/${id}`)).size, resources.length);
  const numbers = ofType('Patient').flatMap((patient) => itemsAt(patient, 'identifier'));
  assert.ok(numbers.length > 370 && numbers.length < 400, 'some identities are provisional');
  for (const number of numbers) {
    assert.equal(insKindOf(textAt(number, 'system')), 'INS-NIR-TEST');
    assert.ok(isNir(textAt(number, 'value')), textAt(number, 'value'));
  }
  assert.equal(new Set(numbers.map((number) => textAt(number, 'value'))).size, numbers.length);
  for (const member of demoPractice({ patients: 0, seed: 1, today }).members) {
    for (const identifier of itemsAt(member.practitioner, 'identifier')) assert.ok(isRpps(textAt(identifier, 'value')));
  }
});

test('the number agrees with the sex and the date of birth', () => {
  for (const patient of ofType('Patient')) {
    const value = textAt(patient, 'identifier.value');
    if (value === '') continue;
    const birth = textAt(patient, 'birthDate');
    assert.equal(
      value.slice(0, 5),
      `${textAt(patient, 'gender') === 'male' ? 1 : 2}${birth.slice(2, 4)}${birth.slice(5, 7)}`,
    );
  }
});

test('every reference points to a resource of the same patient or to the practice', () => {
  const { organization, practitioners } = demoPractice({ patients: 0, seed: 1, today });
  const shared = new Set([`Organization/${organization.id}`, ...practitioners.map(({ id }) => `Practitioner/${id}`)]);
  for (const patient of practice) {
    const own = new Set(patient.resources.map(({ resourceType, id }) => `${resourceType}/${id}`));
    for (const [, reference = ''] of JSON.stringify(patient.resources).matchAll(/"reference":"([^"]*)"/g)) {
      assert.ok(own.has(reference) || shared.has(reference), reference);
    }
  }
});

test('documents are those that the DocumentReferences name, with their size, and PDF begin as PDF do', () => {
  for (const { resources, documents } of practice) {
    const attachments = ofType('DocumentReference', resources).flatMap((reference) =>
      itemsAt(reference, 'content').map((content) => elementAt(content, 'attachment')),
    );
    assert.deepEqual(
      attachments.map((attachment) => [
        textAt(attachment, 'url'),
        textAt(attachment, 'contentType'),
        textAt(attachment, 'size'),
      ]),
      documents.map(({ id, mediaType, bytes }) => [`urn:serment:document:${id}`, mediaType, String(bytes.length)]),
    );
    for (const { bytes, mediaType } of documents) {
      if (mediaType === 'application/pdf') assert.equal(new TextDecoder().decode(bytes.subarray(0, 8)), '%PDF-1.4');
    }
  }
  assert.ok(practice.some(({ documents }) => documents.some(({ mediaType }) => mediaType === 'text/plain')));
});

test('nothing happens after today or before birth, and no consultation falls on a Sunday', () => {
  for (const { resources } of practice) {
    const birth = textAt(resources[0], 'birthDate');
    for (const encounter of ofType('Encounter', resources)) {
      const day = textAt(encounter, 'period.start').slice(0, 10);
      assert.ok(day >= birth && day < today && day >= '2023-11-23', day);
      assert.notEqual(new Date(`${day}T12:00:00Z`).getUTCDay(), 0);
    }
    for (const vaccine of ofType('Immunization', resources)) {
      const day = textAt(vaccine, 'occurrenceDateTime');
      assert.ok(day >= birth && day < today, day);
    }
  }
});

test('the people of the pictures come first', () => {
  const names = practice.slice(0, 7).map(({ resources }) => {
    const name = patientName(resources[0]);
    return `${name.family.toUpperCase()} ${name.given}`;
  });
  assert.deepEqual(names, [
    'SANTORO Élodie',
    'DIALLO Aminata',
    'LE GOFF Yann',
    'MARCHAND Paul-Émile',
    'BENYAHIA Inès',
    'ROUSSEAU Marguerite',
    'NGUYEN Minh',
  ]);
  const elodie = practice[0]?.resources ?? [];
  assert.equal(textAt(elodie[0], 'birthDate'), '1992-03-12');
  assert.equal(patientName(elodie[0]).birthFamily, 'Lefèvre');
  assert.equal(textAt(ofType('AllergyIntolerance', elodie)[0], 'code.text'), 'Pénicilline');
  const hba1c = ofType('Observation', elodie).filter(
    (observation) => textAt(observation, 'code.coding.code') === '4548-4',
  );
  assert.deepEqual(
    hba1c.map((observation) => elementAt(observation, 'valueQuantity.value')),
    [8.1, 7.5, 7.1, 6.8, 6.9, 7.4],
  );
  assert.ok(
    ofType('Composition', elodie).some(
      (note) =>
        note.title === 'Diabète équilibré, rétinographie demandée' &&
        textAt(note, 'date').startsWith('2026-05-28T10:42'),
    ),
  );
});

test('some are known to have no allergy, others were not asked, penicillin is not given to who is allergic to it', () => {
  const answers = practice.map(({ resources }) => ofType('AllergyIntolerance', resources));
  const none = answers.filter((list) => textAt(list[0], 'code.coding.code') === 'no-known-allergies').length;
  const unasked = answers.filter((list) => list.length === 0).length;
  assert.ok(none > 150 && unasked > 50, `${none} none known, ${unasked} not asked`);
  for (const { resources } of practice) {
    if (!ofType('AllergyIntolerance', resources).some((allergy) => textAt(allergy, 'code.coding.code') === 'J01C'))
      continue;
    for (const request of ofType('MedicationRequest', resources))
      assert.doesNotMatch(textAt(request, 'medicationCodeableConcept.coding.code'), /^J01C/);
  }
});

test('the practice has the ages and the variety of a real one', () => {
  const years = ofType('Patient').map((patient) => 2026 - Number(textAt(patient, 'birthDate').slice(0, 4)));
  const share = (low: number, high: number) => years.filter((age) => age >= low && age <= high).length / years.length;
  assert.ok(share(0, 17) > 0.12 && share(0, 17) < 0.35, `children ${share(0, 17)}`);
  assert.ok(share(65, 120) > 0.12 && share(65, 120) < 0.4, `elders ${share(65, 120)}`);
  const notes = ofType('Composition').map((note) => JSON.stringify(note.section));
  assert.ok(new Set(notes).size > notes.length * 0.75, `${new Set(notes).size} distinct of ${notes.length}`);
  assert.ok(new Set(ofType('Composition').map((note) => note.title)).size > 300);
});

test('today’s appointments name patients of the practice and keep their reasons out of the agenda', () => {
  const known = new Set(practice.map(({ patientId }) => `Patient/${patientId}`));
  const list = demoAppointments(today);
  assert.deepEqual(
    new Set(list.map(({ status }) => status)),
    new Set(['fulfilled', 'checked-in', 'arrived', 'booked']),
  );
  for (const appointment of list) {
    assert.ok(known.has(textAt(appointment, 'participant.actor.reference')));
    assert.equal('reasonCode' in appointment, false);
  }
  assert.equal(practice[0]?.patientId, demoPatientId(1, 0));
});

test('a practice of 1200 patients has tens of thousands of resources', () => {
  let count = 0;
  for (const { resources } of demoPractice({ patients: 1200, seed: 1, today }).patients()) count += resources.length;
  assert.ok(count > 50_000 && count < 110_000, `${count} resources`);
});
