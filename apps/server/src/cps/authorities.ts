import { isStrongKey, isStrongSignature } from './algorithms.ts';
import {
  basicConstraints,
  type Certificate,
  extendedKeyUsages,
  hasKeyUsage,
  hasUnknownCritical,
  isInItsDates,
  isIssuedBy,
  publicKeyOf,
} from './certificate.ts';

export const clientAuth = '1.3.6.1.5.5.7.3.2';
const anyUsage = '2.5.29.37.0';

/**
 * The authorities above a certificate, its issuer first and a root last, all of them from `authorities` and in their
 * dates at `at` (milliseconds since 1970); null when there is no such path. Whether the certificate itself is in its
 * dates, or strong, is not looked at. A certificate is a root when it is signed by its own key.
 */
export function authoritiesAbove(
  certificate: Certificate,
  authorities: readonly Certificate[],
  at: number,
): readonly Certificate[] | null {
  return climb(
    certificate,
    authorities.filter((authority) => isInItsDates(authority, at)),
    [],
  );
}

function climb(
  certificate: Certificate,
  authorities: readonly Certificate[],
  below: readonly Certificate[],
): readonly Certificate[] | null {
  for (const authority of authorities) {
    // Authorities that vouch for each other end here.
    if (below.includes(authority) || !isIssuedBy(certificate, authority)) continue;
    if (!mayIssue(authority, below.length)) continue;
    if (isRoot(authority)) return [authority];
    const above = climb(authority, authorities, [...below, authority]);
    if (above !== null) return [authority, ...above];
  }
  return null;
}

export function isRoot(authority: Certificate): boolean {
  return isIssuedBy(authority, authority);
}

/** Whether it may vouch for the certificates of cards with `countBelow` authorities between. Throws CARD_MALFORMED. */
export function mayIssue(authority: Certificate, countBelow: number): boolean {
  const { isAuthority, maxBelow } = basicConstraints(authority);
  const usages = extendedKeyUsages(authority);
  // A root is trusted for being configured: its signature by itself says nothing.
  const isSignatureStrong = isRoot(authority) || isStrongSignature(authority.asn1.signatureAlgorithm);
  return (
    isAuthority &&
    countBelow <= maxBelow &&
    hasKeyUsage(authority, 'keyCertSign') &&
    !hasUnknownCritical(authority) &&
    (usages === null || usages.includes(clientAuth) || usages.includes(anyUsage)) &&
    isSignatureStrong &&
    isStrongKey(publicKeyOf(authority))
  );
}
