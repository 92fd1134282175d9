import type { Refusal } from './rules.ts';

/** What a verifier can find (docs/format/journal.md, Verifying). */
export const findingCodes = [
  'ENTRY_INVALID',
  'SIGNATURE_INVALID',
  'UNAUTHORIZED',
  'TIME_DECREASES',
  'DUPLICATE',
  'SEEN_FORK',
  'ROOT_MISMATCH',
  'CHECKPOINT_INVALID',
  'ROLLBACK',
  'FORK',
  'FENCE_UNACKNOWLEDGED',
  'ENTRY_LOST',
  'RIGHTS_UNKNOWN',
  'ENTRY_UNJUDGED',
  'PAYLOAD_MISMATCH',
  'PAYLOAD_MISSING',
  'PAYLOAD_UNREADABLE',
  'STREAM_INCOMPLETE',
  'SNAPSHOT_MISMATCH',
  'HEADS_MISMATCH',
  'BLOB_MISSING',
  'BLOB_MISMATCH',
] as const;
export type FindingCode = (typeof findingCodes)[number];

export interface Finding {
  readonly code: FindingCode;
  /** Number of the entry in the journal; null when the finding is about none. */
  readonly index: number | null;
  /** The refusal of an UNAUTHORIZED, or what else is known of the cause. */
  readonly detail: Refusal | string | null;
  /** In hexadecimal. */
  readonly stream?: string;
  readonly author?: string;
}
