import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { bytesToHex } from '@serment/core/bytes';
import { sha256 } from '@serment/core/hash';
import { type GrowthIndicator, type GrowthSex, parseGrowthTable } from '../../src/growth/growth-table.ts';
import { zScore } from '../../src/growth/z-score.ts';
import { isOfficial } from '../../src/tables/official.ts';

/** The WHO's files are not in the repository: SERMENT_WHO_TABLES names the folder that has them. */
const folder = process.env.SERMENT_WHO_TABLES ?? '';
const names: Readonly<Record<GrowthIndicator, string>> = {
  weight: 'weianthro.txt',
  length: 'lenanthro.txt',
  head: 'hcanthro.txt',
  bmi: 'bmianthro.txt',
};

/** Computed apart from the files with 40 digits, by the formulas as the WHO states them. */
const expected: readonly (readonly [GrowthIndicator, GrowthSex, day: number, value: number, z: string])[] = [
  ['weight', 'male', 365, 9.6, '-0.043748'],
  ['weight', 'female', 730, 12, '0.359354'],
  ['weight', 'male', 1000, 25, '5.280724'],
  ['weight', 'female', 400, 4.9, '-4.973276'],
  ['length', 'male', 0, 49.9, '0.008346'],
  ['length', 'female', 1200, 80, '-4.389643'],
  ['head', 'female', 180, 42.2, '0.045863'],
  ['bmi', 'male', 1500, 25, '5.987808'],
  ['bmi', 'female', 731, 15.4, '-0.220404'],
  ['bmi', 'female', 731, 10.5, '-4.935649'],
];

describe('the official tables of the WHO', { skip: !existsSync(join(folder, names.weight)) || folder === '' }, () => {
  const read = (indicator: GrowthIndicator) => new Uint8Array(readFileSync(join(folder, names[indicator])));

  it('are known by their bytes, and read as what they are', () => {
    for (const indicator of Object.keys(names) as GrowthIndicator[]) {
      const bytes = read(indicator);
      assert.ok(isOfficial(bytesToHex(sha256(bytes))), indicator);
      assert.equal(parseGrowthTable(bytes).indicator, indicator);
    }
  });

  it('give the z-scores that their formulas give', () => {
    for (const [indicator, sex, day, value, z] of expected) {
      const lms = parseGrowthTable(read(indicator))[sex][day] ?? assert.fail();
      assert.equal(zScore(indicator, lms, value).toFixed(6), z, `${indicator} ${sex} ${day}`);
    }
  });
});
