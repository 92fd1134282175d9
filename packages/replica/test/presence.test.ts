import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { newEpochKey } from '@serment/core/keys/epoch';
import { openBeat, type ShownFile, sealBeat } from '@serment/core/sealed/presence';
import { encodePresenceEvent, type PresenceEvent } from '@serment/core/wire/presence';
import { memoryCache } from '../src/cache.ts';
import { freezeDevice } from '../src/members.ts';
import type { Practice } from '../src/practice.ts';
import { type OwnShownFile, Presence, type PresenceParts, type PresentFile } from '../src/presence.ts';
import { restrictPatient } from '../src/restrictions.ts';
import { addMember, authorOf, makeScene, open, opened, serveMembers } from './members-scene.ts';
import { create, openDevice, patient, settle } from './practice-setup.ts';

const shown = (patient: string, writes = false, ...read: string[]): OwnShownFile => ({
  patients: [patient, ...read],
  writes,
});
const [anna, paul] = ['Patient/anna', 'Patient/paul'];
const bytes = (fill: number): Bytes => new Uint8Array(32).fill(fill);

/** One device's presence, without a line: its beats, and what it tells. */
function makeDevice(t: TestContext, compartments: Readonly<Record<string, Bytes>>) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let now = 1000;
  const kept = new Map<string, Uint8Array>();
  const sent: Bytes[] = [];
  const told: (readonly PresentFile[])[] = [];
  const restricted = new Set<string>();
  const device = (fill: number, member: string) =>
    [bytesToHex(bytes(fill)), { type: 'device', member, revokedAt: null, freezes: [] }] as const;
  const authors = new Map<string, object>([device(1, 'me'), device(2, 'you'), device(3, 'me')]);
  authors.set(bytesToHex(bytes(4)), { type: 'kit', member: 'you', revokedAt: null, freezes: [] });
  const own = bytes(1);
  const parts = {
    practice: bytes(9),
    keyring: {
      signer: { author: own },
      member: new Uint8Array(16).fill(1),
      canRead: (name: string) => compartments[name] !== undefined,
      currentEpoch: (name: string) => ({ key: compartments[name] }),
      stream: (_: string, name: string) => ({ id: new TextEncoder().encode(name) }),
    },
    governance: () => ({
      authors,
      restrictions: { has: (id: string) => [...restricted].some((one) => id === textHex(`patient/${one}`)) },
    }),
    vault: {
      get: async (key: string) => kept.get(key) ?? null,
      put: async (key: string, value: Uint8Array) => void kept.set(key, value),
    },
    send: async (beat: Bytes) => void sent.push(beat),
    memberName: (member: string) => (member === 'you' ? 'Dr Roy' : null),
    onChange: (present: readonly PresentFile[]) => told.push(present),
    monotonic: () => now,
  };
  const make = () => new Presence(parts as unknown as PresenceParts);
  return {
    ...{ make, sent, told, authors, restricted },
    key: compartments,
    /** Lets time pass, and what is begun in it end. */
    async wait(ms: number) {
      for (let left = ms; left > 0; left -= 500) {
        now += Math.min(left, 500);
        t.mock.timers.tick(Math.min(left, 500));
        await new Promise(setImmediate);
        await new Promise(setImmediate);
      }
    },
    /** What was said since the last time. */
    async said() {
      const key = compartments.clinical ?? compartments.admin ?? assert.fail();
      const scope = { practice: bytes(9), author: own };
      return Promise.all(sent.splice(0).map((beat) => openBeat(key, scope, beat)));
    },
    async event(by: number, beat: { opening: number; count: number; files: ShownFile[] } | null, more = {}) {
      const {
        key = compartments.clinical ?? bytes(0),
        ageMs = 0,
        as = by,
      } = more as {
        key?: Bytes;
        ageMs?: number;
        as?: number;
      };
      const scope = { practice: bytes(9), author: bytes(by) };
      const sealed = beat && (await sealBeat(key, scope, beat));
      return encodePresenceEvent({ author: bytes(as), beat: sealed, ageMs } satisfies PresenceEvent);
    },
  };
}

const textHex = (text: string) => Buffer.from(text).toString('hex');
const beat = (opening: number, count: number, ...files: ShownFile[]) => ({ opening, count, files });
const file = (patient: string, writes = false): ShownFile => ({ patient, writes });
const key = newEpochKey();

