import { bytesToHex, utf8ToBytes } from '../../packages/core/src/bytes.ts';
import { sha256 } from '../../packages/core/src/hash.ts';
import type { Body, HolderLabel } from '../../packages/core/src/journal/body.ts';
import type { Draft, TestMember } from '../../packages/core/test/journal/practice-fixture.ts';
import { signerNamed, type TestSigner } from '../../packages/core/test/journal/signer.ts';
import { Scenarios } from './authorize-scenarios.ts';
import { vectorPractice } from './vector-practice.ts';

const other = sha256(utf8ToBytes('no entry of this journal'));
const records = { kind: 'records', binding: false } as const;

/** A practice with a desk and a secretary, whose members enter with all that there is. */
interface Scene {
  readonly scenarios: Scenarios;
  readonly desk: TestMember;
  readonly secretary: TestMember;
  readonly passkey: TestSigner;
  readonly doctorPasskey: TestSigner;
  readonly script: TestSigner;
  readonly deskKit: TestSigner;
}

/** Who may act, when, and as what: invitations, passkeys, terms, freezes. */
export async function tryStanding(): Promise<Scenarios> {
  const scenarios = new Scenarios(await vectorPractice('standing'));
  const { practice } = scenarios;
  // Nothing of what follows is of the genesis batch.
  await practice.appendRecords();
  const desk = await practice.addMember('desk', ['admin']);
  const secretary = await practice.addMember('medical-secretary', ['admin', 'clinical']);
  const name = async (owner: { member: TestMember['member']; by: TestSigner }, holder: string, label: HolderLabel) => {
    const signer = await signerNamed(`serment vectors ${holder}`);
    await practice.append({ signer: owner.by, body: await practice.deviceBody(owner.member, signer, label) });
    return signer;
  };
  const ofDesk = { member: desk.member, by: desk.device };
  const ofDoctor = { member: practice.founder, by: practice.device };
  const passkey = await name(ofDesk, 'desk passkey', 'passkey');
  const doctorPasskey = await name(ofDoctor, 'doctor passkey', 'passkey');
  const script = await name(ofDoctor, 'doctor script', 'script');
  const deskKit = await signerNamed('serment vectors desk kit');
  await practice.append({ signer: desk.device, body: await practice.kitBody(desk.member, deskKit) });
  const scene = { scenarios, desk, secretary, passkey, doctorPasskey, script, deskKit };
  await tryPasskeys(scene);
  await tryInvitations(scene);
  await tryTerms(scene);
  await tryFreezes(scene);
  await tryHolds(scene);
  await tryFrozen(scene);
  return scenarios;
}

