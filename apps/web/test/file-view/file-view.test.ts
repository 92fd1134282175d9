import assert from 'node:assert/strict';
import { test } from 'node:test';
import { demoPractice } from '@serment/records/demo/demo-practice';
import type { PatientFile, RecordView, VersionView } from '@serment/replica/patient-file';
import { fileView } from '../../src/file-view/file-view.ts';
import type { TimelineItem } from '../../src/file-view/view.ts';

const at = Date.UTC(2026, 10, 23);
const demo = demoPractice({ patients: 7, seed: 1, today: '2026-11-23' });
const practitioners = demo.practitioners.map((one) => ({ id: `Practitioner/${one.id}`, content: JSON.stringify(one) }));

function versionView(content: string, name = '00'): VersionView {
  return {
    ...{
      version: name,
      content,
      change: 'create',
      authorName: 'Dr Claire Vasseur',
      authorMember: 'aa',
      authorLabel: 'browser',
    },
    ...{ receivedAt: at, time: at, index: 4, state: 'copy' },
  };
}

function recordView(resource: { resourceType: string; id?: string }, more: Partial<RecordView> = {}): RecordView {
  const content = JSON.stringify(resource);
  return {
    ...{
      id: `${resource.resourceType}/${resource.id}`,
      type: resource.resourceType,
      patient: 'Patient/p',
      resource,
      content,
      change: 'create',
    },
    ...{ isConflict: false, versions: [versionView(content)], state: 'copy', savedAt: at },
    ...more,
  };
}

function fileOf(records: readonly RecordView[], more: Partial<PatientFile> = {}): PatientFile {
  const row = {
    ...{
      id: 'Patient/p',
      family: 'Santoro',
      birthFamily: 'Lefèvre',
      given: 'Élodie',
      birthDate: '1992-03-12',
      sex: 'female' as const,
    },
    ...{
      deceased: false,
      phones: [],
      identifiers: [],
      otherNames: [],
      replacedBy: null,
      changedAt: at,
      conflict: false,
    },
  };
  return {
    row,
    records,
    findings: [],
    absent: 0,
    isComplete: true,
    canReadClinical: true,
    merged: [],
    mergedInto: null,
    ...more,
  };
}

function demoFile(place: number): PatientFile {
  const patient = [...demo.patients()][place];
  return fileOf((patient?.resources ?? []).map((resource) => recordView(resource)));
}

const options = { language: 'fr' as const, practitioners, homonyms: [], self: 'Practitioner/me', isDoctor: () => true };
const view = (file: PatientFile) => fileView(file, options);
const textOf = (item: TimelineItem | undefined) =>
  item?.kind === 'line' ? item.line.segments.map(({ text }) => text).join('') : '';

test('a consultation holds its measures and prescriptions, and names its author', () => {
  const notes = view(demoFile(0)).timeline.filter((item) => item.kind === 'note');
  const note = notes[0]?.note;
  assert.equal(note?.title, 'Diabète équilibré, rétinographie demandée');
  assert.equal(note?.author, 'Dr Claire Vasseur');
  assert.deepEqual(note?.measures[0], { label: 'TA', detail: '124/74' });
  assert.equal(note?.treatments[0]?.label, 'Metformine 1 000 mg');
  assert.equal(note?.isEditable, false);
});

test('a laboratory report and its results are one sentence', () => {
  const line = view(demoFile(0))
    .timeline.map(textOf)
    .find((text) => text.startsWith('Biologie'));
  assert.match(line ?? '', /^Biologie, laboratoire Bioalliance : HbA1c 7,4\s%, créatinine 62\sµmol\/l$/);
});

test('everything is newest first, and every record of a file is told once or stands in the margin', () => {
  for (let place = 0; place < 7; place += 1) {
    const { timeline } = view(demoFile(place));
    const days = timeline.map(({ when }) => when).filter((when) => when !== '');
    assert.deepEqual(days, [...days].sort().reverse());
    assert.equal(new Set(timeline.map(({ key }) => key)).size, timeline.length);
  }
});

test('allergies are never a false blank', () => {
  const none = { resourceType: 'AllergyIntolerance', id: 'a', code: { coding: [{ code: 'no-known-allergies' }] } };
  const some = { resourceType: 'AllergyIntolerance', id: 'b', code: { text: 'Pénicilline' } };
  const kindOf = (file: PatientFile) => view(file).banner.allergies.kind;
  assert.equal(kindOf(fileOf([])), 'not-asked');
  assert.equal(kindOf(fileOf([recordView(none)])), 'none-known');
  assert.equal(kindOf(fileOf([recordView(none), recordView(some)])), 'some');
  assert.equal(kindOf(fileOf([recordView(none)], { isComplete: false })), 'loading');
  assert.equal(kindOf(fileOf([recordView(some)], { isComplete: false })), 'some');
  assert.equal(kindOf(fileOf([], { canReadClinical: false })), 'hidden');
});