describe('what a device says', () => {
  it('comes every half minute whether it shows a file or none, of one size, and within a second of a change', async (t) => {
    const device = makeDevice(t, { clinical: key, admin: newEpochKey() });
    const presence = device.make();
    await device.wait(60_000);
    assert.equal(device.sent.length, 0);
    presence.follow(true);
    await device.wait(61_000);
    assert.deepEqual(
      (await device.said()).map(({ count, files }) => [count, files]),
      [
        [1, []],
        [2, []],
        [3, []],
      ],
    );
    presence.show([shown(anna)]);
    await device.wait(500);
    presence.show([shown(anna, true)]);
    presence.show([shown(anna, true)]);
    await device.wait(1000);
    assert.deepEqual(
      (await device.said()).map(({ files }) => files),
      [[file(anna)], [file(anna, true)]],
    );
    // Somebody who goes through files quickly is told of once in a second.
    for (const name of 'abcdefghij') presence.show([shown(`Patient/${name}`)]);
    await device.wait(1000);
    presence.show([]);
    await device.wait(2000);
    assert.deepEqual(
      (await device.said()).map(({ files }) => files),
      [[file('Patient/j')], []],
    );
    presence.follow(true);
    await device.wait(2000);
    presence.follow(false);
    await device.wait(90_000);
    presence.show([shown(anna)]);
    await device.wait(90_000);
    assert.deepEqual(device.sent, []);
    presence.follow(true);
    await device.wait(500);
    assert.deepEqual(
      (await device.said()).map(({ files }) => files),
      [[file(anna)]],
    );
    presence.follow(false);
  });

  it('names no restricted file, nor one that is read with it, and no more than six', async (t) => {
    const device = makeDevice(t, { clinical: key });
    const presence = device.make();
    presence.follow(true);
    device.restricted.add('anna');
    presence.show([shown(anna), shown(paul, true, 'Patient/other', anna), shown('Patient/c')]);
    await device.wait(2000);
    assert.deepEqual(
      (await device.said()).map(({ files }) => files),
      [[file('Patient/c')]],
    );
    // It becomes so while it is shown.
    device.restricted.clear();
    presence.follow(true);
    await device.wait(2000);
    assert.equal((await device.said()).at(-1)?.files.length, 3);
    device.restricted.add('c');
    presence.follow(true);
    await device.wait(2000);
    assert.deepEqual((await device.said()).at(-1)?.files, [file(anna), file(paul, true)]);
    presence.show([...'abcdefgh'].map((name) => shown(`Patient/${name}${name}`)));
    await device.wait(2000);
    assert.deepEqual(
      (await device.said()).at(-1)?.files.map(({ patient }) => patient.slice(-1)),
      [...'abcdef'],
    );
    presence.follow(false);
  });

  it('goes under the narrowest key that its member has, and counts its openings', async (t) => {
    const admin = newEpochKey();
    const device = makeDevice(t, { admin });
    for (const opening of [1, 2]) {
      const presence = device.make();
      presence.follow(true);
      presence.show([shown(anna)]);
      await device.wait(2000);
      presence.follow(false);
      assert.deepEqual((await device.said()).at(-1), beat(opening, 1, file(anna)));
    }
    t.mock.timers.reset();
    const nothing = makeDevice(t, { billing: newEpochKey() });
    const presence = nothing.make();
    presence.follow(true);
    await nothing.wait(70_000);
    assert.deepEqual(nothing.sent, []);
    presence.follow(false);
  });
});

describe('what a device tells of others', () => {
  it('is who shows a file now, for 75 seconds from their last word, and at once no more when they left', async (t) => {
    const device = makeDevice(t, { clinical: key });
    const presence = device.make();
    presence.follow(true);
    const roy = { author: bytesToHex(bytes(2)), member: 'you', name: 'Dr Roy', isSelf: false };
    await presence.take(await device.event(2, beat(1, 1, file(anna))));
    assert.deepEqual(presence.present, [{ ...roy, ...file(anna) }]);
    await presence.take(await device.event(2, beat(1, 2, file(anna, true), file(paul))));
    assert.deepEqual(device.told.at(-1), [
      { ...roy, ...file(anna, true) },
      { ...roy, ...file(paul) },
    ]);
    await device.wait(74_500);
    assert.equal(presence.present.length, 2);
    await device.wait(1000);
    assert.deepEqual(device.told.at(-1), []);
    await presence.take(await device.event(2, beat(1, 3, file(anna))));
    await presence.take(await device.event(2, null));
    assert.deepEqual(presence.present, []);
    // What was kept for it counts as long as it would have here.
    await presence.take(await device.event(2, beat(1, 4, file(anna)), { ageMs: 70_000 }));
    assert.equal(presence.present.length, 1);
    await device.wait(5500);
    assert.deepEqual(presence.present, []);
    await presence.take(await device.event(2, beat(1, 5, file(anna)), { ageMs: Number.MAX_SAFE_INTEGER }));
    assert.deepEqual(presence.present, []);
    presence.follow(false);
  });

  it('is nothing while the line is down, and what is still true once it is back', async (t) => {
    const device = makeDevice(t, { clinical: key });
    const presence = device.make();
    presence.follow(true);
    await presence.take(await device.event(2, beat(1, 1, file(anna))));
    presence.follow(false);
    assert.deepEqual([device.told.at(-1), presence.present], [[], []]);
    await device.wait(30_000);
    presence.follow(true);
    assert.equal(presence.present.length, 1);
    presence.follow(false);
    await device.wait(60_000);
    presence.follow(true);
    assert.deepEqual(presence.present, []);
    presence.follow(false);
  });

  it('is another device of one’s own, and never this one', async (t) => {
    const device = makeDevice(t, { clinical: key });
    const own = bytesToHex(new Uint8Array(16).fill(1));
    device.authors.set(bytesToHex(bytes(3)), { type: 'device', member: own, revokedAt: null, freezes: [] });
    const presence = device.make();
    presence.follow(true);
    await presence.take(await device.event(1, beat(1, 1, file(anna))));
    assert.deepEqual(presence.present, []);
    await presence.take(await device.event(3, beat(1, 1, file(anna))));
    assert.deepEqual(
      presence.present.map(({ isSelf }) => isSelf),
      [true],
    );
    presence.follow(false);
  });

  it('is not what comes again, late, under another name or key, from who may not act, or is no beat', async (t) => {
    const admin = newEpochKey();
    const device = makeDevice(t, { clinical: key, admin });
    const presence = device.make();
    presence.follow(true);
    const before = await device.event(2, beat(1, 9, file(paul)));
    const [first, second] = [await device.event(2, beat(2, 1, file(anna))), await device.event(2, beat(2, 2))];
    await presence.take(first);
    assert.equal(presence.present.length, 1);
    await presence.take(second);
    for (const again of [first, before, second]) await presence.take(again);
    assert.deepEqual(presence.present, []);
    await device.wait(80_000);
    for (const again of [first, before]) await presence.take(again);
    assert.deepEqual(presence.present, []);
    for (const data of [
      ...['', '{}', 'null', '{"author":1}', first.replace('"ageMs":0', '"ageMs":-1')],
      await device.event(2, beat(3, 1, file(anna)), { key: newEpochKey() }),
      await device.event(3, beat(3, 1, file(anna)), { as: 2 }),
      await device.event(4, beat(3, 1, file(anna))),
      await device.event(5, beat(3, 1, file(anna))),
    ])
      await presence.take(data);
    assert.deepEqual(presence.present, []);
    await presence.take(await device.event(2, beat(3, 1, file(anna)), { key: admin }));
    assert.equal(presence.present.length, 1);
    device.authors.set(bytesToHex(bytes(2)), { type: 'device', member: 'you', revokedAt: 12, freezes: [] });
    presence.follow(true);
    assert.deepEqual(presence.present, []);
    presence.follow(false);
  });
});

