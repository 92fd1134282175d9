import { CodedError } from '@serment/core/error';
import { encodeErrorBody } from '@serment/core/wire/error-body';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';

const staleRefusals = new Set(['PREV_STALE', 'BASE_STALE', 'EPOCH_STALE']);

/** HTTP status of a code, mapped here and nowhere else (docs/format/wire.md, errors). Codes not listed are 500. */
const statuses: Readonly<Record<string, number>> = {
  WIRE_INVALID: 400,
  ENTRY_INVALID: 400,
  BODY_INVALID: 400,
  FORMAT_UNKNOWN: 400,
  CBOR_INVALID: 400,
  HEX_INVALID: 400,
  RANGE_INVALID: 400,
  REQUEST_INVALID: 400,
  PART_INVALID: 400,
  GENESIS_INCOMPLETE: 400,
  OPAQUE_FAILED: 400,
  PHONE_INVALID: 400,
  OPERATOR_PASSWORD_WEAK: 400,
  SESSION_REQUIRED: 401,
  SESSION_CLOSED: 401,
  CHALLENGE_INVALID: 401,
  AUTHOR_REVOKED: 401,
  AUTHOR_FROZEN: 401,
  TERM_OUTSIDE: 401,
  PASSWORD_WRONG: 401,
  ATTEMPT_UNKNOWN: 401,
  CODE_WRONG: 401,
  CODE_EXPIRED: 401,
  CODE_SPENT: 401,
  PASSKEY_REFUSED: 401,
  GATE_CLOSED: 401,
  PIN_BLOCKED: 401,
  OPERATOR_REFUSED: 401,
  OPERATOR_CODE_UNKNOWN: 401,
  OPERATOR_SESSION_REQUIRED: 401,
  PSC_STATE: 401,
  PSC_TOKEN: 401,
  CARD_MISSING: 403,
  CARD_MALFORMED: 403,
  CARD_AUTHORITY_UNKNOWN: 403,
  CARD_WEAK: 403,
  CARD_NOT_YET_VALID: 403,
  CARD_EXPIRED: 403,
  CARD_PURPOSE: 403,
  CARD_SUBJECT: 403,
  CARD_REVOKED: 403,
  AUTHOR_HELD: 403,
  REFUSED: 403,
  ORIGIN_FORBIDDEN: 403,
  INVITATION_REQUIRED: 403,
  MEMBER_REQUIRED: 403,
  PRACTICE_SUSPENDED: 403,
  OPERATOR_UNCONFIRMED: 403,
  STREAM_RESTRICTED: 403,
  DRAFT_FORBIDDEN: 403,
  FACTOR_MISSING: 403,
  IDENTITY_MISMATCH: 403,
  PSC_REFUSED: 403,
  PSC_ACR: 403,
  PSC_IDENTITY: 403,
  NOT_FOUND: 404,
  PRACTICE_UNKNOWN: 404,
  ACCOUNT_UNKNOWN: 404,
  BLOB_UNKNOWN: 404,
  PSC_OFF: 404,
  UPLOAD_UNKNOWN: 404,
  COPY_LAST: 409,
  COPY_REFUSED: 409,
  COSIGNATURE_REFUSED: 409,
  DRAFT_STALE: 409,
  VAULT_RESTORED: 409,
  SEEN_FORK: 409,
  PART_CONFLICT: 409,
  UPLOAD_INCOMPLETE: 409,
  ACCOUNT_TAKEN: 409,
  FACTOR_LAST: 409,
  ENROLMENT_ORDER: 409,
  DRAFTS_TOO_MANY: 409,
  PASSKEYS_TOO_MANY: 409,
  ENTRY_TOO_LARGE: 413,
  TOO_LARGE: 413,
  RANGE_NOT_SATISFIABLE: 416,
  PAYLOAD_MISMATCH: 422,
  BLOB_MISSING: 422,
  BLOB_MISMATCH: 422,
  SIGNATURE_INVALID: 422,
  CHECKPOINT_INVALID: 422,
  COSIGNATURE_INVALID: 422,
  THROTTLED: 429,
  COPY_UNAVAILABLE: 502,
  SMS_FAILED: 502,
  SMS_UNAVAILABLE: 503,
  CARD_REVOCATION_UNKNOWN: 503,
  DATABASE_UNAVAILABLE: 503,
  STOPPING: 503,
  PSC_DOWN: 503,
  STORAGE_FULL: 507,
};

export function statusOf(error: CodedError): number {
  const { refusal } = error.fields;
  if (error.code === 'REFUSED' && typeof refusal === 'string' && staleRefusals.has(refusal)) return 409;
  return statuses[error.code] ?? 500;
}

/** Answers with the error's code, message, hint and fields; what has no code is only logged. */
export function answerError(error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const coded = error instanceof CodedError ? error : frameworkError(error);
  if (coded === null) {
    request.log.error({ err: error, route: request.routeOptions.url }, 'unexpected error');
    return send(reply, 500, { code: 'INTERNAL', message: 'The server failed', hint: null, fields: {} });
  }
  const status = statusOf(coded);
  if (status >= 500) request.log.error({ err: coded, route: request.routeOptions.url }, 'request failed');
  if (status === 503) reply.header('retry-after', '2');
  const { code, message, hint, fields } = coded;
  return send(reply, status, { code, message, hint, fields });
}

function send(reply: FastifyReply, status: number, body: Parameters<typeof encodeErrorBody>[0]): FastifyReply {
  return reply.code(status).type('application/json; charset=utf-8').send(encodeErrorBody(body));
}

/** Fastify's own refusals of a request, in this wire's terms. */
function frameworkError(error: Error): CodedError | null {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new CodedError('TOO_LARGE', 'The body is too large');
  if (code.startsWith('FST_ERR_CTP_'))
    return new CodedError('REQUEST_INVALID', 'The body is not what is expected here');
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
  return status >= 400 && status < 500 ? new CodedError('REQUEST_INVALID', 'The request is malformed') : null;
}
