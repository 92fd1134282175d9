import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { wholeBody } from '../src/answer-body.ts';

const limits = { maxBytes: 200_000, idleMs: 50 };
const pieces = [new Uint8Array([1, 2]), new Uint8Array(150_000).fill(3), new Uint8Array([4])];

/** A body that is given in pieces, of either kind, and ends as it is told. */
function bodyOf(type: 'bytes' | undefined, given: readonly Uint8Array[], end: 'close' | 'cut' | 'silence') {
  const left = given.map((piece) => new Uint8Array(piece));
  const gone: unknown[] = [];
  const source = {
    pull(controller: ReadableStreamDefaultController<Uint8Array> | ReadableByteStreamController) {
      const piece = left.shift();
      if (piece !== undefined) return controller.enqueue(piece);
      if (end === 'cut') return controller.error(new TypeError('terminated'));
      if (end === 'silence') return new Promise<void>(() => undefined);
      controller.close();
      if (type === 'bytes' && 'byobRequest' in controller) controller.byobRequest?.respond(0);
    },
    cancel: (reason: unknown) => void gone.push(reason),
  };
  const body: ReadableStream<Uint8Array> =
    type === 'bytes' ? new ReadableStream({ type, ...source }) : new ReadableStream(source);
  return { body, gone };
}

for (const type of ['bytes', undefined] as const)
  describe(`an answer that comes as ${type ?? 'pieces'}`, () => {
    it('is whole, in its order, and none of it changes afterwards', async () => {
      const read = await wholeBody(bodyOf(type, pieces, 'close').body, limits);
      assert.deepEqual(Buffer.from(read), Buffer.concat(pieces));
    });

    it('is empty when there is none', async () => {
      assert.equal((await wholeBody(bodyOf(type, [], 'close').body, limits)).length, 0);
      assert.equal((await wholeBody(null, limits)).length, 0);
    });

    it('is unreachable when it is cut, or falls silent', async () => {
      await assert.rejects(wholeBody(bodyOf(type, pieces, 'cut').body, limits), { code: 'UNREACHABLE' });
      const silent = bodyOf(type, pieces, 'silence');
      await assert.rejects(wholeBody(silent.body, limits), { code: 'UNREACHABLE' });
      assert.equal(silent.gone.length, 1);
    });

    it('is left where it goes past what any answer can be', async () => {
      const endless = bodyOf(type, [...pieces, ...pieces, ...pieces], 'silence');
      await assert.rejects(wholeBody(endless.body, limits), { code: 'ANSWER_INVALID' });
      assert.equal(endless.gone.length, 1);
    });
  });
