import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { sha256 } from '@serment/core/hash';
import { signCheckpoint } from '@serment/core/journal/checkpoint';
import { cosignCheckpoint, formatWitnessKey } from '@serment/core/journal/cosignature';
import { type Signer, seedSigner } from '@serment/core/signature';
import { ReplicaError } from '../src/error.ts';
import type { Practice } from '../src/practice.ts';
import { Transport } from '../src/transport.ts';
import { vaultEvents } from '../src/vault.ts';
import { dropWitness, nameWitness, WitnessWatch } from '../src/witnesses.ts';
import { makeScene, refusedAs, serveMembers } from './members-scene.ts';
import { create, note, settle } from './practice-setup.ts';

const name = 'witness.example/w1';
const hour = 3_600_000;

describe('a practice and its witness', () => {
  const server = serveMembers();

  async function makeWitnessed() {
    const scene = await makeScene(server.url);
    const witness = await seedSigner(crypto.getRandomValues(new Uint8Array(32)));
    const line = formatWitnessKey({ name, key: witness.author });
    await nameWitness(scene.doctor, `  ${line}\n`);
    return { ...scene, witness, line };
  }

  /** Cosigns what the host shows, as a witness that follows it. */
  async function cosign({ mirror }: Practice, witness: Signer, at = Date.now()): Promise<string> {
    const transport = new Transport({ baseUrl: server.url });
    await transport.openSession(mirror.practice, witness);
    const hostAuthor = mirror.governance.hostAuthor ?? new Uint8Array(32);
    const signed = { name, signer: witness, time: Math.floor(at / 1000) };
    const cosigned = await cosignCheckpoint(await transport.checkpoint(), hostAuthor, signed);
    await transport.putCosignature(cosigned);
    await transport.closeSession();
    return cosigned;
  }

  async function viewOf(
    practice: Practice,
    given: readonly { key: Bytes; note: string }[] | null = null,
    now = Date.now(),
  ) {
    const transport = given === null ? practice.transport : { cosignatures: async () => given };
    const watch = new WitnessWatch({ mirror: practice.mirror, transport, clock: () => now }, () => undefined);
    await watch.follow();
    return watch.views[0];
  }

  it('is seen by it, on every device, and says so in its events', async () => {
    const { doctor, first, witness, line } = await makeWitnessed();
    const before = await viewOf(doctor);
    assert.deepEqual([before?.name, before?.keyLine, before?.seenAt, before?.isWrong], [name, line, null, false]);
    const at = Date.now();
    await cosign(doctor, witness, at);
    await first.sync();
    for (const practice of [doctor, first]) {
      const seen = await viewOf(practice);
      assert.deepEqual([seen?.seenAt, seen?.isWrong], [Math.floor(at / 1000) * 1000, false]);
    }
    const { events } = await vaultEvents(doctor, 5);
    assert.ok(events.some(({ body }) => body.kind === 'witness' && body.name === name));
  });

  it('is named and let go by a doctor alone, once', async () => {
    const { doctor, first, witness, line } = await makeWitnessed();
    await nameWitness(doctor, line);
    assert.equal(doctor.mirror.governance.witnesses.size, 1);
    await first.sync();
    await assert.rejects(nameWitness(first, line.replace(name, 'w')), { code: 'WITNESS_KEY_INVALID' });
    await assert.rejects(dropWitness(first, bytesToHex(witness.author)), { code: 'SERVER_REFUSED' });
    await dropWitness(doctor, bytesToHex(witness.author));
    await dropWitness(doctor, bytesToHex(witness.author));
    assert.equal(doctor.mirror.governance.witnesses.size, 0);
    const transport = new Transport({ baseUrl: server.url });
    await assert.rejects(transport.openSession(doctor.practice, witness), refusedAs('CHALLENGE_INVALID'));
    assert.equal(await viewOf(doctor), undefined);
  });

  it('knows a cosignature of another journal, a forged one and one from the future for wrong', async () => {
    const { doctor, witness } = await makeWitnessed();
    const { mirror } = doctor;
    const right = await cosign(doctor, witness);
    const stranger = await seedSigner(crypto.getRandomValues(new Uint8Array(32)));
    const key = witness.author;
    const given = (cosigned: string) => viewOf(doctor, [{ key, note: cosigned }]);
    assert.equal((await given(right))?.isWrong, false);
    const host = await seedSigner(crypto.getRandomValues(new Uint8Array(32)));
    const other = { practice: mirror.practice, fence: 1, size: mirror.size, root: sha256() };
    const forged = await cosignCheckpoint(await signCheckpoint(other, host), host.author, {
      name,
      signer: witness,
      time: 1,
    });
    for (const cosigned of [
      forged,
      right.replace(/\n[^\n]*\n$/, '\n'),
      'no note',
      await cosignCheckpoint(right, mirror.governance.hostAuthor ?? key, { name, signer: stranger, time: 5 }),
      await cosign(doctor, witness, Date.now() + 2 * hour),
    ])
      assert.deepEqual([(await given(cosigned))?.isWrong, (await given(cosigned))?.seenAt], [true, null]);
  });

  it('counts no head that leaves out what the host had for an hour', async () => {
    const { doctor, witness } = await makeWitnessed();
    const key = witness.author;
    const old = await cosign(doctor, witness);
    await create(doctor, 'anna', note('late', 'anna', 'Plus tard'));
    await settle(doctor);
    assert.notEqual((await viewOf(doctor, [{ key, note: old }]))?.seenAt, null);
    const hostAuthor = doctor.mirror.governance.hostAuthor ?? key;
    const time = Math.floor(Date.now() / 1000) + 7200;
    const frozen = await cosignCheckpoint(old, hostAuthor, { name, signer: witness, time });
    const view = await viewOf(doctor, [{ key, note: frozen }], time * 1000);
    assert.deepEqual([view?.seenAt, view?.isWrong], [null, false]);
  });

  it('is not judged before the host was asked, and grows old where the host does not tell', async () => {
    const { doctor } = await makeWitnessed();
    const { mirror } = doctor;
    const failing = (code: 'UNREACHABLE' | 'SERVER_FAILED') => ({
      cosignatures: async () => {
        throw new ReplicaError(code, 'no');
      },
    });
    const offline = new WitnessWatch({ mirror, transport: failing('UNREACHABLE'), clock: Date.now }, () => undefined);
    await offline.follow();
    assert.deepEqual(offline.views, []);
    const mute = new WitnessWatch({ mirror, transport: failing('SERVER_FAILED'), clock: Date.now }, () => undefined);
    await mute.follow();
    assert.deepEqual([mute.views[0]?.seenAt, mute.views[0]?.isWrong], [null, false]);
    assert.ok(Date.now() - (mute.views[0]?.since ?? 0) < hour);
  });
});
