import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SheetRead } from '@serment/replica/separator-sheets';
import {
  type BatchPart,
  cutAt,
  cutBySheets,
  firstToPrevious,
  joined,
  keptPlaces,
  lastToNext,
  leftOut,
  partsLeft,
  runsOf,
  type ScannedBatch,
  sheetsAlone,
  withOut,
  withSeen,
} from '../../src/file-view/scanned-batch.ts';

const anna: SheetRead = { is: 'patient', patient: 'Patient/anna', type: 'biology' };
const bea: SheetRead = { is: 'patient', patient: 'Patient/bea', type: null };
const same: SheetRead = { is: 'same', type: null };
const ask: SheetRead = { is: 'ask', type: 'letter' };

/** A batch as it is read: pages of paper, blank ones, damaged ones, and sheets. */
function read(...pages: ('page' | 'blank' | 'damaged' | SheetRead)[]): ScannedBatch {
  let batch: ScannedBatch = {
    ...{ id: 'one', at: 0, isWhole: true, files: [{ isMadeInert: false }], parts: [], isToRead: true },
    pages: pages.map((_, place) => ({
      ...{ file: place < 5 ? 0 : 1, number: place + 1, state: 'unseen', isBlank: false, sheet: null, isOut: false },
    })),
  };
  for (const [place, page] of pages.entries())
    batch = withSeen(
      batch,
      place,
      page === 'damaged' ? null : { isBlank: page === 'blank', sheet: typeof page === 'string' ? null : page },
    );
  let id = 0;
  return cutBySheets(batch, () => `part-${++id}`);
}

const told = (batch: ScannedBatch) =>
  batch.parts.map((part) => [part.by, part.patient, part.type, keptPlaces(batch, part)]);
const partOf = ({ parts }: ScannedBatch, place: number): BatchPart => parts[place] ?? assert.fail();

describe('a batch that was read', () => {
  it('is cut where its sheets lie; sheets and blank pages are left out and counted', () => {
    const batch = read(anna, 'page', 'blank', 'page', same, 'page', bea, 'blank', 'damaged', ask, 'page');
    assert.deepEqual(told(batch), [
      ['patient', 'Patient/anna', 'biology', [1, 3]],
      ['same', 'Patient/anna', '', [5]],
      ['patient', 'Patient/bea', '', [8]],
      ['ask', null, 'letter', [10]],
    ]);
    assert.deepEqual(leftOut(batch), { sheets: 4, blanks: 2 });
  });

  it('names nobody for what lies before the first sheet, nor after a sheet that names nobody', () => {
    for (const is of ['other-practice', 'unknown', 'damaged'] as const)
      assert.deepEqual(told(read('page', anna, 'page', { is }, 'page', same, 'page')), [
        ['start', null, '', [0]],
        ['patient', 'Patient/anna', 'biology', [2]],
        [is, null, '', [4]],
        // The same as nobody is nobody, never the one before.
        ['same', null, '', [6]],
      ]);
    assert.deepEqual(told(read('page', 'page')), [['start', null, '', [0, 1]]]);
  });

  it('begins nothing for a sheet that nothing follows, and says whose it is', () => {
    const batch = read(anna, bea, 'page', 'page', anna, 'blank');
    assert.deepEqual(told(batch), [['patient', 'Patient/bea', '', [2, 3]]]);
    assert.deepEqual(sheetsAlone(batch), ['Patient/anna', 'Patient/anna']);
    assert.deepEqual(told(read(anna, 'blank', same)), []);
  });

  it('is corrected by a person: cut, joined, a page moved, left out and put back', () => {
    const batch = read(anna, 'page', 'page', 'page', bea, 'page', 'page');
    const cut = cutAt(batch, 3, 'new');
    assert.deepEqual(told(cut).slice(0, 2), [
      ['patient', 'Patient/anna', 'biology', [1, 2]],
      ['hand', 'Patient/anna', 'biology', [3]],
    ]);
    assert.deepEqual(told(joined(cut, partOf(cut, 1))), told(batch));
    const moved = firstToPrevious(batch, partOf(batch, 1));
    assert.deepEqual(
      told(moved).map(([, , , places]) => places),
      [[1, 2, 3, 5], [6]],
    );
    assert.deepEqual(
      told(firstToPrevious(moved, partOf(moved, 1))).map(([, , , places]) => places),
      [[1, 2, 3, 5, 6]],
    );
    const back = lastToNext(batch, partOf(batch, 0));
    assert.deepEqual(
      told(back).map(([, , , places]) => places),
      [
        [1, 2],
        [3, 5, 6],
      ],
    );
    const left = withOut(batch, 5, true);
    assert.deepEqual(
      told(withOut(left, 6, true)).map(([, , , places]) => places),
      [[1, 2, 3], []],
    );
    assert.equal(partsLeft(withOut(left, 6, true)).length, 1);
    assert.deepEqual(told(withOut(left, 5, false)), told(batch));
  });

  it('touches nothing of what was filed', () => {
    const batch = read(anna, 'page', 'page', bea, 'page');
    const filed = { ...batch, parts: batch.parts.map((part, place) => ({ ...part, isFiled: place === 0 })) };
    assert.deepEqual(joined(filed, partOf(filed, 1)), filed);
    assert.deepEqual(cutAt(filed, 2, 'new'), filed);
    assert.deepEqual(firstToPrevious(filed, partOf(filed, 1)), filed);
    assert.deepEqual(lastToNext(filed, partOf(filed, 0)), filed);
    assert.deepEqual(
      partsLeft(filed).map(({ patient }) => patient),
      ['Patient/bea'],
    );
  });

  it('is cut out file after file', () => {
    const batch = read(anna, 'page', 'page', 'page', 'page', 'page', 'page');
    assert.deepEqual(runsOf(batch, partOf(batch, 0)), [
      { file: 0, pages: [2, 3, 4, 5] },
      { file: 1, pages: [6, 7] },
    ]);
  });
});
