import { type Bytes, bytesToHex, equalBytes } from '@serment/core/bytes';
import { type AccessEvent, announcements, type Freeze, unusualEvents } from '@serment/core/journal/body';
import { isHolder } from '@serment/core/journal/checks';
import type { AuthorState } from '@serment/core/journal/governance-state';
import { governanceStream, type Header } from '@serment/core/journal/header';
import { parseOperatorDetail } from '@serment/core/journal/operator-act';
import { isFrozen, termOf } from '@serment/core/journal/standing';
import type { CopyStatus } from '@serment/core/wire/status';
import { deviceName } from './device-names.ts';
import type { PatientRow } from './directory.ts';
import { type Hold, readHold } from './holds.ts';
import { isKeptAside } from './kept-aside.ts';
import type { Practice } from './practice.ts';
import { patientsByStream, reasonOf } from './restrictions.ts';

export interface HolderView {
  readonly author: string;
  /** `browser`, `cli`, `script`, `passkey`, `invitation`, or a kit's test value. */
  readonly label: string;
  /** What its member calls it; null for a device without a name, and for what is no device. */
  readonly name: string | null;
  /** The host's clock, ms. */
  readonly addedAt: number;
  readonly revokedAt: number | null;
  /** Since when it is stopped, the host's clock, ms; null while it is not. */
  readonly frozenAt: number | null;
  /** That it is held; null while it is not. */
  readonly hold: Hold | null;
  /** When it last opened a file, the host's clock, ms; null when none is known here. */
  readonly openedAt: number | null;
  /** When its member last entered with it by two factors, the host's clock, ms; null when that is not known, or long ago. */
  readonly enteredAt: number | null;
  /** When a kit or a passkey last signed something or read from the server, as above; null for any other, and if never. */
  readonly usedAt: number | null;
}

export interface MemberView {
  readonly member: string;
  readonly name: string | null;
  readonly role: string;
  /** From when (included) until when (excluded) the member may act, the host's clock, ms; null without a limit. */
  readonly term: { readonly from: number | null; readonly until: number | null } | null;
  /** Passkeys and invitations too. */
  readonly devices: readonly HolderView[];
  readonly kits: readonly HolderView[];
}

/** Something that happened to the vault, as its entry says it. */
export interface VaultEvent {
  readonly index: number;
  readonly receivedAt: number;
  /** Who signed: a member's name, and the member in hexadecimal; null for the host. */
  readonly by: string | null;
  readonly byMember: string | null;
  readonly isHost: boolean;
  readonly body: EventBody;
}

/** Plain data of the bodies that people are shown; bytes in hexadecimal. */
export type EventBody =
  | { readonly kind: 'genesis' }
  | { readonly kind: 'member'; readonly member: string; readonly role: string; readonly generation: number }
  | {
      readonly kind: 'device';
      readonly member: string;
      readonly author: string;
      readonly label: string;
      /** What is no device and signed it: an invitation, which its member joined by. */
      readonly byHolder: 'kit' | 'passkey' | 'invitation' | null;
    }
  | { readonly kind: 'kit'; readonly member: string; readonly testValue: string }
  | { readonly kind: 'epoch'; readonly compartment: string; readonly number: number }
  | { readonly kind: 'grant'; readonly compartment: string; readonly member: string }
  | {
      readonly kind: 'revoke';
      readonly author: string;
      /** Whose it was. */
      readonly member: string | null;
      /** Of a kit; null for anything else. */
      readonly testValue: string | null;
    }
  | {
      readonly kind: 'freeze';
      readonly author: string;
      /** Of the member whose device it is; null when it is not known. */
      readonly name: string | null;
      readonly frozen: Freeze;
      /** What its member calls it. */
      readonly device: string | null;
    }
  | { readonly kind: 'hold'; readonly isOn: boolean }
  | {
      readonly kind: 'term';
      readonly member: string;
      readonly name: string | null;
      readonly from: number | null;
      readonly until: number | null;
    }
  | { readonly kind: 'restrict'; readonly patient: PatientRow | null; readonly isLifted: boolean }
  | { readonly kind: 'break-glass'; readonly patient: PatientRow | null; readonly reason: string | null }
  | { readonly kind: 'witness'; readonly name: string | null }
  | { readonly kind: 'host'; readonly hostAuthor: string }
  | { readonly kind: 'restore-ack'; readonly fence: number; readonly size: number }
  | {
      readonly kind: 'fetch';
      readonly reader: string;
      readonly readerName: string | null;
      readonly isKit: boolean;
      readonly items: number;
    }
  | {
      readonly kind: 'backup';
      readonly destination: string;
      readonly size: number;
      readonly objects: number;
      readonly bytes: number;
    }
  | {
      readonly kind: 'drill';
      readonly destination: string;
      readonly size: number;
      readonly durationMs: number;
      readonly entries: number;
      readonly findings: number;
      readonly outcome: string;
    }
  | {
      readonly kind: 'operator';
      readonly action: string;
      /** The operator's name, as the host gave it. */
      readonly operator: string;
      /** What the act was about; null for the whole practice. */
      readonly subject: string | null;
      /** Where a copy is that was added; null for any other act. */
      readonly place: string | null;
    }
  | {
      readonly kind: 'access';
      readonly what: AccessEvent;
      readonly member: string;
      readonly name: string | null;
      readonly author: string | null;
      /** What its member calls the device, where what it did is unusual or announced. */
      readonly device: string | null;
    };

