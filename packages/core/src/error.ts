/** Facts a person needs to act on an error. Never clear text, keys or names: they travel to logs. */
export type ErrorFields = Readonly<Record<string, string | number | boolean | null>>;

export interface ErrorDetails {
  readonly cause?: unknown;
  readonly fields?: ErrorFields;
  /** What an operator can do about it, one sentence. */
  readonly hint?: string;
}

/** The base of every package's error registry: a stable code, facts, a hint and the cause. */
export class CodedError<Code extends string = string> extends Error {
  readonly code: Code;
  readonly fields: ErrorFields;
  readonly hint: string | null;

  constructor(code: Code, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = code;
    this.fields = details.fields ?? {};
    this.hint = details.hint ?? null;
  }
}

/** Every code that `@serment/core` throws. Findings of verification have a registry of their own (journal/finding). */
export type CoreCode =
  | 'CBOR_INVALID'
  | 'CBOR_VALUE'
  | 'HEX_INVALID'
  | 'BASE64_INVALID'
  | 'FORMAT_UNKNOWN'
  | 'ENTRY_INVALID'
  | 'ENTRY_TOO_LARGE'
  | 'BODY_INVALID'
  | 'SIGNATURE_INVALID'
  | 'CHECKPOINT_INVALID'
  | 'COSIGNATURE_INVALID'
  | 'WITNESS_KEY_INVALID'
  | 'PROOF_INVALID'
  | 'SEALED_INVALID'
  | 'PAYLOAD_INVALID'
  | 'KEY_INVALID'
  | 'REASON_INVALID'
  | 'KEY_MISSING'
  | 'WRAP_INVALID'
  | 'RECIPIENT_INVALID'
  | 'PUBLIC_KEY_MISMATCH'
  | 'KIT_INVALID'
  | 'KIT_CHECKSUM'
  | 'SHEET_INVALID'
  | 'INVITATION_INVALID'
  | 'INVITATION_CHECKSUM'
  | 'INVITATION_CODE_INVALID'
  | 'ENROLMENT_INVALID'
  | 'ENROLMENT_CHECKSUM'
  | 'PASSKEY_INVALID'
  | 'RESCUE_PHRASE_INVALID'
  | 'RESCUE_CUT'
  | 'RESCUE_DAMAGED'
  | 'PASSWORD_WRONG'
  | 'OPAQUE_FAILED'
  | 'MEMORY_SHORT'
  | 'WIRE_INVALID'
  | 'COPY_OBJECT_INVALID';

export class CoreError extends CodedError<CoreCode> {}
