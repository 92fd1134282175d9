import { type Bytes, bytesToHex, equalBytes } from '../bytes.ts';
import { verifySignature } from '../signature.ts';
import type { HolderLabel, Role } from './body.ts';
import { holderProofMessage } from './entry.ts';
import type { AuthorState, GovernanceState } from './governance-state.ts';
import { type Header, inboxStream } from './header.ts';
import { isShutOut } from './restriction.ts';
import {
  type Check,
  compartmentRoles,
  isCompartmentName,
  maxWitnesses,
  mayDeposit,
  privateMember,
  type Refusal,
  type Rule,
  type SignerCondition,
  type SignerRule,
} from './rules.ts';
import { holdOf } from './standing.ts';

/** What the conditions and checks of one entry look at. */
export interface Facts {
  readonly state: GovernanceState;
  readonly header: Header;
  /** Null for genesis, whose author is known by nothing before it. */
  readonly signer: AuthorState | null;
  readonly rule: Rule;
  /** Practice, or the nonce within the genesis batch. */
  readonly scope: Bytes;
  /** In a copy that has lost an entry before this one: who is a holder cannot be fully known. */
  readonly isAfterLoss: boolean;
}

type Answer = Refusal | null;

export function signerFits(rule: SignerRule, facts: Facts): boolean {
  const { signer, state } = facts;
  if (signer === null || signer.type !== rule.type) return false;
  if (rule.role !== undefined && roleOf(state, signer) !== rule.role) return false;
  if (rule.notScript && signer.label === 'script') return false;
  if (rule.naming !== undefined && !namesLabel(rule.naming, facts.header)) return false;
  return rule.when === undefined || conditions[rule.when](facts, signer);
}

const conditions: { readonly [C in SignerCondition]: (facts: Facts, signer: AuthorState) => boolean } = {
  'founder-member'({ state, header: { body } }) {
    // A practice whose only member were no doctor could never admit anybody.
    return (
      body.kind === 'member' &&
      body.role === 'doctor' &&
      body.generation === 1 &&
      state.founder !== null &&
      equalBytes(body.member, state.founder)
    );
  },
  'founder-itself'({ state, header: { author, body } }) {
    return (
      body.kind === 'device' &&
      equalBytes(body.author, author) &&
      state.founder !== null &&
      equalBytes(body.member, state.founder)
    );
  },
  'same-member'({ header }, signer) {
    return signer.member === memberOfBody(header);
  },
  'no-holder-left'({ state, header }) {
    const member = memberOfBody(header);
    return member !== null && holdersOf(state, member).length === 0;
  },
  'shared-compartment'({ header }) {
    const compartment = compartmentOfBody(header);
    return compartment !== null && privateMember(compartment) === null;
  },
  'own-private'({ header }, signer) {
    const owner = privateMember(compartmentOfBody(header) ?? '');
    const isToOwner = header.body.kind !== 'grant' || memberOfBody(header) === owner;
    return owner !== null && owner === signer.member && isToOwner;
  },
  itself({ header: { author, body } }) {
    return body.kind === 'revoke' && equalBytes(body.author, author);
  },
  'holder-of-member'({ state, header: { body } }, signer) {
    return body.kind === 'revoke' && state.authors.get(bytesToHex(body.author))?.member === signer.member;
  },
  'freezes-another'({ header: { author, body } }) {
    return body.kind === 'freeze' && body.frozen !== false && !equalBytes(body.author, author);
  },
  unfreezes({ header: { body } }) {
    return body.kind === 'freeze' && !body.frozen;
  },
  'unfreezes-own'({ state, header: { body } }, signer) {
    if (body.kind !== 'freeze' || body.frozen) return false;
    return state.authors.get(bytesToHex(body.author))?.member === signer.member;
  },
  'lets-go'({ state, header: { body } }) {
    // Whoever is there says that it is meant; the device itself signs nothing while it is held.
    return body.kind === 'freeze' && body.frozen === false && heldBy(state, body.author) !== null;
  },
  'holds-unusual'({ state, header: { body } }) {
    // A practice that chose nothing is held by nobody but its members.
    if (body.kind !== 'freeze' || body.frozen !== 'held' || !state.holdsDevices) return false;
    return state.authors.get(bytesToHex(body.author))?.type === 'device';
  },
  'lets-go-own-hold'({ state, header: { body } }) {
    // What a member holds, a member lets go. The host may be another one since.
    if (body.kind !== 'freeze' || body.frozen !== false) return false;
    const by = heldBy(state, body.author);
    return by !== null && state.authors.get(bytesToHex(by))?.type === 'host';
  },
  'may-restrict'({ state, header: { body } }, signer) {
    if (body.kind !== 'restrict' || signer.member === null) return false;
    // Who is not named asks for the file with a reason, and does not open it to everybody.
    const known = state.restrictions.get(bytesToHex(body.stream));
    return known === undefined || known.named.has(signer.member);
  },
  'compartment-role'({ state, header: { compartment } }, signer) {
    // A compartment of no valid name is left to the check that says so.
    if (compartment === null || !isCompartmentName(compartment)) return true;
    const owner = privateMember(compartment);
    if (owner !== null) return owner === signer.member;
    const role = roleOf(state, signer);
    return role !== null && (compartmentRoles.get(compartment)?.includes(role) ?? false);
  },
  'own-inbox'({ state, header: { stream } }, signer) {
    const member = state.members.get(signer.member ?? '');
    return member !== undefined && mayDeposit(member.role) && equalBytes(stream, inboxStream(member.member));
  },
};

