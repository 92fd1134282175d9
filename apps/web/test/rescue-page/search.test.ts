import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RescuePatient } from '../../src/rescue-page/content.ts';
import { ageOf, copyOf } from '../../src/rescue-page/moment.ts';
import { searchable } from '../../src/rescue-page/search.ts';
import { rescueWords } from '../../src/rescue-page/words.ts';

const person = (family: string, given: string, more: Partial<RescuePatient> = {}): RescuePatient => ({
  ...{ id: `Patient/${family}`, family, given, birthFamily: '', names: '', birthDate: '', about: '' },
  ...{ alerts: [], sections: [] },
  ...more,
});
const search = searchable([
  person('Benoît', 'Suzanne', { birthDate: '1958-05-03', birthFamily: 'L’Hénaff' }),
  person('Leïla-Marie', 'Œnone', { birthDate: '2019-11-12' }),
  person('Ben', 'Ali', { names: 'youssef', birthDate: '1958' }),
]);

for (const [typed, found] of [
  ['', ['Benoît', 'Leïla-Marie', 'Ben']],
  ['benoit', ['Benoît']],
  ['BEN', ['Benoît', 'Ben']],
  ['suz ben', ['Benoît']],
  ['henaff', ['Benoît']],
  ['enaff', []],
  ['oenone', ['Leïla-Marie']],
  ['marie', ['Leïla-Marie']],
  ['youssef', ['Ben']],
  ['03/05/1958', ['Benoît']],
  ['03051958', ['Benoît']],
  ['030558', ['Benoît']],
  ['1958', ['Benoît', 'Ben']],
  ['1958-05-03 benoît', ['Benoît']],
  ['04/05/1958', []],
  ['.*', ['Benoît', 'Leïla-Marie', 'Ben']],
] as const)
  test(`a search finds by names and births, accents or not: ${typed}`, () => {
    assert.deepEqual(
      search(typed).map(({ family }) => family),
      found,
    );
  });

test('the hour of a copy is said whole, and its age in days of the calendar', () => {
  const words = rescueWords('fr');
  const made = new Date(2026, 10, 30, 18, 2).getTime();
  assert.equal(copyOf(made, 'fr', words), 'Copie du 30 novembre 2026, 18\u00a0h\u00a002');
  assert.equal(copyOf(made, 'en', rescueWords('en')), 'Copy of 30 November 2026, 18:02');
  const later = (days: number, hour: number) => new Date(2026, 10, 30 + days, hour).getTime();
  assert.equal(ageOf(made, later(0, 23), words), 'Faite aujourd’hui.');
  assert.equal(ageOf(made, later(1, 0), words), 'Faite hier.');
  assert.equal(ageOf(made, later(4, 8), words), 'Faite il y a 4 jours.');
  assert.equal(ageOf(made, later(-1, 8), words), 'Faite aujourd’hui.');
});
