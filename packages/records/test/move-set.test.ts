import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '../src/json-text.ts';
import { type FiledRecord, movedResource, moveSet } from '../src/move-set.ts';

const record = (id: string, more: JsonObject = {}): FiledRecord => {
  const [resourceType = '', logicalId = ''] = id.split('/');
  return { id, resource: { resourceType, id: logicalId, subject: { reference: 'Patient/a' }, ...more } };
};
const of = (reference: string): JsonObject => ({ reference });

const file = [
  record('Patient/a'),
  record('Encounter/e'),
  record('Composition/n', { encounter: of('Encounter/e') }),
  record('Composition/added', { relatesTo: [{ code: 'appends', targetReference: of('Composition/n') }] }),
  record('Observation/weight', { encounter: of('Encounter/e') }),
  record('Condition/old'),
  record('DiagnosticReport/r', { result: [of('Observation/hba1c'), of('Observation/elsewhere')] }),
  record('Observation/hba1c'),
  record('Task/read', { focus: of('DiagnosticReport/r') }),
  record('DocumentReference/d'),
  record('DocumentReference/sent', { context: { related: [of('DiagnosticReport/came')] } }),
  record('DiagnosticReport/came'),
];

describe('what goes with a record of the wrong file', () => {
  it('is the whole meeting, addenda too, from whichever of its records one begins', () => {
    const meeting = ['Composition/added', 'Composition/n', 'Encounter/e', 'Observation/weight'];
    for (const id of meeting) assert.deepEqual(moveSet(file, id).sort(), id === 'Composition/added' ? [id] : meeting);
  });

  it('is a report with its results and what is to be read of it', () => {
    assert.deepEqual(moveSet(file, 'DiagnosticReport/r'), ['DiagnosticReport/r', 'Observation/hba1c', 'Task/read']);
  });

  it('is a report and the document that it came in, from either', () => {
    for (const id of ['DocumentReference/sent', 'DiagnosticReport/came'])
      assert.deepEqual(moveSet(file, id).sort(), ['DiagnosticReport/came', 'DocumentReference/sent']);
  });

  it('is a document alone, never the patient, and nothing for what is not there', () => {
    assert.deepEqual(moveSet(file, 'DocumentReference/d'), ['DocumentReference/d']);
    assert.deepEqual(moveSet(file, 'Patient/a'), []);
    assert.deepEqual(moveSet(file, 'Composition/none'), []);
  });

  it('ends where records name each other', () => {
    const circle = [record('A/1', { focus: of('A/2') }), record('A/2', { focus: of('A/1') })];
    assert.deepEqual(moveSet(circle, 'A/1').sort(), ['A/1', 'A/2']);
  });
});

describe('a record of another patient', () => {
  it('names that one wherever it named the first, without the name of the first', () => {
    const resource: JsonObject = {
      resourceType: 'Observation',
      id: 'o',
      subject: { reference: 'urn:uuid:0f', display: 'SANTORO Élodie' },
      performer: [of('Practitioner/p'), { reference: 'Patient/a', display: 'SANTORO Élodie' }],
      valueString: 'Patient/a',
    };
    assert.deepEqual(movedResource(resource, 'Patient/a', 'Patient/b'), {
      resourceType: 'Observation',
      id: 'o',
      subject: of('Patient/b'),
      performer: [of('Practitioner/p'), of('Patient/b')],
      valueString: 'Patient/a',
    });
  });

  it('keeps a subject of another kind', () => {
    const resource: JsonObject = { resourceType: 'Observation', id: 'o', subject: of('Group/g') };
    assert.deepEqual(movedResource(resource, 'Patient/a', 'Patient/b'), resource);
  });
});