export interface VaultView {
  /** The last checkpoint that verified, as the host signed it; null before the first. */
  readonly note: string | null;
  readonly size: number;
  readonly root: string | null;
  readonly fence: number;
  readonly hostAuthor: string;
  readonly copies: readonly CopyStatus[];
  /** Of the device that asks, in hexadecimal. */
  readonly author: string;
  /** Whether the host holds a device that does unusually much. */
  readonly holdsDevices: boolean;
  readonly members: readonly MemberView[];
}

/** The newest events of the vault, newest first. */
export interface VaultEvents {
  readonly events: readonly VaultEvent[];
  readonly hasMore: boolean;
}

/** How many of the host's doings are looked through for who entered: what is older is told by nothing else either. */
const entrancesAmong = 200;

/** What "Mon coffre" shows, read from the verified journal. */
export async function vaultView(practice: Practice): Promise<VaultView> {
  const { mirror } = practice;
  const { governance } = mirror;
  const seen = mirror.seen();
  return {
    note: mirror.note,
    size: mirror.size,
    root: seen === null ? null : bytesToHex(seen.root),
    fence: governance.fence,
    hostAuthor: governance.hostAuthor === null ? '' : bytesToHex(governance.hostAuthor),
    copies: practice.status().copies,
    author: bytesToHex(practice.keyring.signer.author),
    holdsDevices: governance.holdsDevices,
    members: await membersOf(practice),
  };
}

async function membersOf(practice: Practice): Promise<MemberView[]> {
  const { governance } = practice.mirror;
  const clockOf = async (index: number) => (await practice.mirror.entry(index)).receivedAt;
  const entered = await lastEntrances(practice);
  const members: MemberView[] = [];
  for (const [member, state] of governance.members) {
    const devices: HolderView[] = [];
    const kits: HolderView[] = [];
    for (const [author, holder] of governance.authors) {
      if (holder.member !== member || !isHolder(holder)) continue;
      const freeze = isFrozen(holder) ? holder.freezes.at(-1) : undefined;
      const opening = lastOpening(practice, author);
      const used = isKeptAside(holder) ? await lastUse(practice, holder) : null;
      const view = {
        author,
        label: holder.label,
        name: await deviceName(practice, author),
        addedAt: await clockOf(holder.addedAt),
        revokedAt: holder.revokedAt === null ? null : await clockOf(holder.revokedAt),
        frozenAt: freeze === undefined ? null : await clockOf(freeze.index),
        hold: await readHold(practice, holder),
        openedAt: opening === undefined ? null : await clockOf(opening),
        enteredAt: entered.get(author) ?? null,
        usedAt: used === null ? null : await clockOf(used),
      };
      (holder.type === 'kit' ? kits : devices).push(view);
    }
    const given = termOf(state);
    const term = given === null ? null : { from: given.from, until: given.until };
    members.push({ member, name: practice.memberName(member), role: state.role, term, devices, kits });
  }
  return members;
}

