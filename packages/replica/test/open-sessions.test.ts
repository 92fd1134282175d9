import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { bytesToHex } from '@serment/core/bytes';
import { memoryCache } from '../src/cache.ts';
import { nameDevice } from '../src/device-names.ts';
import { freezeDevice } from '../src/members.ts';
import { closeOtherSessions, closeSession, openSessions } from '../src/open-sessions.ts';
import type { Practice } from '../src/practice.ts';
import type { SessionEnd } from '../src/session-end.ts';
import { vaultEvents } from '../src/vault.ts';
import { authorOf, makeScene, opened, serveMembers } from './members-scene.ts';
import { create, note, openDevice, settle, titles } from './practice-setup.ts';

const server = serveMembers();
const idOf = (device: Practice) => bytesToHex(authorOf(device));

/** Resolves once the device is told that the host serves it no more. */
const endOf = (device: Practice) =>
  new Promise<SessionEnd>((resolve) => {
    device.subscribe((event) => {
      if (event.type === 'ended') resolve(event.end);
    });
  });

it('a member sees where it is open, this one first, and a colleague’s devices are not among them', async () => {
  const { doctor, first, second } = await makeScene(server.url);
  await nameDevice(second, authorOf(second), 'Téléphone');
  await first.sync();
  const open = await openSessions(first);
  assert.deepEqual(
    open.map(({ author, label, name, isThis }) => ({ author, label, name, isThis })),
    [
      { author: idOf(first), label: 'browser', name: null, isThis: true },
      { author: idOf(second), label: 'browser', name: 'Téléphone', isThis: false },
    ],
  );
  for (const { openedAt, usedAt } of open) assert.ok(openedAt <= usedAt && Math.abs(Date.now() - usedAt) < 60_000);
  assert.ok((await openSessions(doctor)).every(({ author }) => author === idOf(doctor)));
  await freezeDevice(doctor, authorOf(second));
  assert.deepEqual(
    (await openSessions(first)).map(({ author }) => author),
    [idOf(first)],
  );
});

it('one that is closed from elsewhere hears it on its line, does not come back by itself, and keeps what waits', async () => {
  const { made, first, second, seeds } = await makeScene(server.url);
  second.start();
  const ended = endOf(second);
  const session = (await openSessions(first)).find(({ isThis }) => !isThis)?.session ?? assert.fail();
  assert.equal(await closeSession(first, session), true);
  assert.equal(await closeSession(first, session), false);
  // The line ends at once: no beat is waited for.
  const why = await Promise.race([ended, setTimeout(10_000, null, { ref: false })]);
  assert.deepEqual(why, { why: 'closed' });
  await assert.rejects(second.sync(), { code: 'SESSION_CLOSED' });
  await assert.rejects(openSessions(second), { code: 'SESSION_CLOSED' });
  await create(second, 'anna', note('two', 'anna', 'Après la fermeture'));
  await assert.rejects(second.outbox.flush(), { code: 'SESSION_CLOSED' });
  assert.equal(second.outbox.items.length, 1);
  assert.equal((await openSessions(first)).length, 1);
  await second.lock();
  // Unlocking again opens another session: nothing was taken from the device.
  const again = await openDevice(made, { seed: seeds[1], cache: memoryCache() });
  opened.push(again);
  assert.equal((await openSessions(again)).length, 2);
});

it('what was written and typed behind a closed session is sent once the device is unlocked', async () => {
  const { made, doctor, first, seeds } = await makeScene(server.url);
  const cache = memoryCache();
  const device = await openDevice(made, { seed: seeds[1], cache });
  await closeOtherSessions(first);
  await create(device, 'anna', note('two', 'anna', 'Écrit entre-temps'));
  await device.drafts.put('note/anna', 'à moitié tapé');
  await assert.rejects(device.sync(), { code: 'SESSION_CLOSED' });
  await device.lock();
  const again = await openDevice(made, { seed: seeds[1], cache });
  opened.push(again);
  assert.equal((await again.drafts.get('note/anna'))?.text, 'à moitié tapé');
  await settle(again);
  assert.equal(again.outbox.items.length, 0);
  await doctor.sync();
  assert.ok(titles(await doctor.readPatient('Patient/anna')).includes('Écrit entre-temps'));
});

it('all but this one are closed', async () => {
  const { made, doctor, first, second, seeds } = await makeScene(server.url);
  const third = await openDevice(made, { seed: seeds[1], cache: memoryCache() });
  opened.push(third);
  assert.equal((await openSessions(first)).length, 3);
  await closeOtherSessions(first);
  await closeOtherSessions(first);
  for (const device of [second, third]) await assert.rejects(device.sync(), { code: 'SESSION_CLOSED' });
  await first.sync();
  await doctor.sync();
  const told = (await vaultEvents(doctor, 5)).events.map(({ body }) => body);
  assert.ok(
    told.some((body) => body.kind === 'access' && body.what === 'session-ended' && body.author === idOf(second)),
  );
});
