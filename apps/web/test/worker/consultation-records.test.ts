import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkOwnResource } from '@serment/records/fhir/schema';
import type { ConsultationInput } from '../../src/worker/consultation-desk.ts';
import { actMark, diagnosisMark, measureMark, meetingMark } from '../../src/worker/consultation-marks.ts';
import { type ConsultationContext, consultationRecords } from '../../src/worker/consultation-records.ts';

const date = '2026-11-23T14:16:00+01:00';
const input: ConsultationInput = {
  ...{ patient: 'Patient/p', note: 'Composition/n', encounter: 'Encounter/e', replaces: [], begun: [], appends: null },
  ...{ title: 'Diabète équilibré', date, place: 'practice', reason: 'Contrôle', now: '2026-11-23T14:31:00+01:00' },
  sections: [{ title: 'Motif', loinc: '10154-3', text: 'Contrôle' }],
  titles: { measures: 'Mesures', diagnoses: 'Diagnostic', acts: 'Actes' },
  measures: [
    { recordId: null, kind: 'bloodPressure', value: 128, second: 76 },
    { recordId: null, kind: 'weight', value: 68.4 },
  ],
  diagnoses: [{ recordId: null, text: 'Diabète de type 2', code: 'E11' }],
  acts: [{ recordId: null, text: 'Électrocardiogramme' }],
  sign: false,
};

function contextOf(contents: Readonly<Record<string, object>> = {}): ConsultationContext {
  let count = 0;
  return {
    contentOf: (id) => (contents[id] === undefined ? null : JSON.stringify(contents[id])),
    self: 'Practitioner/me',
    organization: 'Organization/o',
    newId: () => {
      count += 1;
      return `id${count}`;
    },
  };
}

function written(records: ReturnType<typeof consultationRecords>) {
  return records.map(({ resource, change, replaces }) => {
    const known = resource as { resourceType: string; id: string };
    return { id: `${known.resourceType}/${known.id}`, change, replaces, resource: known as Record<string, unknown> };
  });
}

describe('a consultation', () => {
  it('is a meeting, a note and what they found, each valid, each of that meeting, and listed by the note', () => {
    const records = written(consultationRecords(input, contextOf()));
    for (const { resource } of records) checkOwnResource(resource as { resourceType: string });
    assert.deepEqual(
      records.map(({ id, change }) => [id, change]),
      [
        ['Encounter/e', 'create'],
        ['Composition/n', 'create'],
        ['Observation/id1', 'create'],
        ['Observation/id2', 'create'],
        ['Condition/id3', 'create'],
        ['Procedure/id4', 'create'],
      ],
    );
    const [meeting, note, ...items] = records.map(({ resource }) => resource);
    assert.equal(meeting?.status, 'finished');
    assert.deepEqual(meeting?.period, { start: date, end: input.now });
    assert.deepEqual(meeting?.reasonCode, [{ text: 'Contrôle' }]);
    for (const item of [note, ...items]) assert.deepEqual(item?.encounter, { reference: 'Encounter/e' });
    const listed = ((note?.section ?? []) as { entry?: { reference: string }[] }[]).flatMap(({ entry = [] }) =>
      entry.map(({ reference }) => reference),
    );
    assert.deepEqual(listed, ['Observation/id1', 'Observation/id2', 'Condition/id3', 'Procedure/id4']);
    assert.equal(note?.status, 'preliminary');
    assert.equal(note?.attester, undefined);
  });

  it('says who signed it and when', () => {
    const note = written(consultationRecords({ ...input, sign: true }, contextOf())).find(({ id }) =>
      id.startsWith('Composition'),
    );
    assert.equal(note?.resource.status, 'final');
    assert.deepEqual(note?.resource.attester, [
      { mode: 'legal', time: input.now, party: { reference: 'Practitioner/me' } },
    ]);
  });

  it('says nothing of how long a meeting of another day was', () => {
    const [meeting] = written(consultationRecords({ ...input, date: '2026-11-20T14:16:00+01:00' }, contextOf()));
    assert.deepEqual(meeting?.resource.period, { start: '2026-11-20T14:16:00+01:00' });
  });

  it('that is changed writes what changed, leaves the rest, and withdraws what was taken out', () => {
    const weight = { recordId: 'Observation/w', kind: 'weight', value: 68.4 } as const;
    const pulse = { recordId: 'Observation/p', kind: 'pulse', value: 72 } as const;
    const diagnosis = { recordId: 'Condition/d', text: 'Toux', code: null };
    const act = { recordId: 'Procedure/a', text: 'ECG' };
    const begun = [
      { id: 'Encounter/e', versions: ['01'], was: meetingMark('practice', 'Contrôle') },
      { id: weight.recordId, versions: ['02'], was: measureMark(weight) },
      { id: pulse.recordId, versions: ['03'], was: measureMark(pulse) },
      { id: diagnosis.recordId, versions: ['04'], was: diagnosisMark(diagnosis) },
      { id: act.recordId, versions: ['05'], was: actMark(act) },
    ];
    const records = written(
      consultationRecords(
        {
          ...{ ...input, replaces: ['00'], begun },
          measures: [{ ...weight, value: 70 }],
          diagnoses: [],
          acts: [act],
        },
        contextOf({
          'Composition/n': { resourceType: 'Composition', id: 'n', author: [{ reference: 'Practitioner/other' }] },
          'Observation/p': { resourceType: 'Observation', id: 'p', status: 'final' },
          'Condition/d': { resourceType: 'Condition', id: 'd', clinicalStatus: {}, code: { text: 'Toux' } },
        }),
      ),
    );
    assert.deepEqual(
      records.map(({ id, change, replaces }) => [id, change, replaces]),
      [
        ['Composition/n', 'edit', ['00']],
        ['Observation/w', 'edit', ['02']],
        ['Observation/p', 'entered-in-error', ['03']],
        ['Condition/d', 'entered-in-error', ['04']],
      ],
    );
    assert.deepEqual(records[0]?.resource.author, [
      { reference: 'Practitioner/other' },
      { reference: 'Practitioner/me' },
    ]);
    assert.equal(records[2]?.resource.status, 'entered-in-error');
    assert.equal('clinicalStatus' in (records[3]?.resource ?? {}), false);
  });

  it('keeps who saw the patient and when, though somebody else changes its reason', () => {
    const meeting = {
      ...{ resourceType: 'Encounter', id: 'e', period: { start: date, end: '2026-11-23T14:20:00+01:00' } },
      participant: [{ individual: { reference: 'Practitioner/other' } }],
    };
    const begun = [{ id: 'Encounter/e', versions: ['01'], was: meetingMark('home', '') }];
    const [changed] = written(
      consultationRecords({ ...input, begun, place: 'home' }, contextOf({ 'Encounter/e': meeting })),
    );
    assert.deepEqual([changed?.change, changed?.replaces], ['edit', ['01']]);
    assert.deepEqual(changed?.resource.participant, meeting.participant);
    assert.deepEqual(changed?.resource.period, meeting.period);
  });

  it('that is an addendum is a note alone', () => {
    const records = written(consultationRecords({ ...input, appends: 'Composition/first' }, contextOf()));
    assert.deepEqual(records.length, 1);
    assert.deepEqual(records[0]?.resource.relatesTo, [
      { code: 'appends', targetReference: { reference: 'Composition/first' } },
    ]);
  });
});
