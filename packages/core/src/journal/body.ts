import { type Bytes, compareBytes } from '../bytes.ts';
import type { CborValue } from '../cbor.ts';
import { isWitnessName } from './cosignature.ts';
import { makeShape, orNull } from './shape.ts';

export const kinds = [
  'genesis',
  'member',
  'device',
  'kit',
  'epoch',
  'grant',
  'revoke',
  'freeze',
  'hold',
  'term',
  'restrict',
  'break-glass',
  'host',
  'restore-ack',
  'witness',
  'records',
  'deposit',
  'snapshot',
  'heads',
  'opened',
  'reread',
  'fetch',
  'backup',
  'drill',
  'operator',
  'access',
] as const;
export type Kind = (typeof kinds)[number];

export const roles = ['doctor', 'substitute', 'medical-secretary', 'desk', 'accountant'] as const;
export type Role = (typeof roles)[number];

export const deviceLabels = ['browser', 'cli', 'script'] as const;
export type DeviceLabel = (typeof deviceLabels)[number];

/** Of what a `device` entry names: a machine, or what a member enters with until it names one. */
export const holderLabels = [...deviceLabels, 'invitation', 'passkey'] as const;
export type HolderLabel = (typeof holderLabels)[number];

/** What a host found unusual of a device or a kit, by how much it reads and writes, and when. */
export const unusualEvents = ['read-much', 'wrote-much', 'restricted-much', 'came-back', 'other-history'] as const;
export type UnusualEvent = (typeof unusualEvents)[number];

/** What a device says that it is about to do, which takes many files: told as what it claims to be. */
export const announcements = ['rescue-copy'] as const;
export type Announcement = (typeof announcements)[number];

/** What an `access` says happened: a sign-in, a change to how a member enters, what is announced, or what is unusual. */
export const accessEvents = [
  'opened',
  'refused',
  'password',
  'phone',
  'totp',
  'recovery-codes',
  'pin',
  'pin-blocked',
  'card',
  'recovery-code-used',
  'ticket-reused',
  'session-ended',
  'device-different',
  'passkey',
  ...announcements,
  ...unusualEvents,
] as const;
export type AccessEvent = (typeof accessEvents)[number];

export const drillOutcomes = ['proven', 'failed', 'inconclusive'] as const;
export type DrillOutcome = (typeof drillOutcomes)[number];

/** How many codes a `drill` names at most, each once, and how long one is. */
export const maxDrillCodes = 16;
export const maxDrillCodeBytes = 64;

/** What a `freeze` makes of a device: stopped, held (nothing of it is taken until a member says that it is meant), or free. */
export type Freeze = boolean | 'held';

export const recipientSizeBytes = 1216;
/** Of the inbox seed and of the previous key in an `epoch`, and of the key in a `deposit`: 32 clear bytes, sealed (docs/format/sealing.md). */
export const sealedKeySizeBytes = 104;
/** Of the reason in a `break-glass`: 512 clear bytes, sealed. */
export const sealedReasonSizeBytes = 584;
export const maxNamedMembers = 64;
export const maxWrapBytes = 4096;
export const maxTextBytes = 256;

export interface Wrap {
  readonly author: Bytes;
  readonly wrap: Bytes;
}

/** What a `fetch` says was read: `from` and `count` are entries, or bytes for a blob. */
export type FetchedItem =
  | { readonly what: 'stream'; readonly id: Bytes; readonly from: number; readonly count: number }
  | { readonly what: 'entries'; readonly id: null; readonly from: number; readonly count: number }
  | { readonly what: 'blob'; readonly id: Bytes; readonly from: number; readonly count: number };

