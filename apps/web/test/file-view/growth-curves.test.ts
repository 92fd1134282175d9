import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lastGrowthDay } from '@serment/records/growth/growth-table';
import { growthCurves } from '../../src/file-view/growth-curves.ts';

const flat = (m: number) => Array.from({ length: lastGrowthDay + 1 }, () => ({ l: 1, m, s: 0.1 }));
const table = (indicator: 'weight' | 'length') => ({ indicator, male: flat(10), female: flat(9) });

describe('the lines of a growth chart', () => {
  it('are of one sex, named by centile or by deviation', () => {
    const { centiles, deviations } = growthCurves(table('weight'), 'female');
    assert.deepEqual(
      centiles.map(({ label }) => label),
      ['3', '15', '50', '85', '97'],
    );
    const two = deviations.find(({ label }) => label === '−2');
    assert.deepEqual(two?.strokes[0]?.[0], [0, 7.2]);
    assert.deepEqual(centiles[2]?.strokes[0]?.at(-1), [lastGrowthDay, 9]);
  });

  it('of what rests on height break where lying becomes standing', () => {
    const [line = assert.fail()] = growthCurves(table('length'), 'male').centiles;
    assert.deepEqual(
      line.strokes.map((stroke) => [stroke[0]?.[0], stroke.at(-1)?.[0]]),
      [
        [0, 730],
        [731, lastGrowthDay],
      ],
    );
  });
});