/** Number of the entry that a kit or passkey signed last, or that says what it read last. */
async function lastUse({ mirror, kitReads }: Practice, kit: AuthorState): Promise<number | null> {
  const read = kitReads.lastOf(bytesToHex(kit.author));
  if (kit.last === null) return read;
  const later = mirror.entriesOf(governanceStream).filter((index) => index > Math.max(kit.addedAt, read ?? 0));
  for (const index of later.toReversed())
    if (equalBytes((await mirror.entry(index)).header.author, kit.author)) return index;
  return read;
}

/** When each device last passed the second factor, the host's clock, ms, from the last things that the host did. */
async function lastEntrances({ mirror }: Practice): Promise<Map<string, number>> {
  const entered = new Map<string, number>();
  for (const index of mirror.hostEvents().slice(-entrancesAmong)) {
    const { header, receivedAt } = await mirror.entry(index);
    const { body } = header;
    if (body.kind !== 'access' || body.what !== 'opened' || body.author === null) continue;
    entered.set(bytesToHex(body.author), receivedAt);
  }
  return entered;
}

/** The trace of an opening that an author left last. */
function lastOpening({ mirror, keyring }: Practice, author: string): number | undefined {
  if (!keyring.canRead('admin')) return undefined;
  return mirror.entriesOf(keyring.stream('admin', `opened/${author}`).id).at(-1);
}

/**
 * Reads `limit` events backwards from the newest, and none below the entry `from`. Keys drawn and grants made together are one event,
 * and so are all that a kit reads in one go, drills that are proven one after the other, and a drill with what it found there.
 */
export async function vaultEvents(practice: Practice, limit: number, from = 0): Promise<VaultEvents> {
  const { mirror } = practice;
  const events: VaultEvent[] = [];
  const patientOf = patientsByStream(practice);
  for (const index of newestFirst(mirror.entriesOf(governanceStream), mirror.hostEvents())) {
    if (index < from) return { events, hasMore: false };
    const event = await eventAt(index, { practice, patientOf });
    if (event === null || isSameEvent(event, events.at(-1))) continue;
    if (events.length >= limit) return { events, hasMore: true };
    events.push(event);
  }
  // What the host did before a `heads` is known once those entries were read, minutes later.
  return { events, hasMore: mirror.unread !== null };
}

/** Both lists ascend. */
function* newestFirst(left: readonly number[], right: readonly number[]): Generator<number> {
  let [ofLeft, ofRight] = [left.length - 1, right.length - 1];
  while (ofLeft >= 0 || ofRight >= 0) {
    const [one, other] = [left[ofLeft] ?? -1, right[ofRight] ?? -1];
    yield Math.max(one, other);
    if (one > other) ofLeft -= 1;
    else ofRight -= 1;
  }
}

interface EventSource {
  readonly practice: Practice;
  readonly patientOf: (stream: Bytes) => PatientRow | null;
}

async function eventAt(index: number, source: EventSource): Promise<VaultEvent | null> {
  const { practice } = source;
  const { header, receivedAt } = await practice.mirror.entry(index);
  const author = practice.mirror.governance.authors.get(bytesToHex(header.author));
  const body = await eventBody(header, source, author);
  if (body === null) return null;
  const byMember = author?.member ?? null;
  const by = byMember === null ? null : practice.memberName(byMember);
  return { index, receivedAt, by, byMember, isHost: author?.type === 'host', body };
}

function isSameEvent({ body }: VaultEvent, newer: VaultEvent | undefined): boolean {
  const isKeys = (kind: string | undefined) => kind === 'grant' || kind === 'epoch';
  const isProven = (one: EventBody | undefined) => one?.kind === 'drill' && one.outcome === 'proven';
  if (body.kind === 'backup') return newer?.body.kind === 'drill' || newer?.body.kind === 'backup';
  if (isProven(body)) return isProven(newer?.body);
  if (isKeys(body.kind)) return isKeys(newer?.body.kind);
  return body.kind === 'fetch' && newer?.body.kind === 'fetch' && body.reader === newer.body.reader;
}