/** Null when the check holds. Only the check of a proof waits. */
export const checks: { readonly [C in Check]: (facts: Facts) => Answer | Promise<Answer> } = {
  'known-member': ({ state, header }) => refuseUnless(state.members.has(memberOfBody(header) ?? ''), 'MEMBER_UNKNOWN'),
  'active-member'({ state, header }) {
    const member = memberOfBody(header) ?? '';
    return refuseUnless(state.members.has(member) && holdersOf(state, member).length > 0, 'MEMBER_UNKNOWN');
  },
  'new-or-next-member'({ state, header: { body } }) {
    if (body.kind !== 'member') return null;
    const known = state.members.get(bytesToHex(body.member));
    if (known === undefined) return refuseUnless(body.generation === 1, 'MEMBER_UNKNOWN');
    return refuseUnless(body.generation > 1 && body.role === known.role, 'MEMBER_EXISTS');
  },
  'next-generation'({ state, header: { body } }) {
    if (body.kind !== 'member') return null;
    const last = state.members.get(bytesToHex(body.member))?.generation ?? 0;
    return refuseUnless(body.generation === last + 1, 'GENERATION_STALE');
  },
  'all-holders'({ state, header: { body }, isAfterLoss }) {
    if (body.kind !== 'member' || isAfterLoss) return null;
    const holders = new Set(holdersOf(state, bytesToHex(body.member)).map((holder) => bytesToHex(holder.author)));
    const named = new Set(body.wraps.map((wrap) => bytesToHex(wrap.author)));
    const isOnceEach = named.size === body.wraps.length && named.size === holders.size;
    return refuseUnless(isOnceEach && [...named].every((author) => holders.has(author)), 'HOLDERS_MISMATCH');
  },
  'current-generation'({ state, header: { body } }) {
    if (body.kind !== 'device' && body.kind !== 'kit' && body.kind !== 'grant') return null;
    const known = state.members.get(bytesToHex(body.member));
    return refuseUnless(body.generation === known?.generation, 'GENERATION_STALE');
  },
  'own-generation'({ state, header: { body } }) {
    if (body.kind !== 'grant' || privateMember(body.compartment) === null) return null;
    // Whoever made the member's key can open what is wrapped to it.
    return refuseUnless(state.members.get(bytesToHex(body.member))?.isOwn ?? false, 'GENERATION_STALE');
  },
  'new-author'({ state, signer, header: { author, body } }) {
    if (body.kind !== 'device' && body.kind !== 'kit') return null;
    if (signer?.type === 'founder' && equalBytes(body.author, author)) return null;
    return refuseUnless(!state.authors.has(bytesToHex(body.author)), 'AUTHOR_EXISTS');
  },
  'new-genesis-host'({ header: { author, body } }) {
    return refuseUnless(body.kind === 'genesis' && !equalBytes(body.hostAuthor, author), 'AUTHOR_EXISTS');
  },
  'new-host'({ state, header: { body } }) {
    if (body.kind !== 'host') return null;
    return refuseUnless((state.authors.get(bytesToHex(body.hostAuthor))?.type ?? 'host') === 'host', 'AUTHOR_EXISTS');
  },
  'new-witness'({ state, header: { body } }) {
    // Who writes in the journal is no witness of it.
    if (body.kind !== 'witness' || body.name === null) return null;
    return refuseUnless(!state.authors.has(bytesToHex(body.key)), 'AUTHOR_EXISTS');
  },
  async proof({ scope, header: { body } }) {
    if (body.kind !== 'device' && body.kind !== 'kit') return null;
    const message = holderProofMessage(scope, body.member, body.author, body.recipient);
    return refuseUnless(await verifySignature(body.author, message, body.proof), 'PROOF_INVALID');
  },
  'compartment-name': ({ header }) =>
    refuseUnless(isCompartmentName(compartmentOfBody(header) ?? ''), 'COMPARTMENT_UNKNOWN'),
  'body-compartment': ({ state, header }) =>
    refuseUnless(state.compartments.has(compartmentOfBody(header) ?? ''), 'COMPARTMENT_UNKNOWN'),
  'header-compartment'({ state, rule, header: { compartment } }) {
    if (rule.compartment === 'none') return refuseUnless(compartment === null, 'COMPARTMENT_UNKNOWN');
    const fits = compartment !== null && (rule.compartment === 'any' || compartment === rule.compartment);
    return refuseUnless(fits && state.compartments.has(compartment), 'COMPARTMENT_UNKNOWN');
  },
  'next-epoch'({ state, header: { body } }) {
    if (body.kind !== 'epoch') return null;
    const last = state.compartments.get(body.compartment)?.number ?? 0;
    return refuseUnless(body.number === last + 1, 'EPOCH_STALE');
  },
  'body-epoch'({ state, header: { body } }) {
    if (body.kind !== 'grant') return null;
    return refuseUnless(body.number === state.compartments.get(body.compartment)?.number, 'EPOCH_STALE');
  },
  'header-epoch': ({ state, header }) =>
    refuseUnless(header.epoch === state.compartments.get(header.compartment ?? '')?.number, 'EPOCH_STALE'),
  'previous-key'({ header: { body } }) {
    if (body.kind !== 'epoch') return null;
    return refuseUnless(body.number > 1 === (body.sealedPrevious !== null), 'PREVIOUS_KEY_MISSING');
  },
  'grant-held'({ state, signer, header }) {
    const grants = state.compartments.get(header.compartment ?? '')?.grants;
    return refuseUnless(grants?.has(signer?.member ?? '') ?? false, 'GRANT_MISSING');
  },
  'grantee-role'({ state, header: { body } }) {
    if (body.kind !== 'grant') return null;
    // A member or a compartment that is none is left to the check that says so.
    const [role, allowed] = [state.members.get(bytesToHex(body.member))?.role, compartmentRoles.get(body.compartment)];
    return refuseUnless(role === undefined || allowed === undefined || allowed.includes(role), 'ROLE_FORBIDDEN');
  },
  'grant-new'({ state, header: { body } }) {
    if (body.kind !== 'grant') return null;
    const isSame = (grant: { compartment: string; number: number; generation: number }) =>
      grant.compartment === body.compartment && grant.number === body.number && grant.generation === body.generation;
    return refuseUnless(!state.grants.get(bytesToHex(body.member))?.some(isSame), 'GRANT_EXISTS');
  },
  'greater-fence': ({ state, header: { body } }) =>
    refuseUnless(body.kind === 'restore-ack' && body.fence > state.fence, 'FENCE_STALE'),
  revocable({ state, header: { body } }) {
    const author = body.kind === 'revoke' ? state.authors.get(bytesToHex(body.author)) : undefined;
    return refuseUnless(author !== undefined && isHolder(author) && author.revokedAt === null, 'REVOKE_UNKNOWN');
  },
  freezable({ state, header: { body } }) {
    if (body.kind !== 'freeze') return null;
    const author = state.authors.get(bytesToHex(body.author));
    // A kit is what undoes a freeze when nothing else is left: were it frozen too, one stolen device could stop a practice.
    const mayStop = author !== undefined && isHolder(author) && author.type !== 'kit' && author.revokedAt === null;
    const before = author?.freezes.at(-1)?.frozen ?? false;
    // To hold what is stopped would give it back its reading.
    const changes = before !== body.frozen && !(before === true && body.frozen === 'held');
    return refuseUnless(mayStop && changes, 'FREEZE_UNKNOWN');
  },
  'named-members'({ state, header: { body } }) {
    if (body.kind !== 'restrict') return null;
    const named = body.members?.map((member) => state.members.get(bytesToHex(member))) ?? [];
    return refuseUnless(!named.includes(undefined), 'MEMBER_UNKNOWN');
  },
  'lifts-restriction'({ state, header: { body } }) {
    if (body.kind !== 'restrict' || body.members !== null) return null;
    return refuseUnless(state.restrictions.has(bytesToHex(body.stream)), 'RESTRICT_UNKNOWN');
  },
  'clinical-epoch'({ state, header: { body } }) {
    if (body.kind !== 'break-glass') return null;
    return refuseUnless(body.number === state.compartments.get('clinical')?.number, 'EPOCH_STALE');
  },
  'clinical-grant': ({ state, signer }) =>
    refuseUnless(state.compartments.get('clinical')?.grants.has(signer?.member ?? '') ?? false, 'GRANT_MISSING'),
  'shut-out'({ state, signer, header: { body } }) {
    if (body.kind !== 'break-glass') return null;
    return refuseUnless(isShutOut(state, body.stream, signer?.member ?? ''), 'RESTRICT_UNKNOWN');
  },
  'names-witness'({ state, header: { body } }) {
    if (body.kind !== 'witness') return null;
    const known = state.witnesses.get(bytesToHex(body.key));
    if (body.name === null) return refuseUnless(known !== undefined, 'WITNESS_REFUSED');
    const isRoomLeft = known !== undefined || state.witnesses.size < maxWitnesses;
    return refuseUnless(isRoomLeft && known?.name !== body.name, 'WITNESS_REFUSED');
  },
  'term-role'({ state, header: { body } }) {
    if (body.kind !== 'term') return null;
    return refuseUnless(state.members.get(bytesToHex(body.member))?.role !== 'doctor', 'ROLE_FORBIDDEN');
  },
};