/** The body of a header, by kind (docs/format/journal.md, Kinds). */
export type Body =
  | { readonly kind: 'genesis'; readonly nonce: Bytes; readonly founder: Bytes; readonly hostAuthor: Bytes }
  | {
      readonly kind: 'member';
      readonly member: Bytes;
      readonly role: Role;
      readonly generation: number;
      readonly recipient: Bytes;
      readonly wraps: readonly Wrap[];
    }
  | {
      readonly kind: 'device';
      readonly member: Bytes;
      readonly author: Bytes;
      readonly recipient: Bytes;
      readonly label: HolderLabel;
      readonly generation: number;
      readonly wrap: Bytes;
      readonly proof: Bytes;
    }
  | {
      readonly kind: 'kit';
      readonly member: Bytes;
      readonly author: Bytes;
      readonly recipient: Bytes;
      readonly testValue: string;
      readonly generation: number;
      readonly wrap: Bytes;
      readonly proof: Bytes;
    }
  | {
      readonly kind: 'epoch';
      readonly compartment: string;
      readonly number: number;
      readonly recipient: Bytes;
      readonly check: Bytes;
      readonly sealedInbox: Bytes;
      readonly sealedPrevious: Bytes | null;
    }
  | {
      readonly kind: 'grant';
      readonly compartment: string;
      readonly number: number;
      readonly member: Bytes;
      readonly generation: number;
      readonly wrap: Bytes;
    }
  | { readonly kind: 'revoke'; readonly author: Bytes; readonly last: Bytes | null }
  | { readonly kind: 'freeze'; readonly author: Bytes; readonly frozen: Freeze }
  | {
      readonly kind: 'hold';
      /** Whether the host holds a device that does unusually much. */
      readonly isOn: boolean;
    }
  | {
      readonly kind: 'term';
      readonly member: Bytes;
      /** Milliseconds since 1970, included; null for no beginning. */
      readonly from: number | null;
      /** Milliseconds since 1970, excluded; null for no end. */
      readonly until: number | null;
    }
  | {
      readonly kind: 'restrict';
      readonly stream: Bytes;
      /** Who may go on reading it, in ascending order; null for everybody whom the compartment admits. */
      readonly members: readonly Bytes[] | null;
    }
  | {
      readonly kind: 'break-glass';
      readonly stream: Bytes;
      /** Epoch of `clinical` that the reason is sealed under. */
      readonly number: number;
      readonly reason: Bytes;
    }
  | { readonly kind: 'host'; readonly hostAuthor: Bytes }
  | { readonly kind: 'restore-ack'; readonly fence: number; readonly size: number; readonly root: Bytes }
  | {
      readonly kind: 'witness';
      /** Its Ed25519 public key. */
      readonly key: Bytes;
      /** The name it cosigns under; null when it counts no more. */
      readonly name: string | null;
    }
  | { readonly kind: 'records'; readonly binding: boolean }
  | {
      readonly kind: 'deposit';
      /** Names it among its author's, however often it is signed anew. */
      readonly id: Bytes;
      /** The payload's key, wrapped to the inbox of the header's epoch. */
      readonly wrap: Bytes;
      /** Epoch of the author's private compartment that `ownKey` is sealed under. */
      readonly ownEpoch: number;
      /** The payload's key, for its author. */
      readonly ownKey: Bytes;
    }
  | { readonly kind: 'snapshot'; readonly index: number; readonly id: Bytes }
  | { readonly kind: 'heads'; readonly size: number; readonly root: Bytes }
  | { readonly kind: 'opened' }
  | { readonly kind: 'reread' }
  | { readonly kind: 'fetch'; readonly reader: Bytes; readonly items: readonly FetchedItem[] }
  | {
      readonly kind: 'backup';
      readonly destination: string;
      readonly size: number;
      readonly root: Bytes;
      readonly objects: number;
      readonly bytes: number;
    }
  | {
      readonly kind: 'drill';
      readonly destination: string;
      /** Entries that were restored, and the root that they have. */
      readonly size: number;
      readonly root: Bytes;
      readonly startedAt: number;
      readonly durationMs: number;
      /** Entries and documents read back and compared. */
      readonly entries: number;
      readonly blobs: number;
      /** Of the entries, payloads and documents that were read back. */
      readonly bytes: number;
      /** Streams of these compartments that the restored journal has. */
      readonly clinical: number;
      readonly billing: number;
      /** The instant that was restored, milliseconds since 1970; null for the newest state. */
      readonly at: number | null;
      readonly findings: number;
      readonly outcome: DrillOutcome;
      /** What was found, or what kept the drill from an answer; empty when it is proven. */
      readonly codes: readonly string[];
    }
  | { readonly kind: 'operator'; readonly action: string; readonly detail: string }
  | { readonly kind: 'access'; readonly what: AccessEvent; readonly member: Bytes; readonly author: Bytes | null };

