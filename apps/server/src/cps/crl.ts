import { bytesToHex } from '@serment/core/bytes';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { ServerError } from '../error.ts';
import { isSigned } from './algorithms.ts';
import { basicConstraints, type Certificate, extensionValue, hasKeyUsage } from './certificate.ts';
import { type DerValue, derCopy, derInside, derTags, derValues } from './der.ts';
import { revocationUnknown } from './revocation-unknown.ts';

/** A list of revoked certificates, whose issuer signed it. */
export interface Crl {
  /** Milliseconds since 1970. */
  readonly thisUpdate: number;
  readonly nextUpdate: number;
  /** Serial numbers, in hexadecimal as DER writes them. */
  readonly revoked: ReadonlySet<string>;
  /** What it is limited to; null when it holds all that its issuer revoked. */
  readonly scope: pkijs.IssuingDistributionPoint | null;
}

const scopeOid = '2.5.29.28';
const entryIssuerOid = Buffer.from([0x06, 0x03, 0x55, 0x1d, 0x1d]);
/** Between the clocks of a host and of an authority. */
export const clockSkewMs = 5 * 60_000;

/**
 * Reads a list, in DER, that `issuer` signed. Throws CARD_REVOCATION_UNKNOWN: CRL_MALFORMED, CRL_FOREIGN for a list of
 * somebody else, CRL_SIGNATURE, CRL_SCOPE for one that is partial in a way that is not understood here.
 */
export async function parseCrl(der: Uint8Array, issuer: Certificate): Promise<Crl> {
  const { tbs, signature, algorithm, isOf, crl } = readCrl(der, issuer);
  if (!isOf) throw revocationUnknown('CRL_FOREIGN');
  const maySign = hasKeyUsage(issuer, 'crlSign');
  if (!(maySign && (await isSigned(tbs, { signature, algorithm, signer: issuer }))))
    throw revocationUnknown('CRL_SIGNATURE');
  return crl;
}

/**
 * Whether a list says that a certificate of its issuer is revoked. A certificate on hold counts. Throws
 * CARD_REVOCATION_UNKNOWN: CRL_STALE outside of the list's dates, CRL_SCOPE when it does not speak of this certificate.
 */
export function isRevokedBy(
  { thisUpdate, nextUpdate, revoked, scope }: Crl,
  certificate: Certificate,
  at: number,
): boolean {
  if (thisUpdate > at + clockSkewMs || at > nextUpdate) throw revocationUnknown('CRL_STALE');
  if (scope !== null && !isInScope(certificate, scope)) throw revocationUnknown('CRL_SCOPE');
  return revoked.has(bytesToHex(certificate.asn1.serialNumber.valueBlock.valueHexView));
}

/** Addresses of lists that a certificate names. Throws CARD_MALFORMED. */
export function crlUrls(certificate: Certificate): readonly string[] {
  const value = extensionValue(certificate, '2.5.29.31');
  if (!(value instanceof pkijs.CRLDistributionPoints)) return [];
  return value.distributionPoints
    .filter(({ cRLIssuer, reasons }) => cRLIssuer === undefined && reasons === undefined)
    .flatMap(({ distributionPoint }) => urlsIn(distributionPoint));
}

