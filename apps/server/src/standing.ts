import { equalBytes } from '@serment/core/bytes';
import type { AuthorState, GovernanceState } from '@serment/core/journal/governance-state';
import { refuseStanding, termOf } from '@serment/core/journal/standing';
import { ServerError } from './error.ts';

/**
 * Throws why this author may have no session at that time (ms): AUTHOR_REVOKED (with `itself`, whether it revoked
 * itself), AUTHOR_FROZEN, TERM_OUTSIDE (with `from` and `until`, ms or null). Only for who proved to be the author.
 */
export function requireStanding(governance: GovernanceState, author: AuthorState, now: number): void {
  switch (refuseStanding(governance, author, { receivedAt: now })) {
    case null:
      return;
    case 'AUTHOR_REVOKED': {
      const itself = author.revokedBy !== null && equalBytes(author.revokedBy, author.author);
      throw new ServerError('AUTHOR_REVOKED', 'This device or kit was revoked', { fields: { itself } });
    }
    case 'AUTHOR_FROZEN':
      throw new ServerError('AUTHOR_FROZEN', 'This device was stopped', {
        hint: 'A doctor, or another device of the same member, can let it go on.',
      });
    case 'TERM_OUTSIDE': {
      const member = governance.members.get(author.member ?? '');
      const term = member === undefined ? null : termOf(member);
      throw new ServerError('TERM_OUTSIDE', 'This member may not act now', {
        fields: { from: term?.from ?? null, until: term?.until ?? null },
      });
    }
  }
}
