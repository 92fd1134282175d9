import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bench } from './bench.ts';
import { asDocument, type BenchResult } from './report.ts';

const machine = {
  ...{
    cpu: 'one',
    cores: 2,
    memoryGb: 24,
    system: 'linux x64',
    node: '24',
    postgres: '18',
    chromium: '150',
    load: 0.5,
  },
};
const bench = (name: string): Bench => ({
  ...{ name, title: `The ${name}`, method: `How the ${name} is measured.`, bars: { speed: { most: 10 } } },
  run: async () => [],
});
const resultOf = (name: string, value: number): BenchResult => {
  return { bench: bench(name), figures: [{ label: 'speed', value, unit: 'ms' }], seconds: 1, load: 1 };
};
const titles = ['The first', 'The second'];

test('a section takes the place of the one before it, and the others stay as they were', () => {
  const both = asDocument('', { machine, results: [resultOf('second', 5), resultOf('first', 4)], titles });
  assert.ok(both.indexOf('## The first') < both.indexOf('## The second'));
  const again = asDocument(both, { machine, results: [resultOf('second', 12)], titles });
  assert.match(again, /\| speed \| 4\.00 ms \| ≤ 10 ms \| holds \|/);
  assert.match(again, /\| speed \| 12\.0 ms \| ≤ 10 ms \| MISSED \|/);
  assert.doesNotMatch(again, /5\.00 ms/);
  assert.equal(again.match(/^## /gm)?.length, 2);
  assert.equal(asDocument(again, { machine, results: [], titles }), again);
});

test('a section of what is measured no more goes', () => {
  const both = asDocument('', { machine, results: [resultOf('first', 4), resultOf('second', 5)], titles });
  assert.doesNotMatch(asDocument(both, { machine, results: [], titles: ['The first'] }), /The second/);
});
