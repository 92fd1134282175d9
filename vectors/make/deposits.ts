import { type Bytes, bytesToHex, utf8ToBytes } from '../../packages/core/src/bytes.ts';
import { sha256 } from '../../packages/core/src/hash.ts';
import { governanceStream, inboxStream } from '../../packages/core/src/journal/header.ts';
import { sealOwnKey } from '../../packages/core/src/keys/deposit.ts';
import { seedToRecipient } from '../../packages/core/src/keys/seed.ts';
import { wrapSecret } from '../../packages/core/src/keys/wrap.ts';
import type { Draft, TestMember } from '../../packages/core/test/journal/practice-fixture.ts';
import { signerNamed } from '../../packages/core/test/journal/signer.ts';
import { Scenarios } from './authorize-scenarios.ts';
import { vectorPractice } from './vector-practice.ts';

const other = sha256(utf8ToBytes('no entry of this journal'));

type Scene = Awaited<ReturnType<typeof setUp>>;

/** Who deposits what it may not read, and where. */
export async function tryDeposits(): Promise<Scenarios> {
  const scene = await setUp();
  await tryAuthors(scene);
  await tryPlaces(scene);
  await tryStanding(scene);
  return scene.scenarios;
}

async function setUp() {
  const scenarios = new Scenarios(await vectorPractice('deposits'));
  const { practice } = scenarios;
  // Nothing of what follows is of the genesis batch.
  await practice.appendRecords();
  const desk = await practice.addMember('desk', ['admin']);
  const other = await practice.addMember('desk', ['admin']);
  const accountant = await practice.addMember('accountant', ['billing']);
  const secretary = await practice.addMember('medical-secretary', ['admin', 'clinical']);
  const substitute = await practice.addMember('substitute', ['admin']);
  const kit = await signerNamed('serment vectors depositing kit');
  await practice.append({ signer: desk.device, body: await practice.kitBody(desk.member, kit) });
  const script = await signerNamed('serment vectors depositing script');
  await practice.append({ signer: desk.device, body: await practice.deviceBody(desk.member, script, 'script') });
  const passkey = await signerNamed('serment vectors depositing passkey');
  await practice.append({ signer: desk.device, body: await practice.deviceBody(desk.member, passkey, 'passkey') });
  const depositBy = ({ member, device }: TestMember): Draft & { stream: Bytes } => ({
    signer: device,
    body: practice.depositBody(),
    stream: inboxStream(member),
    compartment: 'clinical',
  });
  return { scenarios, desk, other, accountant, secretary, substitute, kit, script, passkey, depositBy };
}

async function tryAuthors(scene: Scene): Promise<void> {
  const { scenarios, desk, other: colleague, accountant, secretary, substitute, depositBy } = scene;
  const { practice } = scenarios;
  await scenarios.try(null, 'a deposit of a desk', depositBy(desk));
  await scenarios.try(null, 'a deposit of an accountant', depositBy(accountant));
  await scenarios.try(null, 'a deposit of a desk\u2019s script', { ...depositBy(desk), signer: scene.script });
  await scenarios.try(null, 'a deposit that names documents', {
    ...depositBy(desk),
    blobs: [{ hash: other, size: 9 }],
  });
  const founder = { member: practice.founder, device: practice.device };
  for (const [name, who] of [
    ['a doctor', founder],
    ['a medical secretary', secretary],
    ['a substitute who was granted nothing', substitute],
  ] as const)
    await scenarios.try('ROLE_FORBIDDEN', `a deposit of ${name}`, depositBy(who));
  for (const [name, signer] of [
    ['a desk\u2019s kit', scene.kit],
    ['a desk\u2019s passkey', scene.passkey],
    ['the host', practice.host],
  ] as const)
    await scenarios.try('ROLE_FORBIDDEN', `a deposit of ${name}`, { ...depositBy(desk), signer });
  await scenarios.try('ROLE_FORBIDDEN', 'a deposit in the inbox of another desk', {
    ...depositBy(desk),
    stream: inboxStream(colleague.member),
  });
  await scenarios.try('ROLE_FORBIDDEN', 'a deposit in the inbox of nobody', {
    ...depositBy(desk),
    stream: inboxStream(practice.random(16)),
  });
  const stranger = await signerNamed('serment vectors depositing stranger');
  await scenarios.try('AUTHOR_UNKNOWN', 'a deposit of a stranger', { ...depositBy(desk), signer: stranger });
}

