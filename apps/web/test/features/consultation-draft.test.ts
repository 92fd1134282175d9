import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ConsultationDraft,
  firstConsultation,
  isEmptyConsultation,
  measureItems,
  soundDraft,
  templateOf,
  typedBodyMass,
  unreadableMeasures,
  withTemplate,
} from '../../src/features/consultation/consultation-draft.ts';
import { parseNoteDraft } from '../../src/features/file/note-draft.ts';
import type { ConsultationStart } from '../../src/worker/consultation-desk.ts';

const start: ConsultationStart = { parts: null, last: [], birthDate: '1992-03-12', maySign: true };
const first = firstConsultation({ kind: 'new' }, { note: null, start }, Date.UTC(2026, 10, 23, 13));
const draft = (more: Partial<ConsultationDraft>): ConsultationDraft => ({ ...first, ...more });

test('a new consultation is empty, and has the names of its records', () => {
  assert.ok(isEmptyConsultation(first));
  assert.match(first.note, /^Composition\/[0-9a-f-]{36}$/);
  assert.match(first.encounter, /^Encounter\/[0-9a-f-]{36}$/);
  assert.ok(!isEmptyConsultation(draft({ measures: { weight: '70' } })));
  assert.ok(isEmptyConsultation(draft({ measures: { weight: ' ' } })));
});

test('a body mass index needs a height of the day, or one of somebody who had grown up', () => {
  const weighed = draft({ measures: { weight: '68,4' } });
  const height = (when: string) => ({ kind: 'height' as const, value: 166, second: undefined, when });
  assert.equal(typedBodyMass(weighed, start), null);
  assert.equal(typedBodyMass(draft({ measures: { weight: '68,4', height: '1,66' } }), start), 24.8);
  assert.equal(typedBodyMass(weighed, { ...start, last: [height('2024-05-01')] }), 24.8);
  assert.equal(typedBodyMass(weighed, { ...start, last: [height('2008-05-01')] }), null);
  assert.equal(typedBodyMass(weighed, { birthDate: null, last: [height('2024-05-01')] }), null);
  assert.equal(typedBodyMass(weighed, { birthDate: '2015-03-12', last: [height('2024-05-01')] }), null);
});

test('what is odd is kept, and what is no value is told', () => {
  const odd = draft({ measures: { temperature: '73', pulse: 'abc', bloodPressure: '128/76', height: '' } });
  assert.deepEqual(unreadableMeasures(odd), ['pulse']);
  assert.deepEqual(
    measureItems(odd, start).map(({ kind, value, second }) => [kind, value, second]),
    [
      ['temperature', 73, undefined],
      ['bloodPressure', 128, 76],
    ],
  );
});

test('a draft of before, or one that is not well made, opens with what it has', () => {
  const old = { texts: { reason: 'Toux' }, replaces: ['01'], date: '2026-11-20T10:00:00+01:00' };
  const opened = soundDraft({ ...first, ...old }, first);
  assert.deepEqual(
    [opened.texts, opened.replaces, opened.date, opened.note],
    [old.texts, ['01'], old.date, first.note],
  );
  const hostile = JSON.parse('{"texts":{"reason":5,"plan":"Repos"},"measures":[],"diagnoses":[{}],"acts":7,"date":1}');
  const sound = soundDraft({ ...first, ...hostile }, first);
  assert.deepEqual([sound.texts, sound.measures, sound.diagnoses, sound.acts], [{ plan: 'Repos' }, {}, [], []]);
  assert.equal(sound.date, first.date);
});

test('the departure of a member reads a consultation as any note', () => {
  const text = JSON.stringify(draft({ texts: { reason: 'Toux' }, measures: { weight: '70' } }));
  assert.deepEqual(parseNoteDraft(text)?.texts, { reason: 'Toux' });
});

test('a template takes words and what is measured, no value, and erases nothing', () => {
  const template = {
    ...{ title: 'Tension', status: 'active' as const },
    ...templateOf(
      draft({
        texts: { reason: 'Renouvellement' },
        measures: { bloodPressure: '120/80' },
        diagnoses: [{ recordId: 'Condition/c', text: 'Hypertension', code: 'I10' }],
        acts: [{ recordId: 'Procedure/p', text: 'ECG' }],
      }),
    ),
  };
  assert.ok(!JSON.stringify(template).includes('120'));
  const used = withTemplate(draft({ texts: { reason: 'Toux' }, measures: { weight: '70' } }), template);
  assert.deepEqual(used, {
    texts: { reason: 'Toux\nRenouvellement' },
    measures: { bloodPressure: '', weight: '70' },
    diagnoses: [{ recordId: null, text: 'Hypertension', code: 'I10' }],
    acts: [{ recordId: null, text: 'ECG' }],
  });
});
