import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isRpps, parseRpps, rppsKey } from '../../src/identifiers/rpps.ts';

test('a number and the twelve digits of its card are read alike', () => {
  assert.deepEqual(parseRpps('10000001916'), { rpps: '10000001916', findings: [] });
  assert.deepEqual(parseRpps('8 1000 0001 916'), { rpps: '10000001916', findings: [] });
});

test('a wrong key is reported and kept, another form is not read', () => {
  assert.deepEqual(parseRpps('10000001917'), { rpps: '10000001917', findings: ['RPPS_KEY'] });
  for (const text of ['', '1000000191', '910000001916', '1000000191a', '8100000019166'])
    assert.deepEqual(parseRpps(text), { rpps: null, findings: ['RPPS_FORM'] }, text);
});

test('the computed key makes a valid number, and any other digit does not', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 9_999_999_999 }), fc.integer({ min: 1, max: 9 }), (number, shift) => {
      const body = String(number).padStart(10, '0');
      assert.ok(isRpps(body + rppsKey(body)));
      assert.ok(!isRpps(body + String((Number(rppsKey(body)) + shift) % 10)));
    }),
  );
});
