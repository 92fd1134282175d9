import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readEntryPlace } from '@serment/core/copy/entry-place';
import fc from 'fast-check';
import { makePractice } from '../journal/practice-fixture.ts';

test('the place of an entry is what parsing it whole gives', async () => {
  const practice = await makePractice();
  for (let count = 0; count < 5; count += 1) await practice.appendRecords();
  const blob = (byte: number) => ({ hash: new Uint8Array(32).fill(byte), size: byte });
  await practice.appendRecords({ blobs: [blob(1)] });
  await practice.appendRecords({ blobs: Array.from({ length: 30 }, (_, place) => blob(200 + place)) });
  for (const { bytes, receivedAt, header, payloadHash } of practice.entries)
    assert.deepEqual(readEntryPlace(bytes), {
      ...{ receivedAt, stream: header.stream, payloadHash },
      blobs: header.blobs.map(({ hash }) => hash),
    });
});

test('anything else is refused, or gives a place, and never hangs', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        assert.equal(readEntryPlace(bytes).stream.length, 16);
      } catch (error) {
        assert.equal(error instanceof Error && 'code' in error && error.code, 'COPY_OBJECT_INVALID');
      }
    }),
  );
});

test('an entry that is cut anywhere in what is read is refused', async () => {
  const practice = await makePractice();
  const { bytes } = await practice.appendRecords();
  for (let size = 0; size < bytes.length - 67; size += 1)
    assert.throws(() => readEntryPlace(bytes.subarray(0, size)), { code: 'COPY_OBJECT_INVALID' });
});
