import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { holdersOf } from '@serment/core/journal/checks';
import { parseKit } from '@serment/core/keys/kit';
import { seedToSigner } from '@serment/core/keys/signing';
import { memoryCache } from '../src/cache.ts';
import { enrolByKit, findPractice, openKitSession } from '../src/device.ts';
import { DrawnKit } from '../src/drawn-kit.ts';
import { renewKeys } from '../src/key-renewal.ts';
import { kitStanding } from '../src/kit-reading.ts';
import { revokeDevice } from '../src/members.ts';
import type { Practice } from '../src/practice.ts';
import { Transport } from '../src/transport.ts';
import { vaultEvents, vaultView } from '../src/vault.ts';
import {
  assertRenewed,
  authorOf,
  CutNetwork,
  epochs,
  keysLeft,
  makeScene,
  open,
  serveMembers,
} from './members-scene.ts';
import { create, createTestPractice, note, openDevice, settle, type TestPractice, titles } from './practice-setup.ts';

const server = serveMembers();

const transport = () => new Transport({ baseUrl: server.url });
const byKit = (kitText: string) => enrolByKit({ transport: transport(), kitText, label: 'browser' });
const authorOfKit = async (kitText: string): Promise<Bytes> => (await seedToSigner(parseKit(kitText).seed)).author;
const kitsLeft = (practice: Practice) =>
  holdersOf(practice.mirror.governance, bytesToHex(practice.keyring.member)).filter(({ type }) => type === 'kit');

describe('a second kit', () => {
  it('opens beside the first, which nothing is taken from', async () => {
    const { made, doctor } = await makeScene(server.url);
    const before = epochs(doctor);
    const second = await DrawnKit.draw(doctor);
    await assert.rejects(byKit(second.printed.text), { code: 'KIT_UNKNOWN' });
    await second.name([]);
    assert.deepEqual(epochs(doctor), before);
    assert.equal(kitsLeft(doctor).length, 2);
    for (const kitText of [made.kitText, second.printed.text]) {
      const device = await open(made, (await byKit(kitText)).seed);
      assert.ok(titles(await device.readPatient('Patient/anna')).includes('Avant'));
    }
  });

  it('is named once, however often it is asked for and whichever answer was lost', async () => {
    for (const at of ['sending', 'answer'] as const) {
      const made = await createTestPractice(server.url);
      const network = new CutNetwork({ request: 1, at });
      const doctor = await openDevice(made, { cache: memoryCache(), fetch: network.fetchCut });
      const kit = await DrawnKit.draw(doctor);
      await assert.rejects(kit.name([]), { code: 'UNREACHABLE' });
      network.isUp = true;
      await doctor.sync();
      await kit.name([]);
      await kit.name([]);
      assert.equal(kitsLeft(doctor).length, 2, at);
      await doctor.lock();
    }
  });
});