async function tryPasskeys({ scenarios, desk, secretary, passkey, doctorPasskey, deskKit }: Scene): Promise<void> {
  const { practice } = scenarios;
  const { founder, device, kit } = practice;
  const fresh = await signerNamed('serment vectors fresh');
  const own = await practice.deviceBody(desk.member, fresh);
  const allowed: readonly (readonly [string, TestSigner, Body])[] = [
    ['a device by a passkey of its member', passkey, own],
    ['a passkey by a passkey of its member', passkey, { ...own, label: 'passkey' }],
    ['an invitation by a passkey of its member', passkey, { ...own, label: 'invitation' }],
    ['a next generation by a passkey of its member', passkey, practice.memberBody(desk.member, 'desk')],
    ['a device revoked by a passkey of its member', passkey, practice.revokeBody(desk.device.author)],
    ['a passkey revoked by itself', passkey, practice.revokeBody(passkey.author)],
    ['a doctor\u2019s kit revoked by a passkey of its member', doctorPasskey, practice.revokeBody(kit.author)],
  ];
  for (const [name, signer, body] of allowed) await scenarios.try(null, name, { signer, body });
  const epoch = practice.epochBody('clinical');
  const forbidden: readonly (readonly [string, Body])[] = [
    ['a kit', await practice.kitBody(founder, fresh)],
    ['a new member', practice.memberBody(practice.random(16), 'desk')],
    ['another member\u2019s next generation', practice.memberBody(secretary.member, 'medical-secretary')],
    ['another member\u2019s device', await practice.deviceBody(secretary.member, fresh)],
    ['another member\u2019s device revoked', practice.revokeBody(secretary.device.author)],
    ['nobody\u2019s device revoked', practice.revokeBody(other)],
    ['an epoch', epoch],
    ['an epoch of its private compartment', { ...epoch, compartment: `private/${bytesToHex(founder)}`, number: 2 }],
    ['a grant', practice.grantBody('billing', secretary.member)],
    ['a term', { kind: 'term', member: desk.member, from: null, until: null }],
    ['a freeze', practice.freezeBody(secretary.device.author)],
    ['a host', { kind: 'host', hostAuthor: other }],
    ['a restore acknowledged', { kind: 'restore-ack', fence: 2, size: practice.size, root: practice.root() }],
    ['records', records],
    ['a snapshot', { kind: 'snapshot', index: 12, id: other }],
    ['heads', { kind: 'heads', ...practice.head() }],
    ['opened', { kind: 'opened' }],
    ['reread', { kind: 'reread' }],
    ['a trace of the host', { kind: 'operator', action: 'start', detail: '' }],
  ];
  for (const [name, body] of forbidden)
    await scenarios.try('ROLE_FORBIDDEN', `${name} by a passkey of a doctor`, { signer: doctorPasskey, body });
  await scenarios.try(null, 'a device revoked by a kit of its member, no doctor', {
    signer: deskKit,
    body: practice.revokeBody(desk.device.author),
  });
  await scenarios.try('ROLE_FORBIDDEN', 'another member\u2019s device revoked by a desk\u2019s kit', {
    signer: deskKit,
    body: practice.revokeBody(secretary.device.author),
  });
  await scenarios.try('HOLDERS_MISMATCH', 'a passkey left out of a generation', {
    signer: device,
    body: leavingOut(practice.memberBody(desk.member, 'desk'), passkey),
  });
}

async function tryInvitations({ scenarios, desk }: Scene): Promise<void> {
  const { practice } = scenarios;
  const { device: doctor, kit, founder } = practice;
  const [invitation, fresh] = [
    await signerNamed('serment vectors invitation'),
    await signerNamed('serment vectors own'),
  ];
  const member = practice.random(16);
  await practice.append({ signer: doctor, body: practice.memberBody(member, 'substitute') });
  const invited = await practice.deviceBody(member, invitation, 'invitation');
  await scenarios.try(null, 'an invitation by a doctor, of a member who has no holder', {
    signer: doctor,
    body: invited,
  });
  await scenarios.try('ROLE_FORBIDDEN', 'an invitation by a doctor\u2019s kit', { signer: kit, body: invited });
  await scenarios.try('ROLE_FORBIDDEN', 'an invitation by another member', { signer: desk.device, body: invited });
  await scenarios.try('ROLE_FORBIDDEN', 'an invitation by a doctor, of a member who has a device', {
    signer: doctor,
    body: await practice.deviceBody(desk.member, fresh, 'invitation'),
  });
  await scenarios.try(null, 'an invitation by a device of the member', {
    signer: desk.device,
    body: await practice.deviceBody(desk.member, fresh, 'invitation'),
  });
  await practice.append({ signer: doctor, body: invited });
  await scenarios.try('ROLE_FORBIDDEN', 'a second invitation by a doctor', {
    signer: doctor,
    body: await practice.deviceBody(member, fresh, 'invitation'),
  });
  await scenarios.try(null, 'a grant to a member who has an invitation alone', {
    signer: doctor,
    body: practice.grantBody('admin', member),
  });
  await practice.append({ signer: doctor, body: practice.grantBody('admin', member) });
  const own = await practice.deviceBody(member, fresh);
  for (const label of ['browser', 'cli'] as const)
    await scenarios.try(null, `a device ${label} by its invitation`, { signer: invitation, body: { ...own, label } });
  for (const label of ['script', 'passkey', 'invitation'] as const)
    await scenarios.try('ROLE_FORBIDDEN', `a ${label} by an invitation`, {
      signer: invitation,
      body: { ...own, label },
    });
  await scenarios.try(null, 'an invitation revoked by itself', {
    signer: invitation,
    body: practice.revokeBody(invitation.author),
  });
  await scenarios.try(null, 'an invitation revoked by a doctor', {
    signer: doctor,
    body: practice.revokeBody(invitation.author),
  });
  const forbidden: readonly (readonly [string, Body])[] = [
    ['another member\u2019s device', await practice.deviceBody(desk.member, fresh)],
    ['a kit', await practice.kitBody(member, fresh)],
    ['a next generation', practice.memberBody(member, 'substitute')],
    ['a new member', practice.memberBody(practice.random(16), 'desk')],
    ['another holder revoked', practice.revokeBody(desk.device.author)],
    [
      'an epoch',
      { ...practice.epochBody('admin'), compartment: `private/${bytesToHex(member)}`, number: 1, sealedPrevious: null },
    ],
    ['a grant', practice.grantBody('admin', founder)],
    ['a freeze', practice.freezeBody(desk.device.author)],
    ['records', records],
    ['opened', { kind: 'opened' }],
    ['reread', { kind: 'reread' }],
  ];
  for (const [name, body] of forbidden)
    await scenarios.try('ROLE_FORBIDDEN', `${name} by an invitation`, { signer: invitation, body });
  await practice.append({ signer: invitation, body: own });
  await scenarios.try(null, 'records of a device that an invitation named', { signer: fresh, body: records });
  await practice.append({ signer: invitation, body: practice.revokeBody(invitation.author) });
  await scenarios.try('AUTHOR_REVOKED', 'a device by an invitation that is used', {
    signer: invitation,
    body: await practice.deviceBody(member, await signerNamed('serment vectors late')),
  });
}

