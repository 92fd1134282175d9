import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MirrorTurns } from '../src/mirror-turns.ts';

/** Work that says when it began, and ends when it is told to. */
function heldWork(name: string, begun: string[]) {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const work = () => {
    begun.push(name);
    return promise;
  };
  return { work, end: () => resolve(name), fail: () => reject(new Error(name)) };
}

describe('turns on one image', () => {
  it('begin at once where nothing runs, else one after the other', async () => {
    const begun: string[] = [];
    const turns = new MirrorTurns<string>();
    const [first, second] = [heldWork('first', begun), heldWork('second', begun)];
    const taken = [turns.take(first.work), turns.take(second.work)];
    assert.deepEqual(begun, ['first']);
    first.end();
    await taken[0];
    second.end();
    assert.deepEqual(await Promise.all(taken), ['first', 'second']);
    assert.deepEqual(begun, ['first', 'second']);
  });

  it('are shared by all who wait for the one under way, and by nobody who came before it', async () => {
    const begun: string[] = [];
    const turns = new MirrorTurns<string>();
    const [under, next, unused, later] = ['under', 'next', 'unused', 'later'].map((name) => heldWork(name, begun));
    assert.ok(under && next && unused && later);
    const first = turns.share(under.work);
    const waiting = [turns.share(next.work), turns.share(unused.work)];
    assert.deepEqual(begun, ['under']);
    under.end();
    next.end();
    assert.equal(await first, 'under');
    assert.deepEqual(await Promise.all(waiting), ['next', 'next']);
    later.end();
    assert.equal(await turns.share(later.work), 'later');
    assert.deepEqual(begun, ['under', 'next', 'later']);
  });

  it('go on after one that failed, whose caller alone is told', async () => {
    const begun: string[] = [];
    const turns = new MirrorTurns<string>();
    const [failing, shared, taken] = [heldWork('failing', begun), heldWork('shared', begun), heldWork('taken', begun)];
    const failed = assert.rejects(turns.share(failing.work), /failing/);
    const others = [turns.share(shared.work), turns.take(taken.work)];
    failing.fail();
    shared.end();
    taken.end();
    await failed;
    assert.deepEqual(await Promise.all(others), ['shared', 'taken']);
  });
});
