import { CodedError } from '@serment/core/error';

/** Every code that `@serment/server` throws of its own. */
export type ServerCode =
  | 'USAGE'
  | 'PORT_IN_USE'
  | 'ADDRESS_UNAVAILABLE'
  | 'HTTPS_REQUIRED'
  | 'SESSION_REQUIRED'
  | 'AUTHOR_REVOKED'
  | 'NOT_FOUND'
  | 'ORIGIN_FORBIDDEN'
  | 'INVITATION_REQUIRED'
  | 'THROTTLED'
  | 'PASSWORD_WRONG'
  | 'ATTEMPT_UNKNOWN'
  | 'CARD_MISSING'
  | 'CARD_MALFORMED'
  | 'CARD_AUTHORITY_UNKNOWN'
  | 'CARD_WEAK'
  | 'CARD_NOT_YET_VALID'
  | 'CARD_EXPIRED'
  | 'CARD_PURPOSE'
  | 'CARD_SUBJECT'
  | 'CARD_REVOKED'
  | 'CARD_REVOCATION_UNKNOWN'
  | 'MEMBER_REQUIRED'
  | 'REQUEST_INVALID'
  | 'RANGE_NOT_SATISFIABLE'
  | 'TOO_LARGE'
  | 'STOPPING'
  | 'INTERNAL';

export class ServerError extends CodedError<ServerCode> {}

export function notFound(): ServerError {
  return new ServerError('NOT_FOUND', 'Not found, or not yours');
}