async function tryTerms({ scenarios, desk, secretary, passkey, deskKit }: Scene): Promise<void> {
  const { practice } = scenarios;
  const { device: doctor, kit, founder, host } = practice;
  const start = practice.clock();
  const [from, until] = [start + 1_000_000, start + 2_000_000];
  const term = { kind: 'term', member: desk.member, from, until } as const;
  await scenarios.try(null, 'a term by a doctor\u2019s device', { signer: doctor, body: term });
  const forbidden: readonly (readonly [string, TestSigner])[] = [
    ['a doctor\u2019s kit', kit],
    ['the member itself', desk.device],
    ['another member', secretary.device],
    ['the host', host],
  ];
  for (const [name, signer] of forbidden)
    await scenarios.try('ROLE_FORBIDDEN', `a term by ${name}`, { signer, body: term });
  await scenarios.try('ROLE_FORBIDDEN', 'a term of a doctor', { signer: doctor, body: { ...term, member: founder } });
  await scenarios.try('MEMBER_UNKNOWN', 'a term of nobody', {
    signer: doctor,
    body: { ...term, member: practice.random(16) },
  });
  await scenarios.try('BASE_STALE', 'a term on an older base', { signer: doctor, body: term, base: other });
  await practice.append({ signer: doctor, body: term });
  const of = async (name: string, draft: Draft) => {
    const at = (receivedAt: number) => ({ ...draft, receivedAt });
    await scenarios.try('TERM_OUTSIDE', `${name} a millisecond before its term`, at(from - 1));
    await scenarios.try(null, `${name} as its term begins`, at(from));
    await scenarios.try(null, `${name} a millisecond before its term ends`, at(until - 1));
    await scenarios.try('TERM_OUTSIDE', `${name} as its term ends`, at(until));
  };
  await of('records of a member', { signer: desk.device, body: records });
  await of('a next generation by a passkey', { signer: passkey, body: practice.memberBody(desk.member, 'desk') });
  await of('a freeze by a kit', { signer: deskKit, body: practice.freezeBody(doctor.author) });
  await scenarios.try('TERM_OUTSIDE', 'an entry of a member outside its term that has another fault', {
    signer: desk.device,
    body: records,
    prev: other,
    receivedAt: until,
  });
  await scenarios.try(null, 'records of another member outside that term', {
    signer: secretary.device,
    body: records,
    receivedAt: until,
  });
  await scenarios.try(null, 'a next generation, by a doctor, of a member outside its term', {
    signer: doctor,
    body: practice.memberBody(desk.member, 'desk'),
    receivedAt: until,
  });
  await practice.append({ signer: doctor, body: practice.memberBody(desk.member, 'desk') });
  await scenarios.try('TERM_OUTSIDE', 'records outside a term that was given before the last generation', {
    signer: desk.device,
    body: records,
    receivedAt: until,
  });
  await practice.append({ signer: doctor, body: { ...term, until: null } });
  await scenarios.try(null, 'records after an end that was taken away', {
    signer: desk.device,
    body: records,
    receivedAt: until,
  });
  await scenarios.try('TERM_OUTSIDE', 'records before a beginning that was left', {
    signer: desk.device,
    body: records,
    receivedAt: from - 1,
  });
  await practice.append({ signer: doctor, body: { ...term, from: null, until: start } });
  await scenarios.try('TERM_OUTSIDE', 'records of a member whose end was moved to the past', {
    signer: desk.device,
    body: records,
  });
  await practice.append({ signer: doctor, body: { ...term, from: null, until: null } });
  await scenarios.try(null, 'records of a member whose term was lifted', { signer: desk.device, body: records });
}

