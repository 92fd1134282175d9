import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8ToBytes } from '@serment/core/bytes';
import { sealRescue } from '@serment/core/keys/rescue';
import { demoPractice } from '@serment/records/demo/demo-practice';
import type { PatientRow } from '@serment/replica/directory';
import type { PatientFile, RecordView } from '@serment/replica/patient-file';
import { namesOf } from '../../src/file-view/reading.ts';
import { isSeenSince, rescuePatient, rescueReads } from '../../src/file-view/rescue-patient.ts';
import type { RescuePatient } from '../../src/rescue-page/content.ts';
import { rescueFile } from '../../src/rescue-page/rescue-file.ts';

const today = '2026-11-23';
const demo = demoPractice({ patients: 2000, seed: 1, today });
const nameOf = namesOf(
  demo.practitioners.map((one) => ({ id: `Practitioner/${one.id}`, content: JSON.stringify(one) })),
);
const options = { language: 'fr', nameOf, today, relatives: [] } as const;

function recordView(resource: { resourceType: string; id?: string }): RecordView {
  const content = JSON.stringify(resource);
  const { resourceType: type, id } = resource;
  const version = { version: '00', content, change: 'create', authorName: null, authorMember: null } as const;
  const place = { receivedAt: 0, time: 0, index: 4, state: 'copy', authorLabel: null } as const;
  return {
    ...{ id: `${type}/${id}`, type, patient: 'Patient/p', resource, content, change: 'create', isConflict: false },
    ...{ versions: [{ ...version, ...place }], state: 'copy', savedAt: 0 },
  };
}

function fileOf(
  resources: readonly { resourceType: string; id?: string }[],
  more: Partial<PatientFile> = {},
): PatientFile {
  const row: PatientRow = {
    ...{ id: 'Patient/p', family: 'Santoro', birthFamily: 'Lefèvre', given: 'Élodie', birthDate: '1992-03-12' },
    ...{ sex: 'female', deceased: false, phones: [], identifiers: [], otherNames: [], replacedBy: null },
    ...{ changedAt: 0, conflict: false },
  };
  return {
    ...{ row, records: resources.map(recordView), findings: [], absent: 0, isComplete: true, canReadClinical: true },
    ...{ merged: [], mergedInto: null },
    ...more,
  };
}

const told = (file: PatientFile) => rescuePatient(file, rescueReads(file), options);

test('a file is told as it is read at a glance: alerts first, then what goes on, then what was said last', () => {
  const [elodie] = demo.patients();
  const { about, alerts, sections, birthFamily } = told(fileOf(elodie?.resources ?? []));
  assert.equal(about, 'Femme, née le 12/03/1992, 34 ans');
  assert.equal(birthFamily, 'Lefèvre');
  assert.deepEqual(alerts[0], { label: 'Allergie : Pénicilline', detail: 'urticaire, 2011', tone: 'alert' });
  const titles = sections.map(({ title }) => title);
  assert.deepEqual(titles.slice(0, 5), [
    'Antécédents',
    'Traitements en cours',
    'Dernières consultations',
    'Dernières mesures',
    'Derniers résultats',
  ]);
  const notes = sections[2]?.lines ?? [];
  assert.equal(notes.length, 3);
  assert.match(notes[0]?.detail ?? '', /^Motif : .*\nConclusion : /);
  const identity = sections.at(-1)?.lines ?? [];
  assert.ok(identity.some(({ label }) => label === 'Numéro de sécurité sociale'));
});

test('what was not read whole says so, and never that there is none', () => {
  const { alerts, sections } = told(fileOf([], { isComplete: false }));
  assert.deepEqual(
    alerts.map(({ label }) => label),
    ['Ce dossier n’est pas complet dans cette copie.', 'Allergies : non encore chargées'],
  );
  assert.deepEqual(sections, []);
  const whole = told(fileOf([]));
  assert.deepEqual(
    whole.alerts.map(({ label }) => label),
    ['Allergies : non renseignées'],
  );
  assert.ok(whole.sections.every(({ lines }) => lines[0]?.label === 'Aucun enregistré'));
});

test('a very long note is cut, and says so', () => {
  const text = 'x'.repeat(200_000);
  const div = `<div xmlns="http://www.w3.org/1999/xhtml">${text}</div>`;
  const note = { resourceType: 'Composition', id: 'n', date: today, section: [{ title: 'Texte', text: { div } }] };
  const [line] = told(fileOf([note])).sections.find(({ title }) => title === 'Dernières consultations')?.lines ?? [];
  assert.ok((line?.detail.length ?? 0) < 1300);
  assert.match(line?.detail ?? '', /\[la suite est dans le dossier\]$/);
});

test('a patient is seen by what is dated, until today', () => {
  const seen = (date: string, resourceType = 'Composition') =>
    isSeenSince(rescueReads(fileOf([{ resourceType, id: 'n', ...{ date, recordedDate: date } }])), '2024-11-23', today);
  assert.deepEqual(
    [seen('2026-11-23'), seen('2024-11-23'), seen('2024-11-22'), seen('2027-01-01')],
    [true, true, false, false],
  );
  assert.equal(seen('2026-11-23', 'Patient'), false);
  assert.equal(seen('2026-11-23', 'Coverage'), false);
});

test('2 000 active patients weigh about 1 MB as a page, and are told in milliseconds each', async (t) => {
  const begun = performance.now();
  const patients: RescuePatient[] = [];
  for (const { patientId, resources } of demo.patients()) {
    const { row, ...file } = fileOf(resources);
    patients.push(told({ row: { ...row, id: `Patient/${patientId}` }, ...file }));
  }
  const each = (performance.now() - begun) / patients.length;
  const key = { key: new Uint8Array(32), salt: new Uint8Array(16) };
  const copy = await sealRescue(key, 0, utf8ToBytes(JSON.stringify({ patients })));
  const { length } = await rescueFile({ script: '', copy, language: 'fr' });
  t.diagnostic(`${patients.length} patients: ${Math.round(length / 1000)} kB, ${each.toFixed(1)} ms each`);
  assert.equal(patients.length, 2000);
  assert.ok(length < 1_500_000, String(length));
});
