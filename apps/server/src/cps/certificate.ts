import { type KeyObject, X509Certificate } from 'node:crypto';
import { ownBytes } from '@serment/core/bytes';
import * as pkijs from 'pkijs';
import { ServerError } from '../error.ts';

/** One certificate, read by two libraries that must both accept it. */
export interface Certificate {
  /** OpenSSL's reading: names, signature, key and dates. */
  readonly openssl: X509Certificate;
  /** pkijs's reading: the subject and the extensions. */
  readonly asn1: pkijs.Certificate;
}

/** Bits of the first byte of keyUsage (RFC 5280 §4.2.1.3). */
export const keyUsages = { digitalSignature: 0x80, contentCommitment: 0x40, keyCertSign: 0x04, crlSign: 0x02 } as const;
export type KeyUsage = keyof typeof keyUsages;

const keyUsageOid = '2.5.29.15';
const basicConstraintsOid = '2.5.29.19';
const extendedKeyUsageOid = '2.5.29.37';
/** Critical extensions whose meaning is applied here, and certificatePolicies, which restricts nothing by itself. */
const appliedOids = new Set([keyUsageOid, basicConstraintsOid, extendedKeyUsageOid, '2.5.29.32']);
const maxCertificateBytes = 16_384;

/** Reads one certificate in DER, at most 16 KiB and nothing after it. Throws CARD_MALFORMED, and nothing else. */
export function parseCertificate(der: Uint8Array): Certificate {
  if (der.length > maxCertificateBytes) throw malformed('TOO_LARGE');
  try {
    const openssl = new X509Certificate(der);
    // OpenSSL also takes text, and passes over what follows.
    if (!openssl.raw.equals(der)) throw malformed('NOT_DER');
    const asn1 = pkijs.Certificate.fromBER(ownBytes(der));
    const certificate = { openssl, asn1 };
    // A key or a date that cannot be read is told now.
    publicKeyOf(certificate);
    if (!Number.isFinite(openssl.validFromDate.getTime() + openssl.validToDate.getTime())) throw malformed('DATES');
    const oids = (asn1.extensions ?? []).map(({ extnID }) => extnID);
    if (new Set(oids).size !== oids.length) throw malformed('EXTENSION_TWICE');
    return certificate;
  } catch (cause) {
    throw cause instanceof ServerError ? cause : malformed('ASN1', cause);
  }
}

export function publicKeyOf({ openssl }: Certificate): KeyObject {
  return openssl.publicKey;
}

/** Whether the certificate was issued under that issuer's name and signed by its key. */
export function isIssuedBy(certificate: Certificate, issuer: Certificate): boolean {
  try {
    return certificate.openssl.checkIssued(issuer.openssl) && certificate.openssl.verify(publicKeyOf(issuer));
  } catch {
    // A key of another kind than the signature.
    return false;
  }
}

/** Whether `at`, in milliseconds since 1970, is within the certificate's dates, both included. */
export function isInItsDates({ openssl }: Certificate, at: number): boolean {
  return openssl.validFromDate.getTime() <= at && at <= openssl.validToDate.getTime();
}

/** The value of an extension as pkijs reads it, or null when absent. Throws CARD_MALFORMED. */
export function extensionValue({ asn1 }: Certificate, oid: string): unknown {
  const extension = asn1.extensions?.find(({ extnID }) => extnID === oid);
  if (extension === undefined) return null;
  const value: unknown = extension.parsedValue;
  // pkijs gives an empty value, with a note in it, for one that it could not read.
  if (typeof value !== 'object' || value === null || 'parsingError' in value) throw malformed('EXTENSION');
  return value;
}

/** Whether keyUsage is present and holds that usage. Throws CARD_MALFORMED. */
export function hasKeyUsage(certificate: Certificate, usage: KeyUsage): boolean {
  const value = extensionValue(certificate, keyUsageOid);
  if (value === null) return false;
  if (!(value instanceof Object && 'valueBlock' in value)) throw malformed('EXTENSION');
  const bits: unknown = Reflect.get(value.valueBlock as object, 'valueHexView');
  if (!(bits instanceof Uint8Array)) throw malformed('EXTENSION');
  return ((bits[0] ?? 0) & keyUsages[usage]) !== 0;
}

/** Object identifiers of extendedKeyUsage, or null when absent, which restricts nothing. Throws CARD_MALFORMED. */
export function extendedKeyUsages(certificate: Certificate): readonly string[] | null {
  const value = extensionValue(certificate, extendedKeyUsageOid);
  if (value === null) return null;
  if (!(value instanceof pkijs.ExtKeyUsage)) throw malformed('EXTENSION');
  return value.keyPurposes;
}

/** Whether it may issue certificates and how many authorities may stand below it. Throws CARD_MALFORMED. */
export function basicConstraints(certificate: Certificate): { isAuthority: boolean; maxBelow: number } {
  const value = extensionValue(certificate, basicConstraintsOid);
  if (value === null) return { isAuthority: false, maxBelow: 0 };
  if (!(value instanceof pkijs.BasicConstraints)) throw malformed('EXTENSION');
  const { cA, pathLenConstraint = Number.POSITIVE_INFINITY } = value;
  if (typeof pathLenConstraint !== 'number' || pathLenConstraint < 0) throw malformed('EXTENSION');
  return { isAuthority: cA, maxBelow: pathLenConstraint };
}

/** Whether some critical extension asks for a check that is not made here: such a certificate is refused. */
export function hasUnknownCritical({ asn1 }: Certificate): boolean {
  return (asn1.extensions ?? []).some(({ critical, extnID }) => critical && !appliedOids.has(extnID));
}

function malformed(reason: string, cause?: unknown): ServerError {
  return new ServerError('CARD_MALFORMED', 'The certificate cannot be read', { cause, fields: { reason } });
}