async function tryFreezes({
  scenarios,
  desk,
  secretary,
  passkey,
  doctorPasskey,
  script,
  deskKit,
}: Scene): Promise<void> {
  const { practice } = scenarios;
  const { device: doctor, kit, host } = practice;
  const suspect = secretary.device;
  const body = practice.freezeBody(suspect.author);
  for (const [name, signer] of [
    ['a doctor\u2019s device', doctor],
    ['another member\u2019s device', desk.device],
    ['a doctor\u2019s kit', kit],
    ['another member\u2019s kit', deskKit],
  ] as const) {
    await scenarios.try(null, `a device frozen by ${name}`, { signer, body });
    await scenarios.try('FREEZE_UNKNOWN', `nobody frozen by ${name}`, { signer, body: practice.freezeBody(other) });
  }
  for (const [name, signer] of [
    ['itself', suspect],
    ['a script', script],
    ['a passkey', doctorPasskey],
    ['the host', host],
  ] as const)
    await scenarios.try('ROLE_FORBIDDEN', `a device frozen by ${name}`, { signer, body });
  await scenarios.try(null, 'a device frozen on an older base', { signer: doctor, body, base: other });
  await scenarios.try(null, 'a device frozen on no base', { signer: doctor, body, base: null });
  await scenarios.try(null, 'a doctor\u2019s device frozen by a desk', {
    signer: desk.device,
    body: practice.freezeBody(doctor.author),
  });
  await scenarios.try(null, 'a passkey frozen', { signer: doctor, body: practice.freezeBody(passkey.author) });
  await scenarios.try('FREEZE_UNKNOWN', 'a kit frozen', { signer: doctor, body: practice.freezeBody(deskKit.author) });
  await scenarios.try('FREEZE_UNKNOWN', 'the host frozen', { signer: doctor, body: practice.freezeBody(host.author) });
  await scenarios.try('FREEZE_UNKNOWN', 'a freeze undone that never was', {
    signer: doctor,
    body: practice.freezeBody(suspect.author, false),
  });
  await scenarios.try('COMPARTMENT_UNKNOWN', 'a freeze under a compartment', {
    signer: doctor,
    body,
    compartment: 'admin',
    epoch: 1,
  });
}

/** A device that is held: by a member, and by the host where the practice chose so. */
async function tryHolds({ scenarios, desk, secretary, passkey, doctorPasskey, script, deskKit }: Scene): Promise<void> {
  const { practice } = scenarios;
  const { device: doctor, kit, host } = practice;
  const suspect = secretary.device;
  const held = practice.freezeBody(suspect.author, 'held');
  const free = practice.freezeBody(suspect.author, false);
  const choice = { kind: 'hold', isOn: true } as const;
  for (const [name, signer] of [
    ['a desk', desk.device],
    ['a script of a doctor', script],
    ['a doctor\u2019s kit', kit],
    ['a doctor\u2019s passkey', doctorPasskey],
    ['the host', host],
  ] as const)
    await scenarios.try('ROLE_FORBIDDEN', `holds chosen by ${name}`, { signer, body: choice });
  await scenarios.try('BASE_STALE', 'holds chosen on an older base', { signer: doctor, body: choice, base: other });
  await scenarios.try('ROLE_FORBIDDEN', 'a device held by the host, where nobody chose it', {
    signer: host,
    body: held,
  });
  await scenarios.try(null, 'holds chosen by a doctor\u2019s device', { signer: doctor, body: choice });
  for (const [name, signer] of [
    ['a doctor\u2019s device', doctor],
    ['another member\u2019s device', desk.device],
    ['another member\u2019s kit', deskKit],
  ] as const)
    await scenarios.try(null, `a device held by ${name}`, { signer, body: held });
  for (const [name, signer] of [
    ['itself', suspect],
    ['a script', script],
    ['a passkey', doctorPasskey],
  ] as const)
    await scenarios.try('ROLE_FORBIDDEN', `a device held by ${name}`, { signer, body: held });
  await practice.append({ signer: doctor, body: choice });
  await scenarios.try(null, 'a device held by the host', { signer: host, body: held });
  await scenarios.try(null, 'a script held by the host', {
    signer: host,
    body: practice.freezeBody(script.author, 'held'),
  });
  for (const [name, author] of [
    ['a passkey', passkey.author],
    ['a kit', kit.author],
    ['nobody', other],
  ] as const)
    await scenarios.try('ROLE_FORBIDDEN', `${name} held by the host`, {
      signer: host,
      body: practice.freezeBody(author, 'held'),
    });
  await scenarios.try('ROLE_FORBIDDEN', 'a device frozen by the host, where holds are chosen', {
    signer: host,
    body: practice.freezeBody(suspect.author),
  });
  await scenarios.try('ROLE_FORBIDDEN', 'a device let go by the host that is not held', { signer: host, body: free });
  await tryHeld({ scenarios, desk, secretary, passkey, doctorPasskey, script, deskKit });
}