export type BodyOf<K extends Kind> = Extract<Body, { kind: K }>;

type Item = CborValue | undefined;
const shape = makeShape('BODY_INVALID');
const hash = (item: Item) => shape.bytes(item, 32);
const member = (item: Item) => shape.bytes(item, 16);
const streamId = (item: Item) => shape.bytes(item, 16);
const recipient = (item: Item) => shape.bytes(item, recipientSizeBytes);
const wrap = (item: Item) => shape.bytes(item, 1, maxWrapBytes);
const sealedKey = (item: Item) => shape.bytes(item, sealedKeySizeBytes);
const signature = (item: Item) => shape.bytes(item, 64);
const fromOne = (item: Item) => shape.uint(item, 1);
const text = (item: Item) => shape.text(item, maxTextBytes);

const testValuePattern = /^[0-9A-HJKMNP-TV-Z]{5}$/;

/** One parser per kind, each strict on the number of items, their types and their lengths. */
const parsers: { readonly [K in Kind]: (item: CborValue) => BodyOf<K> } = {
  genesis(item) {
    const [nonce, founder, hostAuthor] = shape.array(item, 3);
    return { kind: 'genesis', nonce: hash(nonce), founder: member(founder), hostAuthor: hash(hostAuthor) };
  },
  member(item) {
    const [id, role, generation, key, wraps] = shape.array(item, 5);
    return {
      kind: 'member',
      member: member(id),
      role: shape.choice(role, roles),
      generation: fromOne(generation),
      recipient: recipient(key),
      wraps: shape.array(wraps).map((pair) => {
        const [holder, sealed] = shape.array(pair, 2);
        return { author: hash(holder), wrap: wrap(sealed) };
      }),
    };
  },
  device(item) {
    const [id, author, key, label, generation, sealed, proof] = shape.array(item, 7);
    return {
      kind: 'device',
      member: member(id),
      author: hash(author),
      recipient: recipient(key),
      label: shape.choice(label, holderLabels),
      generation: fromOne(generation),
      wrap: wrap(sealed),
      proof: signature(proof),
    };
  },
  kit(item) {
    const [id, author, key, value, generation, sealed, proof] = shape.array(item, 7);
    const testValue = shape.text(value, 5);
    if (!testValuePattern.test(testValue)) shape.fail('a test value is 5 characters of Crockford base32');
    return {
      kind: 'kit',
      member: member(id),
      author: hash(author),
      recipient: recipient(key),
      testValue,
      generation: fromOne(generation),
      wrap: wrap(sealed),
      proof: signature(proof),
    };
  },
  epoch(item) {
    const [compartment, number, inbox, check, sealedInbox, sealedPrevious] = shape.array(item, 6);
    return {
      kind: 'epoch',
      compartment: text(compartment),
      number: fromOne(number),
      recipient: recipient(inbox),
      check: hash(check),
      sealedInbox: sealedKey(sealedInbox),
      sealedPrevious: orNull(sealedPrevious, sealedKey),
    };
  },
  grant(item) {
    const [compartment, number, id, generation, sealed] = shape.array(item, 5);
    return {
      kind: 'grant',
      compartment: text(compartment),
      number: fromOne(number),
      member: member(id),
      generation: fromOne(generation),
      wrap: wrap(sealed),
    };
  },
  revoke(item) {
    const [author, last] = shape.array(item, 2);
    return { kind: 'revoke', author: hash(author), last: orNull(last, hash) };
  },
  freeze(item) {
    const [author, frozen] = shape.array(item, 2);
    return { kind: 'freeze', author: hash(author), frozen: parseFreeze(frozen) };
  },
  hold(item) {
    const [isOn] = shape.array(item, 1);
    return { kind: 'hold', isOn: shape.flag(isOn) };
  },
  term(item) {
    const [id, fromItem, untilItem] = shape.array(item, 3);
    const from = orNull(fromItem, (time) => shape.uint(time));
    const until = orNull(untilItem, (time) => shape.uint(time));
    if (from !== null && until !== null && from >= until) shape.fail('a term begins before it ends');
    return { kind: 'term', member: member(id), from, until };
  },
  restrict(item) {
    const [stream, named] = shape.array(item, 2);
    return { kind: 'restrict', stream: streamId(stream), members: orNull(named, namedMembers) };
  },
  'break-glass'(item) {
    const [stream, number, reason] = shape.array(item, 3);
    return {
      kind: 'break-glass',
      stream: streamId(stream),
      number: fromOne(number),
      reason: shape.bytes(reason, sealedReasonSizeBytes),
    };
  },
  host(item) {
    const [hostAuthor] = shape.array(item, 1);
    return { kind: 'host', hostAuthor: hash(hostAuthor) };
  },
  'restore-ack'(item) {
    const [fence, size, root] = shape.array(item, 3);
    return { kind: 'restore-ack', fence: fromOne(fence), size: fromOne(size), root: hash(root) };
  },
  witness(item) {
    const [key, name] = shape.array(item, 2);
    return { kind: 'witness', key: hash(key), name: orNull(name, witnessName) };
  },
  records(item) {
    return { kind: 'records', binding: shape.flag(item) };
  },
  deposit(item) {
    const [id, sealed, ownEpoch, ownKey] = shape.array(item, 4);
    return {
      kind: 'deposit',
      id: shape.bytes(id, 16),
      wrap: wrap(sealed),
      ownEpoch: fromOne(ownEpoch),
      ownKey: sealedKey(ownKey),
    };
  },
  snapshot(item) {
    const [index, id] = shape.array(item, 2);
    return { kind: 'snapshot', index: shape.uint(index), id: hash(id) };
  },
  heads(item) {
    const [size, root] = shape.array(item, 2);
    return { kind: 'heads', size: fromOne(size), root: hash(root) };
  },
  opened(item) {
    if (item !== null) shape.fail('null is expected');
    return { kind: 'opened' };
  },
  reread(item) {
    if (item !== null) shape.fail('null is expected');
    return { kind: 'reread' };
  },
  fetch(item) {
    const [reader, items] = shape.array(item, 2);
    return { kind: 'fetch', reader: hash(reader), items: shape.array(items).map(parseFetchedItem) };
  },
  backup(item) {
    const [destination, size, root, objects, bytes] = shape.array(item, 5);
    return {
      kind: 'backup',
      destination: text(destination),
      size: shape.uint(size),
      root: hash(root),
      objects: shape.uint(objects),
      bytes: shape.uint(bytes),
    };
  },
  drill(item) {
    const [destination, size, root, startedAt, durationMs, entries, blobs, bytes, clinical, billing, ...rest] =
      shape.array(item, 14);
    const [at, findings, outcome, codes] = rest;
    const drill = {
      kind: 'drill',
      destination: text(destination),
      size: shape.uint(size),
      root: hash(root),
      startedAt: shape.uint(startedAt),
      durationMs: shape.uint(durationMs),
      entries: shape.uint(entries),
      blobs: shape.uint(blobs),
      bytes: shape.uint(bytes),
      clinical: shape.uint(clinical),
      billing: shape.uint(billing),
      at: orNull(at, (time) => shape.uint(time)),
      findings: shape.uint(findings),
      outcome: shape.choice(outcome, drillOutcomes),
      codes: drillCodes(codes),
    } as const;
    const isProven = drill.codes.length === 0 && drill.findings === 0;
    if (isProven !== (drill.outcome === 'proven')) shape.fail('a proven drill found nothing, any other says what');
    return drill;
  },
  operator(item) {
    const [action, detail] = shape.array(item, 2);
    return { kind: 'operator', action: text(action), detail: text(detail) };
  },
  access(item) {
    const [what, id, author] = shape.array(item, 3);
    return {
      kind: 'access',
      what: shape.choice(what, accessEvents),
      member: member(id),
      author: orNull(author, hash),
    };
  },
};