describe('a replaced kit', () => {
  it('opens nothing that follows, and its practice goes on with the one that took its place', async () => {
    const scene = await makeScene(server.url);
    const { made, doctor } = scene;
    const before = epochs(doctor);
    const old = parseKit(made.kitText);
    const next = await DrawnKit.draw(doctor);
    await next.name([await authorOfKit(made.kitText)]);
    await assertRenewed(scene);
    const own = `private/${bytesToHex(doctor.keyring.member)}`;
    for (const name of ['admin', 'clinical', 'billing', own])
      assert.equal(epochs(doctor).get(name), (before.get(name) ?? 0) + 1, name);
    await create(doctor, 'anna', note('two', 'anna', 'Après'));
    await settle(doctor);
    await assert.rejects(byKit(made.kitText), { code: 'KIT_WITHDRAWN' });
    await assert.rejects(openKitSession({ transport: transport(), kitText: made.kitText }), { code: 'KIT_WITHDRAWN' });
    const left = await keysLeft(old.seed, doctor);
    for (const name of ['admin', 'clinical', 'billing', own]) assert.equal(left.get(name), before.get(name), name);
    const device = await open(made, (await byKit(next.printed.text)).seed);
    assert.ok(titles(await device.readPatient('Patient/anna')).includes('Après'));
    assert.ok(device.keyring.canRead(own));
    assert.deepEqual(device.status().findings, []);
  });

  it('is withdrawn with the same end wherever the line was cut, and there is always one that opens', async () => {
    for (const again of ['asking', 'upkeep'] as const)
      for (const at of ['sending', 'answer'] as const)
        for (const request of [1, 2]) {
          const label = `${again} ${at} ${request}`;
          const made = await createTestPractice(server.url);
          const network = new CutNetwork({ request, at });
          const doctor = await openDevice(made, { cache: memoryCache(), fetch: network.fetchCut });
          const before = epochs(doctor);
          const old = await authorOfKit(made.kitText);
          const next = await DrawnKit.draw(doctor);
          await assert.rejects(next.name([old]), { code: 'UNREACHABLE' }, label);
          network.isUp = true;
          await doctor.sync();
          assert.equal(kitsLeft(doctor).length, 1, label);
          const isNamed = request > 1 || at === 'answer';
          assert.equal(bytesToHex(kitsLeft(doctor)[0]?.author ?? old), bytesToHex(isNamed ? next.author : old), label);
          await (again === 'asking' || !isNamed ? next.name([old]) : renewKeys(doctor));
          for (const [name, number] of epochs(doctor)) assert.equal(number, (before.get(name) ?? 0) + 1, label);
          await assert.rejects(byKit(made.kitText), { code: 'KIT_WITHDRAWN' }, label);
          await byKit(next.printed.text);
          await doctor.lock();
        }
  });

  it('is one’s own: a device, another member’s kit and nobody’s are refused, and nothing is named', async () => {
    const { made, doctor, first } = await makeScene(server.url);
    const foreign = await DrawnKit.draw(first);
    await assert.rejects(foreign.name([await authorOfKit(made.kitText)]), { code: 'HOLDER_UNKNOWN' });
    const next = await DrawnKit.draw(doctor);
    for (const author of [authorOf(first), new Uint8Array(32).fill(5)])
      await assert.rejects(next.name([author]), { code: 'HOLDER_UNKNOWN' });
    await assert.rejects(next.name([authorOf(doctor)]), { code: 'HOLDER_SELF' });
    await doctor.sync();
    assert.equal(kitsLeft(doctor).length, 1);
    // A substitute may have a kit, and may withdraw nothing: both are refused together.
    const own = await DrawnKit.draw(first);
    await own.name([]);
    const another = await DrawnKit.draw(first);
    await assert.rejects(
      another.name([own.author]),
      (error: { fields?: { refusal?: unknown } }) => error.fields?.refusal === 'ROLE_FORBIDDEN',
    );
    assert.equal(kitsLeft(first).length, 1);
  });
});

describe('a kit that opens nothing', () => {
  it('is told: withdrawn, given up before it was named, of another practice', async () => {
    const { made, doctor } = await makeScene(server.url);
    const elsewhere = await createTestPractice(server.url);
    const givenUp = await DrawnKit.draw(doctor);
    const next = await DrawnKit.draw(doctor);
    await next.name([await authorOfKit(made.kitText)]);
    const told = (kitText: string) => kitStanding(parseKit(kitText), doctor.practice, doctor.mirror.governance);
    assert.equal(await told(next.printed.text), 'valid');
    assert.equal(await told(made.kitText), 'withdrawn');
    assert.equal(await told(givenUp.printed.text), 'unknown');
    assert.equal(await told(elsewhere.kitText), 'other-practice');
    await assert.rejects(byKit(givenUp.printed.text), { code: 'KIT_UNKNOWN' });
    const { seed } = await findPractice({ transport: transport(), kitText: givenUp.printed.text });
    givenUp.forget();
    assert.notDeepEqual(seed, new Uint8Array(32), 'the paper keeps it');
  });
});