function readCrl(der: Uint8Array, issuer: Certificate) {
  try {
    const [list, ...after] = derValues(der);
    const [tbs, algorithm, signature, ...more] = derInside(list, derTags.sequence);
    if (after.length + more.length > 0 || tbs === undefined || algorithm === undefined || signature === undefined)
      throw new RangeError('A list has three parts');
    const fields = [...derInside(tbs, derTags.sequence)];
    if (fields[0]?.tag === derTags.integer) fields.shift();
    const [innerAlgorithm, name, thisUpdate, ...rest] = fields;
    const nextUpdate = isTime(rest[0]) ? rest.shift() : undefined;
    const entries = rest[0]?.tag === derTags.sequence ? rest.shift() : undefined;
    const extensions = rest[0]?.tag === derTags.explicit0 ? rest.shift() : undefined;
    if (
      rest.length > 0 ||
      name === undefined ||
      !Buffer.from(algorithm.whole).equals(innerAlgorithm?.whole ?? new Uint8Array())
    )
      throw new RangeError('A list has other fields');
    return {
      tbs: tbs.whole,
      algorithm: pkijs.AlgorithmIdentifier.fromBER(derCopy(algorithm)),
      signature: bitString(signature),
      isOf: pkijs.RelativeDistinguishedNames.fromBER(derCopy(name)).isEqual(issuer.asn1.subject),
      crl: {
        thisUpdate: timeOf(thisUpdate),
        nextUpdate: timeOf(nextUpdate),
        revoked: revokedIn(entries),
        scope: scopeIn(extensions),
      },
    };
  } catch (cause) {
    throw cause instanceof ServerError ? cause : revocationUnknown('CRL_MALFORMED');
  }
}

function revokedIn(entries: DerValue | undefined): ReadonlySet<string> {
  const serials = new Set<string>();
  for (const entry of entries === undefined ? [] : derValues(entries.content)) {
    const [serial, , extensions] = derInside(entry, derTags.sequence);
    if (serial?.tag !== derTags.integer) throw new RangeError('An entry begins with a serial number');
    // An entry that speaks for another authority: the list is one that gathers several.
    if (extensions !== undefined && Buffer.from(extensions.content).includes(entryIssuerOid))
      throw revocationUnknown('CRL_SCOPE');
    serials.add(bytesToHex(serial.content));
  }
  return serials;
}

/** The critical extensions of a list all change what it says: only its distribution point is understood. */
function scopeIn(extensions: DerValue | undefined): pkijs.IssuingDistributionPoint | null {
  if (extensions === undefined) return null;
  const [sequence] = derInside(extensions, derTags.explicit0);
  let scope: pkijs.IssuingDistributionPoint | null = null;
  for (const value of derInside(sequence, derTags.sequence)) {
    const extension = pkijs.Extension.fromBER(derCopy(value));
    if (
      extension.extnID === scopeOid &&
      extension.parsedValue instanceof pkijs.IssuingDistributionPoint &&
      !('parsingError' in extension.parsedValue)
    )
      scope = extension.parsedValue;
    else if (extension.critical) throw revocationUnknown('CRL_SCOPE');
  }
  return scope;
}

function isInScope(certificate: Certificate, scope: pkijs.IssuingDistributionPoint): boolean {
  const { isAuthority } = basicConstraints(certificate);
  if (scope.indirectCRL || scope.onlyContainsAttributeCerts || scope.onlySomeReasons !== undefined) return false;
  if (isAuthority ? scope.onlyContainsUserCerts : scope.onlyContainsCACerts) return false;
  if (scope.distributionPoint === undefined) return true;
  const named = crlUrls(certificate);
  return urlsIn(scope.distributionPoint).some((url) => named.includes(url));
}

function urlsIn(point: pkijs.DistributionPoint['distributionPoint']): readonly string[] {
  if (!Array.isArray(point)) return [];
  return point.filter(({ type }) => type === 6).map(({ value }) => String(value));
}

function isTime(value: DerValue | undefined): boolean {
  return value?.tag === derTags.utcTime || value?.tag === derTags.generalizedTime;
}

/** Milliseconds since 1970. A list that does not say when the next one comes cannot be known to be the last. */
function timeOf(value: DerValue | undefined): number {
  if (value === undefined || !isTime(value)) throw revocationUnknown('CRL_STALE');
  const ms = new pkijs.Time({ schema: asn1js.fromBER(derCopy(value)).result }).value.getTime();
  if (!Number.isFinite(ms)) throw new RangeError('A date that is none');
  return ms;
}

function bitString(value: DerValue): asn1js.BitString {
  const { result } = asn1js.fromBER(derCopy(value));
  if (!(result instanceof asn1js.BitString) || result.valueBlock.unusedBits !== 0)
    throw new RangeError('A signature is a bit string of whole bytes');
  return result;
}