async function tryPlaces({ scenarios, desk, secretary, depositBy }: Scene): Promise<void> {
  const { practice } = scenarios;
  const deposit = depositBy(desk);
  await scenarios.try('PRACTICE_MISMATCH', 'a deposit of another practice', { ...deposit, practice: other });
  await scenarios.try('STREAM_FORBIDDEN', 'a deposit in a stream of records', {
    ...deposit,
    stream: practice.random(16),
  });
  await scenarios.try('STREAM_FORBIDDEN', 'a deposit in the governance stream', {
    ...deposit,
    stream: governanceStream,
  });
  await scenarios.try('STREAM_FORBIDDEN', 'records in an inbox, by who deposits there', {
    ...{ signer: desk.device, body: { kind: 'records', binding: false } },
    stream: deposit.stream,
  });
  await scenarios.try('STREAM_FORBIDDEN', 'records in an inbox, by who reads it', {
    ...{ signer: secretary.device, body: { kind: 'records', binding: false } },
    ...{ stream: deposit.stream, compartment: 'clinical' },
  });
  await scenarios.try('STREAM_FORBIDDEN', 'a snapshot of an inbox', {
    ...{ signer: secretary.device, body: { kind: 'snapshot', index: 0, id: other } },
    ...{ stream: deposit.stream, compartment: 'clinical' },
  });
  await scenarios.try('PAYLOAD_REQUIRED', 'a deposit without payload', { ...deposit, payloadHash: null });
  await scenarios.try('COMPARTMENT_UNKNOWN', 'a deposit in admin', { ...deposit, compartment: 'admin' });
  await scenarios.try('COMPARTMENT_UNKNOWN', 'a deposit in no compartment', { ...deposit, compartment: null });
  await scenarios.try('EPOCH_STALE', 'a deposit to an epoch that is not yet', { ...deposit, epoch: 2 });
  await scenarios.try('PREV_STALE', 'a deposit after an entry that is not its author\u2019s last', {
    ...deposit,
    prev: other,
  });
  await scenarios.try('SEEN_REQUIRED', 'a deposit that saw nothing', { ...deposit, seen: null });
  await practice.append(deposit);
  await scenarios.try(null, 'a second deposit', depositBy(desk));
  await scenarios.try(null, 'a deposit on an older base', { ...depositBy(desk), base: null });
  await scenarios.try('STREAM_FORBIDDEN', 'a deposit in an inbox, of another compartment than the first', {
    ...depositBy(desk),
    compartment: 'billing',
  });
  await practice.append({ signer: practice.device, body: practice.epochBody('clinical') });
  await scenarios.try('EPOCH_STALE', 'a deposit to the epoch before', { ...depositBy(desk), epoch: 1 });
  await scenarios.try(null, 'a deposit to the next epoch, whoever holds it', depositBy(desk));
}

async function tryStanding({ scenarios, desk, depositBy }: Scene): Promise<void> {
  const { practice } = scenarios;
  await practice.append({ signer: practice.device, body: practice.freezeBody(desk.device.author) });
  await scenarios.try('AUTHOR_FROZEN', 'a deposit of a device that is stopped', depositBy(desk));
  await practice.append({ signer: practice.device, body: practice.freezeBody(desk.device.author, false) });
  const term = { kind: 'term', member: desk.member, from: null, until: 1 } as const;
  await practice.append({ signer: practice.device, body: term });
  await scenarios.try('TERM_OUTSIDE', 'a deposit after its member\u2019s term', depositBy(desk));
  await practice.append({ signer: practice.device, body: practice.revokeBody(desk.device.author) });
  await scenarios.try('AUTHOR_REVOKED', 'a deposit of a revoked device', depositBy(desk));
}

/** What opens a deposit, to who holds its inbox and to who made it. */
export async function makeDepositKeys(): Promise<object> {
  const named = (name: string) => sha256(utf8ToBytes(`serment vectors deposit ${name}`));
  const [inboxSeed, practice, author, secret, privateKey] = [
    named('inbox'),
    named('practice'),
    named('author'),
    named('key'),
    named('private epoch'),
  ];
  const subject = ['clinical', 2, author] as const;
  const recipient = await seedToRecipient(inboxSeed);
  const wrap = await wrapSecret({ purpose: 'deposit', practice, subject, recipient, secret });
  const salt = (sizeBytes: number) => named('salt').slice(0, sizeBytes);
  const sealed = await sealOwnKey(privateKey, { practice, author, wrap }, secret, salt);
  const asEpoch = await wrapSecret({ purpose: 'epoch', practice, subject: ['clinical', 2], recipient, secret });
  const base = {
    ...{ inboxSeed: bytesToHex(inboxSeed), practice: bytesToHex(practice), author: bytesToHex(author), epoch: 2 },
    ...{ privateKey: bytesToHex(privateKey), wrap: bytesToHex(wrap), sealed: bytesToHex(sealed) },
  };
  const changed = bytesToHex(sealed.with(-1, (sealed.at(-1) ?? 0) ^ 1));
  const other = bytesToHex(named('other'));
  const [wrapError, ownError] = ['WRAP_INVALID', 'SEALED_INVALID'];
  return [
    { name: 'deposit', ...base, secret: bytesToHex(secret) },
    { name: 'deposit: of another practice', ...base, practice: other, wrapError, ownError },
    { name: 'deposit: of another author', ...base, author: other, wrapError, ownError },
    { name: 'deposit: to another epoch', ...base, epoch: 3, wrapError },
    { name: 'deposit: to another inbox', ...base, inboxSeed: other, wrapError },
    { name: 'deposit: a key wrapped as an epoch\u2019s', ...base, wrap: bytesToHex(asEpoch), wrapError, ownError },
    { name: 'deposit: under another private epoch', ...base, privateKey: other, ownError },
    { name: 'deposit: a key for its author that was changed', ...base, sealed: changed, ownError },
  ];
}
