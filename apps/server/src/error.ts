import { CodedError } from '@serment/core/error';

/** Every code that `@serment/server` throws of its own. */
export type ServerCode =
  | 'USAGE'
  | 'PORT_IN_USE'
  | 'ADDRESS_UNAVAILABLE'
  | 'HTTPS_REQUIRED'
  | 'SESSION_REQUIRED'
  | 'AUTHOR_REVOKED'
  | 'AUTHOR_FROZEN'
  | 'TERM_OUTSIDE'
  | 'NOT_FOUND'
  | 'ORIGIN_FORBIDDEN'
  | 'INVITATION_REQUIRED'
  | 'THROTTLED'
  | 'PASSWORD_WRONG'
  | 'ATTEMPT_UNKNOWN'
  | 'IDENTITY_MISMATCH'
  | 'ACCOUNT_UNKNOWN'
  | 'ACCOUNT_TAKEN'
  | 'CODE_WRONG'
  | 'CODE_EXPIRED'
  | 'CODE_SPENT'
  | 'FACTOR_MISSING'
  | 'FACTOR_LAST'
  | 'GATE_CLOSED'
  | 'PIN_BLOCKED'
  | 'PSC_OFF'
  | 'PSC_DOWN'
  | 'PSC_REFUSED'
  | 'PSC_STATE'
  | 'PSC_TOKEN'
  | 'PSC_ACR'
  | 'PSC_IDENTITY'
  | 'MEMBER_REQUIRED'
  | 'REQUEST_INVALID'
  | 'PHONE_INVALID'
  | 'SMS_FAILED'
  | 'SMS_UNAVAILABLE'
  | 'SMS_CONFIG_INVALID'
  | 'RANGE_NOT_SATISFIABLE'
  | 'TOO_LARGE'
  | 'STOPPING'
  | 'INTERNAL';

export class ServerError extends CodedError<ServerCode> {}

export function notFound(): ServerError {
  return new ServerError('NOT_FOUND', 'Not found, or not yours');
}
