import { createHash } from 'node:crypto';
import { type Bytes, equalBytes, ownBytes } from '@serment/core/bytes';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { ServerError } from '../error.ts';
import { isSigned, isStrongSignature } from './algorithms.ts';
import {
  type Certificate,
  extendedKeyUsages,
  extensionValue,
  hasKeyUsage,
  isInItsDates,
  isIssuedBy,
  parseCertificate,
} from './certificate.ts';
import { clockSkewMs } from './crl.ts';
import { revocationUnknown } from './revocation-unknown.ts';

export interface OcspQuestion {
  readonly certificate: Certificate;
  readonly issuer: Certificate;
  /** 16 random bytes, new for each question. */
  readonly nonce: Bytes;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface OcspVerdict {
  readonly isRevoked: boolean;
  /** Until when it may be repeated, in milliseconds since 1970. */
  readonly until: number;
  /**
   * The responder's certificate whose own revocation is left to check; null for the issuer and for one that is exempt.
   */
  readonly responder: Certificate | null;
}

const basicResponse = '1.3.6.1.5.5.7.48.1.1';
const nonceOid = '1.3.6.1.5.5.7.48.1.2';
const noCheckOid = '1.3.6.1.5.5.7.48.1.5';
const ocspSigning = '1.3.6.1.5.5.7.3.9';
const maxResponders = 5;
/** For an answer that does not say when the next one comes. */
const maxAgeMs = 24 * 3_600_000;

/** The OCSP address that a certificate names (authorityInfoAccess), or null. Throws CARD_MALFORMED. */
export function ocspUrl(certificate: Certificate): string | null {
  const value = extensionValue(certificate, '1.3.6.1.5.5.7.1.1');
  if (!(value instanceof pkijs.InfoAccess)) return null;
  const access = value.accessDescriptions.find(
    ({ accessMethod, accessLocation }) => accessMethod === '1.3.6.1.5.5.7.48.1' && accessLocation.type === 6,
  );
  return access === undefined ? null : String(access.accessLocation.value);
}

/** The request of RFC 6960 for one certificate, unsigned, in DER. */
export async function encodeOcspRequest(question: OcspQuestion): Promise<Bytes> {
  const nonce = new asn1js.OctetString({ valueHex: question.nonce });
  const tbsRequest = new pkijs.TBSRequest({
    requestList: [new pkijs.Request({ reqCert: await certIdOf(question) })],
    requestExtensions: [new pkijs.Extension({ extnID: nonceOid, extnValue: nonce.toBER() })],
  });
  return new Uint8Array(new pkijs.OCSPRequest({ tbsRequest }).toSchema(true).toBER());
}

/**
 * What a responder says of the certificate. A nonce that comes back must be the one sent; many responders send none,
 * and then the answer's dates alone tell an old one. Throws CARD_REVOCATION_UNKNOWN: OCSP_MALFORMED, OCSP_TRY_LATER,
 * OCSP_REFUSED, OCSP_RESPONDER for one whom the issuer did not name, OCSP_SIGNATURE, OCSP_NONCE, OCSP_STALE,
 * OCSP_OTHER_CERTIFICATE and, when the responder knows no such certificate, OCSP_UNKNOWN.
 */
export async function parseOcspAnswer(der: Uint8Array, question: OcspQuestion): Promise<OcspVerdict> {
  const basic = readAnswer(der);
  const { at, issuer, nonce } = question;
  const signer = await signerOf(basic, question);
  const data = basic.tbsResponseData;
  const returned = data.responseExtensions?.find(({ extnID }) => extnID === nonceOid);
  if (returned !== undefined && !isNonce(returned, nonce)) throw revocationUnknown('OCSP_NONCE');
  const certId = await certIdOf(question);
  const [answer, ...others] = data.responses.filter((one) => one.certID.isEqual(certId));
  if (answer === undefined || others.length > 0) throw revocationUnknown('OCSP_OTHER_CERTIFICATE');
  const thisUpdate = answer.thisUpdate.getTime();
  const until = answer.nextUpdate?.getTime() ?? thisUpdate + maxAgeMs;
  if (!(thisUpdate <= at + clockSkewMs && at <= until)) throw revocationUnknown('OCSP_STALE');
  const { tagClass, tagNumber } = answer.certStatus.idBlock;
  if (tagClass !== 3 || (tagNumber !== 0 && tagNumber !== 1)) throw revocationUnknown('OCSP_UNKNOWN');
  const isExempt = signer === issuer || signer.asn1.extensions?.some(({ extnID }) => extnID === noCheckOid) === true;
  return { isRevoked: tagNumber === 1, until, responder: isExempt ? null : signer };
}

function readAnswer(der: Uint8Array): pkijs.BasicOCSPResponse {
  try {
    const { responseStatus, responseBytes } = pkijs.OCSPResponse.fromBER(ownBytes(der));
    const status = responseStatus.valueBlock.valueDec;
    if (status === 3) throw revocationUnknown('OCSP_TRY_LATER');
    if (status !== 0) throw revocationUnknown('OCSP_REFUSED');
    if (responseBytes?.responseType !== basicResponse) throw revocationUnknown('OCSP_MALFORMED');
    return pkijs.BasicOCSPResponse.fromBER(ownBytes(responseBytes.response.valueBlock.valueHexView));
  } catch (cause) {
    throw cause instanceof ServerError ? cause : revocationUnknown('OCSP_MALFORMED');
  }
}

/**
 * Who signed: the issuer itself, or somebody to whom the issuer gave that task by a certificate (RFC 6960 §4.2.2.2).
 */
async function signerOf(basic: pkijs.BasicOCSPResponse, { issuer, at }: OcspQuestion): Promise<Certificate> {
  const { tbsResponseData, signature, signatureAlgorithm: algorithm } = basic;
  const named = (basic.certs ?? []).slice(0, maxResponders).flatMap((one) => {
    try {
      const responder = parseCertificate(new Uint8Array(one.toSchema().toBER()));
      return isDelegate(responder, issuer, at) ? [responder] : [];
    } catch {
      return [];
    }
  });
  const signers = [issuer, ...named].filter((one) => isNamed(one, tbsResponseData.responderID));
  if (signers.length === 0) throw revocationUnknown('OCSP_RESPONDER');
  for (const signer of signers)
    if (await isSigned(tbsResponseData.tbsView, { signature, algorithm, signer })) return signer;
  throw revocationUnknown('OCSP_SIGNATURE');
}

function isDelegate(responder: Certificate, issuer: Certificate, at: number): boolean {
  return (
    isIssuedBy(responder, issuer) &&
    isInItsDates(responder, at) &&
    hasKeyUsage(responder, 'digitalSignature') &&
    (extendedKeyUsages(responder)?.includes(ocspSigning) ?? false) &&
    isStrongSignature(responder.asn1.signatureAlgorithm)
  );
}

function isNamed({ asn1 }: Certificate, responderId: unknown): boolean {
  if (responderId instanceof pkijs.RelativeDistinguishedNames) return asn1.subject.isEqual(responderId);
  if (!(responderId instanceof asn1js.OctetString)) return false;
  // SHA-1 is only a name here, as the protocol has it: the signature is what counts.
  const key = asn1.subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView;
  return equalBytes(createHash('sha1').update(key).digest(), responderId.valueBlock.valueHexView);
}

function isNonce({ extnValue }: pkijs.Extension, nonce: Bytes): boolean {
  const { result } = asn1js.fromBER(extnValue.valueBlock.valueHexView);
  return result instanceof asn1js.OctetString && equalBytes(result.valueBlock.valueHexView, nonce);
}

function certIdOf({ certificate, issuer }: OcspQuestion): Promise<pkijs.CertID> {
  return pkijs.CertID.create(certificate.asn1, { hashAlgorithm: 'SHA-1', issuerCertificate: issuer.asn1 });
}
