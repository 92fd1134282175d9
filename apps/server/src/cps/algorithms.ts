import { type KeyObject, verify } from 'node:crypto';
import * as pkijs from 'pkijs';
import type { Certificate } from './certificate.ts';
import { publicKeyOf } from './certificate.ts';

const sha2 = new Set(['2.16.840.1.101.3.4.2.1', '2.16.840.1.101.3.4.2.2', '2.16.840.1.101.3.4.2.3']);
const pss = '1.2.840.113549.1.1.10';
/** RSA with SHA-256, 384 and 512, ECDSA with the same. */
const strongSignatures = new Set([
  '1.2.840.113549.1.1.11',
  '1.2.840.113549.1.1.12',
  '1.2.840.113549.1.1.13',
  '1.2.840.10045.4.3.2',
  '1.2.840.10045.4.3.3',
  '1.2.840.10045.4.3.4',
]);
const ecdsaHashes = new Map([
  ['1.2.840.10045.4.3.2', 'sha256'],
  ['1.2.840.10045.4.3.3', 'sha384'],
  ['1.2.840.10045.4.3.4', 'sha512'],
]);
const strongCurves = new Set(['prime256v1', 'secp384r1', 'secp521r1']);
const minRsaBits = 2048;

/** Whether a signature's algorithm is one that nobody can forge today: no SHA-1, no MD5, nothing unheard of. */
export function isStrongSignature({ algorithmId, algorithmParams }: pkijs.AlgorithmIdentifier): boolean {
  if (algorithmId !== pss) return strongSignatures.has(algorithmId);
  try {
    // Absent parameters mean SHA-1 (RFC 4055).
    const { hashAlgorithm } = new pkijs.RSASSAPSSParams({ schema: algorithmParams });
    return sha2.has(hashAlgorithm.algorithmId);
  } catch {
    return false;
  }
}

/** Whether a public key is RSA of 2048 bits or more, or on one of the NIST curves from 256 bits. */
export function isStrongKey({ asymmetricKeyType, asymmetricKeyDetails = {} }: KeyObject): boolean {
  const { modulusLength = 0, namedCurve = '' } = asymmetricKeyDetails;
  if (asymmetricKeyType === 'rsa' || asymmetricKeyType === 'rsa-pss') return modulusLength >= minRsaBits;
  return asymmetricKeyType === 'ec' && strongCurves.has(namedCurve);
}

/**
 * Whether `signer`'s key made the signature over `tbs`, by a strong algorithm. False for whatever cannot be checked.
 */
export async function isSigned(tbs: Uint8Array, { signature, algorithm, signer }: SignatureParts): Promise<boolean> {
  if (!(isStrongSignature(algorithm) && isStrongKey(publicKeyOf(signer)))) return false;
  try {
    const ecdsaHash = ecdsaHashes.get(algorithm.algorithmId);
    // OpenSSL takes a signature of ECDSA in its one DER form alone; the library drops a first byte that is too many.
    if (ecdsaHash !== undefined) return verify(ecdsaHash, tbs, publicKeyOf(signer), signature.valueBlock.valueHexView);
    const { subjectPublicKeyInfo } = signer.asn1;
    const bytes = new Uint8Array(tbs);
    return await pkijs.getCrypto(true).verifyWithPublicKey(bytes, signature, subjectPublicKeyInfo, algorithm);
  } catch {
    return false;
  }
}

export interface SignatureParts {
  readonly signature: pkijs.CertificateRevocationList['signatureValue'];
  readonly algorithm: pkijs.AlgorithmIdentifier;
  readonly signer: Certificate;
}
