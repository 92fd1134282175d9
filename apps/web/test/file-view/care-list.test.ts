import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inError } from '@serment/records/fhir/in-error';
import type { PatientFile, RecordView } from '@serment/replica/patient-file';
import { careList } from '../../src/file-view/care-list.ts';
import { fileView } from '../../src/file-view/file-view.ts';

function recordOf(resource: { readonly resourceType: string; readonly id: string }): RecordView {
  const id = `${resource.resourceType}/${resource.id}`;
  const content = JSON.stringify(resource);
  const version = { version: `v-${resource.id}`, content, change: 'create' as const, authorName: null };
  const from = { authorMember: null, authorLabel: null, receivedAt: 1, time: 1, index: 1, state: 'host' as const };
  return {
    ...{
      id,
      patient: 'Patient/p',
      type: resource.resourceType,
      resource,
      content,
      change: 'create',
      isConflict: false,
    },
    ...{ versions: [{ ...version, ...from }], state: 'host', savedAt: 1 },
  };
}

function fileOf(resources: readonly { readonly resourceType: string; readonly id: string }[], isComplete = true) {
  const row = {
    ...{ id: 'Patient/p', family: 'A', birthFamily: null, given: 'B', birthDate: '1958-01-10', sex: 'female' as const },
    ...{ deceased: false, phones: [], identifiers: [], changedAt: 1, conflict: false },
    ...{ otherNames: [], replacedBy: null },
  };
  const records = resources.map(recordOf);
  const whole = { findings: [], absent: 0, merged: [], mergedInto: null };
  return { row, records, ...whole, isComplete, canReadClinical: true } satisfies PatientFile;
}

const order = (id: string, text: string, status: string, authoredOn: string) => ({
  ...{ resourceType: 'MedicationRequest', id, status, authoredOn, intent: 'order' },
  medicationCodeableConcept: { text },
});

test('prescriptions of one medicine that run are one line, and those that ended are not of the list', () => {
  const file = fileOf([
    order('a', 'Metformine', 'active', '2026-01-05'),
    order('b', 'Metformine', 'active', '2026-04-05'),
    order('c', 'Amoxicilline', 'completed', '2020-04-05'),
  ]);
  const { items } = careList(file, 'treatments');
  assert.deepEqual(
    items.map(({ recordId }) => recordId),
    ['MedicationRequest/b'],
  );
  assert.deepEqual(
    items[0]?.also.map(({ recordId, versions }) => [recordId, versions]),
    [['MedicationRequest/a', ['v-a']]],
  );
});

test('what was entered in error is in no list', () => {
  const problem = { resourceType: 'Condition', id: 'x', code: { text: 'HTA' } };
  assert.equal(careList(fileOf([problem]), 'problems').items.length, 1);
  const wrong = { ...inError(problem), resourceType: 'Condition', id: 'x' };
  assert.equal(careList(fileOf([wrong]), 'problems').items.length, 0);
});

test('a file that is not whole has no plan of doses, and its empty lists say so', () => {
  const today = '2026-11-23';
  const view = (isComplete: boolean) =>
    fileView(fileOf([], isComplete), {
      language: 'fr',
      practitioners: [],
      homonyms: [],
      self: 'Practitioner/x',
      isDoctor: () => true,
      today,
    }).care.plan;
  assert.equal(view(false), null);
  assert.ok(view(true)?.doses.some(({ rule, status }) => rule === 'zoster' && status === 'due'));
  assert.equal(careList(fileOf([], false), 'allergies').isComplete, false);
});
