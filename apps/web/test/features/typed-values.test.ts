import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isReadOtherwise, measureWords, readTyped } from '../../src/features/measures/typed-values.ts';

describe('what is typed in the sheet of measures', () => {
  it('is empty, read or unreadable, and why', () => {
    assert.deepEqual(readTyped('weight', ' '), { state: 'empty' });
    assert.deepEqual(readTyped('weight', '68,4'), { state: 'read', measure: { value: 68.4, plausible: true } });
    assert.deepEqual(readTyped('weight', 'lourd'), { state: 'unreadable', reason: 'number' });
    assert.deepEqual(readTyped('weight', '68 livres'), { state: 'unreadable', reason: 'unit' });
  });

  it('is said back where it is read as another figure', () => {
    assert.equal(isReadOtherwise('1,66', { value: 166, plausible: true }), true);
    assert.equal(isReadOtherwise('12/8', { value: 120, second: 80, plausible: true }), true);
    assert.equal(isReadOtherwise('128/76', { value: 128, second: 76, plausible: true }), false);
    assert.equal(measureWords('bloodPressure', { value: 120, second: 80 }, String), '120/80\u00a0mmHg');
  });
});
