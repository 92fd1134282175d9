import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { formatNir, isNir, type NirDoubt, nirDoubts, nirKey, parseNir } from '../../src/identifiers/nir.ts';

describe('a number beside an identity', () => {
  const cases: readonly (readonly [
    name: string,
    nir: string,
    beside: { sex: string; birthDate: string; birthPlaceCode: string },
    doubts: readonly NirDoubt[],
  ])[] = [
    ['that agrees', '2540369123001', { sex: 'female', birthDate: '1954-03-12', birthPlaceCode: '69123' }, []],
    ['of which nothing is known', '2540369123001', { sex: 'unknown', birthDate: '', birthPlaceCode: '' }, []],
    ['of the other sex', '1540369123001', { sex: 'female', birthDate: '', birthPlaceCode: '' }, ['sex']],
    ['of another year', '2540369123001', { sex: 'other', birthDate: '1955', birthPlaceCode: '' }, ['birth']],
    ['of another month', '2540369123001', { sex: 'female', birthDate: '1954-04', birthPlaceCode: '' }, ['birth']],
    ['of an unusual month', '2543269123001', { sex: 'female', birthDate: '1954-04-01', birthPlaceCode: '' }, []],
    ['of another place', '2540369123001', { sex: 'female', birthDate: '', birthPlaceCode: '75056' }, ['place']],
    ['of Corsica before 1976', '2540320004001', { sex: 'female', birthDate: '', birthPlaceCode: '2A004' }, []],
    ['of Corsica, elsewhere', '254032A004001', { sex: 'female', birthDate: '', birthPlaceCode: '2B033' }, ['place']],
    ['of Algeria before 1962', '2540391352001', { sex: 'female', birthDate: '', birthPlaceCode: '99352' }, []],
    ['of a code that is none', '2540369123001', { sex: 'female', birthDate: '', birthPlaceCode: 'Lyon' }, []],
  ];
  for (const [name, text, beside, doubts] of cases)
    it(`${doubts.length === 0 ? 'passes' : 'warns of'} one ${name}`, () => {
      assert.deepEqual(nirDoubts(parseNir(text).nir ?? assert.fail(), beside), doubts);
    });
});

const digits = (length: number) => fc.stringMatching(new RegExp(`^\\d{${length}}$`));
const place = fc.oneof(fc.constantFrom('2A', '2B'), digits(2));
const body = fc
  .tuple(fc.constantFrom('1', '2', '3', '4', '7', '8'), digits(4), place, digits(6))
  .map((parts) => parts.join(''));

it('is read with its key, however it is spaced, and one changed digit is found out', () => {
  fc.assert(
    fc.property(body, fc.nat(12), fc.integer({ min: 1, max: 9 }), (number, at, step) => {
      const whole = number + nirKey(number);
      assert.ok(isNir(whole));
      assert.equal(parseNir(formatNir(whole)).nir?.text, whole);
      assert.equal(parseNir([...whole.toLowerCase()].join('\u00a0')).nir?.text, whole);
      const digit = Number(whole[at]);
      if (Number.isNaN(digit)) return;
      const wrong = whole.slice(0, at) + String((digit + step) % 10) + whole.slice(at + 1);
      assert.ok(!isNir(wrong), wrong);
    }),
  );
});
