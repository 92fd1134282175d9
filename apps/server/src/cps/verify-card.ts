import { ServerError } from '../error.ts';
import { isStrongKey, isStrongSignature } from './algorithms.ts';
import { authoritiesAbove, clientAuth } from './authorities.ts';
import {
  basicConstraints,
  type Certificate,
  extendedKeyUsages,
  hasKeyUsage,
  hasUnknownCritical,
  parseCertificate,
  publicKeyOf,
} from './certificate.ts';
import type { Revocation } from './revocation.ts';
import { nationalIdOf } from './subject.ts';

export interface CardCheck {
  /** The card's certificate in DER, whose key TLS has shown to be there. */
  readonly card: Uint8Array;
  /**
   * Every authority that may stand above a card, roots included. What the client sends along is never one of them: a
   * root of health also vouches for authorities that issue to companies, and to keys kept in files.
   */
  readonly authorities: readonly Certificate[];
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly revocation: Revocation;
}

/**
 * Who holds a card, as its certificate says and the configured authorities vouch. Throws CARD_MALFORMED,
 * CARD_AUTHORITY_UNKNOWN, CARD_WEAK, CARD_NOT_YET_VALID, CARD_EXPIRED, CARD_PURPOSE, CARD_SUBJECT, then, having asked
 * outside, CARD_REVOKED and CARD_REVOCATION_UNKNOWN: in that order (docs/security/cps.md).
 */
export async function verifyCard({ card, authorities, at, revocation }: CardCheck): Promise<{ nationalId: string }> {
  const certificate = parseCertificate(card);
  const above = authoritiesAbove(certificate, authorities, at);
  if (above === null) throw new ServerError('CARD_AUTHORITY_UNKNOWN', 'No configured authority vouches for this card');
  if (!(isStrongSignature(certificate.asn1.signatureAlgorithm) && isStrongKey(publicKeyOf(certificate))))
    throw new ServerError('CARD_WEAK', 'The certificate is signed or keyed by an algorithm that is no longer safe');
  const { validFromDate, validToDate } = certificate.openssl;
  if (at < validFromDate.getTime()) throw new ServerError('CARD_NOT_YET_VALID', 'The card is not valid yet');
  if (at > validToDate.getTime()) throw new ServerError('CARD_EXPIRED', 'The card has expired');
  if (!isForAuthentication(certificate))
    throw new ServerError('CARD_PURPOSE', 'The certificate is not one of authentication');
  const nationalId = nationalIdOf(certificate);
  let checked = certificate;
  for (const issuer of above) {
    await revocation.check({ certificate: checked, issuer, at });
    checked = issuer;
  }
  return { nationalId };
}

/** A card holds two certificates: this tells the one that proves a presence from the one that signs documents. */
function isForAuthentication(certificate: Certificate): boolean {
  return (
    hasKeyUsage(certificate, 'digitalSignature') &&
    !hasKeyUsage(certificate, 'contentCommitment') &&
    !basicConstraints(certificate).isAuthority &&
    (extendedKeyUsages(certificate)?.includes(clientAuth) ?? false) &&
    !hasUnknownCritical(certificate)
  );
}
