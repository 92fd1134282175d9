import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { beginsNir, compactNir, formatNir, groupNir, isNir, nirKey, parseNir } from '../../src/identifiers/nir.ts';

test('the example that INSEE publishes is read', () => {
  const { nir, findings } = parseNir('2 55 08 14 168 025 38');
  assert.deepEqual(findings, []);
  assert.deepEqual(nir, {
    text: '255081416802538',
    sex: 'female',
    year: '55',
    month: '08',
    department: '14',
    birthPlace: '14168',
    order: '025',
    key: '38',
  });
  assert.equal(formatNir('255081416802538'), '2 55 08 14 168 025 38');
});

test('spaces of any kind, dots and dashes are left out', () => {
  for (const text of ['2\u00a055\u202f08 14.168-025 38', ' 255081416802538\n']) assert.ok(isNir(text), text);
});

test('Corsica counts as 19 and 18 in the key', () => {
  assert.equal(nirKey('1800199123456'.replace('99', '2A')), nirKey('1800119123456'));
  assert.equal(nirKey('180012B123456'), nirKey('1800118123456'));
  const { nir, findings } = parseNir(`180012a123456${nirKey('180012A123456')}`);
  assert.deepEqual(findings, []);
  assert.equal(nir?.department, '2A');
});

test('overseas departments have three digits', () => {
  assert.equal(parseNir('1 85 03 974 11 001').nir?.department, '974');
  assert.equal(parseNir('1 85 03 987 35 001').nir?.department, '987');
  assert.equal(parseNir('1 85 03 99 350 001').nir?.birthPlace, '99350');
});

test('unusual months are possible and said, others doubtful and said; none stops the reading', () => {
  for (const month of ['20', '30', '42', '50', '62', '99'])
    assert.deepEqual(parseNir(`18${'5'}${month}75001001`).findings, ['NIR_KEY_MISSING', 'NIR_MONTH_UNUSUAL'], month);
  for (const month of ['00', '13', '19', '21', '29', '43', '49'])
    assert.deepEqual(parseNir(`185${month}75001001`).findings, ['NIR_KEY_MISSING', 'NIR_MONTH'], month);
});

test('a number without its key is completed, a wrong key is reported and kept', () => {
  assert.equal(parseNir('2550814168025').nir?.text, '255081416802538');
  const wrong = parseNir('255081416802539');
  assert.deepEqual([wrong.nir?.key, wrong.findings], ['39', ['NIR_KEY']]);
});

test('temporary numbers are read and reported', () => {
  for (const first of ['3', '4', '7', '8'])
    assert.ok(parseNir(`${first}850375001001`).findings.includes('NIR_TEMPORARY'));
});

test('what is no NIR is told so and never throws', () => {
  for (const text of [
    '',
    '1',
    '25508141680253',
    '2550814168025388',
    '055081416802538',
    '2550814168O2538',
    '180012C123456',
    '１２３',
    'é',
  ])
    assert.deepEqual(parseNir(text), { nir: null, findings: ['NIR_FORM'] }, text);
  assert.ok(parseNir('1850300001001').findings.includes('NIR_DEPARTMENT'));
});

test('any one wrong digit, and any two neighbours swapped, is caught by the key', () => {
  const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 9, maxLength: 9 });
  fc.assert(
    fc.property(digits, fc.integer({ min: 0, max: 8 }), fc.integer({ min: 1, max: 9 }), (tail, place, shift) => {
      const body = `1850${tail.join('')}`;
      const other = tail.with(place, ((tail[place] ?? 0) + shift) % 10);
      assert.notEqual(nirKey(`1850${other.join('')}`), nirKey(body));
      const swapped = tail.with(place, tail[place + 1] ?? 0).with(Math.min(place + 1, 8), tail[place] ?? 0);
      if (place < 8 && swapped.join('') !== tail.join(''))
        assert.notEqual(nirKey(`1850${swapped.join('')}`), nirKey(body));
    }),
  );
});

test('what is typed of a number is told from what begins none, and grouped as far as it goes', () => {
  assert.equal(compactNir(' 1 54.03-2a\u00a0123\u202f456 '), '154032A123456');
  for (const text of ['', '1', '154032', '154032A', '154032A12345678', '154037512345678'])
    assert.ok(beginsNir(text), text);
  for (const text of ['154037512345678 ', '1540375123456789', '154032C', '15403A', '1540A12', 'NIA'])
    assert.ok(!beginsNir(text), text);
  assert.equal(groupNir('154'), '1 54');
  assert.equal(groupNir('154032A12345678'), formatNir('154032A12345678'));
  assert.equal(groupNir('1540375123456'), '1 54 03 75 123 456');
});
