import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ExpiringMap } from '../src/expiring-map.ts';

function makeMap() {
  const clock = { now: 1000 };
  return { clock, map: new ExpiringMap<number>(() => clock.now) };
}

describe('what waits in memory', () => {
  it('is there for its time, its last instant included', () => {
    const { clock, map } = makeMap();
    map.put('a', 1, 50);
    assert.equal(map.get('b'), null);
    clock.now = 1050;
    assert.equal(map.get('a'), 1);
    clock.now = 1051;
    assert.equal(map.get('a'), null);
    assert.equal(map.take('a'), null);
  });

  it('is taken once, late or not', () => {
    const { clock, map } = makeMap();
    map.put('a', 1, 50);
    assert.equal(map.take('a'), 1);
    assert.equal(map.take('a'), null);
    map.put('b', 2, 50);
    clock.now = 1051;
    assert.equal(map.take('b'), null);
    clock.now = 1000;
    assert.equal(map.get('b'), null);
  });

  it('makes room, the oldest first, when too many come', () => {
    const { clock, map } = makeMap();
    for (let count = 0; count < 5001; count += 1) map.put(String(count), count, 50);
    assert.deepEqual([map.get('0'), map.get('1'), map.get('5000')], [null, 1, 5000]);
    clock.now = 1051;
    map.put('new', 1, 50);
    clock.now = 1000;
    assert.deepEqual([map.get('1'), map.get('5000'), map.get('new')], [null, null, 1]);
  });
});
