import type { AuthorState, FreezeRecord, GovernanceState, MemberState, TermRecord } from './governance-state.ts';
import type { Refusal } from './rules.ts';

/** Why a known author may not act, whatever it asks for. */
export type StandingRefusal = Extract<Refusal, 'AUTHOR_REVOKED' | 'AUTHOR_FROZEN' | 'TERM_OUTSIDE'>;

export interface Moment {
  /** Place in the journal; what stands there or later does not count. By default the end of what the state knows. */
  readonly index?: number;
  /** The host's clock, milliseconds since 1970. */
  readonly receivedAt: number;
}

/** Why this author may not act at that moment, or null: the one answer that entries and sessions share. */
export function refuseStanding(
  state: GovernanceState,
  author: AuthorState,
  { index = Number.POSITIVE_INFINITY, receivedAt }: Moment,
): StandingRefusal | null {
  if (author.revokedAt !== null && author.revokedAt < index) return 'AUTHOR_REVOKED';
  if (isFrozen(author, index)) return 'AUTHOR_FROZEN';
  const member = state.members.get(author.member ?? '');
  const term = member === undefined ? null : termOf(member, index);
  return term === null || isWithin(term, receivedAt) ? null : 'TERM_OUTSIDE';
}

/** Whether the last `freeze` before `index` that names this author stops it. */
export function isFrozen({ freezes }: AuthorState, index = Number.POSITIVE_INFINITY): boolean {
  return freezes.findLast((freeze) => freeze.index < index)?.frozen === true;
}

/** Whether the last `freeze` before `index` that names this author holds it: it reads, and nothing of it is taken. */
export function isHeld(author: Pick<AuthorState, 'freezes'>, index = Number.POSITIVE_INFINITY): boolean {
  return holdOf(author, index) !== null;
}

/** The `freeze` that holds this author; null while none does. */
export function holdOf(
  { freezes }: Pick<AuthorState, 'freezes'>,
  index = Number.POSITIVE_INFINITY,
): FreezeRecord | null {
  const last = freezes.findLast((freeze) => freeze.index < index);
  return last?.frozen === 'held' ? last : null;
}

/** The last term before `index`; null when the member was given none. */
export function termOf({ terms }: MemberState, index = Number.POSITIVE_INFINITY): TermRecord | null {
  return terms.findLast((term) => term.index < index) ?? null;
}

function isWithin({ from, until }: TermRecord, receivedAt: number): boolean {
  return (from === null || receivedAt >= from) && (until === null || receivedAt < until);
}
