import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { inParallel } from '@serment/core/in-parallel';

describe('work done side by side', () => {
  it('is on every item, and never on more at once than was asked', async () => {
    let [running, most] = [0, 0];
    const done: number[] = [];
    await inParallel([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
      running += 1;
      most = Math.max(most, running);
      for (let turns = 0; turns < item % 3; turns += 1) await turn();
      running -= 1;
      done.push(item);
    });
    assert.deepEqual([most, done.toSorted()], [3, [1, 2, 3, 4, 5, 6, 7]]);
  });

  it('takes no item after a failure, lets what runs end, and throws the first', async () => {
    const [begun, ended]: [number[], number[]] = [[], []];
    async function* items() {
      yield* [1, 2, 3, 4];
    }
    const work = inParallel(items(), 2, async (item) => {
      begun.push(item);
      await turn();
      if (item === 1) throw new RangeError('the first');
      await turn();
      ended.push(item);
    });
    await assert.rejects(work, { message: 'the first' });
    assert.deepEqual([begun, ended], [[1, 2], [2]]);
  });

  it('is nothing on no item', () => inParallel([], 4, () => Promise.reject(new RangeError('never'))));
});
