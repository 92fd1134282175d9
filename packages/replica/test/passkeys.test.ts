import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { holdersOf } from '@serment/core/journal/checks';
import { passkeyHandle, passkeySeed } from '@serment/core/keys/passkey';
import { seedToSigner } from '@serment/core/keys/signing';
import { randomBytes } from '@serment/core/random';
import { memoryCache } from '../src/cache.ts';
import { DrawnKit } from '../src/drawn-kit.ts';
import { removeMember, revokeDevice } from '../src/members.ts';
import { enrolByPasskey, namePasskey } from '../src/passkeys.ts';
import type { Practice } from '../src/practice.ts';
import { Transport } from '../src/transport.ts';
import { vaultEvents, vaultView } from '../src/vault.ts';
import { authorOf, CutNetwork, epochs, keysLeft, makeScene, open, serveMembers } from './members-scene.ts';
import { create, createTestPractice, note, openDevice, settle, titles } from './practice-setup.ts';

const server = serveMembers();

interface Passkey {
  readonly output: Bytes;
  readonly handle: Bytes;
}

const newPasskey = (practice: Practice): Passkey => ({
  output: randomBytes(32),
  handle: passkeyHandle(practice.practice, authorOf(practice)),
});
const enrol = (passkey: Passkey, fetch?: typeof globalThis.fetch) => {
  const transport = new Transport({ baseUrl: server.url, ...(fetch === undefined ? {} : { fetch }) });
  return enrolByPasskey(passkey, { transport, label: 'browser' });
};
const authorOfPasskey = async ({ output }: Passkey): Promise<Bytes> => (await seedToSigner(passkeySeed(output))).author;
const left = (practice: Practice) =>
  holdersOf(practice.mirror.governance, bytesToHex(practice.keyring.member)).map(({ type }) => type);
const count = (practice: Practice, type: string) => left(practice).filter((one) => one === type).length;