/** Reads a body of that kind. Throws BODY_INVALID for another shape, type or length. */
export function parseBody(kind: Kind, item: CborValue): Body {
  return parsers[kind](item);
}

/** A `freeze`'s second item. Throws BODY_INVALID. */
export function parseFreeze(item: Item): Freeze {
  return item === 'held' ? item : shape.flag(item);
}

function drillCodes(item: Item): string[] {
  const codes = shape.array(item).map((code) => shape.text(code, maxDrillCodeBytes));
  if (codes.length > maxDrillCodes) shape.fail(`at most ${maxDrillCodes} codes`);
  return new Set(codes).size === codes.length ? codes : shape.fail('codes, each once');
}

function witnessName(item: Item): string {
  const name = text(item);
  return isWitnessName(name) ? name : shape.fail('a name of a witness');
}

function namedMembers(item: Item): Bytes[] {
  const members = shape.array(item).map(member);
  if (members.length === 0 || members.length > maxNamedMembers) shape.fail(`1 to ${maxNamedMembers} members`);
  const isAscending = members.every((one, place) => place === 0 || compareBytes(members[place - 1] ?? one, one) < 0);
  return isAscending ? members : shape.fail('members in ascending order, each once');
}

function parseFetchedItem(item: CborValue): FetchedItem {
  const [whatItem, id, fromItem, countItem] = shape.array(item, 4);
  const what = shape.choice(whatItem, ['stream', 'entries', 'blob']);
  const from = shape.uint(fromItem);
  const count = shape.uint(countItem);
  if (what === 'stream') return { what, id: member(id), from, count };
  if (what === 'blob') return { what, id: hash(id), from, count };
  return id === null ? { what, id, from, count } : shape.fail('entries are named by no id');
}

