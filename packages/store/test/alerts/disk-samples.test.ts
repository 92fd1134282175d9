import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fullAt } from '../../src/alerts/disk-samples.ts';

const [hourMs, dayMs, gb] = [3_600_000, 86_400_000, 1e9];
const totalBytes = 1000 * gb;

/** One sample an hour. */
function samples(hours: number, freeBytes: (hour: number) => number) {
  return Array.from({ length: hours + 1 }, (_, hour) => ({
    at: hour * hourMs,
    freeBytes: freeBytes(hour),
    totalBytes,
  }));
}

test('a disk that loses ten gigabytes a day with a hundred left is full in ten days', () => {
  const full = fullAt(samples(48, (hour) => 120 * gb - (hour / 24) * 10 * gb));
  assert.ok(Math.abs((full ?? 0) - 12 * dayMs) < hourMs);
});

test('nothing is foretold before a day is known, nor of a disk that does not fill', () => {
  assert.equal(fullAt([]), null);
  assert.equal(fullAt(samples(23, (hour) => 100 * gb - hour * gb)), null);
  assert.equal(fullAt(samples(100, () => 100 * gb)), null);
  assert.equal(fullAt(samples(100, (hour) => 100 * gb + hour)), null);
});

test('a scratch database of one night, or one large import, does not move it', () => {
  const slow = (hour: number) => 500 * gb - (hour / 24) * gb;
  const night = fullAt(samples(168, (hour) => slow(hour) - (hour % 24 < 3 ? 80 * gb : 0)));
  assert.ok((night ?? 0) > 300 * dayMs, String(night));
  const once = fullAt(samples(168, (hour) => slow(hour) - (hour > 150 ? 100 * gb : 0)));
  assert.ok((once ?? 0) > 300 * dayMs, String(once));
});

test('a disk that was made larger begins anew', () => {
  const before = samples(100, (hour) => 100 * gb - hour * gb);
  const after = { at: 101 * hourMs, freeBytes: 900 * gb, totalBytes: 2 * totalBytes };
  assert.equal(fullAt([...before, after]), null);
});
