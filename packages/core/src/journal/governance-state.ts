import type { Bytes } from '../bytes.ts';
import type { Freeze, Role } from './body.ts';
import type { AuthorType } from './rules.ts';

export interface MemberState {
  readonly member: Bytes;
  readonly role: Role;
  /** The current one; `recipients[generation - 1]` is `recipient`. */
  readonly generation: number;
  readonly recipient: Bytes;
  readonly recipients: readonly Bytes[];
  /** Whether the member itself made the current generation: else whoever made it can open what is wrapped to it. */
  readonly isOwn: boolean;
  /** In order of `index`: the last one counts. */
  readonly terms: readonly TermRecord[];
  readonly addedAt: number;
}

/** From when (included) until when (excluded) a member may act, ms of the host's clock; null for no limit. */
export interface TermRecord {
  readonly from: number | null;
  readonly until: number | null;
  readonly index: number;
}

/** That an author was stopped, is held, or may act again. */
export interface FreezeRecord {
  readonly frozen: Freeze;
  /** Who signed it. */
  readonly by: Bytes;
  readonly index: number;
}

export interface AuthorState {
  readonly author: Bytes;
  /** Key of `members`; null for a host. */
  readonly member: string | null;
  readonly type: AuthorType;
  /** That of its `device` entry, the test value for a kit, else empty. */
  readonly label: string;
  /** Of a holder; null for founder and host. */
  readonly recipient: Bytes | null;
  readonly addedAt: number;
  /** Of a holder: who signed the entry that names it; null for founder and host. */
  readonly addedBy: Bytes | null;
  readonly revokedAt: number | null;
  /** Who signed what revoked it; null while it is not. */
  readonly revokedBy: Bytes | null;
  /** In order of `index`: the last one counts. */
  readonly freezes: readonly FreezeRecord[];
  /** Id of its last entry. */
  readonly last: Bytes | null;
}

export interface EpochState {
  readonly number: number;
  readonly check: Bytes;
  readonly recipient: Bytes;
  readonly sealedInbox: Bytes;
  readonly sealedPrevious: Bytes | null;
  /** Practice, or the nonce when made in the genesis batch: part of what was sealed. */
  readonly scope: Bytes;
  readonly index: number;
  readonly id: Bytes;
}

export interface CompartmentState {
  readonly name: string;
  /** Of the current epoch, as are `check`, `recipient` and `grants`. */
  readonly number: number;
  readonly check: Bytes;
  readonly recipient: Bytes;
  /** Keys of `members` that hold a grant on the current epoch. */
  readonly grants: ReadonlySet<string>;
  /** In order of number, from 1. */
  readonly epochs: readonly EpochState[];
}

/** A member key of one generation, wrapped to one holder. */
export interface WrapRecord {
  readonly member: string;
  readonly generation: number;
  readonly wrap: Bytes;
  readonly scope: Bytes;
  readonly index: number;
}

/** An epoch key, wrapped to one member. */
export interface GrantRecord {
  readonly compartment: string;
  readonly number: number;
  readonly generation: number;
  readonly wrap: Bytes;
  readonly scope: Bytes;
  readonly index: number;
}

export interface HostRecord {
  readonly author: Bytes;
  readonly index: number;
}

/** Who may read a stream. */
export interface RestrictionState {
  readonly stream: Bytes;
  /** Keys of `members`. */
  readonly named: ReadonlySet<string>;
  readonly index: number;
  /** Who opened it since, with a reason: they read it until it is restricted anew. */
  readonly broken: readonly GlassRecord[];
}

/** A `break-glass`. */
export interface GlassRecord {
  /** Key of `members`. */
  readonly member: string;
  readonly author: Bytes;
  /** Epoch of `clinical` that the reason is sealed under. */
  readonly number: number;
  readonly reason: Bytes;
  readonly index: number;
}

/** A witness that the practice names. */
export interface WitnessRecord {
  readonly key: Bytes;
  readonly name: string;
  readonly index: number;
}

/** What the entries so far say of members, holders, keys and hosts. Maps are keyed by lower-case hexadecimal. */
export interface GovernanceState {
  practice: Bytes | null;
  nonce: Bytes | null;
  /** The member that genesis names. */
  founder: Bytes | null;
  founderAuthor: Bytes | null;
  hostAuthor: Bytes | null;
  /** Greatest fence acknowledged; 1 from the start. */
  fence: number;
  /** Whether the host is to hold a device that does unusually much. */
  holdsDevices: boolean;
  /** False once an entry stood that no genesis batch holds. */
  isGenesisBatch: boolean;
  /** Last entry of the governance stream. */
  head: Bytes | null;
  readonly hosts: HostRecord[];
  readonly members: Map<string, MemberState>;
  readonly authors: Map<string, AuthorState>;
  readonly compartments: Map<string, CompartmentState>;
  /** By holder's author, oldest first. */
  readonly wraps: Map<string, WrapRecord[]>;
  /** By member, oldest first. */
  readonly grants: Map<string, GrantRecord[]>;
  /** By stream: those that are restricted. */
  readonly restrictions: Map<string, RestrictionState>;
  /** By key. */
  readonly witnesses: Map<string, WitnessRecord>;
}
