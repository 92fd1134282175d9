import { deepEqual, equal, rejects } from 'node:assert/strict';
import { test } from 'node:test';
import { Courtesy } from '../src/courtesy.ts';

/** A clock that goes on while somebody pauses. */
function made() {
  let time = 0;
  const courtesy = new Courtesy({
    now: () => time,
    pause: async (ms) => {
      time += ms;
    },
  });
  return { courtesy, time: () => time };
}

test('long work goes on at once where nobody waits', async () => {
  const { courtesy, time } = made();
  await courtesy.giveWay();
  equal(time(), 0);
});

test('it steps back until somebody was answered, and a moment longer', async () => {
  const { courtesy, time } = made();
  const { promise, resolve } = Promise.withResolvers<string>();
  const served = courtesy.serve(() => promise);
  const order: string[] = [];
  const stepping = courtesy.giveWay().then(() => order.push('long work'));
  await Promise.resolve();
  resolve('a file');
  equal(await served, 'a file');
  order.push('answered');
  await stepping;
  deepEqual(order, ['answered', 'long work']);
  equal(time() >= 1000, true);
});

test('it is not put off for ever, and a failure ends the wait as an answer does', async () => {
  const { courtesy, time } = made();
  void courtesy.serve(() => new Promise(() => undefined));
  await courtesy.giveWay();
  equal(time(), 2000);
  const other = made();
  await rejects(other.courtesy.serve(() => Promise.reject(new Error('no'))));
  await other.courtesy.giveWay();
  equal(other.time(), 1000);
});

test('it steps back from who goes from one answer to the next, ten seconds at most', async () => {
  let time = 0;
  const courtesy = new Courtesy({
    now: () => time,
    pause: async (ms) => {
      time += ms;
      await courtesy.serve(() => Promise.resolve('the next'));
    },
  });
  await courtesy.serve(() => Promise.resolve('the first'));
  await courtesy.giveWay();
  equal(time, 10_000);
});