describe('a passkey that is a holder', () => {
  it('makes a bare browser a device of its member, as often as it is asked, and every member is told', async () => {
    const { made, doctor, second } = await makeScene(server.url);
    const passkey = newPasskey(doctor);
    await assert.rejects(enrol(passkey), { code: 'PASSKEY_UNKNOWN' });
    await namePasskey(doctor, passkey.output);
    await namePasskey(doctor, passkey.output);
    assert.equal(count(doctor, 'passkey'), 1);
    for (let turn = 0; turn < 2; turn += 1) {
      const { practice, seed } = await enrol(passkey);
      assert.deepEqual(practice, made.practice);
      const device = await open(made, seed);
      assert.deepEqual(device.keyring.member, doctor.keyring.member);
      assert.ok(titles(await device.readPatient('Patient/anna')).includes('Avant'));
      assert.deepEqual(device.status().findings, []);
    }
    await create(doctor, 'anna', note('then', 'anna', 'Ensuite'));
    await settle(doctor);
    const author = bytesToHex(await authorOfPasskey(passkey));
    for (const member of [doctor, second]) {
      await member.sync();
      const { events } = await vaultEvents(member, 50);
      const named = events.filter(({ body }) => body.kind === 'device' && body.byHolder === 'passkey');
      assert.equal(named.length, 2);
      const devices = (await vaultView(member)).members.flatMap(({ devices }) => devices);
      assert.equal(typeof devices.find((device) => device.author === author)?.usedAt, 'number');
      assert.deepEqual(member.status().kits.used, [], 'it asks for no replacement');
    }
  });

  it('opens what follows a change of keys, and is a member’s own whatever the role', async () => {
    const { made, doctor, first, second } = await makeScene(server.url);
    const passkey = newPasskey(doctor);
    const ofSubstitute = newPasskey(first);
    await namePasskey(doctor, passkey.output);
    await namePasskey(first, ofSubstitute.output);
    await doctor.sync();
    const [kit] = holdersOf(doctor.mirror.governance, bytesToHex(doctor.keyring.member)).filter(
      ({ type }) => type === 'kit',
    );
    await (await DrawnKit.draw(doctor)).name([kit?.author ?? assert.fail()]);
    await revokeDevice(doctor, authorOf(second));
    await create(doctor, 'anna', note('later', 'anna', 'Après'));
    await settle(doctor);
    for (const [of, member] of [
      [passkey, doctor],
      [ofSubstitute, first],
    ] as const) {
      const device = await open(made, (await enrol(of)).seed);
      assert.deepEqual(device.keyring.member, member.keyring.member);
      assert.ok(titles(await device.readPatient('Patient/anna')).includes('Après'));
    }
  });

  it('that was revoked opens nothing, names nothing, and is not named again', async () => {
    const { made, doctor, member, first } = await makeScene(server.url);
    const [passkey, ofSubstitute] = [newPasskey(doctor), newPasskey(first)];
    await namePasskey(doctor, passkey.output);
    await namePasskey(first, ofSubstitute.output);
    await doctor.sync();
    const before = epochs(doctor);
    await revokeDevice(doctor, await authorOfPasskey(passkey));
    for (const name of ['admin', 'clinical', 'billing'])
      assert.equal(epochs(doctor).get(name), (before.get(name) ?? 0) + 1, name);
    const devices = count(doctor, 'device');
    await assert.rejects(enrol(passkey), { code: 'PASSKEY_WITHDRAWN' });
    await assert.rejects(namePasskey(doctor, passkey.output), { code: 'PASSKEY_WITHDRAWN' });
    const kept = await keysLeft(passkeySeed(passkey.output), doctor);
    for (const name of ['admin', 'clinical', 'billing']) assert.equal(kept.get(name), before.get(name), name);
    await doctor.sync();
    assert.equal(count(doctor, 'device'), devices);
    await removeMember(doctor, member);
    await assert.rejects(enrol(ofSubstitute), { code: 'PASSKEY_WITHDRAWN' });
    const next = newPasskey(doctor);
    await namePasskey(doctor, next.output);
    await open(made, (await enrol(next)).seed);
  });

  it('is told apart: of another practice, of one device alone, of a newer format, of no server', async () => {
    const { made, doctor } = await makeScene(server.url);
    const elsewhere = await openDevice(await createTestPractice(server.url), { cache: memoryCache() });
    const passkey = newPasskey(doctor);
    await namePasskey(doctor, passkey.output);
    const other = passkeyHandle(elsewhere.practice, authorOf(elsewhere));
    await assert.rejects(enrol({ ...passkey, handle: other }), { code: 'PASSKEY_UNKNOWN' });
    const nowhere = passkeyHandle(new Uint8Array(32).fill(9), authorOf(doctor));
    await assert.rejects(enrol({ ...passkey, handle: nowhere }), { code: 'PASSKEY_WRONG' });
    await assert.rejects(enrol({ ...passkey, handle: authorOf(doctor) }), { code: 'PASSKEY_INVALID' });
    const newer = passkey.handle.slice();
    newer[0] = 2;
    await assert.rejects(enrol({ ...passkey, handle: newer }), { code: 'FORMAT_UNKNOWN' });
    await assert.rejects(enrol({ ...passkey, output: new Uint8Array(31) }), { code: 'KEY_INVALID' });
    await assert.rejects(
      enrol(passkey, () => Promise.reject(new TypeError('no network'))),
      { code: 'UNREACHABLE' },
    );
    await doctor.sync();
    await elsewhere.lock();
    assert.deepEqual(doctor.practice, made.practice);
    assert.equal(count(doctor, 'device'), 1);
  });

  it('ends the same wherever the line was cut, when it is named and when it names', async () => {
    for (const at of ['sending', 'answer'] as const) {
      const made = await createTestPractice(server.url);
      const network = new CutNetwork({ request: 1, at });
      const doctor = await openDevice(made, { cache: memoryCache(), fetch: network.fetchCut });
      const passkey = newPasskey(doctor);
      await assert.rejects(namePasskey(doctor, passkey.output), { code: 'UNREACHABLE' }, at);
      network.isUp = true;
      await doctor.sync();
      await namePasskey(doctor, passkey.output);
      assert.equal(count(doctor, 'passkey'), 1, at);
      const line = new CutNetwork({ request: 1, at });
      await assert.rejects(enrol(passkey, line.fetchCut), { code: 'UNREACHABLE' }, at);
      const { seed } = await enrol(passkey);
      await open(made, seed);
      await doctor.sync();
      // A device whose answer was lost stays in the list: nobody has its seed.
      assert.equal(count(doctor, 'device'), at === 'answer' ? 3 : 2, at);
      await doctor.lock();
    }
  });

  it('refuses another practice that the host gives for its own', async () => {
    const { doctor } = await makeScene(server.url);
    const other = await createTestPractice(server.url);
    const passkey = newPasskey(doctor);
    await namePasskey(doctor, passkey.output);
    const swapped: typeof globalThis.fetch = (input, init) => {
      const url = new URL(String(input));
      if (url.pathname === '/api/practices') url.searchParams.set('prefix', bytesToHex(other.practice.subarray(0, 16)));
      return globalThis.fetch(url, init);
    };
    await assert.rejects(enrol(passkey, swapped), { code: 'PASSKEY_WRONG' });
    const altered: typeof globalThis.fetch = async (input, init) => {
      const answer = await globalThis.fetch(input, init);
      if (!/\/(entries|bundles|journal)/.test(new URL(String(input)).pathname) || init?.method === 'POST')
        return answer;
      const bytes = new Uint8Array(await answer.arrayBuffer());
      const middle = Math.floor(bytes.length / 2);
      bytes[middle] = (bytes[middle] ?? 0) ^ 1;
      return new Response(bytes, { status: answer.status, headers: answer.headers });
    };
    await assert.rejects(enrol(passkey, altered));
    await doctor.sync();
    assert.equal(count(doctor, 'device'), 1);
  });
});
