import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formTerm, termForm, termProblems } from '../../src/features/members/term-form.ts';

const now = new Date(2026, 10, 29, 12).getTime();

test('days are terms from midnight to midnight, the last one whole, also over a change of hour', () => {
  const form = { from: '20/12/2026', until: '28/03/2027' };
  assert.deepEqual(termProblems(form, now), {});
  const from = new Date(2026, 11, 20).getTime();
  const until = new Date(2027, 2, 29).getTime();
  assert.deepEqual(formTerm(form), { from, until });
  assert.deepEqual(termForm({ from, until }), form);
  assert.deepEqual(formTerm({ from: '31/12/2026', until: '31/12/2026' }), {
    from: new Date(2026, 11, 31).getTime(),
    until: new Date(2027, 0, 1).getTime(),
  });
});

test('each limit may be missing, and both are no term', () => {
  assert.deepEqual(formTerm({ from: '', until: ' ' }), null);
  assert.deepEqual(formTerm({ from: '2026-12-20', until: '' })?.until, null);
  assert.deepEqual(formTerm({ from: '', until: '20.12.2026' })?.from, null);
  assert.deepEqual(termForm(null), { from: '', until: '' });
});

test('a day that is none, has passed, or comes in the wrong order is said', () => {
  const told = (from: string, until: string) => termProblems({ from, until }, now);
  for (const text of ['31/02/2027', '00/01/2027', 'demain', '01/01/1900', '\u0660', '9'.repeat(20), '1/1/99999', '-'])
    assert.deepEqual([told(text, ''), told('', text)], [{ from: 'dayInvalid' }, { until: 'dayInvalid' }], text);
  assert.deepEqual(told('', '28/11/2026'), { until: 'dayPast' });
  assert.deepEqual(told('', '29/11/2026'), {});
  assert.deepEqual(told('21/12/2026', '20/12/2026'), { until: 'dayOrder' });
  assert.deepEqual(told('20/12/2026', '20/12/2026'), {});
  assert.deepEqual(told('01/01/2020', ''), {});
});
