import { utf8ToBytes } from '../../packages/core/src/bytes.ts';
import { sha256 } from '../../packages/core/src/hash.ts';
import { signerNamed } from '../../packages/core/test/journal/signer.ts';
import { Scenarios } from './authorize-scenarios.ts';
import { vectorPractice } from './vector-practice.ts';

const inAdmin = { compartment: 'admin', epoch: 1 } as const;
const other = sha256(utf8ToBytes('no entry of this journal'));

type Scene = Awaited<ReturnType<typeof setUp>>;

/** Who may restrict a stream, say it anew, and open it with a reason. */
export async function tryRestrictions(): Promise<Scenarios> {
  const scene = await setUp();
  await tryRestricting(scene);
  const { practice } = scene.scenarios;
  const named = [practice.founder, scene.secretary.member];
  await practice.append({ signer: practice.device, body: practice.restrictBody(scene.stream, named) });
  await tryLifting(scene);
  await tryReasons(scene);
  await tryAfterwards(scene);
  return scene.scenarios;
}

async function setUp() {
  const scenarios = new Scenarios(await vectorPractice('restrictions'));
  const { practice } = scenarios;
  // Nothing of what follows is of the genesis batch.
  await practice.appendRecords();
  const { device: doctor, founder } = practice;
  const colleague = await practice.addMember('doctor', ['admin', 'clinical']);
  const secretary = await practice.addMember('medical-secretary', ['admin', 'clinical']);
  const desk = await practice.addMember('desk', ['admin']);
  const script = await signerNamed('serment vectors restricting script');
  await practice.append({ signer: doctor, body: await practice.deviceBody(founder, script, 'script') });
  const passkey = await signerNamed('serment vectors restricting passkey');
  await practice.append({ signer: doctor, body: await practice.deviceBody(founder, passkey, 'passkey') });
  const deskKit = await signerNamed('serment vectors restricting desk kit');
  await practice.append({ signer: desk.device, body: await practice.kitBody(desk.member, deskKit) });
  const stream = practice.random(16);
  return { scenarios, colleague, secretary, desk, script, passkey, deskKit, stream };
}

async function tryRestricting({
  scenarios,
  colleague,
  secretary,
  desk,
  script,
  passkey,
  deskKit,
  stream,
}: Scene): Promise<void> {
  const { practice } = scenarios;
  const { device: doctor, kit, host, founder } = practice;
  const restrict = practice.restrictBody(stream, [founder]);
  const lift = practice.restrictBody(stream, null);

  await scenarios.try(null, 'a stream restricted by a doctor\u2019s device', { signer: doctor, body: restrict });
  await scenarios.try(null, 'a stream restricted by a doctor\u2019s kit', { signer: kit, body: restrict });
  await scenarios.try(null, 'a stream restricted to another than its signer', {
    signer: doctor,
    body: practice.restrictBody(stream, [secretary.member]),
  });
  for (const [name, signer] of [
    ['a secretary', secretary.device],
    ['a desk', desk.device],
    ['a kit that is no doctor\u2019s', deskKit],
    ['a doctor\u2019s script', script],
    ['a doctor\u2019s passkey', passkey],
    ['the host', host],
  ] as const)
    await scenarios.try('ROLE_FORBIDDEN', `a stream restricted by ${name}`, { signer, body: restrict });
  await scenarios.try('MEMBER_UNKNOWN', 'a stream restricted to nobody known', {
    signer: doctor,
    body: practice.restrictBody(stream, [founder, practice.random(16)]),
  });
  await scenarios.try('BASE_STALE', 'a stream restricted on an older base', {
    signer: doctor,
    body: restrict,
    base: other,
  });
  await scenarios.try('COMPARTMENT_UNKNOWN', 'a restriction under a compartment', {
    ...{ signer: doctor, body: restrict },
    ...inAdmin,
  });
  await scenarios.try('RESTRICT_UNKNOWN', 'a restriction lifted that never was', { signer: doctor, body: lift });
  const glass = practice.glassBody(stream);
  await scenarios.try('RESTRICT_UNKNOWN', 'a stream opened with a reason that is not restricted', {
    signer: colleague.device,
    body: glass,
  });
}