/** What a held device may do, and who lets it go. */
async function tryHeld({ scenarios, desk, secretary, doctorPasskey, script, deskKit }: Scene): Promise<void> {
  const { practice } = scenarios;
  const { device: doctor, kit, host } = practice;
  const suspect = secretary.device;
  const held = practice.freezeBody(suspect.author, 'held');
  const free = practice.freezeBody(suspect.author, false);
  const second = await signerNamed('serment vectors held second');
  await practice.append({ signer: suspect, body: await practice.deviceBody(secretary.member, second) });
  await practice.append({ signer: host, body: held });
  for (const [name, one] of [
    ['records', records],
    ['a device let go', free],
    ['another device', await practice.deviceBody(secretary.member, await signerNamed('serment vectors held late'))],
    ['another device held', practice.freezeBody(doctor.author, 'held')],
    ['its own revocation', practice.revokeBody(suspect.author)],
  ] as const)
    await scenarios.try('AUTHOR_HELD', `${name} by the held device itself`, { signer: suspect, body: one });
  await scenarios.try('FREEZE_UNKNOWN', 'a device held twice', { signer: doctor, body: held });
  for (const [name, signer] of [
    ['a doctor\u2019s device', doctor],
    ['another device of its member', second],
    ['another member\u2019s device', desk.device],
    ['a doctor\u2019s kit', kit],
    ['the host, which held it', host],
  ] as const)
    await scenarios.try(null, `a held device let go by ${name}`, { signer, body: free });
  for (const [name, signer] of [
    ['another member\u2019s kit', deskKit],
    ['a script', script],
    ['a passkey', doctorPasskey],
  ] as const)
    await scenarios.try('ROLE_FORBIDDEN', `a held device let go by ${name}`, { signer, body: free });
  await scenarios.try(null, 'a held device frozen', { signer: desk.device, body: practice.freezeBody(suspect.author) });
  await scenarios.try(null, 'a held device revoked', { signer: doctor, body: practice.revokeBody(suspect.author) });
  await practice.append({ signer: desk.device, body: practice.freezeBody(suspect.author) });
  await scenarios.try('FREEZE_UNKNOWN', 'a frozen device held', { signer: doctor, body: held });
  await scenarios.try('ROLE_FORBIDDEN', 'a device that was held and is frozen, let go by another member', {
    signer: desk.device,
    body: free,
  });
  await practice.append({ signer: doctor, body: free });
  await practice.append({ signer: desk.device, body: held });
  await scenarios.try('ROLE_FORBIDDEN', 'a device that a member holds, let go by the host', {
    signer: host,
    body: free,
  });
  await practice.append({ signer: desk.device, body: free });
  await scenarios.try(null, 'records of a device that was let go', { signer: suspect, body: records });
  await practice.append({ signer: doctor, body: { kind: 'hold', isOn: false } });
  await scenarios.try('ROLE_FORBIDDEN', 'a device held by the host, once nobody wants it', {
    signer: host,
    body: held,
  });
  await practice.append({ signer: doctor, body: practice.revokeBody(second.author) });
}

