import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { it } from 'node:test';
import type { Practice } from '@serment/replica/practice';
import type { OwnShownFile } from '@serment/replica/presence';
import { PresenceDesk } from '../../src/worker/presence-desk.ts';

function makeDesk() {
  const said: string[][] = [];
  const make = () => {
    const show = (files: readonly OwnShownFile[]) =>
      said.push(files.map(({ patients, writes }) => `${patients.join('+')}${writes ? ' writes' : ''}`));
    return { presence: { show, present: [] } } as unknown as Practice;
  };
  const open = { practice: make(), windows: [] as (() => Promise<void>)[] };
  const desk = new PresenceDesk({
    practice: () => open.practice,
    send: () => undefined,
    keysChanged: async () => undefined,
  });
  /** A window shows a file. Gives what closes it. */
  const show = async (patient: string, ...read: string[]) => {
    const lock = randomUUID();
    const window = Promise.withResolvers<void>();
    const shown = Promise.withResolvers<void>();
    const held = navigator.locks.request(lock, async () => {
      await desk.show([patient, ...read], lock);
      shown.resolve();
      await window.promise;
    });
    await shown.promise;
    const close = async () => {
      window.resolve();
      await held;
      // The desk asked for it first.
      await navigator.locks.request(lock, () => undefined);
    };
    open.windows.push(close);
    return close;
  };
  const closeAll = () => Promise.all(open.windows.map((close) => close()));
  return { desk, open, make, show, closeAll, last: () => said.at(-1) };
}

it('files are said as long as a window shows them, each once, the last one first', async () => {
  const { show, last } = makeDesk();
  const closeA = await show('Patient/a');
  const closeB = await show('Patient/b', 'Patient/c');
  const closeAgain = await show('Patient/a');
  assert.deepEqual(last(), ['Patient/a', 'Patient/b+Patient/c']);
  await closeAgain();
  assert.deepEqual(last(), ['Patient/b+Patient/c', 'Patient/a']);
  await closeB();
  assert.deepEqual(last(), ['Patient/a']);
  await closeA();
  assert.deepEqual(last(), []);
});

it('a consultation is written from its first keystroke until it is saved, given up, left for another patient, or closed', async () => {
  const { desk, show, closeAll, last } = makeDesk();
  const close = await show('Patient/a');
  const text = JSON.stringify({ texts: { reason: 'Toux' }, parked: null });
  // What was left before, in a file that nobody shows, is not being written.
  desk.typed('note/Patient/b', text);
  for (const other of ['identity/Patient/a', 'private/Patient/a', 'measures/Patient/a', 'patient/new']) {
    desk.typed(other, text);
    assert.deepEqual(last(), ['Patient/a'], other);
  }
  for (const key of ['note/Patient/a', 'edit/Patient/a/Composition/n', 'addendum/Patient/a/Composition/n~x']) {
    desk.typed(key, text);
    assert.deepEqual(last(), ['Patient/a writes'], key);
    desk.typed(key, null);
    assert.deepEqual(last(), ['Patient/a'], key);
  }
  desk.typed('note/Patient/a', text);
  desk.typed('note/Patient/a', JSON.stringify({ texts: { reason: 'Toux' }, parked: { at: 1, window: 'w' } }));
  assert.deepEqual(last(), ['Patient/a']);
  desk.typed('note/Patient/a', text);
  await close();
  assert.deepEqual(last(), []);
  await show('Patient/a');
  assert.deepEqual(last(), ['Patient/a']);
  await closeAll();
});

it('what was shown before somebody else unlocked is not said in their name', async () => {
  const { open, make, show, closeAll, last } = makeDesk();
  await show('Patient/a');
  open.practice = make();
  await show('Patient/b');
  assert.deepEqual(last(), ['Patient/b']);
  await closeAll();
});
