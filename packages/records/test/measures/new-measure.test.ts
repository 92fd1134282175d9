import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newMeasure } from '../../src/measures/new-measure.ts';

const taken = { patient: 'Patient/a', date: '2026-11-23T14:05:00+01:00', performer: 'Practitioner/b' } as const;

describe('a measure', () => {
  it('is an observation with its LOINC code and its UCUM unit', () => {
    const weight = newMeasure('m1', { ...taken, kind: 'weight', value: 68.4, encounter: 'Encounter/c' });
    assert.equal(weight.code.coding?.[0]?.code, '29463-7');
    assert.deepEqual(weight.valueQuantity, {
      ...{ value: 68.4, unit: 'kg' },
      ...{ system: 'http://unitsofmeasure.org', code: 'kg' },
    });
    assert.equal(weight.encounter?.reference, 'Encounter/c');
  });

  it('of blood pressure has two parts and no value of its own', () => {
    const pressure = newMeasure('m2', { ...taken, kind: 'bloodPressure', value: 128, second: 76 });
    assert.equal(pressure.valueQuantity, undefined);
    assert.deepEqual(
      pressure.component?.map(({ valueQuantity }) => valueQuantity?.value),
      [128, 76],
    );
  });

  it('is refused without a day', () => {
    assert.throws(() => newMeasure('m3', { ...taken, kind: 'pulse', value: 72, date: 'hier' }), {
      code: 'RESOURCE_INVALID',
    });
  });
});
