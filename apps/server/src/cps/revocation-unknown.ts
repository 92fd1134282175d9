import { ServerError } from '../error.ts';

/** Why one source did not tell whether a certificate is revoked. */
export type UnknownReason =
  | `${'CRL' | 'OCSP'}_${'HOST_REFUSED' | 'UNREACHABLE' | 'TOO_LARGE' | 'MALFORMED' | 'SIGNATURE' | 'STALE'}`
  | 'CRL_FOREIGN'
  | 'CRL_SCOPE'
  | 'OCSP_RESPONDER'
  | 'OCSP_TRY_LATER'
  | 'OCSP_REFUSED'
  | 'OCSP_NONCE'
  | 'OCSP_OTHER_CERTIFICATE'
  | 'OCSP_UNKNOWN'
  | 'NO_SOURCE';

/** CARD_REVOCATION_UNKNOWN, whose `reasons` are those of each source that was asked, in order. */
export function revocationUnknown(...reasons: readonly UnknownReason[]): ServerError {
  return new ServerError('CARD_REVOCATION_UNKNOWN', 'Whether the card is revoked could not be known', {
    fields: { reasons: reasons.join(' ') },
    hint: 'The revocation hosts, lists and OCSP of the file given to --cps: docs/security/cps.md says how they are used.',
  });
}
