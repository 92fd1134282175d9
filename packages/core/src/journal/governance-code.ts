import { type Bytes, bytesToHex, hexToBytes } from '../bytes.ts';
import { type CborValue, decodeCanonical, encodeCanonical } from '../cbor.ts';
import { CoreError } from '../error.ts';
import { parseFreeze, roles } from './body.ts';
import type {
  AuthorState,
  CompartmentState,
  EpochState,
  FreezeRecord,
  GlassRecord,
  GovernanceState,
  GrantRecord,
  MemberState,
  RestrictionState,
  TermRecord,
  WitnessRecord,
  WrapRecord,
} from './governance-state.ts';
import { authorTypes } from './rules.ts';
import { makeShape, orNull } from './shape.ts';

type Item = CborValue | undefined;
const formatNumber = 7;
const shape = makeShape('CBOR_INVALID');
const any = (item: Item) => shape.bytes(item, 0, Number.MAX_SAFE_INTEGER);
const hash = (item: Item) => shape.bytes(item, 32);
const memberKey = (item: Item) => bytesToHex(shape.bytes(item, 16));
const list = <Value>(item: Item, read: (item: CborValue) => Value): Value[] => shape.array(item).map(read);

/** The state as bytes, for a cache of the reader's own: no other reader depends on this form. */
export function encodeGovernance(state: GovernanceState): Bytes {
  const { practice, nonce, founder, founderAuthor, hostAuthor, fence, holdsDevices, isGenesisBatch, head } = state;
  return encodeCanonical([
    formatNumber,
    [practice, nonce, founder, founderAuthor, hostAuthor, fence, holdsDevices, isGenesisBatch, head],
    state.hosts.map((host) => [host.author, host.index]),
    [...state.members.values()].map(({ member, role, recipients, isOwn, terms, addedAt }) => [
      member,
      role,
      recipients,
      isOwn,
      terms.map(({ from, until, index }) => [from, until, index]),
      addedAt,
    ]),
    [...state.authors.values()].map((author) => [
      author.author,
      author.member === null ? null : hexToBytes(author.member),
      author.type,
      author.label,
      author.recipient,
      author.addedAt,
      author.addedBy,
      author.revokedAt,
      author.revokedBy,
      author.freezes.map(({ frozen, by, index }) => [frozen, by, index]),
      author.last,
    ]),
    [...state.compartments.values()].map(({ name, grants, epochs }) => [
      name,
      [...grants].map(hexToBytes),
      epochs.map(epochToCbor),
    ]),
    [...state.wraps].map(([holder, records]) => [
      hexToBytes(holder),
      records.map((record) => [hexToBytes(record.member), record.generation, record.wrap, record.scope, record.index]),
    ]),
    [...state.grants].map(([member, records]) => [
      hexToBytes(member),
      records.map((record) => [
        record.compartment,
        record.number,
        record.generation,
        record.wrap,
        record.scope,
        record.index,
      ]),
    ]),
    [...state.restrictions.values()].map(({ stream, named, index, broken }) => [
      stream,
      [...named].map(hexToBytes),
      index,
      broken.map((glass) => [hexToBytes(glass.member), glass.author, glass.number, glass.reason, glass.index]),
    ]),
    [...state.witnesses.values()].map(({ key, name, index }) => [key, name, index]),
  ]);
}

/** Reads what `encodeGovernance` wrote. Throws FORMAT_UNKNOWN for another version's, CBOR_INVALID for anything else. */
export function parseGovernance(bytes: Uint8Array): GovernanceState {
  const [format, facts, hosts, members, authors, compartments, wraps, grants, restrictions, ...rest] = shape.array(
    decodeCanonical(bytes),
  );
  if (format !== formatNumber) throw new CoreError('FORMAT_UNKNOWN', 'A cached state of another format');
  const [witnesses, ...more] = rest;
  if (more.length > 0) shape.fail('a state has 10 items');
  const [practice, nonce, founder, founderAuthor, hostAuthor, fence, holdsDevices, isGenesisBatch, head] = shape.array(
    facts,
    9,
  );
  return {
    practice: orNull(practice, hash),
    nonce: orNull(nonce, hash),
    founder: orNull(founder, (item) => shape.bytes(item, 16)),
    founderAuthor: orNull(founderAuthor, hash),
    hostAuthor: orNull(hostAuthor, hash),
    fence: shape.uint(fence, 1),
    holdsDevices: shape.flag(holdsDevices),
    isGenesisBatch: shape.flag(isGenesisBatch),
    head: orNull(head, hash),
    hosts: list(hosts, (host) => {
      const [author, index] = shape.array(host, 2);
      return { author: hash(author), index: shape.uint(index) };
    }),
    members: new Map(list(members, parseMember)),
    authors: new Map(list(authors, parseAuthor)),
    compartments: new Map(list(compartments, parseCompartment)),
    wraps: new Map(list(wraps, (item) => parsePair(item, 32, parseWrap))),
    grants: new Map(list(grants, (item) => parsePair(item, 16, parseGrant))),
    restrictions: new Map(list(restrictions, parseRestriction)),
    witnesses: new Map(list(witnesses, parseWitness)),
  };
}

