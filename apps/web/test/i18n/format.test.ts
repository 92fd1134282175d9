import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dateText } from '@serment/records/page/element-text';
import type { TFunction } from 'i18next';
import { Format } from '../../src/i18n/format.ts';

const t = ((key: string, values: object) => [key, ...Object.values(values)].join(' ')) as unknown as TFunction;
const noon = new Date(2026, 10, 23, 12, 5, 3).getTime();

test('a time is written as it is read in each language', () => {
  const [french, english] = [new Format('fr', t), new Format('en', t)];
  assert.deepEqual(
    [french.day(noon), french.weekday(noon), french.time(noon), french.clock(noon), french.margin('2026-05-28')],
    ['23/11/2026', 'Lundi 23 novembre', '12:05', '12:05:03', '28 mai'],
  );
  const first = new Date(2026, 11, 1, 12).getTime();
  assert.deepEqual(
    [french.weekday(first), french.margin('2026-12-01'), french.margin('2026-12-11'), english.weekday(first)],
    ['Mardi 1er décembre', '1er déc.', '11 déc.', 'Tuesday 1 December'],
  );
  assert.deepEqual([english.day(noon), english.weekday(noon)], ['23\u00a0Nov\u00a02026', 'Monday 23 November']);
});

test('a date is written one way in each language, wherever it comes from and as precise as it is', () => {
  const written = { fr: ['03/09/1958', '09/1958', '1958'], en: ['3\u00a0Sept\u00a01958', 'Sept\u00a01958', '1958'] };
  for (const language of ['fr', 'en'] as const) {
    const format = new Format(language, t);
    const dates = ['1958-09-03', '1958-09', '1958'];
    assert.deepEqual(
      dates.map((date) => format.fhirDay(date)),
      written[language],
    );
    assert.deepEqual(
      dates.map((date) => dateText(date, language)),
      written[language],
    );
    assert.equal(format.day(new Date(1958, 8, 3, 23, 59).getTime()), written[language][0]);
    assert.equal(format.fhirDay('inconnue'), 'inconnue');
  }
  assert.equal(dateText('2026-11-23T14:05:00+01:00', 'en'), '23\u00a0Nov\u00a02026 14:05');
});

test('what is no time is written as nothing, and breaks no page', () => {
  const format = new Format('fr', t);
  for (const ms of [Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER])
    assert.deepEqual([format.day(ms), format.weekday(ms), format.time(ms)], ['', '', ''], String(ms));
});
