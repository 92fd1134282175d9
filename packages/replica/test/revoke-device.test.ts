import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex, hexToBytes } from '@serment/core/bytes';
import { holdersOf } from '@serment/core/journal/checks';
import { holderProofMessage } from '@serment/core/journal/entry';
import { newSeed } from '@serment/core/keys/seed';
import { seedToSigner } from '@serment/core/keys/signing';
import { randomBytes } from '@serment/core/random';
import { enrolByKit } from '../src/device.ts';
import { GovernanceBatch, govern } from '../src/governance-batch.ts';
import { grantBody, holderBody, newEpoch, newGeneration } from '../src/key-bodies.ts';
import { renewKeys } from '../src/key-renewal.ts';
import { removeMember, revokeDevice } from '../src/members.ts';
import type { Practice } from '../src/practice.ts';
import { Transport } from '../src/transport.ts';
import {
  addMember,
  assertRenewed,
  authorOf,
  cutShort,
  epochs,
  keysLeft,
  lockAll,
  makeScene,
  open,
  serveMembers,
} from './members-scene.ts';
import { create, note, openDevice, settle, titles } from './practice-setup.ts';

const server = serveMembers();

describe('a revoked device', () => {
  it('reads nothing new and writes nothing, and its member goes on with another', async () => {
    const scene = await makeScene(server.url);
    const { made, doctor, member, first, second, seeds } = scene;
    const before = epochs(doctor);
    await revokeDevice(doctor, authorOf(first));
    await assertRenewed(scene);
    for (const name of ['admin', 'clinical', 'billing'])
      assert.equal(epochs(doctor).get(name), (before.get(name) ?? 0) + 1);
    await create(doctor, 'anna', note('two', 'anna', 'Après'));
    await settle(doctor);
    await assert.rejects(first.sync(), { code: 'HOLDER_REVOKED' });
    await assert.rejects(openDevice(made, { seed: seeds[0] }), { code: 'HOLDER_REVOKED' });
    await assert.rejects(first.transport.payloads([doctor.mirror.size - 1]), { code: 'HOLDER_REVOKED' });
    const left = await keysLeft(seeds[0], doctor);
    for (const name of ['admin', 'clinical', 'billing']) assert.equal(left.get(name), before.get(name), name);
    await second.sync();
    assert.ok(titles(await second.readPatient('Patient/anna')).includes('Après'));
    await create(second, 'anna', note('three', 'anna', 'Par l’autre'));
    await settle(second);
    await doctor.sync();
    assert.ok(titles(await doctor.readPatient('Patient/anna')).includes('Par l’autre'));
    const state = () => doctor.mirror.governance.members.get(member);
    assert.equal(state()?.isOwn, false);
    await renewKeys(second);
    await doctor.sync();
    assert.equal(state()?.isOwn, true);
    const own = `private/${member}`;
    assert.equal(epochs(doctor).get(own), (before.get(own) ?? 0) + 1);
    assert.equal((await keysLeft(seeds[0], doctor)).get(own), before.get(own));
    assert.equal(second.keyring.currentEpoch(own).epoch, epochs(doctor).get(own));
    await renewKeys(doctor);
    await assertRenewed(scene);
    assert.deepEqual(second.status().findings, []);
  });

  it('is revoked with the same end wherever the line was cut, by asking again or by any doctor’s device at rest', async () => {
    for (const again of ['asking', 'upkeep'] as const)
      for (const at of ['sending', 'answer'] as const)
        for (const request of [1, 2]) {
          const scene = await makeScene(server.url);
          const { made, doctor, first, member, seeds } = scene;
          const before = epochs(doctor);
          const work = (cut: Practice) => revokeDevice(cut, authorOf(first));
          assert.equal(await cutShort(made, { request, at }, work), true);
          await doctor.sync();
          const isCut = doctor.mirror.governance.authors.get(bytesToHex(authorOf(first)))?.revokedAt !== null;
          assert.equal(isCut, request > 1 || at === 'answer');
          if (again === 'asking' || !isCut) await revokeDevice(doctor, authorOf(first));
          else await renewKeys(doctor);
          await assertRenewed(scene);
          for (const name of ['admin', 'clinical', 'billing'])
            assert.equal(epochs(doctor).get(name), (before.get(name) ?? 0) + 1, `${again} ${at} ${request} ${name}`);
          assert.equal(doctor.mirror.governance.members.get(member)?.generation, 3);
          const left = await keysLeft(seeds[0], doctor);
          assert.equal(left.get('clinical'), before.get('clinical'));
          await lockAll();
        }
  });

  it('does not outrun its revocation by naming devices without end', async () => {
    const scene = await makeScene(server.url);
    const { made, doctor, first, member, seeds } = scene;
    let isWriting = true;
    const named: string[] = [];
    const writing = (async () => {
      const { generation } = first.mirror.governance.members.get(member) ?? assert.fail();
      const owner = { scope: made.practice, member: hexToBytes(member), generation };
      while (isWriting) {
        const body = await holderBody({ ...owner, memberSeed: first.keyring.memberSeed(generation) }, newSeed());
        await first.mirror.sync();
        const batch = new GovernanceBatch(first);
        await batch.add(first.keyring.signer, { kind: 'device', label: 'browser', ...body });
        await first.transport.append(batch.entries);
        named.push(bytesToHex(body.author));
      }
    })().catch((error: unknown) => error);
    while (named.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await revokeDevice(doctor, authorOf(first));
    isWriting = false;
    const stopped = await writing;
    assert.ok(stopped === undefined || (stopped as { code?: string }).code === 'HOLDER_REVOKED', String(stopped));
    await assertRenewed(scene);
    assert.equal((await keysLeft(seeds[0], doctor)).get('clinical'), 2);
    await removeMember(doctor, member);
    assert.deepEqual(holdersOf(doctor.mirror.governance, member), []);
  });

  it('cannot keep keys from being changed by naming a holder whose key is none', async () => {
    const scene = await makeScene(server.url);
    const { made, doctor, first, member, seeds } = scene;
    const { generation } = first.mirror.governance.members.get(member) ?? assert.fail();
    const seed = newSeed();
    const owner = { scope: made.practice, member: hexToBytes(member), generation };
    const good = await holderBody({ ...owner, memberSeed: first.keyring.memberSeed(generation) }, seed);
    const signer = await seedToSigner(seed);
    const recipient = new Uint8Array(1216).fill(255);
    const proof = await signer.sign(holderProofMessage(made.practice, good.member, good.author, recipient));
    await govern(first, async (batch) => {
      if (!first.mirror.governance.authors.has(bytesToHex(good.author)))
        await batch.add(first.keyring.signer, { kind: 'device', label: 'browser', ...good, recipient, proof });
    });
    await doctor.sync();
    await revokeDevice(doctor, authorOf(first));
    await assertRenewed(scene);
    assert.equal((await keysLeft(seeds[0], doctor)).get('clinical'), 2);
  });

  it('leaves the others their keys when the key of one of them is none', async () => {
    const { made, doctor, first, second, member } = await makeScene(server.url);
    const { member: spoiling, seed } = await addMember(doctor, 'substitute');
    const spoiler = await open(made, seed);
    const { role, generation } = spoiler.mirror.governance.members.get(spoiling) ?? assert.fail();
    const holders = holdersOf(spoiler.mirror.governance, spoiling);
    const next = { scope: made.practice, member: hexToBytes(spoiling), role, generation: generation + 1, holders };
    const { body } = await newGeneration(next, randomBytes);
    await govern(spoiler, async (batch) => {
      if (spoiler.mirror.governance.members.get(spoiling)?.generation === generation)
        await batch.add(spoiler.keyring.signer, { ...body, recipient: new Uint8Array(1216).fill(255) });
    });
    await doctor.sync();
    const before = epochs(doctor).get('clinical') ?? 0;
    await revokeDevice(doctor, authorOf(first));
    await second.sync();
    const current = (device: Practice) => device.keyring.currentEpoch('clinical').epoch;
    assert.deepEqual(
      [epochs(doctor).get('clinical'), current(doctor), current(second)],
      [before + 1, before + 1, before + 1],
    );
    const granted = (name: string) => doctor.mirror.governance.compartments.get('clinical')?.grants.has(name);
    assert.deepEqual([granted(member), granted(spoiling)], [true, false]);
  });

  it('leaves alone a compartment whose current key its doctor was never given', async () => {
    const { doctor, first, member } = await makeScene(server.url);
    const { body, epoch } = await newEpoch(
      { scope: doctor.practice, compartment: 'clinical', number: 3, previous: randomBytes(32) },
      randomBytes,
    );
    await govern(doctor, async (batch) => {
      if (epochs(doctor).get('clinical') !== 2) return;
      await batch.add(doctor.keyring.signer, body);
      const to = doctor.mirror.governance.members.get(member) ?? assert.fail();
      await batch.add(doctor.keyring.signer, await grantBody(epoch, to));
    });
    await revokeDevice(doctor, authorOf(first));
    assert.deepEqual(
      ['admin', 'clinical', 'billing'].map((name) => epochs(doctor).get(name)),
      [3, 3, 3],
    );
  });

  it('is one’s own for nobody, and a doctor’s decision alone', async () => {
    const { doctor, first, second } = await makeScene(server.url);
    await assert.rejects(revokeDevice(doctor, authorOf(doctor)), { code: 'HOLDER_SELF' });
    await assert.rejects(removeMember(doctor, bytesToHex(doctor.keyring.member)), { code: 'HOLDER_SELF' });
    await assert.rejects(revokeDevice(doctor, newSeed()), { code: 'HOLDER_UNKNOWN' });
    await assert.rejects(
      revokeDevice(first, authorOf(second)),
      (error: { fields?: { refusal?: unknown } }) => error.fields?.refusal === 'ROLE_FORBIDDEN',
    );
  });

  it('of the doctor itself leaves the doctor’s other device all that it had, private notes included', async () => {
    const { made, doctor } = await makeScene(server.url);
    const { seed } = await enrolByKit({
      transport: new Transport({ baseUrl: server.url }),
      kitText: made.kitText,
      label: 'browser',
    });
    await doctor.sync();
    const lost = await open(made, seed);
    const own = `private/${bytesToHex(doctor.keyring.member)}`;
    await revokeDevice(doctor, authorOf(lost));
    assert.equal(doctor.mirror.governance.members.get(bytesToHex(doctor.keyring.member))?.isOwn, true);
    assert.deepEqual([epochs(doctor).get(own), doctor.keyring.currentEpoch(own).epoch], [3, 3]);
    assert.equal((await keysLeft(seed, doctor)).get(own), 2);
    const again = await enrolByKit({
      transport: new Transport({ baseUrl: server.url }),
      kitText: made.kitText,
      label: 'browser',
    });
    const byKit = await open(made, again.seed);
    await doctor.sync();
    assert.equal(byKit.keyring.currentEpoch('clinical').epoch, epochs(doctor).get('clinical'));
    assert.ok(titles(await byKit.readPatient('Patient/anna')).includes('Avant'));
  });
});
