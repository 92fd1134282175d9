import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeAlerts, type PracticeAlert, parseAlerts } from '../../src/wire/alert.ts';

const alerts: PracticeAlert[] = [
  { cause: 'lock-short', copy: 'nuage', since: 5, at: 9, entry: null },
  { cause: 'disk-full', copy: null, since: 5, at: null, entry: 12 },
];

test('alerts come back as they went, and no more of them than a client takes', () => {
  assert.deepEqual(parseAlerts(encodeAlerts(alerts)), alerts);
  assert.equal(parseAlerts(encodeAlerts(Array.from({ length: 500 }, () => alerts[0]!))).length, 64);
});

test('a cause that only a later host knows is left out, and what is no alert is refused', () => {
  const later = JSON.stringify([{ ...alerts[0], cause: 'flood' }, alerts[1]]);
  assert.deepEqual(parseAlerts(later), [alerts[1]]);
  for (const wrong of [
    {},
    [{ ...alerts[0], name: 'x' }],
    [{ ...alerts[0], since: '5' }],
    [null],
    [{ ...alerts[0], cause: 1 }],
  ])
    assert.throws(() => parseAlerts(JSON.stringify(wrong)), { code: 'WIRE_INVALID' });
});
