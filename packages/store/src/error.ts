import { CodedError } from '@serment/core/error';

/** Starting and reaching PostgreSQL. */
export type DatabaseCode =
  | 'DATA_IN_USE'
  | 'DATA_NEWER'
  | 'DATA_OLDER'
  | 'DATA_DAMAGED'
  | 'DATA_NOT_WRITABLE'
  | 'DISK_FULL'
  | 'DATABASE_BINARIES_MISSING'
  | 'DATABASE_BINARIES_UNUSABLE'
  | 'DATABASE_ACCOUNT'
  | 'DATABASE_INIT_FAILED'
  | 'DATABASE_START_FAILED'
  | 'DATABASE_URL_INVALID'
  | 'DATABASE_UNFIT'
  | 'INTEGER_UNSAFE';

/** Appending to a journal and reading it. */
export type JournalCode =
  | 'REFUSED'
  | 'SIGNATURE_INVALID'
  | 'PAYLOAD_MISMATCH'
  | 'BLOB_MISSING'
  | 'SEEN_FORK'
  | 'VAULT_RESTORED'
  | 'PRACTICE_UNKNOWN'
  | 'GENESIS_INCOMPLETE'
  | 'RANGE_INVALID'
  | 'STORAGE_FULL'
  | 'DATABASE_UNAVAILABLE'
  | 'JOURNAL_DAMAGED';

/** Documents and their uploads. */
export type BlobCode =
  | 'BLOB_UNKNOWN'
  | 'BLOB_MISMATCH'
  | 'BLOB_STORE_FAILED'
  | 'PART_CONFLICT'
  | 'PART_INVALID'
  | 'UPLOAD_UNKNOWN'
  | 'UPLOAD_INCOMPLETE';

/** What stands beside the journal: drafts, accounts, sessions, host keys. */
export type SideCode =
  | 'DRAFT_STALE'
  | 'DRAFT_FORBIDDEN'
  | 'COSIGNATURE_REFUSED'
  | 'DRAFTS_TOO_MANY'
  | 'ACCOUNT_TAKEN'
  | 'ACCOUNT_UNKNOWN'
  | 'PASSKEYS_TOO_MANY'
  | 'CODE_WRONG'
  | 'CODE_EXPIRED'
  | 'CODE_SPENT'
  | 'CHALLENGE_INVALID'
  | 'SESSION_CLOSED'
  | 'OPERATOR_NAME_INVALID'
  | 'OPERATOR_UNKNOWN'
  | 'HOST_KEY_INVALID'
  | 'HOST_KEY_UNWRITABLE'
  | 'HOST_KEY_MISSING';

/** Every code that `@serment/store` throws: one union per subject, joined here. */
export type StoreCode = DatabaseCode | JournalCode | BlobCode | SideCode;

export class StoreError extends CodedError<StoreCode> {}
