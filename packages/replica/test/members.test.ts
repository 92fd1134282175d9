import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex } from '@serment/core/bytes';
import { isFrozen, termOf } from '@serment/core/journal/standing';
import { newSeed } from '@serment/core/keys/seed';
import { freezeDevice, setTerm, unfreezeDevice } from '../src/members.ts';
import { vaultEvents, vaultView } from '../src/vault.ts';
import { authorOf, cutShort, makeScene, opened, refusedAs, serveMembers } from './members-scene.ts';
import { create, note, openDevice, settle, titles } from './practice-setup.ts';

const server = serveMembers();

describe('a term', () => {
  it('ends what a member does, begins it again, and is said once', async () => {
    const { doctor, member, first } = await makeScene(server.url);
    const size = () => doctor.mirror.size;
    await setTerm(doctor, member, { from: null, until: 1000 });
    const after = size();
    await setTerm(doctor, member, { from: null, until: 1000 });
    assert.equal(size(), after);
    const stands = termOf(doctor.mirror.governance.members.get(member) ?? assert.fail());
    assert.deepEqual([stands?.from, stands?.until], [null, 1000]);
    await assert.rejects(first.sync(), refusedAs('TERM_OUTSIDE'));
    await create(first, 'anna', note('two', 'anna', 'Hors période')).catch(() => undefined);
    await setTerm(doctor, member, { from: null, until: Date.now() + 3_600_000 });
    await first.sync();
    assert.equal(first.canWrite, true);
    await settle(first);
    await doctor.sync();
    assert.ok(titles(await doctor.readPatient('Patient/anna')).includes('Hors période'));
    await assert.rejects(setTerm(doctor, bytesToHex(doctor.keyring.member), { from: 1, until: 2 }), {
      code: 'TERM_INVALID',
    });
    await assert.rejects(setTerm(doctor, 'ff'.repeat(16), null), { code: 'MEMBER_UNKNOWN' });
    await setTerm(doctor, member, null);
    assert.equal(first.canWrite, true);
  });

  it('that was read keeps a device from writing once it has ended, whatever its line', async () => {
    const { made, doctor, member, seeds } = await makeScene(server.url);
    let now = Date.now();
    const until = now + 3_600_000;
    await setTerm(doctor, member, { from: null, until });
    const device = await openDevice(made, { seed: seeds[0], clock: () => now });
    opened.push(device);
    assert.equal(device.canWrite, true);
    now = until;
    assert.equal(device.canWrite, false);
    await assert.rejects(create(device, 'anna', note('two', 'anna', 'Trop tard')), { code: 'SAVE_INVALID' });
  });
});

describe('a suspect device', () => {
  it('is stopped at once by any other and goes on once a doctor frees it; what it wrote meanwhile is kept', async () => {
    const { made, doctor, member, first, second, seeds } = await makeScene(server.url);
    await freezeDevice(second, authorOf(first));
    await create(first, 'anna', note('two', 'anna', 'Pendant')).catch(() => undefined);
    await assert.rejects(first.sync(), refusedAs('AUTHOR_FROZEN'));
    await assert.rejects(openDevice(made, { seed: seeds[0] }), refusedAs('AUTHOR_FROZEN'));
    await doctor.sync();
    const view = (await vaultView(doctor)).members.find((one) => one.member === member);
    const stopped = view?.devices.filter(({ frozenAt }) => frozenAt !== null).map(({ author }) => author);
    assert.deepEqual(stopped, [bytesToHex(authorOf(first))]);
    const told = (await vaultEvents(doctor, 1)).events[0];
    assert.deepEqual(told?.body, {
      kind: 'freeze',
      author: stopped?.[0],
      name: 'Léa Martin',
      device: null,
      frozen: true,
    });
    const size = doctor.mirror.size;
    await freezeDevice(doctor, authorOf(first));
    assert.equal(doctor.mirror.size, size);
    await unfreezeDevice(doctor, authorOf(first));
    await settle(first);
    await doctor.sync();
    assert.ok(titles(await doctor.readPatient('Patient/anna')).includes('Pendant'));
    assert.equal(isFrozen(doctor.mirror.governance.authors.get(stopped?.[0] ?? '') ?? assert.fail()), false);
  });

  it('is stopped whatever two people do at the same time, and wherever a line is cut', async () => {
    const { made, doctor, first, second } = await makeScene(server.url);
    await Promise.all([freezeDevice(doctor, authorOf(first)), freezeDevice(second, authorOf(first))]);
    await unfreezeDevice(doctor, authorOf(first));
    for (const at of ['sending', 'answer'] as const) {
      assert.equal(await cutShort(made, { request: 1, at }, (cut) => freezeDevice(cut, authorOf(first))), true);
      await freezeDevice(doctor, authorOf(first));
      await assert.rejects(first.sync(), refusedAs('AUTHOR_FROZEN'));
      await unfreezeDevice(doctor, authorOf(first));
    }
  });

  it('is no kit, no stranger, and not the one that says so', async () => {
    const { doctor } = await makeScene(server.url);
    const kit = [...doctor.mirror.governance.authors.values()].find(({ type }) => type === 'kit') ?? assert.fail();
    await assert.rejects(freezeDevice(doctor, kit.author), { code: 'HOLDER_UNKNOWN' });
    await assert.rejects(freezeDevice(doctor, newSeed()), { code: 'HOLDER_UNKNOWN' });
    await assert.rejects(freezeDevice(doctor, authorOf(doctor)), { code: 'HOLDER_SELF' });
    const host = doctor.mirror.governance.hostAuthor ?? assert.fail();
    await assert.rejects(freezeDevice(doctor, host), { code: 'HOLDER_UNKNOWN' });
  });
});
