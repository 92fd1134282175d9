import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomBytes } from '@serment/core/random';
import { memoryCache } from '@serment/replica/cache';
import { Transport } from '@serment/replica/transport';
import { Engine } from '../../src/worker/engine.ts';
import type { EngineEvent } from '../../src/worker/protocol.ts';

test('every window is told that a newer version took over, though nothing is read here any more', async () => {
  let isTaken = false;
  const nothing = async () => undefined;
  const engine = new Engine({
    transport: new Transport({ baseUrl: 'http://localhost' }),
    cache: memoryCache(),
    devices: {
      ...{ put: nothing, drop: nothing, remove: nothing, waiting: async () => 0 },
      list: async () => {
        if (isTaken) throw new DOMException('The database connection is closing', 'InvalidStateError');
        return [];
      },
    },
    random: randomBytes,
    clock: Date.now,
    becomeWriter: async () => true,
  });
  const told: EngineEvent[] = [];
  assert.equal((await engine.connect('one', (event) => told.push(event))).phase, 'none');
  isTaken = true;
  await engine.leave();
  assert.deepEqual(
    told.map((event) => event.type === 'state' && event.state.phase),
    ['elsewhere'],
  );
  assert.equal((await engine.connect('two', () => undefined)).phase, 'elsewhere');
});
