import { deepEqual } from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Follower } from '../src/follower.ts';
import type { ServerEvent } from '../src/server-events.ts';

const checkpoint = (note: string): ServerEvent => ({ event: 'checkpoint', data: JSON.stringify({ size: 1, note }) });

/** A follower of a line that says what it is given, and what became of it, in order. */
function made(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const told: string[] = [];
  const known = new Set(['known']);
  let says: ((event: ServerEvent | null) => void) | null = null;
  const follower = new Follower({
    transport: {
      copies: async () => [],
      async *events() {
        told.push('asks for the line');
        while (true) {
          const event = await new Promise<ServerEvent | null>((resolve) => {
            says = resolve;
          });
          if (event === null) return;
          yield event;
        }
      },
    },
    isKnown: (note) => known.has(note),
    onJournal: async () => void told.push('journal'),
    onCopies: () => undefined,
    onAlerts: () => void told.push('alerts'),
    onPresence: async () => void told.push('presence'),
    onLine: (isOnline) => void told.push(isOnline ? 'online' : 'offline'),
    onListening: (isListening) => void told.push(isListening ? 'listening' : 'not listening'),
    onError: () => undefined,
  });
  const turn = async () => {
    for (let count = 0; count < 5; count += 1) await setImmediate();
    return told.splice(0);
  };
  return {
    follower,
    known,
    turn,
    say: (event: ServerEvent | null) => {
      says?.(event);
      return turn();
    },
    wait: (ms: number) => {
      t.mock.timers.tick(ms);
      return turn();
    },
  };
}

test('a line is listened to once it has said something, and until it ends', async (t) => {
  const { follower, turn, say, wait } = made(t);
  follower.start();
  deepEqual(await turn(), ['journal', 'online', 'asks for the line']);
  deepEqual(await say({ event: 'presence', data: '' }), ['listening', 'presence']);
  deepEqual(await say(null), ['not listening', 'offline']);
  deepEqual(await wait(500), ['journal', 'online', 'asks for the line']);
  follower.stop();
});

test('the journal is read a moment after a checkpoint that is new, and not for one that is known', async (t) => {
  const { follower, turn, say, wait } = made(t);
  follower.start();
  await turn();
  deepEqual(await say(checkpoint('known')), ['listening']);
  deepEqual(await say(checkpoint('new')), ['listening']);
  deepEqual(await wait(80), ['journal']);
  follower.stop();
});

test('the journal is not read for a checkpoint that was reached meanwhile', async (t) => {
  const { follower, known, turn, say, wait } = made(t);
  follower.start();
  await turn();
  await say(checkpoint('own'));
  known.add('own');
  deepEqual(await wait(80), []);
  follower.stop();
});

test('who stopped meanwhile reads nothing more', async (t) => {
  const { follower, turn, say, wait } = made(t);
  follower.start();
  await turn();
  await say(checkpoint('new'));
  follower.stop();
  deepEqual([...(await turn()), ...(await wait(1000))], []);
});
