import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { adjustLength, ageInDays, growthPoints } from '../../src/growth/child.ts';
import { childMeasures } from '../../src/growth/child-measures.ts';
import { parseGrowthTable } from '../../src/growth/growth-table.ts';
import { newMeasure } from '../../src/measures/new-measure.ts';
import { madeLines, tableBytes } from './made-table.ts';

const child = { birthDate: '2024-01-31', sex: 'male' } as const;
const nothing = { weightKg: null, lengthCm: null, headCm: null, posture: null } as const;

describe('a child in the growth tables', () => {
  it('is as old as the days since birth', () => {
    assert.equal(ageInDays('2024-01-31', '2024-03-01'), 30);
    assert.equal(ageInDays('2024-01-31', '2024-01-31T10:00:00+01:00'), 0);
    assert.equal(ageInDays('2024-01-31', '2024-01-30'), null);
    assert.equal(ageInDays('2024-01', '2024-03-01'), null);
  });

  it('is 0.7 cm longer lying than standing, from the side that the table has at that age', () => {
    assert.deepEqual(adjustLength(80, 730, 'standing'), { value: 80.7, adjustedCm: 0.7 });
    assert.deepEqual(adjustLength(80, 730, 'lying'), { value: 80, adjustedCm: 0 });
    assert.deepEqual(adjustLength(80, 731, 'lying'), { value: 79.3, adjustedCm: -0.7 });
    assert.deepEqual(adjustLength(80, 731, 'standing'), { value: 80, adjustedCm: 0 });
    assert.deepEqual([adjustLength(80, 730, null).adjustedCm, adjustLength(80, 731, null).adjustedCm], [0, 0]);
  });

  it('has an index of mass of the weight and the adjusted length of one day', () => {
    const tables = { bmi: parseGrowthTable(tableBytes(madeLines({ m: 15, hasPosture: true }))) };
    const points = growthPoints(
      child,
      [
        { ...nothing, day: '2025-01-31', weightKg: 10, lengthCm: 79.3, posture: 'standing' },
        { ...nothing, day: '2025-02-28', weightKg: 10 },
      ],
      tables,
    );
    const [bmi = assert.fail(), ...more] = points.filter(({ indicator }) => indicator === 'bmi');
    assert.deepEqual(more, []);
    assert.deepEqual([bmi.ageDays, bmi.value, bmi.adjustedCm], [366, 10 / 0.8 ** 2, 0.7]);
    assert.equal(bmi.z?.toFixed(3), ((10 / 0.64 / 15 - 1) / 0.1).toFixed(3));
    // Without its table a value is a value, and has no z-score.
    assert.equal(points.find(({ indicator }) => indicator === 'weight')?.z, null);
  });

  it('is past the tables from the day after their last', () => {
    const tables = { weight: parseGrowthTable(tableBytes(madeLines({ m: 3.3 }))) };
    const at = (day: string) => growthPoints(child, [{ ...nothing, day, weightKg: 18 }], tables)[0]?.z ?? null;
    assert.notEqual(at('2029-01-30'), null);
    assert.equal(at('2029-01-31'), null);
  });

  it('is read from the observations of a file, by day, in any unit that is known', () => {
    const taken = { patient: 'Patient/a', performer: 'Practitioner/b' };
    const grams = newMeasure('m1', { ...taken, kind: 'weight', value: 3, date: '2024-02-02T09:00:00+01:00' });
    const observations = [
      { ...grams, valueQuantity: { value: 3450, unit: 'g', code: 'g' } },
      newMeasure('m2', { ...taken, kind: 'length', value: 50.5, date: '2024-02-02T09:01:00+01:00' }),
      newMeasure('m3', { ...taken, kind: 'weight', value: 4, date: '2024-03-02T09:00:00+01:00' }),
      newMeasure('m4', { ...taken, kind: 'weight', value: 4.2, date: '2024-03-02T10:00:00+01:00' }),
      newMeasure('m5', { ...taken, kind: 'headCircumference', value: 38, date: '2024-03' }),
      { ...grams, valueQuantity: { value: 9, unit: 'pierres' } },
      {
        ...newMeasure('m6', { ...taken, kind: 'weight', value: 42, date: '2024-03-02T11:00:00+01:00' }),
        status: 'entered-in-error',
      },
    ];
    assert.deepEqual(childMeasures(observations), [
      { day: '2024-02-02', weightKg: 3.45, lengthCm: 50.5, headCm: null, posture: 'lying' },
      { day: '2024-03-02', weightKg: 4.2, lengthCm: null, headCm: null, posture: null },
    ]);
  });
});
