import { CodedError } from '@serment/core/error';

/** Every code that `@serment/replica` throws. What the server refuses keeps the server's own code in `fields.server`. */
export type ReplicaCode =
  | 'UNREACHABLE'
  | 'SERVER_REFUSED'
  | 'SERVER_FAILED'
  | 'ANSWER_INVALID'
  | 'SESSION_REFUSED'
  | 'HOST_LIES'
  | 'HOLDER_UNKNOWN'
  | 'HOLDER_REVOKED'
  | 'HOLDER_FROZEN'
  | 'HOLDER_SELF'
  | 'MEMBER_UNKNOWN'
  | 'MEMBER_ACTIVE'
  | 'TERM_INVALID'
  | 'INVITATION_UNKNOWN'
  | 'INVITATION_USED'
  | 'INVITATION_CANCELLED'
  | 'INVITATION_EARLY'
  | 'INVITATION_EXPIRED'
  | 'KIT_WRONG'
  | 'COMPARTMENT_CLOSED'
  | 'PATIENT_UNKNOWN'
  | 'RECORD_UNKNOWN'
  | 'SAVE_INVALID'
  | 'DOCUMENT_UNKNOWN'
  | 'DOCUMENT_INVALID'
  | 'DRAFT_STALE'
  | 'DRAFTS_FULL'
  | 'VAULT_RESTORED'
  | 'CACHE_FAILED'
  | 'CLOSED'
  | SignInCode;

/** Entering, and setting up the ways in. */
export type SignInCode =
  | 'PASSWORD_WRONG'
  | 'CODE_WRONG'
  | 'CODE_EXPIRED'
  | 'CODE_SPENT'
  | 'FACTOR_MISSING'
  | 'FACTOR_LAST'
  | 'GATE_CLOSED'
  | 'PIN_BLOCKED'
  | 'PIN_INVALID'
  | 'PASSWORD_WEAK'
  | 'OFFLINE_STALE'
  | 'PHONE_INVALID'
  | 'SMS_FAILED'
  | 'THROTTLED'
  | 'ACCOUNT_UNKNOWN'
  | 'ATTEMPT_UNKNOWN'
  | 'IDENTITY_MISMATCH'
  | 'WAY_UNKNOWN';

export class ReplicaError extends CodedError<ReplicaCode> {}
