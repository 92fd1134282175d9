import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { inOrder, inParallel } from '@serment/core/in-parallel';

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

describe('results in the order of their items', () => {
  const after = async <Result>(turns: number, result: Result) => {
    for (let done = 0; done < turns; done += 1) await turn();
    return result;
  };

  it('come as their items did, with so many under way at once', async () => {
    let [running, most] = [0, 0];
    const results = inOrder([5, 1, 4, 1, 3, 0], 3, async (item) => {
      running += 1;
      most = Math.max(most, running);
      const result = await after(item, item);
      running -= 1;
      return result;
    });
    assert.deepEqual(await Array.fromAsync(results), [5, 1, 4, 1, 3, 0]);
    assert.equal(most, 3);
  });

  it('come before a failure of what follows them, be it of the work or of the items', async () => {
    async function* items() {
      yield* [3, 1];
      throw new RangeError('no more items');
    }
    const failing = async (item: number) => {
      if (item === 1) throw new RangeError('this work');
      return after(item, item);
    };
    for (const [work, message] of [
      [failing, 'this work'],
      [(item: number) => after(0, item), 'no more items'],
    ] as const) {
      const got: number[] = [];
      const all = (async () => {
        for await (const result of inOrder(items(), 8, work)) got.push(result);
      })();
      await assert.rejects(all, { message });
      assert.deepEqual(got, message === 'this work' ? [3] : [3, 1]);
    }
  });

  it('leave the items when nobody wants more, and what fails then is nobody’s', async () => {
    let isLeft = false;
    async function* items() {
      try {
        yield* [0, 1, 2, 3, 4];
      } finally {
        isLeft = true;
      }
    }
    const work = async (item: number) => {
      if (item > 0) throw new RangeError('nobody asks');
      return item;
    };
    for await (const result of inOrder(items(), 2, work)) {
      assert.equal(result, 0);
      break;
    }
    await after(3, null);
    assert.equal(isLeft, true);
  });
});
