import type { CodedError } from '@serment/core/error';

/** Why the host serves a holder no more, or, when it was closed, not in this session; `from` and `until` are those of its member's term, ms. */
export type SessionEnd =
  | { readonly why: 'revoked' | 'frozen' | 'closed' | 'suspended' }
  | { readonly why: 'early'; readonly from: number }
  | { readonly why: 'over'; readonly until: number | null };

/**
 * What a refusal says of who asked, or null when it says something else. Which limit of a term it is, is told by
 * `nowMs`: the host's clock judged, and this device's may be wrong.
 */
export function sessionEndOf({ code, fields }: CodedError, nowMs: number): SessionEnd | null {
  if (code === 'SESSION_CLOSED') return { why: 'closed' };
  if (code === 'HOLDER_REVOKED') return { why: 'revoked' };
  if (code === 'HOLDER_FROZEN' || fields.server === 'AUTHOR_FROZEN') return { why: 'frozen' };
  if (fields.server === 'PRACTICE_SUSPENDED') return { why: 'suspended' };
  if (fields.server !== 'TERM_OUTSIDE') return null;
  const { from, until } = fields;
  const isNearerToStart = typeof until !== 'number' || (typeof from === 'number' && nowMs < (from + until) / 2);
  if (typeof from === 'number' && isNearerToStart) return { why: 'early', from };
  return { why: 'over', until: typeof until === 'number' ? until : null };
}