describe('a kit that names a device', () => {
  const own = (practice: Practice) => `private/${bytesToHex(practice.keyring.member)}`;
  const assertNext = (practice: Practice, before: ReadonlyMap<string, number>, label = '') => {
    for (const name of ['admin', 'clinical', 'billing', own(practice)])
      assert.equal(epochs(practice).get(name), (before.get(name) ?? 0) + 1, `${label} ${name}`);
  };
  const generationOf = ({ mirror, keyring }: Practice) =>
    mirror.governance.members.get(bytesToHex(keyring.member))?.generation ?? 0;

  it('has every key that it opened drawn anew, before anybody does anything, and once', async () => {
    const scene = await makeScene(server.url);
    const { made, doctor } = scene;
    const [before, generation] = [epochs(doctor), generationOf(doctor)];
    const { seed, kit } = await byKit(made.kitText);
    await doctor.sync();
    assertNext(doctor, before);
    assert.equal(generationOf(doctor), generation + 1);
    await assertRenewed(scene);
    // What is written from here on, the keys of before do not open; the device does, and so does the paper that is left.
    await create(doctor, 'anna', note('two', 'anna', 'Après'));
    await settle(doctor);
    const device = await open(made, seed);
    assert.ok(titles(await device.readPatient('Patient/anna')).includes('Après'));
    assert.equal(device.status().kitToReplace, bytesToHex(kit));
    assert.equal(doctor.status().kitToReplace, null);
    const again = await open(made, (await byKit(made.kitText)).seed);
    assert.ok(titles(await again.readPatient('Patient/anna')).includes('Après'));
    assert.ok(again.keyring.canRead(own(again)));
    assert.deepEqual(again.status().findings, []);
  });

  it('has them drawn by the upkeep where the line was cut, wherever that was', async () => {
    for (const at of ['sending', 'answer'] as const) {
      const { made, doctor } = await makeScene(server.url);
      const before = epochs(doctor);
      // The first request names the device, the second one holds the keys.
      const network = new CutNetwork({ request: 2, at });
      const cut = new Transport({ baseUrl: server.url, fetch: network.fetchCut });
      const { seed } = await enrolByKit({ transport: cut, kitText: made.kitText, label: 'browser' });
      await doctor.sync();
      assert.equal(epochs(doctor).get('admin') === before.get('admin'), at === 'sending', at);
      const device = await open(made, seed);
      await renewKeys(device);
      await doctor.sync();
      assertNext(doctor, before, at);
      const size = doctor.mirror.size;
      await renewKeys(doctor);
      assert.equal(doctor.mirror.size, size, at);
    }
  });

  it('is asked for no more once it was replaced, by whichever device of its member', async () => {
    const { made, doctor } = await makeScene(server.url);
    const { seed, kit } = await byKit(made.kitText);
    const device = await open(made, seed);
    assert.equal(device.status().kitToReplace, bytesToHex(kit));
    await doctor.sync();
    await (await DrawnKit.draw(doctor)).name([kit]);
    await device.sync();
    assert.equal(device.status().kitToReplace, null);
  });

  it('of another member changes that member’s keys, and asks no doctor’s device for one', async () => {
    const { made, doctor, first } = await makeScene(server.url);
    const before = epochs(doctor);
    const drawn = await DrawnKit.draw(first);
    await drawn.name([]);
    const device = await open(made, (await byKit(drawn.printed.text)).seed);
    assert.equal(device.status().kitToReplace, null);
    assert.ok(device.keyring.canRead('clinical'));
    await doctor.sync();
    // The shared epochs are a doctor's device's to draw.
    assert.equal(epochs(doctor).get('admin'), before.get('admin'));
    await renewKeys(doctor);
    assert.equal(epochs(doctor).get('admin'), (before.get('admin') ?? 0) + 1);
  });
});

describe('a kit that served', () => {
  const used = (practice: Practice) => practice.status().kits.used.map(({ author }) => author);
  const usedAt = async (practice: Practice, author: Bytes) =>
    (await vaultView(practice)).members.flatMap(({ kits }) => kits).find((kit) => kit.author === bytesToHex(author))
      ?.usedAt;

  it('is told to every member until it was replaced, whether it named a device or only read', async () => {
    for (const use of ['enrol', 'read'] as const) {
      const { made, doctor, second } = await makeScene(server.url);
      const old = await authorOfKit(made.kitText);
      assert.deepEqual(used(doctor), [], use);
      assert.equal(await usedAt(doctor, old), null, use);
      if (use === 'enrol') assert.deepEqual((await byKit(made.kitText)).kit, old);
      else await readByKit(made);
      await create(doctor, 'anna', note(use, 'anna', 'Ensuite'));
      await settle(doctor);
      for (const member of [doctor, second]) {
        await member.sync();
        assert.deepEqual(used(member), [bytesToHex(old)], use);
        assert.equal(typeof (await usedAt(member, old)), 'number', use);
      }
      const fresh = await open(made, made.seed);
      await fresh.sync();
      assert.deepEqual(used(fresh), [bytesToHex(old)], use);
      await (await DrawnKit.draw(doctor)).name([old]);
      for (const member of [doctor, second, fresh]) {
        await member.sync();
        assert.deepEqual(used(member), [], use);
        assert.equal(member.status().kits.hasOne, true, use);
      }
      const { events } = await vaultEvents(second, 50);
      const withdrawn = events.flatMap(({ body }) => (body.kind === 'revoke' ? [body.testValue] : []));
      assert.equal(withdrawn.filter((testValue) => testValue !== null).length, 1, use);
    }
  });

  it('is withdrawn without another, and then none is left until one is made', async () => {
    const { made, doctor, second } = await makeScene(server.url);
    await revokeDevice(doctor, await authorOfKit(made.kitText));
    await second.sync();
    for (const member of [doctor, second]) assert.deepEqual(member.status().kits, { hasOne: false, used: [] });
    await (await DrawnKit.draw(doctor)).name([]);
    assert.deepEqual(doctor.status().kits, { hasOne: true, used: [] });
  });

  async function readByKit({ kitText, practice }: TestPractice): Promise<void> {
    const reading = await openDevice({ url: server.url, practice, seed: parseKit(kitText).seed, kitText });
    await reading.readPatient('Patient/anna');
    await reading.lock();
  }
});
