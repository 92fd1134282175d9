import { type Bytes, bytesToHex, utf8ToBytes } from '../../packages/core/src/bytes.ts';
import { encodeCanonical } from '../../packages/core/src/cbor.ts';
import { sha256 } from '../../packages/core/src/hash.ts';
import { encodeStatement, type Statement } from '../../packages/core/src/journal/entry.ts';
import { governanceStream, hostStream } from '../../packages/core/src/journal/header.ts';
import type { Refusal } from '../../packages/core/src/journal/rules.ts';
import type { Draft, TestMember } from '../../packages/core/test/journal/practice-fixture.ts';
import { signerNamed, type TestSigner } from '../../packages/core/test/journal/signer.ts';
import { Scenarios } from './authorize-scenarios.ts';
import { tryDeposits } from './deposits.ts';
import { tryRestrictions } from './restrictions.ts';
import { tryStanding } from './standing.ts';
import { drillBody, entriesToHex, rawStatement, vectorPractice } from './vector-practice.ts';
import { tryWitnesses } from './witnesses.ts';

const other = sha256(utf8ToBytes('no entry of this journal'));

export async function makeAuthorize(): Promise<object> {
  const practice = await vectorPractice('authorize');
  const scenarios = new Scenarios(practice);
  await tryGenesis(scenarios);
  await tryPlace(scenarios);
  await tryMembers(scenarios);
  await tryHolders(scenarios);
  await tryCompartments(scenarios);
  await tryRecords(scenarios);
  await tryHost(scenarios);
  await tryRevoked(scenarios);
  const batch = await tryBatch();
  const standing = await tryStanding();
  const restrictions = await tryRestrictions();
  const deposits = await tryDeposits();
  const witnesses = await tryWitnesses();
  return {
    about:
      'docs/format/journal.md, Who may sign what. The statement comes after the first `length` entries of its history, when the last of them was received if not told otherwise.',
    histories: [
      { name: 'practice', entries: entriesToHex(practice.entries), statements: scenarios.list },
      { name: 'batch', entries: entriesToHex(batch.practice.entries), statements: batch.list },
      { name: 'standing', entries: entriesToHex(standing.practice.entries), statements: standing.list },
      { name: 'restrictions', entries: entriesToHex(restrictions.practice.entries), statements: restrictions.list },
      { name: 'deposits', entries: entriesToHex(deposits.practice.entries), statements: deposits.list },
      { name: 'witnesses', entries: entriesToHex(witnesses.practice.entries), statements: witnesses.list },
    ],
  };
}

async function tryGenesis({ practice, list }: Scenarios): Promise<void> {
  const [genesis, member] = practice.entries;
  if (genesis === undefined || member === undefined) return;
  const at = (length: number, name: string, statement: Statement, refusal: Refusal | null) =>
    list.push({ name, length, statement: bytesToHex(encodeStatement(statement)), refusal });
  const expecting = (expected: Bytes, name: string, refusal: Refusal | null) => {
    const statement = bytesToHex(encodeStatement(genesis));
    list.push({ name, length: 0, statement, refusal, practice: bytesToHex(expected) });
  };
  at(0, 'genesis is the first entry', genesis, null);
  expecting(practice.practice, 'genesis of the practice that is expected', null);
  expecting(other, 'genesis of another practice than expected', 'PRACTICE_MISMATCH');
  at(0, 'another kind than genesis comes first', member, 'PRACTICE_MISMATCH');
  at(1, 'a second genesis', genesis, 'PRACTICE_MISMATCH');
  const { device: signer, founder, host } = practice;
  const body = { kind: 'genesis', nonce: other, founder, hostAuthor: host.author } as const;
  const first = { signer, body, practice: null, base: null, prev: null, seen: null } satisfies Draft;
  const raw = async (name: string, refusal: Refusal, change: Partial<Draft>) =>
    at(0, name, await practice.statement({ ...first, ...change }), refusal);
  await raw('genesis with a base', 'BASE_STALE', { base: other });
  await raw('genesis with a previous entry', 'PREV_STALE', { prev: other });
  await raw('genesis that has seen a checkpoint', 'SEEN_AHEAD', { seen: { size: 1, root: other } });
  await raw('genesis in the stream of the host', 'STREAM_FORBIDDEN', { stream: hostStream });
  await raw('genesis in a stream of records', 'STREAM_FORBIDDEN', { stream: other.slice(0, 16) });
  await raw('genesis with a payload', 'PAYLOAD_FORBIDDEN', { payloadHash: other });
  await raw('genesis with a document', 'PAYLOAD_FORBIDDEN', { blobs: [{ hash: other, size: 1 }] });
  await raw('genesis with a compartment', 'COMPARTMENT_UNKNOWN', { compartment: 'admin', epoch: 1 });
  await raw('genesis whose author is the host', 'AUTHOR_EXISTS', { body: { ...body, hostAuthor: signer.author } });
}

