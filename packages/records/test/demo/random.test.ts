import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../../src/demo/random.ts';

test('the same seeds give the same numbers, other seeds give others', () => {
  const draw = (...seeds: number[]) =>
    Array.from(
      { length: 8 },
      (
        (random) => () =>
          random.next()
      )(createRandom(...seeds)),
    );
  assert.deepEqual(draw(1, 2), draw(1, 2));
  assert.notDeepEqual(draw(1, 2), draw(2, 1));
  assert.notDeepEqual(draw(0), draw());
});

test('integers stay within their bounds and reach both of them', () => {
  const random = createRandom(7);
  const seen = new Set(Array.from({ length: 2000 }, () => random.between(3, 6)));
  assert.deepEqual([...seen].sort(), [3, 4, 5, 6]);
});

test('weights are respected within a few per cent', () => {
  const random = createRandom(11);
  const choices = [
    { name: 'rare', weight: 1 },
    { name: 'often', weight: 9 },
  ];
  let rare = 0;
  for (let i = 0; i < 20_000; i++) if (random.weighted(choices).name === 'rare') rare++;
  assert.ok(rare > 1700 && rare < 2300, `${rare} of 20000`);
});

test('identifiers have the shape of a random UUID', () => {
  const random = createRandom(3);
  for (let i = 0; i < 200; i++)
    assert.match(random.uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('choosing from nothing is refused', () => {
  assert.throws(() => createRandom(1).pick([]), RangeError);
});