/** Whether it matters which device it was. */
function namesDevice(what: AccessEvent): boolean {
  return [...unusualEvents, ...announcements].some((one) => one === what);
}

function holderOf(signer: AuthorState | undefined) {
  if (isKeptAside(signer)) return signer.type;
  return signer?.label === 'invitation' ? signer.label : null;
}

async function eventBody(
  { body, author }: Header,
  { practice, patientOf }: EventSource,
  signer: AuthorState | undefined,
): Promise<EventBody | null> {
  switch (body.kind) {
    case 'genesis':
      return { kind: 'genesis' };
    case 'member':
      return { kind: 'member', member: bytesToHex(body.member), role: body.role, generation: body.generation };
    case 'device':
      return {
        kind: 'device',
        member: bytesToHex(body.member),
        author: bytesToHex(body.author),
        label: body.label,
        byHolder: holderOf(signer),
      };
    case 'kit':
      return { kind: 'kit', member: bytesToHex(body.member), testValue: body.testValue };
    case 'epoch':
      return { kind: 'epoch', compartment: body.compartment, number: body.number };
    case 'grant':
      return { kind: 'grant', compartment: body.compartment, member: bytesToHex(body.member) };
    case 'revoke': {
      const author = bytesToHex(body.author);
      const holder = practice.mirror.governance.authors.get(author);
      return {
        kind: 'revoke',
        author,
        member: holder?.member ?? null,
        testValue: holder?.type === 'kit' ? holder.label : null,
      };
    }
    case 'freeze': {
      const author = bytesToHex(body.author);
      const owner = practice.mirror.governance.authors.get(author)?.member ?? null;
      const name = owner === null ? null : practice.memberName(owner);
      const device = await deviceName(practice, author);
      return { kind: 'freeze', author, name, frozen: body.frozen, device };
    }
    case 'hold':
      return { kind: 'hold', isOn: body.isOn };
    case 'term': {
      const member = bytesToHex(body.member);
      return { kind: 'term', member, name: practice.memberName(member), from: body.from, until: body.until };
    }
    case 'restrict':
      return { kind: 'restrict', patient: patientOf(body.stream), isLifted: body.members === null };
    case 'break-glass': {
      const reason = await reasonOf(practice, { ...body, author });
      return { kind: 'break-glass', patient: patientOf(body.stream), reason };
    }
    case 'witness':
      return { kind: 'witness', name: body.name };
    case 'host':
      return { kind: 'host', hostAuthor: bytesToHex(body.hostAuthor) };
    case 'restore-ack':
      return { kind: 'restore-ack', fence: body.fence, size: body.size };
    case 'fetch': {
      const reader = practice.mirror.governance.authors.get(bytesToHex(body.reader));
      const readerName = reader?.member == null ? null : practice.memberName(reader.member);
      return {
        kind: 'fetch',
        reader: bytesToHex(body.reader),
        readerName,
        isKit: reader?.type === 'kit',
        items: body.items.length,
      };
    }
    case 'backup':
      return {
        kind: 'backup',
        destination: body.destination,
        size: body.size,
        objects: body.objects,
        bytes: body.bytes,
      };
    case 'drill': {
      const { destination, size, durationMs, entries, findings, outcome } = body;
      return { kind: 'drill', destination, size, durationMs, entries, findings, outcome };
    }
    case 'operator':
      return { kind: 'operator', action: body.action, ...parseOperatorDetail(body.detail) };
    case 'access': {
      const member = bytesToHex(body.member);
      const author = body.author === null ? null : bytesToHex(body.author);
      const device = author === null || !namesDevice(body.what) ? null : await deviceName(practice, author);
      return { kind: 'access', what: body.what, member, name: practice.memberName(member), author, device };
    }
    default:
      return null;
  }
}