/** Refusals that do not depend on the kind's own rules. */
async function tryPlace(scenarios: Scenarios): Promise<void> {
  const { practice } = scenarios;
  const { device: signer, founder } = practice;
  const stranger = await signerNamed('serment vectors stranger');
  const records = { signer, body: { kind: 'records', binding: false } } satisfies Draft;
  const bound = { signer, body: { kind: 'records', binding: true } } satisfies Draft;
  await scenarios.try(null, 'records', records);
  await scenarios.try('PRACTICE_MISMATCH', 'records of another practice', { ...records, practice: other });
  await scenarios.try('STREAM_FORBIDDEN', 'records in the governance stream', { ...records, stream: governanceStream });
  await scenarios.try('STREAM_FORBIDDEN', 'records in the host stream', { ...records, stream: hostStream });
  await scenarios.try('STREAM_FORBIDDEN', 'a member in a stream of records', {
    signer,
    body: practice.memberBody(practice.random(16), 'desk'),
    stream: other.slice(0, 16),
  });
  await scenarios.try('PAYLOAD_FORBIDDEN', 'a grant with a payload', {
    signer,
    body: practice.grantBody('admin', founder),
    payloadHash: other,
  });
  await scenarios.try('PAYLOAD_REQUIRED', 'records without payload', { ...records, payloadHash: null });
  await scenarios.try('PAYLOAD_REQUIRED', 'opened without payload', {
    signer,
    body: { kind: 'opened' },
    payloadHash: null,
  });
  await scenarios.try('AUTHOR_UNKNOWN', 'records of a stranger', { ...records, signer: stranger });
  await scenarios.try('PREV_STALE', 'no previous entry where there is one', { ...records, prev: null });
  await scenarios.try('PREV_STALE', 'a previous entry that is not the last', {
    ...records,
    prev: practice.entries[0]?.id ?? null,
  });
  await scenarios.try('PREV_STALE', 'a previous entry that the host never had', {
    ...bound,
    signer: practice.kit,
    prev: other,
  });
  await scenarios.try('BASE_STALE', 'binding records that miss the head', { ...bound, base: other });
  await scenarios.try(null, 'records that do not bind, on an older base', { ...records, base: other });
  await scenarios.try(null, 'binding records that begin a stream', { ...bound, base: null });
  await scenarios.try('BASE_STALE', 'a member on an older base', {
    signer,
    body: practice.memberBody(practice.random(16), 'desk'),
    base: practice.entries[2]?.id ?? null,
  });
  await scenarios.try('SEEN_REQUIRED', 'records that saw nothing', { ...records, seen: null });
  await scenarios.try('SEEN_AHEAD', 'records that saw more than there is', {
    ...records,
    seen: { size: practice.size + 1, root: other },
  });
  const items = [
    1,
    practice.practice,
    'recovered',
    signer.author,
    other.slice(0, 16),
    'admin',
    1,
    null,
    null,
    null,
    0,
    [],
    null,
  ];
  scenarios.list.push({
    name: 'a kind that is kept for later',
    length: practice.size,
    statement: bytesToHex(await rawStatement(signer, items, other)),
    refusal: 'KIND_UNKNOWN',
  });
  await practice.appendRecords({ stream: other.slice(0, 16) });
  await scenarios.try('SEEN_REQUIRED', 'governance that saw nothing after the genesis batch', {
    signer,
    body: await practice.kitBody(founder, stranger),
    seen: null,
  });
  await scenarios.try('BASE_STALE', 'binding records that begin a stream which exists', {
    ...bound,
    stream: other.slice(0, 16),
    base: null,
  });
  await scenarios.try(null, 'binding records on the head', { ...bound, stream: other.slice(0, 16) });
  await scenarios.try('STREAM_FORBIDDEN', 'records of one compartment in a stream of another', {
    ...records,
    stream: other.slice(0, 16),
    compartment: 'clinical',
  });
  await scenarios.try('STREAM_FORBIDDEN', 'a snapshot of one compartment in a stream of another', {
    signer,
    body: { kind: 'snapshot', index: 12, id: other },
    stream: other.slice(0, 16),
    compartment: 'billing',
  });
}