async function tryFrozen({ scenarios, desk, secretary, doctorPasskey, script, deskKit }: Scene): Promise<void> {
  const { practice } = scenarios;
  const { device: doctor, kit, host, founder } = practice;
  const suspect = secretary.device;
  const body = practice.freezeBody(suspect.author);
  const second = await signerNamed('serment vectors second');
  await practice.append({ signer: suspect, body: await practice.deviceBody(secretary.member, second) });
  await practice.append({ signer: desk.device, body });
  const undone = practice.freezeBody(suspect.author, false);
  await scenarios.try('FREEZE_UNKNOWN', 'a device frozen twice', { signer: doctor, body });
  for (const [name, one] of [
    ['records', records],
    ['a freeze undone', undone],
    ['its own revocation', practice.revokeBody(suspect.author)],
    ['a device', await practice.deviceBody(secretary.member, await signerNamed('serment vectors late'))],
  ] as const)
    await scenarios.try('AUTHOR_FROZEN', `${name} by the frozen device itself`, { signer: suspect, body: one });
  for (const [name, signer] of [
    ['a doctor\u2019s device', doctor],
    ['a doctor\u2019s kit', kit],
    ['another device of its member', second],
  ] as const)
    await scenarios.try(null, `a freeze undone by ${name}`, { signer, body: undone });
  for (const [name, signer] of [
    ['another member\u2019s device, which froze it', desk.device],
    ['another member\u2019s kit', deskKit],
    ['a doctor\u2019s script', script],
    ['a doctor\u2019s passkey', doctorPasskey],
    ['the host', host],
  ] as const)
    await scenarios.try('ROLE_FORBIDDEN', `a freeze undone by ${name}`, { signer, body: undone });
  await scenarios.try(null, 'a frozen device revoked', { signer: doctor, body: practice.revokeBody(suspect.author) });
  await scenarios.try(null, 'a next generation that is wrapped to a frozen device', {
    signer: second,
    body: practice.memberBody(secretary.member, 'medical-secretary'),
  });
  await scenarios.try('HOLDERS_MISMATCH', 'a next generation that leaves a frozen device out', {
    signer: second,
    body: leavingOut(practice.memberBody(secretary.member, 'medical-secretary'), suspect),
  });
  await practice.append({ signer: second, body: undone });
  await scenarios.try(null, 'records after a freeze that was undone', { signer: suspect, body: records });
  await practice.append({ signer: doctor, body: practice.freezeBody(desk.device.author) });
  await scenarios.try(null, 'a freeze undone by a kit of the member, no doctor', {
    signer: deskKit,
    body: practice.freezeBody(desk.device.author, false),
  });
  await practice.append({ signer: doctor, body: practice.freezeBody(desk.device.author, false) });
  await practice.append({ signer: desk.device, body: practice.freezeBody(doctor.author) });
  await scenarios.try('AUTHOR_FROZEN', 'a new member by a doctor\u2019s frozen device', {
    signer: doctor,
    body: practice.memberBody(practice.random(16), 'desk'),
  });
  await scenarios.try(null, 'a doctor\u2019s only device freed by the doctor\u2019s kit', {
    signer: kit,
    body: practice.freezeBody(doctor.author, false),
  });
  await practice.append({ signer: kit, body: practice.revokeBody(doctor.author) });
  await scenarios.try('AUTHOR_REVOKED', 'records of a device that is frozen and revoked', {
    signer: doctor,
    body: records,
  });
  await scenarios.try('FREEZE_UNKNOWN', 'a revoked device freed', {
    signer: kit,
    body: practice.freezeBody(doctor.author, false),
  });
  await scenarios.try('ROLE_FORBIDDEN', 'a doctor\u2019s passkey, alone, as a doctor', {
    signer: doctorPasskey,
    body: practice.revokeBody(suspect.author),
  });
  await scenarios.try(null, 'a doctor\u2019s new device by a passkey', {
    signer: doctorPasskey,
    body: await practice.deviceBody(founder, await signerNamed('serment vectors after')),
  });
}

function leavingOut(body: Body & { kind: 'member' }, holder: TestSigner): Body {
  const left = bytesToHex(holder.author);
  return { ...body, wraps: body.wraps.filter(({ author }) => bytesToHex(author) !== left) };
}