test('a refuted allergy, or one entered in error, is none', () => {
  const refuted = {
    resourceType: 'AllergyIntolerance',
    id: 'a',
    code: { text: 'Latex' },
    verificationStatus: { coding: [{ code: 'refuted' }] },
  };
  const inError = { ...refuted, id: 'b', verificationStatus: { coding: [{ code: 'entered-in-error' }] } };
  assert.equal(view(fileOf([recordView(refuted), recordView(inError)])).banner.allergies.kind, 'not-asked');
});

test('two versions of a note stand side by side', () => {
  const note = (title: string) => ({
    resourceType: 'Composition',
    id: 'n',
    status: 'preliminary',
    date: '2026-11-23T10:00:00+01:00',
    title,
  });
  const versions = [
    versionView(JSON.stringify(note('Angine')), '01'),
    versionView(JSON.stringify(note('Grippe')), '02'),
  ];
  const [item] = view(fileOf([recordView(note('Grippe'), { isConflict: true, versions })])).timeline;
  assert.equal(item?.kind, 'note');
  assert.deepEqual(item?.kind === 'note' && item.note.sides.map(({ title }) => title), ['Angine', 'Grippe']);
});

test('an addendum stands under its note', () => {
  const note = { resourceType: 'Composition', id: 'n', status: 'final', date: '2026-11-20', title: 'Angine' };
  const relatesTo = [{ code: 'appends', targetReference: { reference: 'Composition/n' } }];
  const addendum = {
    resourceType: 'Composition',
    id: 'm',
    status: 'final',
    date: '2026-11-22',
    title: 'Culture',
    relatesTo,
  };
  const { timeline } = view(fileOf([recordView(addendum), recordView(note)]));
  assert.equal(timeline.length, 1);
  assert.deepEqual(timeline[0]?.kind === 'note' && timeline[0].addenda.map(({ title }) => title), ['Culture']);
});

test('unknown, empty and hostile resources are told and never throw', () => {
  const odd = [
    { resourceType: 'Basic', id: '1' },
    { resourceType: 'Observation', id: '2', code: 3, valueQuantity: 'x', component: [null, { code: [] }] },
    {
      resourceType: 'Composition',
      id: '3',
      section: { section: [{ text: { div: '<script>alert(1)</script>Bonjour' } }] },
    },
    { resourceType: 'Encounter', id: '4', participant: 'x', period: { start: '2026-02-31T99:99' } },
    {
      resourceType: 'DiagnosticReport',
      id: '5',
      result: [{ reference: 'Observation/2' }, { reference: 'Observation/zz' }],
    },
    { resourceType: 'Flag', id: '6', status: 'active' },
  ];
  const { timeline } = view(
    fileOf([...odd.map((one) => recordView(one)), recordView({ resourceType: 'Basic', id: '7' }, { content: '{' })]),
  );
  assert.equal(timeline.length, 4);
  const note = timeline.find((item) => item.kind === 'note');
  assert.equal(note?.kind === 'note' && note.note.sections[0]?.text, 'alert(1)Bonjour');
});

test('three documents of one month fold into one line', () => {
  const document = (id: string, day: string) => ({
    resourceType: 'DocumentReference',
    id,
    date: `${day}T09:00:00Z`,
    description: `Courrier ${id}`,
  });
  const records = [
    document('a', '2026-10-02'),
    document('b', '2026-10-11'),
    document('c', '2026-10-30'),
    document('d', '2026-09-30'),
  ];
  const kinds = view(fileOf(records.map((one) => recordView(one)))).timeline.map(({ kind }) => kind);
  assert.deepEqual(kinds, ['group', 'line']);
});

test('how to reach a patient is said as it is dialled here, without what is out of date', () => {
  const patient = {
    ...{ resourceType: 'Patient', id: 'p' },
    telecom: [
      { system: 'phone', use: 'mobile', value: '+33612345678' },
      { system: 'phone', use: 'old', value: '0474000000' },
      { system: 'phone', use: 'home', value: '+41 22 700 00 00' },
      { system: 'email', value: 'elodie@example.org' },
    ],
    address: [
      { use: 'old', city: 'Mâcon' },
      { use: 'home', line: ['3 rue des Lilas'], postalCode: '69400', city: 'Villefranche' },
    ],
  };
  const { contact } = fileView(fileOf([recordView(patient)]), options);
  assert.deepEqual(
    contact.map(({ kind, text, href }) => [kind, text.replaceAll('\u00a0', ' '), href]),
    [
      ['mobile', '06 12 34 56 78', 'tel:+33612345678'],
      ['phone', '+41 22 700 00 00', 'tel:+41227000000'],
      ['email', 'elodie@example.org', 'mailto:elodie@example.org'],
      ['address', '3 rue des Lilas, 69400 Villefranche', null],
    ],
  );
});