async function tryMembers(scenarios: Scenarios): Promise<void> {
  const { practice } = scenarios;
  const { device: signer, kit, host, founder } = practice;
  const desk = practice.random(16);
  const fresh = practice.memberBody(desk, 'desk');
  await scenarios.try(null, 'a new member by the doctor\u2019s device', { signer, body: fresh });
  await scenarios.try(null, 'a new member by the doctor\u2019s kit', { signer: kit, body: fresh });
  await scenarios.try('ROLE_FORBIDDEN', 'a new member by the host', { signer: host, body: fresh });
  await scenarios.try('MEMBER_UNKNOWN', 'a second generation of nobody', { signer, body: { ...fresh, generation: 2 } });
  await scenarios.try('HOLDERS_MISMATCH', 'a new member with a wrap for somebody', {
    signer,
    body: { ...fresh, wraps: [{ author: signer.author, wrap: new Uint8Array(24) }] },
  });
  await scenarios.try('COMPARTMENT_UNKNOWN', 'a member under a compartment', {
    signer,
    body: fresh,
    compartment: 'admin',
    epoch: 1,
  });
  const next = practice.memberBody(founder, 'doctor');
  await scenarios.try(null, 'a known member\u2019s next generation', { signer, body: next });
  await scenarios.try('MEMBER_EXISTS', 'a known member as a new one', {
    signer,
    body: { ...next, generation: 1, wraps: [] },
  });
  await scenarios.try('MEMBER_EXISTS', 'a known member with another role', {
    signer,
    body: { ...next, role: 'substitute' },
  });
  await scenarios.try('GENERATION_STALE', 'a generation left out', { signer, body: { ...next, generation: 3 } });
  await scenarios.try('HOLDERS_MISMATCH', 'a holder left out', {
    signer,
    body: { ...next, wraps: next.wraps.slice(1) },
  });
  await scenarios.try('HOLDERS_MISMATCH', 'a holder named twice', {
    signer,
    body: { ...next, wraps: [...next.wraps, ...next.wraps.slice(1)] },
  });
  await scenarios.try('HOLDERS_MISMATCH', 'a stranger for a holder', {
    signer,
    body: { ...next, wraps: next.wraps.map((wrap, index) => (index === 0 ? { ...wrap, author: other } : wrap)) },
  });
}