async function tryLifting({ scenarios, colleague, stream }: Scene): Promise<void> {
  const { practice } = scenarios;
  const { device: doctor, kit } = practice;
  const lift = practice.restrictBody(stream, null);
  for (const [name, body] of [
    ['lifted', lift],
    ['restricted anew', practice.restrictBody(stream, [colleague.member])],
  ] as const)
    await scenarios.try('ROLE_FORBIDDEN', `a stream ${name} by a doctor who is not named`, {
      signer: colleague.device,
      body,
    });
  await scenarios.try(null, 'a restriction lifted by a doctor who is named', { signer: doctor, body: lift });
  await scenarios.try(null, 'a restriction lifted by a doctor\u2019s kit', { signer: kit, body: lift });
}

async function tryReasons({ scenarios, colleague, secretary, desk, script, passkey, stream }: Scene): Promise<void> {
  const { practice } = scenarios;
  const { device: doctor, kit, host } = practice;
  const glass = practice.glassBody(stream);
  await scenarios.try(null, 'a stream opened with a reason by who is not named', {
    signer: colleague.device,
    body: glass,
  });
  for (const [name, signer] of [
    ['a doctor who is named', doctor],
    ['a secretary who is named', secretary.device],
  ] as const)
    await scenarios.try('RESTRICT_UNKNOWN', `a stream opened with a reason by ${name}`, { signer, body: glass });
  await scenarios.try('GRANT_MISSING', 'a stream opened with a reason by a desk', { signer: desk.device, body: glass });
  for (const [name, signer] of [
    ['a kit', kit],
    ['a script', script],
    ['a passkey', passkey],
    ['the host', host],
  ] as const)
    await scenarios.try('ROLE_FORBIDDEN', `a stream opened with a reason by ${name}`, { signer, body: glass });
  await scenarios.try('EPOCH_STALE', 'a reason under another epoch', {
    signer: colleague.device,
    body: { ...glass, number: glass.number + 1 },
  });
  await scenarios.try('BASE_STALE', 'a reason on an older base', {
    signer: colleague.device,
    body: glass,
    base: other,
  });
  await scenarios.try('COMPARTMENT_UNKNOWN', 'a reason under a compartment', {
    ...{ signer: colleague.device, body: glass },
    ...inAdmin,
  });
  await scenarios.try('RESTRICT_UNKNOWN', 'a reason for another stream', {
    signer: colleague.device,
    body: practice.glassBody(practice.random(16)),
  });
}

async function tryAfterwards({ scenarios, colleague, secretary, stream }: Scene): Promise<void> {
  const { practice } = scenarios;
  const { device: doctor, founder } = practice;
  const lift = practice.restrictBody(stream, null);
  await practice.append({ signer: colleague.device, body: practice.glassBody(stream) });
  await scenarios.try('RESTRICT_UNKNOWN', 'a stream opened twice with a reason', {
    signer: colleague.device,
    body: practice.glassBody(stream),
  });
  await scenarios.try('ROLE_FORBIDDEN', 'a restriction lifted by who opened it with a reason', {
    signer: colleague.device,
    body: lift,
  });
  await practice.append({ signer: doctor, body: practice.restrictBody(stream, [founder]) });
  await scenarios.try(null, 'a stream opened again after it was restricted anew', {
    signer: colleague.device,
    body: practice.glassBody(stream),
  });
  await scenarios.try(null, 'a stream opened with a reason by who is named no more', {
    signer: secretary.device,
    body: practice.glassBody(stream),
  });
  await practice.append({ signer: doctor, body: lift });
  await scenarios.try('RESTRICT_UNKNOWN', 'a restriction lifted twice', { signer: doctor, body: lift });
  await scenarios.try(null, 'a stream restricted after it was lifted, by another doctor', {
    signer: colleague.device,
    body: practice.restrictBody(stream, [colleague.member]),
  });
}
