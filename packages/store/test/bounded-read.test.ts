import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readAtMost } from '../src/bounded-read.ts';

const filled = (sizeBytes: number) => new Uint8Array(sizeBytes).fill(7);

async function* partsOf(...parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}

describe('what is read of a stream', () => {
  it('is all of it, in order, up to the limit', async () => {
    assert.deepEqual(await readAtMost(null, 0), new Uint8Array());
    assert.deepEqual(await readAtMost(partsOf(), 0), new Uint8Array());
    assert.deepEqual(
      await readAtMost(partsOf(filled(3), filled(0), new Uint8Array([1])), 4),
      new Uint8Array([7, 7, 7, 1]),
    );
  });

  it('is nothing of one that is longer, and the stream is left', async () => {
    assert.equal(await readAtMost(partsOf(filled(3), filled(2)), 4), null);
    let given = 0;
    let isLeft = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (; ; given += 1) yield filled(1000);
      } finally {
        isLeft = true;
      }
    }
    assert.equal(await readAtMost(endless(), 10_000), null);
    assert.equal(given, 10);
    assert.ok(isLeft);
  });

  it('is what the stream throws, when it breaks', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield filled(1);
      throw new RangeError('broken');
    }
    await assert.rejects(readAtMost(broken(), 10), RangeError);
  });
});
