import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import type { Role } from '@serment/core/journal/body';
import { holdersOf } from '@serment/core/journal/checks';
import { parseKit } from '@serment/core/keys/kit';
import { newSeed } from '@serment/core/keys/seed';
import { randomBytes } from '@serment/core/random';
import { openPayload } from '@serment/core/sealed/payload';
import { newVersion } from '@serment/records/version';
import { enrolByKit } from '../src/device.ts';
import { DrawnKit } from '../src/drawn-kit.ts';
import { govern } from '../src/governance-batch.ts';
import { grantBody, newGeneration } from '../src/key-bodies.ts';
import { renewKeys } from '../src/key-renewal.ts';
import { Keyring } from '../src/keyring.ts';
import { removeMember, revokeDevice } from '../src/members.ts';
import type { Practice } from '../src/practice.ts';
import { recordsPart } from '../src/saving.ts';
import { Transport } from '../src/transport.ts';
import { addMember, authorOf, makeScene, open, serveMembers } from './members-scene.ts';
import { settle } from './practice-setup.ts';

const server = serveMembers();

/** Writes a note of this member's own. */
async function writePrivate(device: Practice, text: string): Promise<void> {
  const stream = device.keyring.stream(`private/${bytesToHex(device.keyring.member)}`, 'notes');
  const resource = { resourceType: 'Basic', id: text.toLowerCase().replaceAll(/\W/g, '-'), text };
  const versions = [newVersion({ resource, change: 'create' }, randomBytes)];
  await device.outbox.add([recordsPart(stream, { patient: null, versions, documents: [] })]);
  await settle(device);
}

async function drawKit(device: Practice): Promise<Bytes> {
  const kit = await DrawnKit.draw(device);
  await kit.name([]);
  const { seed } = parseKit(kit.printed.text);
  kit.forget();
  return seed;
}

/** What a holder opens of the private entries of a member, tried with every key that the journal gives it. */
async function opensOf(seed: Bytes, member: string, reader: Practice): Promise<string[]> {
  await reader.sync();
  const { mirror, transport } = reader;
  const keyring = await Keyring.open(seed, mirror.governance);
  const opened: string[] = [];
  for (let index = 0; index < mirror.size; index += 1) {
    const { header, headerBytes } = await mirror.entry(index);
    if (header.compartment !== `private/${member}` || header.kind !== 'records') continue;
    const [read] = await transport.payloads([index]);
    for (const name of keyring.compartments())
      for (let epoch = 1; epoch <= keyring.currentEpoch(name).epoch; epoch += 1) {
        const content = await openPayload(
          keyring.payloadKey(name, epoch),
          headerBytes,
          read?.payload ?? newSeed(),
        ).catch(() => null);
        if (content !== null) opened.push(/"text":"([^"]+)"/.exec(Buffer.from(content).toString())?.[1] ?? '?');
      }
  }
  return opened;
}

async function twoDoctors() {
  const { made, doctor } = await makeScene(server.url);
  const { member, seed } = await addMember(doctor, 'doctor');
  const other = await open(made, seed);
  await renewKeys(doctor);
  await other.sync();
  await writePrivate(doctor, 'Note de A');
  await writePrivate(other, 'Note de B');
  const kitA = parseKit(made.kitText).seed;
  return {
    made,
    doctor,
    other,
    seeds: { a: made.seed, b: seed },
    kits: { a: kitA, b: await drawKit(other) },
    b: member,
  };
}

const byKit = async (made: Awaited<ReturnType<typeof makeScene>>['made'], other: Practice) => {
  const kit = await DrawnKit.draw(other);
  await kit.name([]);
  const { seed } = await enrolByKit({
    transport: new Transport({ baseUrl: made.url }),
    kitText: kit.printed.text,
    label: 'browser',
  });
  return { seed, kit: parseKit(kit.printed.text).seed };
};