async function tryHolders(scenarios: Scenarios): Promise<void> {
  const { practice } = scenarios;
  const { device: signer, kit, founder } = practice;
  const newcomer = await signerNamed('serment vectors newcomer');
  const device = await practice.deviceBody(founder, newcomer);
  const paper = await practice.kitBody(founder, newcomer);
  await scenarios.try(null, 'a second device by the first', { signer, body: device });
  await scenarios.try(null, 'a second device by the kit', { signer: kit, body: device });
  await scenarios.try(null, 'a second kit by a device', { signer, body: paper });
  await scenarios.try('ROLE_FORBIDDEN', 'a kit by a kit', { signer: kit, body: paper });
  await scenarios.try('ROLE_FORBIDDEN', 'a device by the host', { signer: practice.host, body: device });
  await scenarios.try('MEMBER_UNKNOWN', 'a device of nobody', {
    signer,
    body: { ...device, member: practice.random(16) },
  });
  await scenarios.try('ROLE_FORBIDDEN', 'a kit of nobody', { signer, body: { ...paper, member: practice.random(16) } });
  await scenarios.try('GENERATION_STALE', 'a device for another generation', {
    signer,
    body: { ...device, generation: 2 },
  });
  await scenarios.try('AUTHOR_EXISTS', 'a device with the author of the kit', {
    signer,
    body: await practice.deviceBody(founder, kit),
  });
  await scenarios.try('AUTHOR_EXISTS', 'a device that names itself again', {
    signer,
    body: await practice.deviceBody(founder, signer),
  });
  await scenarios.try('AUTHOR_EXISTS', 'a kit with the author of the host', {
    signer,
    body: await practice.kitBody(founder, practice.host),
  });
  await scenarios.try('PROOF_INVALID', 'a proof for another recipient', {
    signer,
    body: { ...device, recipient: practice.random(1216) },
  });
  await scenarios.try('PROOF_INVALID', 'a proof by another author', { signer, body: { ...device, author: other } });
  await scenarios.try('PROOF_INVALID', 'a proof of zeros', { signer, body: { ...paper, proof: new Uint8Array(64) } });

  const desk = await practice.addMember('desk', ['admin']);
  await scenarios.try('ROLE_FORBIDDEN', 'a second device of a desk by the doctor', {
    signer,
    body: await practice.deviceBody(desk.member, newcomer),
  });
  await scenarios.try('ROLE_FORBIDDEN', 'a device of the doctor by a desk', { signer: desk.device, body: device });
  await scenarios.try(null, 'a second device of a desk by its first', {
    signer: desk.device,
    body: await practice.deviceBody(desk.member, newcomer),
  });
  await scenarios.try(null, 'a kit of a desk by its device', {
    signer: desk.device,
    body: await practice.kitBody(desk.member, newcomer),
  });
  await scenarios.try('ROLE_FORBIDDEN', 'a kit of a desk by the doctor', {
    signer,
    body: await practice.kitBody(desk.member, newcomer),
  });
  await scenarios.try('ROLE_FORBIDDEN', 'a member by a desk', {
    signer: desk.device,
    body: practice.memberBody(practice.random(16), 'desk'),
  });
  await scenarios.try(null, 'a desk\u2019s own next generation', {
    signer: desk.device,
    body: practice.memberBody(desk.member, 'desk'),
  });
  await scenarios.try('MEMBER_EXISTS', 'a desk that makes itself a doctor', {
    signer: desk.device,
    body: practice.memberBody(desk.member, 'doctor'),
  });
  await scenarios.try('ROLE_FORBIDDEN', 'the doctor\u2019s next generation by a desk', {
    signer: desk.device,
    body: practice.memberBody(founder, 'doctor'),
  });
}

async function tryCompartments(scenarios: Scenarios): Promise<void> {
  const { practice } = scenarios;
  const { device: signer, kit, founder, host } = practice;
  const secretary = await practice.addMember('medical-secretary', ['admin', 'clinical']);
  const own = `private/${bytesToHex(secretary.member)}`;
  const next = practice.epochBody('clinical');
  await scenarios.try(null, 'the next epoch by the doctor\u2019s device', { signer, body: next });
  await scenarios.try(null, 'the next epoch by the doctor\u2019s kit', { signer: kit, body: next });
  await scenarios.try('ROLE_FORBIDDEN', 'an epoch by a secretary', { signer: secretary.device, body: next });
  await scenarios.try('ROLE_FORBIDDEN', 'an epoch by the host', { signer: host, body: next });
  await scenarios.try('COMPARTMENT_UNKNOWN', 'an epoch of a compartment that is none', {
    signer,
    body: { ...next, compartment: 'accounts' },
  });
  await scenarios.try('COMPARTMENT_UNKNOWN', 'an epoch of a private compartment in capitals', {
    signer,
    body: { ...next, compartment: own.toUpperCase() },
  });
  await scenarios.try('EPOCH_STALE', 'an epoch that exists', { signer, body: { ...next, number: 1 } });
  await scenarios.try('EPOCH_STALE', 'an epoch left out', { signer, body: { ...next, number: 3 } });
  await scenarios.try('PREVIOUS_KEY_MISSING', 'an epoch without the previous key', {
    signer,
    body: { ...next, sealedPrevious: null },
  });
  const first = practice.epochBody(own);
  await scenarios.try(null, 'a private compartment by its member', { signer: secretary.device, body: first });
  await scenarios.try('ROLE_FORBIDDEN', 'a private compartment by the doctor', { signer, body: first });
  await scenarios.try('PREVIOUS_KEY_MISSING', 'a first epoch with a previous key', {
    signer: secretary.device,
    body: { ...first, sealedPrevious: practice.random(104) },
  });
  await practice.append({ signer: secretary.device, body: first });
  await tryGrants(scenarios, secretary);
  await practice.append({ signer, body: next });
  await scenarios.try('GRANT_MISSING', 'records of an epoch that nobody was granted', {
    signer,
    body: { kind: 'records', binding: false },
    compartment: 'clinical',
  });
  await scenarios.try('EPOCH_STALE', 'records under the epoch before', {
    signer,
    body: { kind: 'records', binding: false },
    compartment: 'clinical',
    epoch: 1,
  });
  await scenarios.try('EPOCH_STALE', 'a grant on the epoch before', {
    signer,
    body: { ...practice.grantBody('clinical', founder), number: 1 },
  });
  await practice.append({ signer, body: practice.grantBody('clinical', founder) });
  await practice.append({ signer, body: practice.memberBody(founder, 'doctor') });
  await scenarios.try(null, 'the same grant to the next generation', {
    signer,
    body: practice.grantBody('clinical', founder),
  });
}

