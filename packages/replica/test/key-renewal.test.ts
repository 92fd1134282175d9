import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex } from '@serment/core/bytes';
import { holdersOf } from '@serment/core/journal/checks';
import { renewKeys } from '../src/key-renewal.ts';
import { removeMember } from '../src/members.ts';
import {
  addMember,
  assertRenewed,
  cutShort,
  epochs,
  keysLeft,
  lockAll,
  makeScene,
  open,
  serveMembers,
} from './members-scene.ts';
import { createTestPractice } from './practice-setup.ts';

const server = serveMembers();

describe('a member who is removed', () => {
  it('has nothing left to enter with, and the others new keys, wherever the line was cut', async () => {
    for (const cut of [
      null,
      ...(['sending', 'answer'] as const).flatMap((at) => [1, 2].map((request) => ({ request, at }))),
    ]) {
      const scene = await makeScene(server.url);
      const { made, doctor, member, first, second, seeds } = scene;
      const { seed } = await addMember(doctor, 'desk');
      await renewKeys(doctor);
      const before = epochs(doctor);
      if (cut !== null) assert.equal(await cutShort(made, cut, (by) => removeMember(by, member)), true);
      await doctor.sync();
      await removeMember(doctor, member);
      assert.deepEqual(holdersOf(doctor.mirror.governance, member), []);
      for (const device of [first, second]) await assert.rejects(device.sync(), { code: 'HOLDER_REVOKED' });
      await assertRenewed(scene);
      for (const held of seeds)
        for (const [name, number] of await keysLeft(held, doctor)) assert.equal(number, before.get(name), name);
      for (const name of ['admin', 'clinical', 'billing'])
        assert.equal(epochs(doctor).get(name), (before.get(name) ?? 0) + 1);
      const desk = await open(made, seed);
      assert.equal(desk.keyring.currentEpoch('admin').epoch, epochs(doctor).get('admin'));
      assert.equal(desk.keyring.canRead('clinical'), false);
      await lockAll();
    }
  });
});

describe('keys after an invitation', () => {
  it('are drawn anew, so that who knew link and code opens nothing that follows', async () => {
    const made = await createTestPractice(server.url);
    const doctor = await open(made, made.seed);
    await addMember(doctor, 'substitute');
    const { wraps, authors, grants, compartments } = doctor.mirror.governance;
    const invitation = [...authors.values()].find(({ type }) => type === 'invitation') ?? assert.fail();
    const member = invitation.member ?? '';
    const exposed = (wraps.get(bytesToHex(invitation.author)) ?? []).map(({ generation }) => generation);
    assert.deepEqual(exposed, [1]);
    const opensCurrent = (name: string) =>
      (grants.get(member) ?? []).some(
        (grant) =>
          grant.compartment === name &&
          grant.number === doctor.mirror.governance.compartments.get(name)?.number &&
          exposed.includes(grant.generation),
      );
    assert.deepEqual(['admin', 'clinical', 'billing'].map(opensCurrent), [true, true, true]);
    await renewKeys(doctor);
    assert.deepEqual(['admin', 'clinical', 'billing'].map(opensCurrent), [false, false, false]);
    assert.equal(compartments.size, doctor.mirror.governance.compartments.size);
    const size = doctor.mirror.size;
    await renewKeys(doctor);
    assert.equal(doctor.mirror.size, size);
  });

  it('are drawn by a doctor’s device that follows the vault, by itself', async () => {
    const made = await createTestPractice(server.url);
    const doctor = await open(made, made.seed);
    doctor.start();
    await addMember(doctor, 'desk');
    const deadline = Date.now() + 20_000;
    while (epochs(doctor).get('admin') !== 2 && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(epochs(doctor).get('admin'), 2);
  });
});
