import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { convertUnit, unitName } from '../../src/measures/units.ts';

describe('a unit', () => {
  it('is converted where the conversion is known', () => {
    assert.equal(convertUnit(3450, 'g', 'kg'), 3.45);
    assert.equal(convertUnit(13.2, 'g/dL', 'g/L'), 132);
    assert.equal(convertUnit(88, 'ng/mL', 'ug/L'), 88);
    assert.equal(convertUnit(7, 'score', 'score'), 7);
  });

  it('is never converted where it is not: a mass is no amount of substance, an unknown unit is itself alone', () => {
    assert.equal(convertUnit(1, 'g/L', 'mmol/L'), null);
    assert.equal(convertUnit(1, '%', 'mmol/mol'), null);
    assert.equal(convertUnit(1, 'toString', 'kg'), null);
  });

  it('is known by its UCUM code, else by what stands in its place', () => {
    assert.equal(unitName('umol/L', 'µmol/l'), 'umol/L');
    assert.equal(unitName('', 'µmol/l'), 'umol/L');
    assert.equal(unitName('', 'μmol/L'), 'umol/L');
    assert.equal(unitName('', 'pierres'), 'pierres');
  });
});
