import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { concatBytes, utf8ToBytes } from '@serment/core/bytes';
import { parseGrowthTable } from '../../src/growth/growth-table.ts';
import { madeLines, tableBytes } from './made-table.ts';

describe('a growth table of the WHO', () => {
  it('is read by sex and day, whatever its line ends, with a byte order mark or without', () => {
    const lines = madeLines({ m: 3.3464, l: 0.3487, s: 0.14602 });
    const bytes = tableBytes(lines);
    const table = parseGrowthTable(bytes);
    assert.equal(table.indicator, 'weight');
    assert.equal(table.male.length, 1827);
    assert.deepEqual(table.female[1826], { l: 0.3487, m: 3.3464, s: 0.14602 });
    assert.deepEqual(parseGrowthTable(concatBytes(Uint8Array.of(0xef, 0xbb, 0xbf), bytes)), table);
    assert.deepEqual(parseGrowthTable(utf8ToBytes(lines.join('\n'))), table);
  });

  it('says by its figures what it is of', () => {
    const of = (m: number, hasPosture: boolean) => parseGrowthTable(tableBytes(madeLines({ m, hasPosture }))).indicator;
    assert.deepEqual([of(49.9, true), of(34.5, false), of(13.4, true)], ['length', 'head', 'bmi']);
  });

  const refusals: readonly (readonly [string, (lines: string[]) => void, string, number | null])[] = [
    ['an unknown column', (lines) => lines.splice(0, 1, 'sex\tage\tl\tm\ts\tsd'), 'columns', 1],
    ['columns in another order', (lines) => lines.splice(0, 1, 'age\tsex\tl\tm\ts'), 'columns', 1],
    ['another separator', (lines) => lines.splice(0, 1, 'sex;age;l;m;s'), 'columns', 1],
    ['a cell too many', (lines) => lines.splice(4, 1, `${lines[4]}\t1`), 'columns', 5],
    ['a missing day', (lines) => lines.splice(11, 1), 'missing-day', 12],
    ['a day twice', (lines) => lines.splice(11, 0, lines[10] ?? ''), 'order', 12],
    ['boys after girls', (lines) => lines.push('1\t0\t1\t3.3\t0.1'), 'order', 3656],
    ['a third sex', (lines) => lines.splice(1, 1, '3\t0\t1\t3.3\t0.1'), 'sex', 2],
    ['a comma for a point', (lines) => lines.splice(2, 1, '1\t1\t1\t3,3\t0.1'), 'number', 3],
    ['a median of nothing', (lines) => lines.splice(2, 1, '1\t1\t1\t0\t0.1'), 'range', 3],
    ['a cut file', (lines) => lines.splice(3000), 'incomplete', 3000],
    ['an empty line within', (lines) => lines.splice(9, 0, ''), 'columns', 10],
  ];
  for (const [name, spoil, reason, line] of refusals)
    it(`is refused with ${name}`, () => {
      const lines = madeLines({ m: 3.3 });
      spoil(lines);
      assert.throws(() => parseGrowthTable(tableBytes(lines)), { code: 'TABLE_INVALID', fields: { reason, line } });
    });

  it('is refused when nothing, another kind of figure, or another kind of file', () => {
    const invalid = (reason: string) => (error: unknown) =>
      assert.equal((error as { fields: { reason: string } }).fields.reason, reason) === undefined;
    assert.throws(() => parseGrowthTable(new Uint8Array()), invalid('empty'));
    assert.throws(() => parseGrowthTable(tableBytes(madeLines({ m: 120 }))), invalid('indicator'));
    assert.throws(() => parseGrowthTable(tableBytes(madeLines({ m: 49.9 }))), invalid('columns'));
    assert.throws(() => parseGrowthTable(utf8ToBytes('%PDF-1.7')), { code: 'TEXT_FOREIGN' });
    const wrong = madeLines({ m: 49.9, hasPosture: true });
    wrong[1] = '1\t0\t1\t49.9\t0.1\tH';
    assert.throws(() => parseGrowthTable(tableBytes(wrong)), invalid('posture'));
  });
});
