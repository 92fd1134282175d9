import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bodyMassIndex } from '../../src/measures/body-mass.ts';
import { type MeasureKind, measureTypes, takenMeasures } from '../../src/measures/measure-types.ts';
import { parseMeasure } from '../../src/measures/parse-measure.ts';

describe('a typed measure', () => {
  it('is read as a French hand writes it, with or without its unit', () => {
    const cases: readonly (readonly [MeasureKind, string, number])[] = [
      ['weight', '68,4', 68.4],
      ['weight', ' 68.4 kg ', 68.4],
      ['weight', '3450 g', 3.45],
      ['weight', '3,455', 3.455],
      ['height', '166', 166],
      ['height', '1,66', 166],
      ['height', '1m66', 166],
      ['height', '1,66 m', 166],
      ['length', '67,5 cm', 67.5],
      ['temperature', '38°5', 38.5],
      ['temperature', '37,2 °C', 37.2],
      ['saturation', '98 %', 98],
      ['pulse', '72 bpm', 72],
      ['pain', '6/10', 6],
      ['mmse', '22/30', 22],
      ['capillaryGlucose', '112 mg/dL', 1.12],
      ['bmi', '24,8 kg/m²', 24.8],
    ];
    for (const [kind, text, value] of cases) {
      assert.deepEqual(parseMeasure(kind, text), { value, plausible: true }, `${kind} ${text}`);
    }
  });

  it('of blood pressure is a pair, in millimetres or centimetres of mercury', () => {
    const read = { value: 128, second: 76, plausible: true };
    for (const text of ['128/76', '128 / 76 mmHg', '128-76', '128 76', '128 sur 76', '12,8/7,6'])
      assert.deepEqual(parseMeasure('bloodPressure', text), read, text);
    assert.deepEqual(parseMeasure('bloodPressure', '12/8'), { value: 120, second: 80, plausible: true });
  });

  it('is said implausible where it is likely a slip, and kept', () => {
    assert.deepEqual(parseMeasure('weight', '3450'), { value: 3450, plausible: false });
    assert.deepEqual(parseMeasure('bloodPressure', '76/128'), { value: 76, second: 128, plausible: false });
    assert.equal(parseMeasure('temperature', '372').plausible, false);
    assert.equal(parseMeasure('pain', '12').plausible, false);
  });

  it('is refused when it is nothing that can be read', () => {
    const refused: readonly (readonly [MeasureKind, string, string])[] = [
      ['weight', '', 'empty'],
      ['weight', ' \u00a0 ', 'empty'],
      ['weight', 'lourd', 'number'],
      ['weight', '-5', 'number'],
      ['weight', '1e9', 'unit'],
      ['weight', '68 livres', 'unit'],
      ['weight', '9'.repeat(50), 'number'],
      ['capillaryGlucose', '5,6 mmol/L', 'unit'],
      ['bloodPressure', '128', 'number'],
      ['bloodPressure', '128/', 'number'],
    ];
    for (const [kind, text, reason] of refused) {
      assert.throws(() => parseMeasure(kind, text), { code: 'MEASURE_UNREADABLE', fields: { kind, reason } }, text);
    }
  });
});

describe('the types of measures', () => {
  it('have an example that reads and is plausible, when a hand types them', () => {
    for (const [kind, { laboratory, example }] of Object.entries(measureTypes)) {
      if (!laboratory) assert.equal(parseMeasure(kind as MeasureKind, example).plausible, true, kind);
    }
  });

  it('have each a code of their own', () => {
    const codes = Object.values(measureTypes).map(({ loinc }) => loinc);
    assert.equal(new Set(codes).size, codes.length);
  });

  it('offer lying and standing lengths to a small child, and blood pressure first to an adult', () => {
    assert.ok(['length', 'standingHeight'].every((kind) => takenMeasures(20).includes(kind as MeasureKind)));
    assert.equal(takenMeasures(null)[0], 'bloodPressure');
    assert.ok(!takenMeasures(120).includes('length'));
  });

  it('give a body mass index', () => {
    assert.equal(bodyMassIndex(68.4, 166).toFixed(1), '24.8');
  });
});
