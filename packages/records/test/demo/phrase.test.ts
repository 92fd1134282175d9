import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acuteProblems } from '../../src/demo/acute.ts';
import { chronicProblems } from '../../src/demo/chronic.ts';
import { writePhrase } from '../../src/demo/phrase.ts';
import { createRandom } from '../../src/demo/random.ts';

const values = { days: '3', n: '2', side: 'droit', selfBp: '130/80', year: '2015', years: '9' };

test('every phrase of the catalogues can be written, for a woman and for a man, with no bracket left', () => {
  const phrases = [
    ...acuteProblems.flatMap((problem) => [
      problem.reason,
      problem.history,
      problem.exam,
      problem.conclusion,
      problem.plan,
    ]),
    ...chronicProblems.flatMap((problem) => [problem.history, problem.exam, problem.conclusion, problem.plan]),
  ];
  const random = createRandom(5);
  for (const phrase of phrases) {
    for (let i = 0; i < 12; i++)
      assert.doesNotMatch(writePhrase(phrase, { random, female: i % 2 === 0, values }), /[{}[\]<>|]/);
  }
});

test('agreement follows the patient', () => {
  const random = createRandom(1);
  assert.equal(
    writePhrase('[Fatigué|Fatiguée] depuis <days> jours', { random, female: true, values }),
    'Fatiguée depuis 3 jours',
  );
  assert.equal(writePhrase('[Fatigué|Fatiguée]', { random, female: false }), 'Fatigué');
});

test('unclosed brackets and missing values are refused', () => {
  const random = createRandom(1);
  for (const wrong of ['{a|b', '[a|b', '<name'])
    assert.throws(() => writePhrase(wrong, { random, female: true, values: { name: 'x' } }), RangeError);
  assert.throws(() => writePhrase('<absent>', { random, female: true }), RangeError);
});