async function tryGrants(scenarios: Scenarios, secretary: TestMember): Promise<void> {
  const { practice } = scenarios;
  const { device: signer, kit, founder } = practice;
  const own = `private/${bytesToHex(secretary.member)}`;
  await scenarios.try('GENERATION_STALE', 'a private grant to a generation that the doctor made', {
    signer: secretary.device,
    body: practice.grantBody(own, secretary.member),
  });
  const rekey = () => practice.memberBody(secretary.member, 'medical-secretary');
  await practice.append({ signer: secretary.device, body: rekey() });
  const grant = practice.grantBody('billing', secretary.member);
  await scenarios.try(null, 'a grant by the doctor', { signer, body: grant });
  await scenarios.try(null, 'a grant by the doctor\u2019s kit', { signer: kit, body: grant });
  await scenarios.try('ROLE_FORBIDDEN', 'a grant by its own member', { signer: secretary.device, body: grant });
  await scenarios.try('MEMBER_UNKNOWN', 'a grant to nobody', {
    signer,
    body: { ...grant, member: practice.random(16) },
  });
  await scenarios.try('GENERATION_STALE', 'a grant to another generation', {
    signer,
    body: { ...grant, generation: 1 },
  });
  await scenarios.try('COMPARTMENT_UNKNOWN', 'a grant on a compartment that is none', {
    signer,
    body: { ...grant, compartment: 'accounts' },
  });
  await scenarios.try('EPOCH_STALE', 'a grant on an epoch to come', { signer, body: { ...grant, number: 2 } });
  await scenarios.try('GRANT_EXISTS', 'a grant given before', {
    signer,
    body: practice.grantBody('clinical', founder),
  });
  await scenarios.try(null, 'a private grant to its member', {
    signer: secretary.device,
    body: practice.grantBody(own, secretary.member),
  });
  await scenarios.try('ROLE_FORBIDDEN', 'a private grant to the doctor', {
    signer: secretary.device,
    body: practice.grantBody(own, founder),
  });
  await scenarios.try('ROLE_FORBIDDEN', 'a private grant by the doctor', {
    signer,
    body: practice.grantBody(own, secretary.member),
  });
  await practice.append({ signer, body: rekey() });
  await scenarios.try('GENERATION_STALE', 'a private grant to a later generation that the doctor made', {
    signer: secretary.device,
    body: practice.grantBody(own, secretary.member),
  });
  await scenarios.try(null, 'a shared grant to a generation that the doctor made', {
    signer,
    body: practice.grantBody('billing', secretary.member),
  });
  for (const [name, role, barred] of [
    ['a desk', 'desk', ['clinical', 'billing']],
    ['an accountant', 'accountant', ['admin', 'clinical']],
  ] as const) {
    const { member } = await practice.addMember(role, []);
    for (const compartment of ['admin', 'clinical', 'billing'] as const)
      await scenarios.try(
        barred.some((one) => one === compartment) ? 'ROLE_FORBIDDEN' : null,
        `a grant of ${compartment} to ${name}`,
        { signer, body: practice.grantBody(compartment, member) },
      );
  }
  const empty = practice.random(16);
  await practice.append({ signer, body: practice.memberBody(empty, 'substitute') });
  await scenarios.try('MEMBER_UNKNOWN', 'a grant to a member without a device', {
    signer,
    body: practice.grantBody('admin', empty),
  });
}

