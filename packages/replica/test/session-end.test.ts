import assert from 'node:assert/strict';
import { it } from 'node:test';
import { bytesToHex } from '@serment/core/bytes';
import { ReplicaError } from '../src/error.ts';
import { freezeDevice, revokeDevice, setTerm, unfreezeDevice } from '../src/members.ts';
import type { Practice } from '../src/practice.ts';
import { type SessionEnd, sessionEndOf } from '../src/session-end.ts';
import { vaultView } from '../src/vault.ts';
import { authorOf, makeScene, serveMembers } from './members-scene.ts';

const server = serveMembers();

/** What a device is told at its next look at the host; null when it is served. */
async function heardBy(device: Practice): Promise<SessionEnd | null> {
  let heard: SessionEnd | null = null;
  const forget = device.subscribe((event) => {
    if (event.type === 'ended') heard = event.end;
  });
  await device.sync().catch(() => undefined);
  forget();
  return heard;
}

it('a device hears why it is served no more, and nothing while it is', async () => {
  const { doctor, member, first, second } = await makeScene(server.url);
  assert.equal(await heardBy(first), null);
  await freezeDevice(doctor, authorOf(first));
  assert.deepEqual(await heardBy(first), { why: 'frozen' });
  await unfreezeDevice(doctor, authorOf(first));
  assert.equal(await heardBy(first), null);
  const [from, until] = [Date.now() + 3_600_000, Date.now() + 7_200_000];
  await setTerm(doctor, member, { from, until });
  assert.deepEqual(await heardBy(first), { why: 'early', from });
  await setTerm(doctor, member, { from: null, until: 1000 });
  assert.deepEqual(await heardBy(first), { why: 'over', until: 1000 });
  await setTerm(doctor, member, null);
  await revokeDevice(doctor, authorOf(second));
  assert.deepEqual(await heardBy(second), { why: 'revoked' });
  assert.equal(await heardBy(first), null);
});

it('a refusal of something else ends nothing, whatever its facts are', () => {
  const refusal = (fields: Record<string, string | number | boolean | null>) =>
    sessionEndOf(new ReplicaError('SESSION_REFUSED', 'no', { fields }), 1000);
  assert.equal(refusal({}), null);
  assert.equal(refusal({ server: 'SESSION_REQUIRED', from: 1, until: 2 }), null);
  assert.deepEqual(refusal({ server: 'TERM_OUTSIDE' }), { why: 'over', until: null });
  assert.deepEqual(refusal({ server: 'TERM_OUTSIDE', from: 'soon', until: true }), { why: 'over', until: null });
});

it('the vault says which device asks, and when each last opened a file', async () => {
  const { doctor, member, first } = await makeScene(server.url);
  const device = async () => {
    const { members } = await vaultView(doctor);
    const one = members.find((known) => known.member === member);
    return one?.devices.find(({ author }) => author === bytesToHex(authorOf(first)));
  };
  assert.equal((await vaultView(doctor)).author, bytesToHex(authorOf(doctor)));
  assert.equal((await device())?.openedAt, null);
  const startedAt = Date.now();
  await first.openPatient('Patient/anna');
  await first.outbox.flush();
  await doctor.sync();
  const openedAt = (await device())?.openedAt ?? 0;
  assert.ok(openedAt >= startedAt - 60_000 && openedAt <= Date.now() + 60_000, String(openedAt));
});
