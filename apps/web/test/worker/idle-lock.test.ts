import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { IdleLock } from '../../src/worker/idle-lock.ts';

test('the lock closes once nobody has touched anything for its delay, and not before', () => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 0 });
  try {
    let locked = 0;
    const idle = new IdleLock(1000, () => {
      locked += 1;
    });
    idle.start();
    mock.timers.tick(900);
    idle.touch();
    mock.timers.tick(900);
    assert.equal(locked, 0);
    mock.timers.tick(100);
    assert.equal(locked, 1);
    idle.start();
    idle.stop();
    mock.timers.tick(5000);
    assert.equal(locked, 1);
  } finally {
    mock.timers.reset();
  }
});

test('the lock closes after its delay though the clock was set back by years meanwhile', () => {
  let [now, elapsed] = [1_900_000_000_000, 0];
  mock.timers.enable({ apis: ['setTimeout'] });
  mock.method(performance, 'now', () => elapsed);
  mock.method(Date, 'now', () => now);
  try {
    let locked = 0;
    const idle = new IdleLock(1000, () => {
      locked += 1;
    });
    idle.start();
    now = 1_700_000_000_000;
    elapsed = 1000;
    mock.timers.tick(1000);
    assert.equal(locked, 1);
  } finally {
    mock.timers.reset();
    mock.restoreAll();
  }
});
