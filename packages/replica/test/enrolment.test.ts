import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bytesToHex } from '@serment/core/bytes';
import { memoryCache } from '../src/cache.ts';
import { findPractice } from '../src/device.ts';
import { EnrolmentNewcomer } from '../src/enrolment-newcomer.ts';
import { EnrolmentOpener } from '../src/enrolment-opener.ts';
import { renewKeys } from '../src/key-renewal.ts';
import { freezeDevice, revokeDevice, setTerm } from '../src/members.ts';
import type { Practice } from '../src/practice.ts';
import { Transport } from '../src/transport.ts';
import { vaultEvents } from '../src/vault.ts';
import { addMember, authorOf, refusedAs } from './members-scene.ts';
import { Network } from './network.ts';
import {
  create,
  createTestPractice,
  note,
  openDevice,
  patient,
  settle,
  type TestPractice,
  titles,
} from './practice-setup.ts';
import { type RunningServer, startRunningServer } from './running-server.ts';

let server: RunningServer;
let made: TestPractice;
let doctor: Practice;
before(async () => {
  server = await startRunningServer();
  made = await createTestPractice(server.url);
  doctor = await openDevice(made);
  await create(doctor, 'anna', patient('anna', 'Durand'), note('one', 'anna', 'Note du médecin'));
  await settle(doctor);
});
after(async () => {
  await doctor.lock();
  await server.remove();
});

const newcomer = (fetch?: typeof globalThis.fetch) =>
  EnrolmentNewcomer.begin({
    transport: new Transport({ baseUrl: made.url, ...(fetch === undefined ? {} : { fetch }) }),
  });

/** Both, up to the code that each shows. */
async function compared(
  opening: Practice = doctor,
  text: (device: EnrolmentNewcomer) => string = (one) => one.reference,
) {
  const device = await newcomer();
  assert.deepEqual(await device.look(), { step: 'waiting' });
  const opener = await EnrolmentOpener.begin(opening, text(device));
  assert.deepEqual(await opener.look(), { step: 'waiting' });
  const there = await device.look();
  const here = await opener.look();
  if (there.step !== 'compare' || here.step !== 'compare') return assert.fail();
  return { device, opener, there, here };
}

const accessEvents = async () =>
  (await vaultEvents(doctor, 30)).events.flatMap(({ body }) => (body.kind === 'access' ? [body.what] : []));

