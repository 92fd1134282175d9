import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { linear, roundTicks, shownRange, timeOf, timeTicks } from '../../src/ui/chart-scale.ts';

describe('the scale of a chart', () => {
  it('shows at least a quarter of a value, so that hundredths are no fall', () => {
    assert.deepEqual(shownRange([100, 101]), [87.9375, 113.0625]);
    assert.deepEqual(shownRange([10, 100]), [10, 100]);
  });

  it('has round figures', () => {
    assert.deepEqual(roundTicks(61, 74, 4), [65, 70]);
    assert.deepEqual(roundTicks(0.9, 1.31, 4), [1, 1.2]);
    assert.deepEqual(roundTicks(5, 5, 4), [5]);
  });

  it('has as many beginnings of a day, a month or a year as there is room for', () => {
    const at = (text: string) => timeOf(text);
    assert.equal(timeTicks(at('2020-03-01'), at('2026-11-01'), 6).unit, 'year');
    const months = timeTicks(at('2026-01-15'), at('2026-11-15'), 6);
    assert.equal(months.unit, 'month');
    assert.ok(months.ticks.length <= 6 && months.ticks.length >= 4);
    assert.equal(timeTicks(at('2026-01-01'), at('2026-01-20'), 6).unit, 'day');
  });

  it('puts a lone value in the middle', () => {
    assert.equal(linear([3, 3], [0, 10])(3), 5);
    assert.equal(timeOf('2026'), Date.parse('2026-01-01'));
    assert.equal(timeOf('2026-05'), Date.parse('2026-05-01'));
  });
});
