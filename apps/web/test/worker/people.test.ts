import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newDeviceRecord } from '@serment/replica/sign-in/device-record';
import type { DeviceShelf } from '../../src/worker/entering.ts';
import type { StoredDevice, StoredPerson } from '../../src/worker/local-database.ts';
import { knownPerson, replacedBy } from '../../src/worker/people.ts';

const jeanne: StoredPerson = { member: '01', name: 'Dr Jeanne Aubert', role: 'doctor' };
const sophie: StoredPerson = { member: '02', name: 'Sophie Lambert', role: 'desk' };

function deviceOf(fill: number, person: StoredPerson | null, more: Partial<StoredDevice> = {}): StoredDevice {
  const record = newDeviceRecord({ practice: new Uint8Array(32).fill(9), author: new Uint8Array(32).fill(fill) });
  const { author, practice } = record;
  return { author, practice, name: 'Cabinet', person, isDemo: false, usedAt: fill, record, ...more };
}

function shelf(devices: readonly StoredDevice[], waiting: readonly string[] = []): DeviceShelf {
  const nothing = async () => undefined;
  return {
    ...{ put: nothing, drop: nothing, remove: nothing, list: async () => [...devices] },
    waiting: async (author) => (waiting.includes(author) ? 1 : 0),
  };
}

test('a new device takes the place of its member’s, and nobody else’s', async () => {
  const [own, other] = [deviceOf(1, jeanne), deviceOf(2, sophie)];
  const elsewhere = deviceOf(3, jeanne, { practice: 'ff'.repeat(32) });
  const added = deviceOf(4, jeanne);
  const all = shelf([own, other, elsewhere, added]);
  assert.deepEqual(await replacedBy({ record: added.record, person: jeanne }, all), [own.author]);
});

test('one that holds a save or a draft that the host has not stays, unless the host will never have them', async () => {
  const [own, revoked] = [deviceOf(1, jeanne), deviceOf(2, jeanne, { isRevoked: true })];
  const added = deviceOf(4, jeanne);
  const all = shelf([own, revoked, added], [own.author, revoked.author]);
  assert.deepEqual(await replacedBy({ record: added.record, person: jeanne }, all), [revoked.author]);
});

test('one that does not say whose it is gives its place only once it is revoked', async () => {
  const [unnamed, revoked] = [deviceOf(1, null), deviceOf(2, null, { isRevoked: true })];
  const added = deviceOf(4, jeanne);
  const all = shelf([unnamed, revoked, added]);
  assert.deepEqual(await replacedBy({ record: added.record, person: jeanne }, all), [revoked.author]);
});

test('the lock screen is told a name, a role, a practice and the ways in, and nothing that opens', () => {
  const stored = deviceOf(1, jeanne);
  const known = knownPerson(stored);
  assert.deepEqual([known.name, known.role, known.practiceName], ['Dr Jeanne Aubert', 'doctor', 'Cabinet']);
  const text = JSON.stringify(known);
  for (const secret of [stored.record.deviceSecret, stored.record.ticket]) assert.ok(!text.includes(secret));
  assert.equal(knownPerson(deviceOf(1, { ...jeanne, role: 'king' })).role, null);
  assert.equal(knownPerson(deviceOf(1, null)).name, null);
});