async function tryRecords(scenarios: Scenarios): Promise<void> {
  const { practice } = scenarios;
  const { device: signer, kit, founder, host } = practice;
  const body = { kind: 'records', binding: false } as const;
  const accountant = await practice.addMember('accountant', ['billing']);
  const desk = await practice.addMember('desk', ['admin']);
  const secretary = await practice.addMember('medical-secretary', ['admin', 'clinical', 'billing']);
  const substitute = await practice.addMember('substitute', ['admin', 'clinical', 'billing']);
  const own = `private/${bytesToHex(founder)}`;
  const allowed: readonly (readonly [string, TestSigner, readonly string[]])[] = [
    ['a doctor', signer, ['admin', 'clinical', 'billing', own]],
    ['a substitute', substitute.device, ['admin', 'clinical', 'billing']],
    ['a medical secretary', secretary.device, ['admin', 'clinical', 'billing']],
    ['a desk', desk.device, ['admin']],
    ['an accountant', accountant.device, ['billing']],
    ['a kit', kit, []],
    ['the host', host, []],
  ];
  for (const [name, author, compartments] of allowed)
    for (const compartment of ['admin', 'clinical', 'billing', own]) {
      const isAllowed = compartments.includes(compartment);
      const place = compartment === own ? 'the doctor\u2019s private compartment' : compartment;
      await scenarios.try(isAllowed ? null : 'ROLE_FORBIDDEN', `records of ${name} in ${place}`, {
        signer: author,
        body,
        compartment,
      });
    }
  await scenarios.try('COMPARTMENT_UNKNOWN', 'records of a compartment that is none', {
    signer,
    body,
    compartment: 'accounts',
    epoch: 1,
  });
  await scenarios.try('EPOCH_STALE', 'records under an epoch to come', { signer, body, epoch: 2 });
  await scenarios.try(null, 'a snapshot', {
    signer,
    body: { kind: 'snapshot', index: 12, id: other },
    compartment: 'clinical',
  });
  await scenarios.try('ROLE_FORBIDDEN', 'a clinical snapshot of a desk', {
    signer: desk.device,
    body: { kind: 'snapshot', index: 12, id: other },
    compartment: 'clinical',
  });
  for (const [name, sealed] of [
    ['heads', { kind: 'heads', ...practice.head() }],
    ['opened', { kind: 'opened' }],
    ['reread', { kind: 'reread' }],
  ] as const) {
    await scenarios.try(null, `${name} of a desk`, { signer: desk.device, body: sealed });
    await scenarios.try('ROLE_FORBIDDEN', `${name} of an accountant`, { signer: accountant.device, body: sealed });
    await scenarios.try('COMPARTMENT_UNKNOWN', `${name} in another compartment than admin`, {
      signer,
      body: sealed,
      compartment: 'clinical',
    });
  }
  const late = await practice.addMember('substitute', []);
  await scenarios.try('GRANT_MISSING', 'records of a member who was granted nothing', { signer: late.device, body });
}

