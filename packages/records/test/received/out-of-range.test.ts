import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { outOfRangeIn, readReadingTask, toReadTask } from '../../src/fhir/reading-task.ts';
import { outOfRangeInputs } from '../../src/received/out-of-range.ts';
import { readReceivedFile } from '../../src/received/received-file.ts';
import type { ReceivedResult } from '../../src/received/report.ts';

const plain: ReceivedResult = {
  ...{ label: 'Potassium', loinc: null, code: null, unit: 'mmol/l', low: '3.5', high: '5.0', rangeText: '' },
  ...{ value: { number: '5.60', comparator: null, text: '5,60' }, flag: null, status: 'final', at: null },
  ...{ previous: null, note: '' },
};
const value = (number: string, comparator: '<' | '>' | null = null) => ({ number, comparator, text: number });
const told = (...results: readonly Partial<ReceivedResult>[]) =>
  outOfRangeInputs(results.map((one) => ({ ...plain, ...one }))).map(({ type }) => [type.text, type.coding?.[0]?.code]);

const arrival = {
  ...{ hash: 'ab'.repeat(32), title: 'Biologie', focus: 'DiagnosticReport/a', at: '2026-12-01T08:00:00Z' },
  ...{ by: 'Practitioner/a', owner: null, isUrgent: false },
};

describe('results out of range', () => {
  it('are those of the report, each with its value as received', () => {
    const bytes = readFileSync(new URL('fixtures/benoit-utf8.hpr', import.meta.url));
    const results = readReceivedFile(new Uint8Array(bytes)).flatMap(({ report }) => report?.results ?? []);
    const task = toReadTask('a', { ...arrival, outOfRange: outOfRangeInputs(results) });
    const read = readReadingTask(JSON.parse(JSON.stringify(task)));
    assert.deepEqual(read === null ? null : outOfRangeIn(read.task), [
      { label: 'Hémoglobine', flag: 'L', value: '11.2 g/dl' },
      { label: 'HbA1c', flag: 'H', value: '7.4 %' },
    ]);
    const values = outOfRangeInputs([
      plain,
      { ...plain, label: 'Sodium', value: value('120', '<') },
      { ...plain, label: 'Glucose', unit: '', flag: 'A', value: { number: null, comparator: null, text: 'présence' } },
    ]);
    assert.deepEqual(values.map(({ valueString }) => valueString).sort(), ['5.60 mmol/l', 'présence']);
  });

  it('stand by how grave their sender said, then by how far they are out', () => {
    assert.deepEqual(
      told(
        { label: 'Sodium', value: value('146'), low: '136', high: '145' },
        { label: 'CRP', value: value('52'), low: null, high: '5' },
        { label: 'Troponine', value: value('16'), low: null, high: '14', flag: 'HH' },
        { label: 'Ferritine', value: value('9'), low: '15', high: '150' },
      ),
      [
        ['Troponine', 'HH'],
        ['CRP', 'H'],
        ['Sodium', 'H'],
        ['Ferritine', 'L'],
      ],
    );
  });

  it('are told by the range where no flag came, and never against the flag', () => {
    assert.deepEqual(told({ flag: 'N' }, { label: 'Calcium', flag: 'A', low: null, high: null }), [['Calcium', 'A']]);
    assert.deepEqual(told({ value: value('3.4') }), [['Potassium', 'L']]);
    assert.deepEqual(told({ value: value('5.0') }, { low: null, high: null }), []);
  });

  it('are not told of what may be within: more than a little, less than a lot, words, or no value', () => {
    assert.deepEqual(told({ value: value('1', '>') }, { value: value('9', '<') }), []);
    assert.deepEqual(told({ value: { number: null, comparator: null, text: 'trace' } }), []);
    assert.deepEqual(told({ value: null, flag: 'H' }), []);
  });

  it('are one where an analysis is given in two units, and short whatever it is called', () => {
    assert.deepEqual(told({}, { label: 'POTASSIUM', unit: 'mg/l', value: value('219'), high: '196' }).length, 1);
    const [[label] = []] = told({ label: 'é'.repeat(300) });
    assert.equal(label?.length, 80);
  });

  it('are twenty at most in what is kept of a report', () => {
    const many = Array.from({ length: 60 }, (_, place) => ({ ...plain, label: `Analyse ${place}` }));
    const task = toReadTask('a', { ...arrival, outOfRange: outOfRangeInputs(many) });
    assert.equal(outOfRangeIn(task).length, 20);
    assert.equal(toReadTask('a', { ...arrival, outOfRange: [] }).input, undefined);
  });
});
