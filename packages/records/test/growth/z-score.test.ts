import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { valueAtZ, zScore, zToCentile } from '../../src/growth/z-score.ts';

/** Rows of the WHO child growth standards of 2006: weight of boys at 1000 days, length of boys at birth. */
const weight = { l: -0.0558, m: 13.8057, s: 0.11945 };
const length = { l: 1, m: 49.8842, s: 0.03795 };

describe('a z-score', () => {
  it('is that of the LMS method', () => {
    assert.equal(zScore('length', length, 49.8842), 0);
    assert.equal(zScore('length', length, 49.9).toFixed(6), '0.008346');
    assert.equal(zScore('weight', { l: 0, m: 10, s: 0.1 }, 10 * Math.exp(0.15)).toFixed(10), '1.5000000000');
  });

  it('of weight goes on in a straight line beyond 3, where the power alone would give another', () => {
    // 3 + (25 − 19.827360) / (19.827360 − 17.559378), both by the table's row.
    assert.equal(zScore('weight', weight, 25).toFixed(6), '5.280724');
    assert.equal(zScore('head', weight, 25).toFixed(6), '4.889617');
  });

  it('and its value are each other’s, on both sides of 3', () => {
    for (const indicator of ['weight', 'bmi', 'length', 'head'] as const)
      for (const z of [-5, -3.5, -3, -1.2, 0, 0.4, 2, 3, 3.2, 6])
        assert.ok(Math.abs(zScore(indicator, weight, valueAtZ(indicator, weight, z)) - z) < 1e-9, `${indicator} ${z}`);
  });

  it('has the centile of the normal distribution', () => {
    const expected = [
      [-2.5, 0.6209665],
      [-1, 15.8655254],
      [0, 50],
      [0.5, 69.1462461],
      [1.880794, 97.0000027],
      [3, 99.8650102],
    ] as const;
    for (const [z, centile] of expected) assert.ok(Math.abs(zToCentile(z) - centile) < 1e-5, String(z));
  });
});
