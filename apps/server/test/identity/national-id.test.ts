import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseNationalId } from '../../src/identity/national-id.ts';

describe('a national id', () => {
  it('is "8" and an RPPS number whose key is right', () => {
    for (const right of ['899700218896', '810000000009', '810101010105']) assert.equal(parseNationalId(right), right);
  });

  it('has one right key for each number', () => {
    const keys = Array.from({ length: 10 }, (_, key) => parseNationalId(`81000000000${key}`));
    assert.deepEqual(
      keys.filter((key) => key !== null),
      ['810000000009'],
    );
  });

  it('is no number of ADELI, of a test, of a card, in other digits or with anything around', () => {
    for (const wrong of [
      '',
      '99700218896',
      '0759900001234',
      '8997002188960',
      'ANS20231122132732',
      '8９９700218896',
      ' 899700218896',
      '899700218896\n',
      '8-99700218896',
      899_700_218_896,
      899_700_218_896n,
      null,
      undefined,
      ['899700218896'],
      { toString: () => '899700218896' },
    ])
      assert.equal(parseNationalId(wrong), null);
  });
});