describe('presence in a practice', () => {
  const server = serveMembers();

  /** What a device tells once it is so; fails when it never is. */
  async function until(device: Practice, isSo: (present: readonly PresentFile[]) => boolean) {
    for (let tries = 0; tries < 250 && !isSo(device.presence.present); tries += 1) await setTimeout(40);
    assert.ok(isSo(device.presence.present), JSON.stringify(device.presence.present));
  }
  const settled = () => setTimeout(1500);

  it('is told to those who read medical files, of all; to a secretary, of nobody who does; and ends with a lock', async () => {
    const { made, doctor, first, second } = await makeScene(server.url);
    const { seed } = await addMember(doctor, 'desk');
    const desk = await open(made, seed);
    for (const device of [doctor, first, second, desk]) {
      await device.sync();
      device.start();
      device.presence.show([]);
    }
    doctor.presence.show([shown(anna)]);
    await until(first, (present) => present.length === 1);
    const [told] = first.presence.present;
    assert.deepEqual(told, {
      ...{ author: bytesToHex(authorOf(doctor)), member: bytesToHex(doctor.keyring.member) },
      ...{ name: 'Dr Claire Vasseur', isSelf: false, patient: anna, writes: false },
    });
    doctor.presence.show([shown(anna, true)]);
    await until(first, (present) => present[0]?.writes === true);
    second.presence.show([shown(anna)]);
    await until(first, (present) => present.some(({ isSelf }) => isSelf));
    desk.presence.show([shown(anna)]);
    await until(doctor, (present) => present.some(({ author }) => author === bytesToHex(authorOf(desk))));
    assert.deepEqual(desk.presence.present, []);
    // A device that comes now is told at once.
    const late = await openDevice(made, { cache: memoryCache() });
    opened.push(late);
    late.start();
    await until(late, (present) => present.some(({ author }) => author === bytesToHex(authorOf(second))));
    await second.lock();
    await until(first, (present) => !present.some(({ isSelf }) => isSelf));
    await freezeDevice(doctor, authorOf(desk));
    await until(doctor, (present) => !present.some(({ author }) => author === bytesToHex(authorOf(desk))));
  });

  it('says nothing of a file that is restricted, from then on', async () => {
    const { doctor, first } = await makeScene(server.url);
    await create(doctor, 'paul', patient('paul', 'Durand'));
    await settle(doctor);
    for (const device of [doctor, first]) {
      await device.sync();
      device.start();
    }
    doctor.presence.show([shown(anna), shown(paul)]);
    await until(first, (present) => present.length === 2);
    await restrictPatient(doctor, anna, [bytesToHex(doctor.keyring.member)]);
    await until(first, (present) => present.length === 1 && present[0]?.patient === paul);
    await settled();
    assert.deepEqual(
      first.presence.present.map((one) => one.patient),
      [paul],
    );
  });
});
