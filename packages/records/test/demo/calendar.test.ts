import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addMonths,
  ageMonths,
  ageYears,
  dayOf,
  isoDate,
  isoInstant,
  parseDay,
  weekday,
} from '../../src/demo/calendar.ts';

test('days agree with the platform calendar from 1900 to 2100', () => {
  for (let day = dayOf(1900, 1, 1); day < dayOf(2100, 1, 1); day += 17) {
    const date = new Date(day * 86_400_000);
    assert.equal(isoDate(day), date.toISOString().slice(0, 10));
    assert.equal(weekday(day), (date.getUTCDay() + 6) % 7);
  }
});

test('instants carry the offset of French legal time', () => {
  const offset = (iso: string) => isoInstant(parseDay(iso), 8 * 60).slice(-6);
  assert.equal(offset('2026-03-28'), '+01:00');
  assert.equal(offset('2026-03-29'), '+02:00');
  assert.equal(offset('2026-10-24'), '+02:00');
  assert.equal(offset('2026-10-25'), '+01:00');
  assert.equal(isoInstant(parseDay('2026-11-23'), 14 * 60 + 5), '2026-11-23T14:05:00+01:00');
});

test('months are added to the end of a shorter month, and a birthday of 29 February comes once a year', () => {
  assert.equal(isoDate(addMonths(parseDay('2026-01-31'), 1)), '2026-02-28');
  assert.equal(isoDate(addMonths(parseDay('2026-03-15'), -14)), '2025-01-15');
  assert.equal(ageYears(parseDay('2004-02-29'), parseDay('2025-02-28')), 20);
  assert.equal(ageMonths(parseDay('2026-02-23'), parseDay('2026-11-22')), 8);
});

test('what is no date is refused', () => {
  for (const wrong of ['2026-02-30', '2026-13-01', '23/11/2026', '', '2026-1-1'])
    assert.throws(() => parseDay(wrong), RangeError);
});
