import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { nameDevice } from '../src/device-names.ts';
import { vaultEvents } from '../src/vault.ts';
import { authorOf, makeScene, serveMembers } from './members-scene.ts';
import { create, note, settle } from './practice-setup.ts';

const server = serveMembers();

it('a device that reads far more than its practice does is told to all members, until they say that they saw it', async () => {
  const { doctor, second } = await makeScene(server.url);
  await nameDevice(second, authorOf(second), 'Téléphone');
  for (let place = 0; place < 310; place += 1) await create(doctor, 'anna', note(`n${place}`, 'anna', 'Une ligne'));
  await settle(doctor);
  await second.sync();
  doctor.start();
  const newest = doctor.mirror.size;
  const indexes = Array.from({ length: 305 }, (_, place) => newest - 1 - place);
  await second.transport.payloads(indexes.slice(0, 250));
  await delay(3000);
  assert.deepEqual(doctor.status().alerts, []);
  await second.transport.payloads(indexes.slice(250));
  for (const end = Date.now() + 90_000; doctor.status().alerts.length === 0; ) {
    assert.ok(Date.now() < end, 'nobody is told');
    await delay(100);
  }
  const [alert] = doctor.status().alerts;
  assert.equal(alert?.cause, 'read-much');
  await doctor.sync();
  const { events } = await vaultEvents(doctor, 20, 0);
  const told = events.find(({ body }) => body.kind === 'access' && body.what === 'read-much');
  assert.equal(told?.index, alert.entry);
  assert.ok(told?.body.kind === 'access' && told.isHost);
  assert.equal(told.body.device, 'Téléphone');
  await doctor.setNewsSeen(doctor.mirror.size);
  assert.deepEqual(doctor.status().alerts, []);
});