describe('an enrolment by an open device', () => {
  it('shows one code on both, and gives the new device what its member opens', async () => {
    const { device, opener, there, here } = await compared();
    assert.match(there.code, /^\d{8}$/);
    assert.deepEqual([here.code, here.isScanned, there.isProven], [there.code, false, false]);
    assert.deepEqual(there.practice, made.practice);
    device.agree();
    await opener.approve();
    assert.deepEqual(await opener.look(), { step: 'added' });
    assert.deepEqual(await device.look(), { step: 'added' });
    const { practice, seed } = await device.enter();
    assert.deepEqual(practice, made.practice);
    const added = await openDevice(made, { seed });
    assert.deepEqual(added.keyring.compartments(), doctor.keyring.compartments());
    assert.deepEqual(added.keyring.member, doctor.keyring.member);
    assert.ok(titles(await added.readPatient('Patient/anna')).includes('Note du médecin'));
    await create(added, 'anna', note('two', 'anna', 'Depuis l’autre appareil'));
    await settle(added);
    await doctor.sync();
    assert.ok(titles(await doctor.readPatient('Patient/anna')).includes('Depuis l’autre appareil'));
    // All members see who named it.
    const [event] = (await vaultEvents(doctor, 30)).events.filter(({ body }) => body.kind === 'device');
    assert.deepEqual([event?.by, event?.body.kind], ['Dr Claire Vasseur', 'device']);
    assert.deepEqual([...added.status().findings, ...doctor.status().findings], []);
    await added.lock();
  });

  it('asks for no comparison of who gave it the text of the QR code, and shows the code all the same', async () => {
    const { device, opener, there, here } = await compared(doctor, ({ qr }) => qr.toLowerCase());
    assert.deepEqual([there.isProven, here.isScanned, here.code], [true, true, there.code]);
    await opener.approve();
    assert.deepEqual(await device.look(), { step: 'added' });
    await device.enter();
  });

  it('shows another code each time', async () => {
    const codes = [(await compared()).here.code, (await compared()).here.code, (await compared()).here.code];
    assert.equal(new Set(codes).size, 3);
  });

  it('waits for the person on the new device too', async () => {
    const { device, opener } = await compared();
    await opener.approve();
    assert.equal((await device.look()).step, 'compare');
    await assert.rejects(device.enter(), { code: 'ENROLMENT_FORGED' });
    device.agree();
    assert.deepEqual(await device.look(), { step: 'added' });
    await device.enter();
  });

  it('adds nothing that nobody was shown', async () => {
    const device = await newcomer();
    const opener = await EnrolmentOpener.begin(doctor, device.reference);
    const { size } = doctor.mirror;
    await assert.rejects(opener.approve(), { code: 'ENROLMENT_FORGED' });
    await device.look();
    await assert.rejects(opener.approve(), { code: 'ENROLMENT_FORGED' });
    assert.equal(doctor.mirror.size, size);
  });

  it('says what is wrong with a reference', async () => {
    const device = await newcomer();
    const text = device.qr;
    const wrong: readonly (readonly [string, string])[] = [
      ['', 'ENROLMENT_INVALID'],
      ['x'.repeat(1_000_000), 'ENROLMENT_INVALID'],
      [device.reference.slice(1), 'ENROLMENT_INVALID'],
      ['ZZZZZZZZ', 'ENROLMENT_UNKNOWN'],
      [`${text.slice(0, 60)}${text[60] === 'A' ? 'B' : 'A'}${text.slice(61)}`, 'ENROLMENT_CHECKSUM'],
    ];
    for (const [typed, code] of wrong) await assert.rejects(EnrolmentOpener.begin(doctor, typed), { code }, code);
  });

  it('has one opener: who comes second is told that nobody waits', async () => {
    const { seed } = await addMember(doctor, 'desk');
    await renewKeys(doctor);
    const desk = await openDevice(made, { seed });
    const device = await newcomer();
    await EnrolmentOpener.begin(doctor, device.reference);
    await assert.rejects(EnrolmentOpener.begin(desk, device.reference), { code: 'ENROLMENT_UNKNOWN' });
    // The same device again has drawn another nonce, and that is a second attempt.
    await assert.rejects(EnrolmentOpener.begin(doctor, device.reference), { code: 'ENROLMENT_UNKNOWN' });
    await desk.lock();
  });

  it('adds a device of who opened, not of a doctor', async () => {
    const { member, seed } = await addMember(doctor, 'desk');
    const desk = await openDevice(made, { seed });
    // The key that it made as it entered is not granted yet what the invitation's was.
    const early = await newcomer();
    await assert.rejects(EnrolmentOpener.begin(desk, early.reference), { code: 'KEYS_PENDING' });
    await renewKeys(doctor);
    const { device, opener } = await compared(desk);
    device.agree();
    await opener.approve();
    const added = await openDevice(made, { seed: (await device.enter()).seed });
    assert.equal(bytesToHex(added.keyring.member), member);
    assert.deepEqual(added.keyring.compartments(), ['admin', `private/${member}`]);
    await added.lock();
    await desk.lock();
  });

  it('ends for both when a person gives it up, refuses, or sees two codes, which members are told', async () => {
    const given = await compared();
    await given.device.end('cancelled');
    await assert.rejects(given.opener.look(), { code: 'ENROLMENT_CANCELLED' });
    await assert.rejects(given.opener.approve(), { code: 'ENROLMENT_CANCELLED' });
    const refused = await compared();
    await refused.opener.end('refused');
    await assert.rejects(refused.device.look(), { code: 'ENROLMENT_REFUSED' });
    await doctor.sync();
    assert.ok(!(await accessEvents()).includes('device-different'));
    for (const who of ['opener', 'device'] as const) {
      const before = (await accessEvents()).length;
      const both = await compared();
      await both[who].end('different');
      await both.device.end('different');
      for (const one of [both.opener, both.device]) await assert.rejects(one.look(), { code: 'ENROLMENT_DIFFERENT' });
      await assert.rejects(both.opener.approve(), { code: 'ENROLMENT_DIFFERENT' });
      await doctor.sync();
      const events = await accessEvents();
      assert.deepEqual([events.length, events[0]], [before + 1, 'device-different']);
    }
  });

  it('says what ended it also to who was just about to reveal or to answer', async () => {
    let before: () => Promise<void> = async () => undefined;
    const slow: typeof globalThis.fetch = async (input, init) => {
      if (init?.method === 'PUT') await before();
      return globalThis.fetch(input, init);
    };
    const device = await newcomer(slow);
    const opener = await EnrolmentOpener.begin(doctor, device.reference);
    before = () => opener.end('refused');
    await assert.rejects(device.look(), { code: 'ENROLMENT_REFUSED' });
    const other = await newcomer();
    const late = await openDevice(made, { cache: memoryCache(), fetch: slow });
    before = () => other.end('cancelled');
    await assert.rejects(EnrolmentOpener.begin(late, other.reference), { code: 'ENROLMENT_UNKNOWN' });
    await late.lock();
  });

  it('goes on after a line that was cut, on either side', async () => {
    const network = new Network();
    const device = await newcomer(network.fetch);
    const opener = await EnrolmentOpener.begin(doctor, device.reference);
    network.losing.push(/^PUT /);
    await assert.rejects(device.look(), { code: 'UNREACHABLE' });
    network.isUp = false;
    await assert.rejects(device.look(), { code: 'UNREACHABLE' });
    network.isUp = true;
    assert.equal((await device.look()).step, 'compare');
    await opener.look();
    device.agree();
    await opener.approve();
    await device.look();
    await device.enter();
  });

  it('names the device once when the answer to the opener was lost', async () => {
    const network = new Network();
    const other = await openDevice(made, { cache: memoryCache(), fetch: network.fetch });
    const { device, opener } = await compared(other);
    device.agree();
    network.losing.push(/^POST .*\/entries$/);
    await assert.rejects(opener.approve(), { code: 'UNREACHABLE' });
    assert.deepEqual(await opener.look(), { step: 'added' });
    await opener.approve();
    assert.deepEqual(await device.look(), { step: 'added' });
    const { seed } = await device.enter();
    const named = await openDevice(made, { seed });
    const { author } = named.keyring.signer;
    const entries = await Promise.all(
      named.mirror.entriesOf(new Uint8Array(16)).map((index) => named.mirror.entry(index)),
    );
    const naming = entries.filter(
      (entry) => entry.header.body.kind === 'device' && bytesToHex(entry.header.body.author) === bytesToHex(author),
    );
    assert.equal(naming.length, 1);
    await named.lock();
    await other.lock();
  });

  it('is refused to a device that is stopped or revoked, and to a member out of its term', async () => {
    const { seed } = await addMember(doctor, 'desk');
    const { seed: otherSeed, member: otherMember } = await addMember(doctor, 'desk');
    await renewKeys(doctor);
    const desk = await openDevice(made, { seed });
    const { opener } = await compared(desk);
    const early = await newcomer();
    await freezeDevice(doctor, authorOf(desk));
    await assert.rejects(opener.approve(), refusedAs('AUTHOR_FROZEN'));
    await assert.rejects(EnrolmentOpener.begin(desk, early.reference), refusedAs('AUTHOR_FROZEN'));
    const late = await openDevice(made, { seed: otherSeed });
    const begun = await compared(late);
    await setTerm(doctor, otherMember, { from: null, until: 1 });
    await assert.rejects(begun.opener.approve(), refusedAs('TERM_OUTSIDE'));
    await assert.rejects(EnrolmentOpener.begin(late, early.reference), refusedAs('TERM_OUTSIDE'));
    await setTerm(doctor, otherMember, null);
    await revokeDevice(doctor, authorOf(late));
    await assert.rejects(begun.opener.look(), { code: 'HOLDER_REVOKED' });
    await assert.rejects(EnrolmentOpener.begin(late, early.reference), { code: 'HOLDER_REVOKED' });
    // It waits still: nobody took it.
    await EnrolmentOpener.begin(doctor, early.reference);
    await desk.lock();
    await late.lock();
  });

  it('is no business of a kit', async () => {
    const transport = new Transport({ baseUrl: made.url });
    const found = await findPractice({ transport, kitText: made.kitText });
    const kit = await openDevice(made, { seed: found.seed });
    const device = await newcomer();
    await assert.rejects(EnrolmentOpener.begin(kit, device.reference), refusedAs('MEMBER_REQUIRED'));
    await kit.lock();
  });
});
