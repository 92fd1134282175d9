import assert from 'node:assert/strict';
import { test } from 'node:test';
import { vaccinationPlan } from '@serment/records/vaccination/due-doses';
import { schedule2025 } from '@serment/records/vaccination/schedule-2025';
import { vaccineGroups } from '../../src/features/care/vaccine-rows.ts';

const today = '2026-11-29';
const item = (recordId: string, vaccine: string, day: string) => ({
  ...{ recordId, versions: ['v'], isPast: false, isOrder: false, also: [], isConflict: false, day, author: null },
  facts: { vaccine, date: day, isOwn: true },
});

test('a dose is told under each disease, one that no rule knows under its name', () => {
  const items = [item('a', 'Hexavalent', '2026-11-01'), item('b', 'Autre', '2020-01-01'), item('c', 'Repevax', '2010')];
  const targets = { a: ['diphtheria-tetanus-polio', 'pertussis'], b: null, c: ['pertussis'] } as const;
  const groups = vaccineGroups(items, null, targets, today);
  assert.deepEqual(
    groups.map(({ key, doses }) => [key, doses.map(({ recordId }) => recordId)]),
    [
      ['diphtheria-tetanus-polio', ['a']],
      ['pertussis', ['c', 'a']],
      ['Autre', ['b']],
    ],
  );
});

test('what comes next is one dose with a day to come, never one that hangs on another, nor one of old age', () => {
  const dose = {
    ...{ resourceType: 'Immunization', status: 'completed', occurrenceDateTime: today },
    vaccineCode: { text: 'Hexavalent', coding: [{ system: 'http://www.whocc.no/atc', code: 'J07CA09' }] },
  };
  const plan = vaccinationPlan({ birthDate: '2024-02-14', immunizations: [dose] }, today, schedule2025);
  const groups = vaccineGroups([], plan, {}, today);
  const tetanus = groups.find(({ key }) => key === 'diphtheria-tetanus-polio');
  assert.deepEqual(
    tetanus?.planned.map(({ rank, status }) => [rank, status]),
    [[2, 'later']],
  );
  assert.ok(groups.every(({ planned }) => planned.every(({ from }) => from === null || from <= '2031-11-29')));
  assert.equal(
    groups.some(({ key }) => key === 'zoster'),
    false,
  );
});