/** Whether this is what a member holds: a device, a passkey, an invitation or a kit. */
export function isHolder({ type }: AuthorState): boolean {
  return type !== 'founder' && type !== 'host';
}

/** What a member holds that is not revoked, frozen or not. */
export function holdersOf(state: GovernanceState, member: string): AuthorState[] {
  return [...state.authors.values()].filter(
    (author) => author.member === member && author.revokedAt === null && isHolder(author),
  );
}

/** True when both are null or the same id. */
export function sameId(left: Bytes | null, right: Bytes | null): boolean {
  return left === null || right === null ? left === right : equalBytes(left, right);
}

/** Who signed the hold of this author; null while it is not held. */
function heldBy(state: GovernanceState, author: Bytes): Bytes | null {
  const known = state.authors.get(bytesToHex(author));
  return known === undefined ? null : (holdOf(known)?.by ?? null);
}

function roleOf(state: GovernanceState, signer: AuthorState): Role | null {
  return state.members.get(signer.member ?? '')?.role ?? null;
}

function namesLabel(labels: readonly HolderLabel[], { body }: Header): boolean {
  return body.kind === 'device' && labels.includes(body.label);
}

function memberOfBody({ body }: Header): string | null {
  return 'member' in body ? bytesToHex(body.member) : null;
}

function compartmentOfBody({ body }: Header): string | null {
  return 'compartment' in body ? body.compartment : null;
}

function refuseUnless(holds: boolean, refusal: Refusal): Answer {
  return holds ? null : refusal;
}