async function tryHost(scenarios: Scenarios): Promise<void> {
  const { practice } = scenarios;
  const { device: signer, kit, founder, host } = practice;
  const root = practice.root();
  const signed = [
    { kind: 'fetch', reader: signer.author, items: [{ what: 'entries', id: null, from: 0, count: 12 }] },
    { kind: 'backup', destination: 'folder', size: 12, root, objects: 3, bytes: 4096 },
    drillBody({ size: 12, root }, ['BLOB_MISSING', 'PAYLOAD_MISSING']),
    { kind: 'operator', action: 'start', detail: '' },
    { kind: 'access', what: 'opened', member: founder, author: signer.author },
  ] as const;
  for (const body of signed) {
    await scenarios.try(null, `${body.kind} by the host`, { signer: host, body });
    await scenarios.try('ROLE_FORBIDDEN', `${body.kind} by a device`, { signer, body });
    await scenarios.try('STREAM_FORBIDDEN', `${body.kind} in the governance stream`, {
      signer: host,
      body,
      stream: governanceStream,
    });
    await scenarios.try('PAYLOAD_FORBIDDEN', `${body.kind} with a payload`, { signer: host, body, payloadHash: other });
    await scenarios.try('COMPARTMENT_UNKNOWN', `${body.kind} under a compartment`, {
      signer: host,
      body,
      compartment: 'admin',
      epoch: 1,
    });
  }
  await scenarios.try(null, 'an entry of the host that saw a checkpoint', {
    signer: host,
    body: signed[3],
    seen: practice.head(),
  });
  await scenarios.try('SEEN_AHEAD', 'an entry of the host that saw more than there is', {
    signer: host,
    body: signed[3],
    seen: { size: practice.size + 1, root },
  });

  const ack = { kind: 'restore-ack', fence: 2, size: practice.size, root } as const;
  await scenarios.try(null, 'a restore acknowledged by a device', { signer, body: ack });
  await scenarios.try(null, 'a restore acknowledged by a kit', { signer: kit, body: ack });
  await scenarios.try('ROLE_FORBIDDEN', 'a restore acknowledged by the host', { signer: host, body: ack });
  await scenarios.try('FENCE_STALE', 'the first fence acknowledged', { signer, body: { ...ack, fence: 1 } });
  await practice.append({ signer, body: { ...ack, fence: 5 } });
  await scenarios.try('FENCE_STALE', 'a fence acknowledged before', { signer, body: { ...ack, fence: 5 } });
  await scenarios.try('FENCE_STALE', 'a fence that was passed over', { signer, body: { ...ack, fence: 4 } });
  await scenarios.try(null, 'a greater fence', { signer, body: { ...ack, fence: 6 } });

  const next = await signerNamed('serment vectors next host');
  const change = { kind: 'host', hostAuthor: next.author } as const;
  await scenarios.try(null, 'another host by a device', { signer, body: change });
  await scenarios.try(null, 'another host by a kit', { signer: kit, body: change });
  await scenarios.try('ROLE_FORBIDDEN', 'another host by the host', { signer: host, body: change });
  await scenarios.try('AUTHOR_EXISTS', 'a kit for a host', { signer, body: { ...change, hostAuthor: kit.author } });
  await practice.append({ signer, body: change });
  practice.host = next;
  await scenarios.try('AUTHOR_REVOKED', 'an entry of the former host', { signer: host, body: signed[3] });
  await scenarios.try(null, 'an entry of the new host', { signer: next, body: signed[3] });
  await scenarios.try('AUTHOR_EXISTS', 'a device with the author of a former host', {
    signer,
    body: await practice.deviceBody(founder, host),
  });
  await scenarios.try(null, 'back to the former host', { signer, body: { ...change, hostAuthor: host.author } });
}

async function tryRevoked(scenarios: Scenarios): Promise<void> {
  const { practice } = scenarios;
  const { device: signer, kit, founder, host } = practice;
  const { member, device } = await practice.addMember('substitute', ['admin']);
  const body = practice.revokeBody(device.author);
  await scenarios.try(null, 'a device that never wrote, revoked', { signer, body });
  await practice.appendRecords({ signer: device });
  await scenarios.try(null, 'a device that wrote on, revoked by who had not seen it', { signer, body });
  await scenarios.try(null, 'a device revoked on an older base', { signer, body, base: other });
  await scenarios.try(null, 'a device revoked on no base', { signer, body, base: null });
  const cut = practice.revokeBody(device.author);
  await scenarios.try(null, 'a device revoked by a kit', { signer: kit, body: cut });
  await scenarios.try(null, 'a device revoked by itself', { signer: device, body: cut });
  await scenarios.try('ROLE_FORBIDDEN', 'the doctor\u2019s device revoked by another', {
    signer: device,
    body: practice.revokeBody(signer.author),
  });
  await scenarios.try('ROLE_FORBIDDEN', 'a device revoked by the host', { signer: practice.host, body: cut });
  await scenarios.try('REVOKE_UNKNOWN', 'a stranger revoked', { signer, body: { ...cut, author: other } });
  await scenarios.try('REVOKE_UNKNOWN', 'the host revoked', {
    signer,
    body: practice.revokeBody(practice.host.author),
  });
  await scenarios.try('REVOKE_UNKNOWN', 'a former host revoked', { signer, body: practice.revokeBody(host.author) });
  await practice.append({ signer, body: cut });
  await scenarios.try('REVOKE_UNKNOWN', 'a device revoked twice', { signer, body: cut });
  await scenarios.try('AUTHOR_REVOKED', 'records of a revoked device', {
    signer: device,
    body: { kind: 'records', binding: false },
  });
  await scenarios.try('AUTHOR_EXISTS', 'a revoked device admitted again', {
    signer,
    body: await practice.deviceBody(founder, device),
  });
  await scenarios.try('MEMBER_UNKNOWN', 'a grant to a member whose devices are all revoked', {
    signer,
    body: practice.grantBody('billing', member),
  });
  const spare = await signerNamed('serment vectors spare');
  await scenarios.try(null, 'a new device, by the doctor, of a member who has none left', {
    signer,
    body: await practice.deviceBody(member, spare),
  });
  await scenarios.try(null, 'the next generation of a member who has no device left', {
    signer,
    body: practice.memberBody(member, 'substitute'),
  });
  await scenarios.try('HOLDERS_MISMATCH', 'a wrap for a revoked device', {
    signer,
    body: {
      ...practice.memberBody(member, 'substitute'),
      wraps: [{ author: device.author, wrap: new Uint8Array(24) }],
    },
  });
  await practice.append({ signer: kit, body: practice.revokeBody(signer.author) });
  await scenarios.try('AUTHOR_REVOKED', 'a member by the doctor\u2019s revoked device', {
    signer,
    body: practice.memberBody(practice.random(16), 'desk'),
  });
}

