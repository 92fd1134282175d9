import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { roles } from '@serment/core/journal/body';
import { compartmentRoles } from '@serment/core/journal/rules';
import { formatInvitationLink, parseInvitationLink } from '@serment/core/keys/invitation';
import { newSeed } from '@serment/core/keys/seed';
import { seedToSigner } from '@serment/core/keys/signing';
import { inviteAgain, inviteMember } from '../src/invitation.ts';
import { type AcceptanceOptions, acceptInvitation } from '../src/invitation-acceptance.ts';
import { cancelInvitation, freezeDevice, removeMember, setTerm, unfreezeDevice } from '../src/members.ts';
import type { Practice } from '../src/practice.ts';
import { Transport } from '../src/transport.ts';
import { vaultEvents, vaultView } from '../src/vault.ts';
import { addMember, CutNetwork, cutShort, names } from './members-scene.ts';
import {
  create,
  createTestPractice,
  hex,
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

const invite = (more: Partial<Parameters<typeof inviteMember>[1]> = {}) =>
  inviteMember(doctor, { role: 'desk', name: names, term: null, ...more });
const accept = (asked: Pick<AcceptanceOptions, 'linkText' | 'code'> & Partial<AcceptanceOptions>) =>
  acceptInvitation({ transport: new Transport({ baseUrl: made.url }), label: 'browser', ...asked });
const invitationOf = (member: string) => {
  const { authors } = doctor.mirror.governance;
  const found = [...authors.values()].find((one) => one.member === member && one.type === 'invitation');
  return found?.author ?? assert.fail();
};

describe('an invitation', () => {
  it('lets in a member of each role, who reads and writes what its role admits and has a key of its own', async () => {
    for (const role of roles) {
      const { member, seed } = await addMember(doctor, role);
      const device = await openDevice(made, { seed });
      const admitted = [...compartmentRoles].filter(([, allowed]) => allowed.includes(role)).map(([name]) => name);
      assert.deepEqual(device.keyring.compartments(), [...admitted, `private/${member}`].sort());
      const state = device.mirror.governance.members.get(member);
      assert.deepEqual([state?.role, state?.generation, state?.isOwn], [role, 2, true]);
      assert.deepEqual(device.mirror.findings, []);
      assert.deepEqual(device.status().findings, []);
      assert.equal(device.canWrite, true);
      const file = await device.readPatient('Patient/anna').catch(() => null);
      assert.equal(file !== null && titles(file).includes('Note du médecin'), admitted.includes('clinical'), role);
      if (admitted.includes('admin')) assert.equal(device.memberName(member), 'Léa Martin');
      if (role === 'substitute') await create(device, 'anna', note('two', 'anna', 'Note du remplaçant'));
      await settle(device);
      assert.deepEqual([device.status().pending, device.status().refused], [0, 0]);
      await device.lock();
    }
    await doctor.sync();
    assert.ok(titles(await doctor.readPatient('Patient/anna')).includes('Note du remplaçant'));
    assert.deepEqual(doctor.status().findings, []);
  });

  it('shows as one until it is accepted, with the member’s name and term, and as used then', async () => {
    const term = { from: null, until: 4_000_000_000_000 };
    const asked = await invite({ term });
    const view = async () => (await vaultView(doctor)).members.find(({ member }) => member === asked.member);
    const before = await view();
    assert.deepEqual([before?.name, before?.role, before?.term], ['Léa Martin', 'desk', term]);
    assert.deepEqual(
      before?.devices.map(({ label, revokedAt }) => [label, revokedAt]),
      [['invitation', null]],
    );
    await accept(asked);
    await doctor.sync();
    const devices = (await view())?.devices.map(({ label, revokedAt }) => [label, revokedAt === null]);
    assert.deepEqual(devices, [
      ['invitation', false],
      ['browser', true],
    ]);
    const events = (await vaultEvents(doctor, 20)).events.map(({ body }) => body);
    assert.deepEqual(events.flatMap((body) => (body.kind === 'device' ? [body.label] : [])).slice(0, 2), [
      'browser',
      'invitation',
    ]);
    const told = events.find((body) => body.kind === 'term');
    assert.deepEqual(told, { kind: 'term', member: asked.member, name: 'Léa Martin', ...term });
  });

  it('is read with the code as people type it, and the link as mail programs break it', async () => {
    const { linkText, code } = await invite();
    const typed = `${code.slice(0, 4).toLowerCase()} - ${code.slice(4)}`;
    await accept({ linkText: `https://x.test/#${linkText.slice(0, 40)}\r\n${linkText.slice(40)}`, code: typed });
  });

  it('says what is wrong with a link, a code, or another code', async () => {
    const { linkText, code } = await invite();
    const { secret } = parseInvitationLink(linkText);
    const elsewhere = formatInvitationLink({ practice: new Uint8Array(32).fill(1), secret });
    const wrongCode = code.slice(0, 7) + (code.endsWith('0') ? '1' : '0');
    const wrong: readonly (readonly [string, string, string])[] = [
      ['', code, 'INVITATION_INVALID'],
      ['x'.repeat(1_000_000), code, 'INVITATION_INVALID'],
      [`${linkText.slice(0, 50)}${linkText[50] === 'A' ? 'B' : 'A'}${linkText.slice(51)}`, code, 'INVITATION_CHECKSUM'],
      [linkText, '', 'INVITATION_CODE_INVALID'],
      [linkText, `${code}${code}`, 'INVITATION_CODE_INVALID'],
      [linkText, wrongCode, 'INVITATION_UNKNOWN'],
      [elsewhere, code, 'INVITATION_UNKNOWN'],
    ];
    for (const [text, typed, expected] of wrong)
      await assert.rejects(accept({ linkText: text, code: typed }), { code: expected }, expected);
    await accept({ linkText, code });
  });

  it('says that it was used, cancelled or stopped', async () => {
    const used = await invite();
    await accept(used);
    await assert.rejects(accept(used), { code: 'INVITATION_USED' });
    await doctor.sync();
    await assert.rejects(cancelInvitation(doctor, used.member), { code: 'MEMBER_ACTIVE' });
    const cancelled = await invite();
    await cancelInvitation(doctor, cancelled.member);
    await assert.rejects(accept(cancelled), { code: 'INVITATION_CANCELLED' });
    await cancelInvitation(doctor, cancelled.member);
    const stopped = await invite();
    await freezeDevice(doctor, invitationOf(stopped.member));
    await assert.rejects(accept(stopped), { code: 'HOLDER_FROZEN' });
    await unfreezeDevice(doctor, invitationOf(stopped.member));
    await accept(stopped);
  });

  it('says that it is too early or too late', async () => {
    const [from, until] = [Date.now() + 3_600_000, Date.now() + 7_200_000];
    const early = await invite({ term: { from, until } });
    await assert.rejects(accept(early), { code: 'INVITATION_EARLY', fields: { from } });
    // A wrong clock here does not change which of the two it is.
    await setTerm(doctor, early.member, { from: 1, until: 1000 });
    await assert.rejects(accept({ ...early, clock: () => 400 }), { code: 'INVITATION_EARLY', fields: { from: 1 } });
    await assert.rejects(accept({ ...early, clock: () => 600 }), { code: 'INVITATION_EXPIRED' });
    await setTerm(doctor, early.member, { from: 1, until: 2 });
    await assert.rejects(accept(early), { code: 'INVITATION_EXPIRED', fields: { until: 2 } });
    await setTerm(doctor, early.member, { from: null, until: 2 });
    await assert.rejects(accept(early), { code: 'INVITATION_EXPIRED', fields: { until: 2 } });
    await setTerm(doctor, early.member, { from, until: null });
    await assert.rejects(accept(early), { code: 'INVITATION_EARLY', fields: { from } });
    await setTerm(doctor, early.member, null);
    await accept(early);
  });

  it('is made for no doctor with a term, and by no desk', async () => {
    for (const [role, term] of [
      ['doctor', { from: null, until: 5 }],
      ['desk', { from: 5, until: 5 }],
      ['desk', { from: 1.5, until: null }],
      ['desk', { from: null, until: -1 }],
    ] as const)
      await assert.rejects(invite({ role, term }), { code: 'TERM_INVALID' });
    const { seed } = await addMember(doctor, 'desk');
    const desk = await openDevice(made, { seed });
    const asked = inviteMember(desk, { role: 'desk', name: names, term: null });
    await assert.rejects(
      asked,
      (error: { fields?: { refusal?: string } }) => error.fields?.refusal === 'ROLE_FORBIDDEN',
    );
    await desk.lock();
  });

  it('is one that two people cannot both accept', async () => {
    const asked = await invite();
    const both = await Promise.allSettled([accept(asked), accept(asked)]);
    assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    const failure = both.find(({ status }) => status === 'rejected');
    assert.equal((failure as PromiseRejectedResult).reason.code, 'INVITATION_USED');
  });

  it('is made anew for a member who has nothing left to enter with, and only then', async () => {
    const asked = await invite({ role: 'substitute' });
    await assert.rejects(inviteAgain(doctor, asked.member), { code: 'MEMBER_ACTIVE' });
    await assert.rejects(inviteAgain(doctor, '00'.repeat(16)), { code: 'MEMBER_UNKNOWN' });
    await cancelInvitation(doctor, asked.member);
    const again = await inviteAgain(doctor, asked.member);
    assert.equal(again.member, asked.member);
    await assert.rejects(accept(asked), { code: 'INVITATION_CANCELLED' });
    const { seed } = await accept(again);
    const device = await openDevice(made, { seed });
    assert.ok(titles(await device.readPatient('Patient/anna')).includes('Note du médecin'));
    assert.deepEqual(device.status().findings, []);
    await device.lock();
  });
});

describe('a member who was removed', () => {
  it('is invited again, and reads all but the notes that its first devices alone could open', async () => {
    const { member } = await addMember(doctor, 'substitute');
    const own = `private/${member}`;
    await removeMember(doctor, member);
    const { seed } = await accept(await inviteAgain(doctor, member));
    const device = await openDevice(made, { seed });
    assert.ok(titles(await device.readPatient('Patient/anna')).includes('Note du médecin'));
    assert.deepEqual([device.keyring.canRead(own), device.mirror.governance.members.get(member)?.isOwn], [false, true]);
    await create(device, 'anna', note('three', 'anna', 'De retour'));
    await settle(device);
    assert.deepEqual(device.status().findings, []);
    await device.lock();
  });
});

describe('an invitation whose line is cut', () => {
  it('stands whole or not at all when it is made, and what nobody can accept can be cancelled', async () => {
    const waiting = async () => {
      await doctor.sync();
      const { members } = await vaultView(doctor);
      return members.filter(({ devices }) =>
        devices.some((one) => one.label === 'invitation' && one.revokedAt === null),
      );
    };
    const before = (await waiting()).length;
    for (const at of ['sending', 'answer'] as const) {
      const wasCut = await cutShort(made, { request: 1, at }, (cut) =>
        inviteMember(cut, { role: 'desk', name: names, term: null }),
      );
      assert.equal(wasCut, true);
      const left = await waiting();
      assert.equal(left.length, before + (at === 'answer' ? 1 : 0), at);
    }
    const orphan = (await waiting()).at(-1);
    assert.equal(orphan?.name, 'Léa Martin');
    await cancelInvitation(doctor, orphan?.member ?? '');
    assert.equal((await waiting()).length, before);
    assert.equal(
      await cutShort(made, { request: 2, at: 'sending' }, (cut) =>
        inviteMember(cut, { role: 'desk', name: names, term: null }),
      ),
      false,
    );
  });

  it('is accepted by asking again with the same seed, wherever it was cut', async () => {
    for (const at of ['sending', 'answer'] as const) {
      const asked = await invite();
      const seed = newSeed();
      const network = new CutNetwork({ request: 1, at });
      const cut = new Transport({ baseUrl: made.url, fetch: network.fetchCut });
      await assert.rejects(accept({ ...asked, transport: cut, seed }), { code: 'UNREACHABLE' });
      assert.equal(network.wasCut, true);
      await accept({ ...asked, seed });
      const device = await openDevice(made, { seed });
      const { author } = await seedToSigner(seed);
      assert.equal(device.mirror.governance.authors.get(hex(author))?.member, asked.member);
      assert.equal(device.mirror.governance.members.get(asked.member)?.generation, 2);
      await device.lock();
      if (at === 'answer') await assert.rejects(accept({ ...asked, seed: newSeed() }), { code: 'INVITATION_USED' });
    }
  });

  it('is accepted after other governance that came first', async () => {
    const asked = await invite();
    const transport = new Transport({ baseUrl: made.url });
    const other = await invite();
    const append = transport.append.bind(transport);
    let isFirst = true;
    transport.append = async (entries) => {
      if (isFirst) await setTerm(doctor, other.member, { from: null, until: 4_000_000_000_000 });
      isFirst = false;
      return append(entries);
    };
    await accept({ ...asked, transport });
    await doctor.sync();
    assert.equal(doctor.mirror.governance.members.get(asked.member)?.isOwn, true);
  });
});