describe('a member’s kit', () => {
  it('opens its member’s own notes and nobody else’s, before and after the keys were changed', async () => {
    const { doctor, other, seeds, kits, b } = await twoDoctors();
    const a = bytesToHex(doctor.keyring.member);
    const check = async (notesA: string[], notesB: string[]) => {
      for (const [seed, member, expected] of [
        [kits.a, a, notesA],
        [kits.a, b, []],
        [seeds.a, b, []],
        [kits.b, b, notesB],
        [kits.b, a, []],
        [seeds.b, a, []],
      ] as const)
        assert.deepEqual(await opensOf(seed, member, doctor), expected);
    };
    await check(['Note de A'], ['Note de B']);
    // A third kit of B is withdrawn by A: B's keys are changed by A, then by B's own device.
    const seen = await drawKit(other);
    await doctor.sync();
    const { author } =
      [...doctor.mirror.governance.authors.values()].findLast(({ type }) => type === 'kit') ?? assert.fail();
    await revokeDevice(doctor, author);
    await check(['Note de A'], ['Note de B']);
    await other.sync();
    await renewKeys(other);
    await writePrivate(other, 'Note de B, après');
    await check(['Note de A'], ['Note de B', 'Note de B, après']);
    const withdrawn = await Keyring.open(seen, doctor.mirror.governance).catch((error: unknown) => error);
    assert.equal((withdrawn as { code?: string }).code, 'HOLDER_REVOKED');
  });

  it('opens them after another doctor replaced its member’s lost device, who still opens none of them', async () => {
    const { made, doctor, other, seeds, b } = await twoDoctors();
    const { seed, kit } = await byKit(made, other);
    const replaced = await open(made, seed);
    await revokeDevice(doctor, authorOf(other));
    // A made that generation, and holds its key: nothing of B's is granted to it, and nothing can be.
    const { generation, isOwn } = doctor.mirror.governance.members.get(b) ?? assert.fail();
    assert.equal(isOwn, false);
    const toMadeByA = () =>
      (doctor.mirror.governance.grants.get(b) ?? []).filter(
        (grant) => grant.compartment === `private/${b}` && grant.generation === generation,
      );
    assert.deepEqual(toMadeByA(), []);
    await replaced.sync();
    await renewKeys(replaced);
    await writePrivate(replaced, 'Note de B, sur le nouveau poste');
    const expected = ['Note de B', 'Note de B, sur le nouveau poste'];
    for (const opening of [kit, seed]) assert.deepEqual(await opensOf(opening, b, doctor), expected);
    for (const closed of [seeds.a, parseKit(made.kitText).seed]) assert.deepEqual(await opensOf(closed, b, doctor), []);
    assert.deepEqual(toMadeByA(), []);
  });

  it('keeps from a doctor who names a member’s key what was, or is, private to that member', async () => {
    const { made, doctor, other, b } = await twoDoctors();
    await doctor.sync();
    const known = doctor.mirror.governance.members.get(b) ?? assert.fail();
    const holders = holdersOf(doctor.mirror.governance, b);
    // A modified device of A makes B a generation whose key it keeps, and grants it B's compartment.
    const next = {
      scope: made.practice,
      member: known.member,
      role: known.role,
      generation: known.generation + 1,
      holders,
    };
    const { body } = await newGeneration(next, randomBytes);
    await govern(doctor, async (batch) => {
      if (doctor.mirror.governance.members.get(b)?.generation === known.generation)
        await batch.add(doctor.keyring.signer, body);
    });
    const own = doctor.mirror.governance.compartments.get(`private/${b}`) ?? assert.fail();
    const epoch = { scope: made.practice, compartment: own.name, number: own.number, key: newSeed() };
    await assert.rejects(
      govern(doctor, async (batch) => batch.add(doctor.keyring.signer, await grantBody(epoch, body))),
      (error: { fields?: { refusal?: unknown } }) => error.fields?.refusal === 'ROLE_FORBIDDEN',
    );
    await other.sync();
    await renewKeys(other);
    await writePrivate(other, 'Note de B, ensuite');
    await doctor.sync();
    const granted = (doctor.mirror.governance.grants.get(b) ?? []).filter(
      ({ compartment }) => compartment === own.name,
    );
    assert.ok(granted.every((grant) => grant.generation !== body.generation));
    assert.deepEqual(await opensOf(made.seed, b, doctor), []);
  });

  it('opens what its role reads, whatever the role, and what is told of it is what it opens', async () => {
    const { made, doctor } = await makeScene(server.url);
    const reads: Readonly<Record<Role, readonly string[]>> = {
      doctor: ['admin', 'billing', 'clinical'],
      substitute: ['admin', 'billing', 'clinical'],
      'medical-secretary': ['admin', 'billing', 'clinical'],
      desk: ['admin'],
      accountant: ['billing'],
    };
    for (const role of ['substitute', 'medical-secretary', 'desk', 'accountant'] as const) {
      const { member, seed } = await addMember(doctor, role);
      const device = await open(made, seed);
      await writePrivate(device, `Note ${role}`);
      // Its first device made itself another key: until a doctor's device grants it the rest, a kit would open less.
      await assert.rejects(DrawnKit.draw(device), { code: 'KEYS_PENDING' });
      await renewKeys(doctor);
      await device.sync();
      const kit = await drawKit(device);
      await doctor.sync();
      const keyring = await Keyring.open(kit, doctor.mirror.governance);
      assert.deepEqual(keyring.compartments(), [...reads[role], `private/${member}`], role);
      assert.deepEqual(await opensOf(kit, member, doctor), [`Note ${role}`]);
      assert.deepEqual(await opensOf(kit, bytesToHex(doctor.keyring.member), doctor), []);
      await removeMember(doctor, member);
      await assert.rejects(Keyring.open(kit, doctor.mirror.governance), { code: 'HOLDER_REVOKED' });
    }
  });
});