/** Statements inside a genesis batch that is not whole yet. */
async function tryBatch(): Promise<Scenarios> {
  const whole = await vectorPractice('batch');
  const { device: signer, founder, kit, host } = whole;
  const scenarios = new Scenarios(whole);
  const at = (length: number, name: string, statement: Statement, refusal: Refusal | null) =>
    scenarios.list.push({ name, length, statement: bytesToHex(encodeStatement(statement)), refusal });
  for (const [length, entry] of whole.entries.entries())
    at(length, `entry ${length} of the batch, ${entry.header.kind}`, entry, null);
  const prev = (length: number) => ({
    base: whole.entries[length - 1]?.id ?? null,
    prev: whole.entries[length - 1]?.id ?? null,
    seen: null,
  });
  const member = whole.memberBody(founder, 'doctor');
  const founding = { ...member, generation: 1, wraps: [] };
  at(
    1,
    'a founder who is no doctor',
    await whole.statement({ signer, body: { ...founding, role: 'desk' }, ...prev(1) }),
    'ROLE_FORBIDDEN',
  );
  at(
    1,
    'another member than the founder',
    await whole.statement({ signer, body: { ...founding, member: other.slice(0, 16) }, ...prev(1) }),
    'ROLE_FORBIDDEN',
  );
  const device = whole.entries[2]?.header.body;
  if (device?.kind === 'device') {
    at(1, 'a device before its member', await whole.statement({ signer, body: device, ...prev(1) }), 'MEMBER_UNKNOWN');
    at(
      2,
      'another device than the founder\u2019s own',
      await whole.statement({ signer, body: { ...device, author: kit.author }, ...prev(2) }),
      'ROLE_FORBIDDEN',
    );
    const proof = await signer.sign(encodeCanonical('no proof'));
    for (const label of ['invitation', 'passkey'] as const)
      at(
        2,
        `the founder\u2019s device as ${label}`,
        await whole.statement({ signer, body: { ...device, label }, ...prev(2) }),
        'ROLE_FORBIDDEN',
      );
    at(
      2,
      'a device with a wrong proof',
      await whole.statement({ signer, body: { ...device, proof }, ...prev(2) }),
      'PROOF_INVALID',
    );
  }
  at(
    2,
    'an epoch by the founder before its device',
    await whole.statement({
      signer,
      body: { ...whole.epochBody('admin'), number: 1, sealedPrevious: null },
      ...prev(2),
    }),
    'ROLE_FORBIDDEN',
  );
  const records = { signer, body: { kind: 'records', binding: false } } satisfies Draft;
  at(11, 'records in a batch that lacks a grant', await whole.statement({ ...records, ...prev(11) }), 'SEEN_REQUIRED');
  at(
    11,
    'a checkpoint seen inside the batch',
    await whole.statement({ ...records, ...prev(11), seen: { size: 3, root: other } }),
    'SEEN_AHEAD',
  );
  at(
    11,
    'an entry of the host inside the batch',
    await whole.statement({ signer: host, body: { kind: 'operator', action: 'start', detail: '' } }),
    'ROLE_FORBIDDEN',
  );
  at(
    11,
    'an entry of the kit inside the batch',
    await whole.statement({ signer: kit, body: whole.epochBody('clinical'), ...prev(11), prev: null }),
    'SEEN_REQUIRED',
  );
  at(
    12,
    'an entry of the host after the batch',
    await whole.statement({ signer: host, body: { kind: 'operator', action: 'start', detail: '' } }),
    null,
  );
  return scenarios;
}