function epochToCbor(epoch: EpochState): CborValue {
  const { number, check, recipient, sealedInbox, sealedPrevious, scope, index, id } = epoch;
  return [number, check, recipient, sealedInbox, sealedPrevious, scope, index, id];
}

function parseMember(item: CborValue): [string, MemberState] {
  const [member, role, recipientItems, isOwn, terms, addedAt] = shape.array(item, 6);
  const recipients = list(recipientItems, any);
  const recipient = recipients.at(-1) ?? shape.fail('a member has a recipient');
  const key = { generation: recipients.length, recipient, recipients, isOwn: shape.flag(isOwn) };
  const fields = { role: shape.choice(role, roles), ...key, terms: list(terms, parseTerm) };
  return [memberKey(member), { member: shape.bytes(member, 16), ...fields, addedAt: shape.uint(addedAt) }];
}

function parseAuthor(item: CborValue): [string, AuthorState] {
  const [author, member, type, label, recipient, added, signer, ...rest] = shape.array(item, 11);
  const [revokedAt, revokedBy, freezes, last] = rest;
  const parsed = {
    author: hash(author),
    member: orNull(member, memberKey),
    type: shape.choice(type, authorTypes),
    label: shape.text(label),
    recipient: orNull(recipient, any),
    addedAt: shape.uint(added),
    addedBy: orNull(signer, hash),
    revokedAt: orNull(revokedAt, (index) => shape.uint(index)),
    revokedBy: orNull(revokedBy, hash),
    freezes: list(freezes, parseFreezeRecord),
    last: orNull(last, hash),
  };
  return [bytesToHex(parsed.author), parsed];
}

function parseTerm(item: CborValue): TermRecord {
  const [from, until, index] = shape.array(item, 3);
  const time = (one: Item) => orNull(one, (ms) => shape.uint(ms));
  return { from: time(from), until: time(until), index: shape.uint(index) };
}

function parseFreezeRecord(item: CborValue): FreezeRecord {
  const [frozen, by, index] = shape.array(item, 3);
  return { frozen: parseFreeze(frozen), by: hash(by), index: shape.uint(index) };
}

function parseRestriction(item: CborValue): [string, RestrictionState] {
  const [streamItem, named, index, broken] = shape.array(item, 4);
  const stream = shape.bytes(streamItem, 16);
  const fields = { named: new Set(list(named, memberKey)), index: shape.uint(index), broken: list(broken, parseGlass) };
  return [bytesToHex(stream), { stream, ...fields }];
}

function parseWitness(item: CborValue): [string, WitnessRecord] {
  const [keyItem, name, index] = shape.array(item, 3);
  const key = hash(keyItem);
  return [bytesToHex(key), { key, name: shape.text(name), index: shape.uint(index) }];
}

function parseGlass(item: CborValue): GlassRecord {
  const [member, author, number, reason, index] = shape.array(item, 5);
  const signed = { member: memberKey(member), author: hash(author), index: shape.uint(index) };
  return { ...signed, number: shape.uint(number, 1), reason: any(reason) };
}

function parseCompartment(item: CborValue): [string, CompartmentState] {
  const [nameItem, grantItems, epochItems] = shape.array(item, 3);
  const name = shape.text(nameItem);
  const epochs = list(epochItems, parseEpoch);
  const { number, check, recipient } = epochs.at(-1) ?? shape.fail('a compartment has an epoch');
  return [name, { name, number, check, recipient, grants: new Set(list(grantItems, memberKey)), epochs }];
}

function parseEpoch(item: CborValue): EpochState {
  const [number, check, recipient, sealedInbox, sealedPrevious, scope, index, id] = shape.array(item, 8);
  return {
    number: shape.uint(number, 1),
    check: hash(check),
    recipient: any(recipient),
    sealedInbox: any(sealedInbox),
    sealedPrevious: orNull(sealedPrevious, any),
    scope: hash(scope),
    index: shape.uint(index),
    id: hash(id),
  };
}

function parsePair<Record>(item: CborValue, keyBytes: number, read: (item: CborValue) => Record): [string, Record[]] {
  const [key, records] = shape.array(item, 2);
  return [bytesToHex(shape.bytes(key, keyBytes)), list(records, read)];
}

function parseWrap(item: CborValue): WrapRecord {
  const [member, generation, wrap, scope, index] = shape.array(item, 5);
  const place = { scope: hash(scope), index: shape.uint(index) };
  return { member: memberKey(member), generation: shape.uint(generation, 1), wrap: any(wrap), ...place };
}

function parseGrant(item: CborValue): GrantRecord {
  const [compartment, number, generation, wrap, scope, index] = shape.array(item, 6);
  const numbers = { number: shape.uint(number, 1), generation: shape.uint(generation, 1), index: shape.uint(index) };
  return { compartment: shape.text(compartment), ...numbers, wrap: any(wrap), scope: hash(scope) };
}
