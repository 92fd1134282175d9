import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logLine, parseStartFailure } from '../src/server-log.ts';

test('why a server did not start is read from its line', () => {
  assert.deepEqual(parseStartFailure('serment: PORT_IN_USE: The port is taken. Choose another one.'), {
    code: 'PORT_IN_USE',
    message: 'The port is taken',
    hint: 'Choose another one.',
  });
  assert.equal(parseStartFailure('serment: NOTHING: Said')?.hint, null);
  for (const line of ['', 'ready http://localhost:1', '{"level":60}', 'serment: words'])
    assert.equal(parseStartFailure(line), null);
});

test('a log line is short for a person, whole for a program, and its stacks are left out', () => {
  const line = (level: number) => JSON.stringify({ level, time: 0, msg: 'said', err: { stack: 'at x' } });
  assert.match(logLine(line(30), true) ?? '', /^\d\d:\d\d:\d\d said$/);
  assert.match(logLine(line(40), true) ?? '', /warning: said$/);
  assert.equal(logLine(line(50), false), line(50));
  assert.equal(logLine(line(60), false), null);
  assert.equal(logLine('plain', true), 'plain');
  assert.equal(logLine('{not json', false), '{not json');
});
