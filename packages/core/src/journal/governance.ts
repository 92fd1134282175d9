import { type Bytes, bytesToHex, equalBytes } from '../bytes.ts';
import { checks, type Facts, sameId, signerFits } from './checks.ts';
import type { Statement } from './entry.ts';
import type { GovernanceState, GrantRecord, WrapRecord } from './governance-state.ts';
import { governanceStream, type Header, hostStream, isInboxStream } from './header.ts';
import type { Losses } from './losses.ts';
import { type Refusal, type Rule, rules } from './rules.ts';
import { isHeld, refuseStanding } from './standing.ts';

// biome-ignore lint/performance/noBarrelFile: the governance state has one door, and these files are its parts.
export { applyEntry, revokeOmitted } from './governance-apply.ts';
export { encodeGovernance, parseGovernance } from './governance-code.ts';
export type {
  AuthorState,
  CompartmentState,
  EpochState,
  GovernanceState,
  GrantRecord,
  MemberState,
  RestrictionState,
  WrapRecord,
} from './governance-state.ts';

export interface AuthorizeContext {
  /** The place that the entry would take. */
  readonly index: number;
  /** The host's clock at that place, milliseconds since 1970. */
  readonly receivedAt: number;
  /** Id of the last entry of the header's stream, null when it has none. */
  readonly streamHead: Bytes | null;
  /** Compartment of that entry, hence of all in the stream; null when the stream has no entry, or none of a compartment. */
  readonly streamCompartment: string | null;
  /** The practice that is expected, null when any genesis will do. */
  readonly practice: Bytes | null;
  /** Given only to who reads a copy that has lost an entry before this one. */
  readonly losses?: Losses;
}

/** The state before any entry. */
export function emptyGovernance(): GovernanceState {
  return {
    practice: null,
    nonce: null,
    founder: null,
    founderAuthor: null,
    hostAuthor: null,
    fence: 1,
    holdsDevices: false,
    isGenesisBatch: true,
    head: null,
    hosts: [],
    members: new Map(),
    authors: new Map(),
    compartments: new Map(),
    wraps: new Map(),
    grants: new Map(),
    restrictions: new Map(),
    witnesses: new Map(),
  };
}

/**
 * The first reason to refuse this statement as the next entry, or null. The signature, that `receivedAt` does not
 * decrease, and the root in `seen` are for the caller to check.
 */
export async function authorize(
  state: GovernanceState,
  statement: Statement,
  context: AuthorizeContext,
): Promise<Refusal | null> {
  const { header } = statement;
  const rule = rules[header.kind];
  const refusal = refuseShape(state, statement, context, rule) ?? refusePlace(state, header, context, rule);
  if (refusal !== null) return refusal;
  const inBatch = isInGenesisBatch(state, header, rule);
  const facts: Facts = {
    state,
    header,
    signer: state.authors.get(bytesToHex(header.author)) ?? null,
    rule,
    scope: (inBatch ? state.nonce : state.practice) ?? statement.id,
    isAfterLoss: context.losses !== undefined,
  };
  if (!(inBatch || isPastGenesis(state, context))) return 'ROLE_FORBIDDEN';
  if (rule.signers !== null && !rule.signers.some((signer) => signerFits(signer, facts))) return 'ROLE_FORBIDDEN';
  for (const check of rule.checks) {
    const answer = await checks[check](facts);
    if (answer !== null) return answer;
  }
  return null;
}

/** Whether the entries so far make a whole genesis batch: a host accepts it whole or not at all. */
export function isGenesisComplete(state: GovernanceState): boolean {
  if (!state.isGenesisBatch) return true;
  if (state.founder === null) return false;
  const founder = bytesToHex(state.founder);
  const types = new Set([...state.authors.values()].map((author) => author.member === founder && author.type));
  const compartments = ['admin', 'clinical', 'billing', `private/${founder}`];
  const isGranted = (name: string) => state.compartments.get(name)?.grants.has(founder) ?? false;
  return types.has('device') && types.has('kit') && compartments.every(isGranted);
}

