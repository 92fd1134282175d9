import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CopyStatus } from '@serment/core/wire/status';
import { CopiesWatch } from '../src/copies-watch.ts';

const copy = (name: string, size: number, publishedAt: number | null): CopyStatus => ({
  ...{ name, kind: 'folder', sameDisk: false, size, publishedAt, lagMs: 0, state: 'current', error: null },
  ...{ verifiedAt: null, verifiedSize: null, verifiedFindings: null },
});

test('two ticks give the hour of a copy that holds the save, not of one that was written since and is behind', () => {
  const told: [string, number | null][] = [];
  const watch = new CopiesWatch((...copied) => told.push(copied));
  watch.await('one', 10);
  watch.take([copy('behind', 10, 5000)]);
  assert.deepEqual(told, []);
  watch.take([copy('behind', 10, 9000), copy('holds', 11, 7000)]);
  assert.deepEqual(told, [['one', 7000]]);
  watch.take([copy('behind', 12, 9900), copy('holds', 12, 9500)]);
  assert.equal(told.length, 1);
});
