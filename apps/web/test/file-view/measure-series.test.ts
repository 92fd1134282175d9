import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newMeasure } from '@serment/records/measures/new-measure';
import type { RecordView } from '@serment/replica/patient-file';
import { measureSeries } from '../../src/file-view/measure-series.ts';
import { readRecord } from '../../src/file-view/reading.ts';

const taken = { patient: 'Patient/a', performer: 'Practitioner/b' };
const day = (date: string) => `${date}T09:00:00+01:00`;

function series(...resources: (Readonly<Record<string, unknown>> & { id: string })[]) {
  const reads = resources.flatMap((resource) => {
    const record: RecordView = {
      ...{ id: `Observation/${resource.id}`, type: 'Observation', resource, content: JSON.stringify(resource) },
      ...{ patient: 'Patient/a', change: 'create', isConflict: false, versions: [], state: 'copy', savedAt: 0 },
    };
    return readRecord(record) ?? [];
  });
  return measureSeries(reads, { language: 'fr', nameOf: () => 'Dr Morel' });
}

const weight = (id: string, date: string, value: number) =>
  newMeasure(id, { ...taken, kind: 'weight', value, date: day(date) });
const inUnit = (id: string, date: string, [value, unit, code]: readonly [number, string, string]) => ({
  ...newMeasure(id, { ...taken, kind: 'hemoglobin', value, date: day(date) }),
  valueQuantity: { value, unit, code },
});

describe('the series of a file', () => {
  it('are by code, oldest first on the curve and newest first in the table', () => {
    const [one = assert.fail(), ...more] = series(weight('b', '2026-02-01', 68), weight('a', '2026-01-01', 67.5));
    assert.deepEqual(more, []);
    assert.deepEqual([one.label, one.unit, one.key, one.isLaboratory], ['Poids', 'kg', '29463-7', false]);
    assert.deepEqual(
      one.lines[0]?.points.map(({ value }) => value),
      [67.5, 68],
    );
    assert.deepEqual(
      one.rows.map(({ value, author }) => [value, author]),
      [
        ['68\u00a0kg', 'Dr Morel'],
        ['67,5\u00a0kg', 'Dr Morel'],
      ],
    );
  });

  it('of a blood pressure have two lines on one axis', () => {
    const pressure = newMeasure('p', {
      ...{ ...taken, kind: 'bloodPressure', value: 128, second: 76 },
      date: day('2026-01-01'),
    });
    const [one = assert.fail()] = series(pressure);
    assert.deepEqual(
      one.lines.map(({ label, points }) => [label, points[0]?.value]),
      [
        ['8480-6', 128],
        ['8462-4', 76],
      ],
    );
  });

  it('convert what is known to the last unit, and never draw on one axis what is not', () => {
    const converted = series(
      inUnit('a', '2026-01-01', [132, 'g/L', 'g/L']),
      inUnit('b', '2026-02-01', [13.4, 'g/dL', 'g/dL']),
    );
    assert.equal(converted.length, 1);
    assert.deepEqual(
      converted[0]?.lines[0]?.points.map(({ value }) => value),
      [13.2, 13.4],
    );
    const apart = series(
      inUnit('a', '2026-01-01', [8.2, 'mmol/L', 'mmol/L']),
      inUnit('b', '2026-02-01', [13.4, 'g/dL', 'g/dL']),
    );
    assert.deepEqual(
      apart.map(({ unit, isOtherUnit, rows }) => [unit, isOtherUnit, rows.length]),
      [
        ['g/dL', false, 1],
        ['mmol/L', true, 1],
      ],
    );
  });

  it('keep words and bounds in the table alone, wherever they stand', () => {
    const bound = {
      ...weight('c', '2026-03-01', 1),
      valueQuantity: { value: 5, comparator: '<', unit: 'kg', code: 'kg' },
    };
    const { valueQuantity: _, ...bare } = weight('d', '2026-04-01', 1);
    const [one = assert.fail(), ...more] = series(weight('a', '2026-01-01', 67), bound, {
      ...bare,
      valueString: 'refus',
    });
    assert.deepEqual(more, []);
    assert.equal(one.lines[0]?.points.length, 1);
    assert.deepEqual(
      one.rows.map(({ value, isDrawn }) => [value, isDrawn]),
      [
        ['refus', false],
        ['<\u00a05\u00a0kg', false],
        ['67\u00a0kg', true],
      ],
    );
  });

  it('show the reference range of the last result, in the unit of the axis, and its flag', () => {
    const [one = assert.fail()] = series({
      ...inUnit('a', '2026-01-01', [10.1, 'g/dL', 'g/dL']),
      referenceRange: [{ low: { value: 12, unit: 'g/dL', code: 'g/dL' }, high: { value: 16 } }],
      interpretation: [{ coding: [{ code: 'L' }] }],
    });
    assert.deepEqual(one.band, { low: 12, high: 16 });
    assert.deepEqual([one.rows[0]?.flag, one.rows[0]?.range], ['low', '12 – 16']);
    const [foreign = assert.fail()] = series({
      ...inUnit('a', '2026-01-01', [10.1, 'g/dL', 'g/dL']),
      referenceRange: [{ low: { value: 7.4, unit: 'mmol/L', code: 'mmol/L' } }],
    });
    assert.equal(foreign.band, null);
  });
});
