import assert from 'node:assert/strict';
import { test } from 'node:test';
import { late } from '../../src/worker/late.ts';

class Counter {
  #count = 0;

  async add(count: number): Promise<number> {
    this.#count += count;
    return this.#count;
  }
}

test('what comes late is made once, by whoever asks first, and keeps what it holds', async () => {
  let made = 0;
  const { it, load } = late(async () => {
    made += 1;
    return new Counter();
  });
  assert.equal(made, 0);
  assert.deepEqual(await Promise.all([it.add(1), it.add(2)]), [1, 3]);
  await load();
  assert.equal(await it.add(1), 4);
  assert.equal(made, 1);
});

test('code that does not come fails what was asked, and is asked for again', async () => {
  let isUp = false;
  const { it } = late(async () => {
    if (!isUp) throw new TypeError('Failed to fetch');
    return new Counter();
  });
  await assert.rejects(it.add(1), TypeError);
  isUp = true;
  assert.equal(await it.add(1), 1);
});