/** The body as it stands in the header's last item. */
export function bodyToCbor(body: Body): CborValue {
  switch (body.kind) {
    case 'genesis':
      return [body.nonce, body.founder, body.hostAuthor];
    case 'member': {
      const wraps = body.wraps.map((pair) => [pair.author, pair.wrap]);
      return [body.member, body.role, body.generation, body.recipient, wraps];
    }
    case 'device':
      return [body.member, body.author, body.recipient, body.label, body.generation, body.wrap, body.proof];
    case 'kit':
      return [body.member, body.author, body.recipient, body.testValue, body.generation, body.wrap, body.proof];
    case 'epoch':
      return [body.compartment, body.number, body.recipient, body.check, body.sealedInbox, body.sealedPrevious];
    case 'grant':
      return [body.compartment, body.number, body.member, body.generation, body.wrap];
    case 'revoke':
      return [body.author, body.last];
    case 'freeze':
      return [body.author, body.frozen];
    case 'hold':
      return [body.isOn];
    case 'term':
      return [body.member, body.from, body.until];
    case 'restrict':
      return [body.stream, body.members];
    case 'break-glass':
      return [body.stream, body.number, body.reason];
    case 'host':
      return [body.hostAuthor];
    case 'restore-ack':
      return [body.fence, body.size, body.root];
    case 'witness':
      return [body.key, body.name];
    case 'records':
      return body.binding;
    case 'deposit':
      return [body.id, body.wrap, body.ownEpoch, body.ownKey];
    case 'snapshot':
      return [body.index, body.id];
    case 'heads':
      return [body.size, body.root];
    case 'opened':
    case 'reread':
      return null;
    case 'fetch':
      return [body.reader, body.items.map((item) => [item.what, item.id, item.from, item.count])];
    case 'backup':
      return [body.destination, body.size, body.root, body.objects, body.bytes];
    case 'drill':
      return [
        body.destination,
        body.size,
        body.root,
        body.startedAt,
        body.durationMs,
        body.entries,
        body.blobs,
        body.bytes,
        body.clinical,
        body.billing,
        body.at,
        body.findings,
        body.outcome,
        body.codes,
      ];
    case 'operator':
      return [body.action, body.detail];
    case 'access':
      return [body.what, body.member, body.author];
  }
}
