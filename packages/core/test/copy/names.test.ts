import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCopyName, formatNumber, isTailRange, parseCopyName } from '@serment/core/copy/names';
import fc from 'fast-check';

test('a name reads back as what it was written from, for any number', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 35_184_372_088_830 }),
      fc.integer({ min: 1, max: 99_999_999 }),
      (number, fence) => {
        const name = { kind: 'entries', practice: 'ab'.repeat(32), fence, number } as const;
        assert.deepEqual(parseCopyName(formatCopyName(name)), name);
        assert.match(formatNumber(number), /^(x\d{3}\/)*\d{3}$/);
      },
    ),
  );
});

test('no text but a name is read as one', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.throws(() => parseCopyName(`${text}/`), { code: 'COPY_OBJECT_INVALID' });
    }),
  );
});

test('a tail range is within one bundle', () => {
  assert.equal(isTailRange(0, 256), true);
  assert.equal(isTailRange(255, 256), true);
  assert.equal(isTailRange(255, 257), false);
  assert.equal(isTailRange(5, 5), false);
  assert.equal(isTailRange(0.5, 1), false);
});
