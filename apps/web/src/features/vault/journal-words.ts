import type { FindingCode } from '@serment/core/journal/finding';
import type { vault } from '../../i18n/fr/vault.ts';

type FindingMeaning = keyof (typeof vault)['vault']['findingWhy'];
type RefusalMeaning = keyof (typeof vault)['vault']['refusedWhy'];

/** What was found of the journal, as a practice is told it: beside it stands the code, for whoever it calls. */
export const findingMeanings: Readonly<Record<FindingCode, FindingMeaning>> = {
  ENTRY_INVALID: 'invalid',
  SIGNATURE_INVALID: 'signature',
  UNAUTHORIZED: 'rights',
  TIME_DECREASES: 'time',
  DUPLICATE: 'twice',
  SEEN_FORK: 'history',
  ROOT_MISMATCH: 'root',
  CHECKPOINT_INVALID: 'root',
  ROLLBACK: 'history',
  FORK: 'history',
  FENCE_UNACKNOWLEDGED: 'restored',
  ENTRY_LOST: 'lost',
  RIGHTS_UNKNOWN: 'unjudged',
  ENTRY_UNJUDGED: 'unjudged',
  PAYLOAD_MISMATCH: 'altered',
  PAYLOAD_MISSING: 'lost',
  PAYLOAD_UNREADABLE: 'altered',
  STREAM_INCOMPLETE: 'lost',
  SNAPSHOT_MISMATCH: 'root',
  HEADS_MISMATCH: 'root',
  BLOB_MISSING: 'lost',
  BLOB_MISMATCH: 'altered',
};

const refusals: readonly (readonly [RefusalMeaning, RegExp])[] = [
  ['author', /^(AUTHOR_|TERM_)/],
  ['rights', /(_FORBIDDEN|_RESTRICTED)$|^COMPARTMENT_CLOSED$/],
  ['changed', /_(STALE|EXISTS|FILED)$|^SEEN_/],
  ['document', /^(UPLOAD|BLOB)_/],
];

/** Why the host would not have a save. */
export function refusalMeaning(code: string): RefusalMeaning {
  return refusals.find(([, pattern]) => pattern.test(code))?.[0] ?? 'other';
}