/** The member keys that are wrapped to a holder, oldest generation first. */
export function wrapsFor(state: GovernanceState, holderAuthor: Uint8Array): readonly WrapRecord[] {
  return state.wraps.get(bytesToHex(holderAuthor)) ?? [];
}

/** The epoch keys that are wrapped to a member, oldest first. */
export function grantsFor(state: GovernanceState, member: Uint8Array): readonly GrantRecord[] {
  return state.grants.get(bytesToHex(member)) ?? [];
}

/** The author that signs checkpoints of that size: the one that the last genesis or host entry before it names. */
export function hostAuthorAt(state: GovernanceState, size: number): Bytes | null {
  return state.hosts.findLast((host) => host.index < size)?.author ?? null;
}

function refuseShape(
  state: GovernanceState,
  { header, id, payloadHash }: Statement,
  context: AuthorizeContext,
  rule: Rule,
): Refusal | null {
  const isGenesis = header.kind === 'genesis';
  // The genesis entry's own id is the practice; nothing before it knows one.
  if (isGenesis !== (state.practice === null) || (isGenesis && context.index !== 0)) return 'PRACTICE_MISMATCH';
  const practice = state.practice ?? id;
  if (!(isGenesis || sameId(header.practice, practice))) return 'PRACTICE_MISMATCH';
  if (context.practice !== null && !equalBytes(context.practice, practice)) return 'PRACTICE_MISMATCH';
  const stream = streamTypeOf(header.stream);
  if (stream !== rule.stream) return 'STREAM_FORBIDDEN';
  const isForeign = context.streamCompartment !== null && header.compartment !== context.streamCompartment;
  if ((stream === 'other' || stream === 'inbox') && isForeign) return 'STREAM_FORBIDDEN';
  if (!rule.payload && (payloadHash !== null || header.blobs.length > 0)) return 'PAYLOAD_FORBIDDEN';
  if (rule.payload && payloadHash === null) return 'PAYLOAD_REQUIRED';
  return null;
}

function streamTypeOf(stream: Bytes): Rule['stream'] {
  if (equalBytes(stream, governanceStream)) return 'governance';
  if (equalBytes(stream, hostStream)) return 'host';
  return isInboxStream(stream) ? 'inbox' : 'other';
}

function refusePlace(state: GovernanceState, header: Header, context: AuthorizeContext, rule: Rule): Refusal | null {
  const author = state.authors.get(bytesToHex(header.author));
  if (header.kind !== 'genesis') {
    if (author === undefined) return 'AUTHOR_UNKNOWN';
    const { index, receivedAt } = context;
    const refusal = refuseStanding(state, author, { index, receivedAt });
    if (refusal !== null) return refusal;
    if (isHeld(author, index)) return 'AUTHOR_HELD';
  }
  if (!(sameId(header.prev, author?.last ?? null) || context.losses?.explainsPrev(header))) return 'PREV_STALE';
  const binds = rule.binding === 'always' || (header.body.kind === 'records' && header.body.binding);
  if (binds && !(sameId(header.base, context.streamHead) || context.losses?.explainsBase(header))) return 'BASE_STALE';
  const needsSeen = rule.stream !== 'host' && !isInGenesisBatch(state, header, rule);
  if (header.seen === null) return needsSeen ? 'SEEN_REQUIRED' : null;
  // No checkpoint stands inside a genesis batch, which is accepted whole.
  return header.seen.size > context.index || !isPastGenesis(state, context) ? 'SEEN_AHEAD' : null;
}

/** What a genesis batch lacks may be what was lost: it was accepted whole. */
function isPastGenesis(state: GovernanceState, { losses }: AuthorizeContext): boolean {
  return losses !== undefined || isGenesisComplete(state);
}

function isInGenesisBatch(state: GovernanceState, header: Header, rule: Rule): boolean {
  if (!(state.isGenesisBatch && rule.genesisBatch) || header.seen !== null) return false;
  return state.founderAuthor === null || equalBytes(state.founderAuthor, header.author);
}
