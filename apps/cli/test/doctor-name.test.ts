import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDoctorName } from '../src/doctor-name.ts';

const cases: readonly (readonly [string, string | undefined, string | undefined, string])[] = [
  ['Dr Claire Vasseur', 'Dr', 'Claire', 'Vasseur'],
  ['docteur Claire VASSEUR', 'Dr', 'Claire', 'VASSEUR'],
  ['Pr. Marie Anne DE LA TOUR', 'Pr', 'Marie Anne', 'DE LA TOUR'],
  ['Jean-Pierre Le Goff', undefined, 'Jean-Pierre', 'Le Goff'],
  ['Dr VASSEUR', 'Dr', undefined, 'VASSEUR'],
  ['  Nguyễn  ', undefined, undefined, 'Nguyễn'],
];

for (const [text, prefix, given, family] of cases)
  test(`“${text}” is read as title, given and family name`, () => {
    const traits = parseDoctorName(text);
    assert.deepEqual([traits.prefix, traits.given, traits.family], [prefix, given, family]);
  });

test('a title alone is no name', () => {
  for (const text of ['', '   ', 'Dr', 'docteur']) assert.throws(() => parseDoctorName(text), { code: 'USAGE' });
});
