import { platform } from '#platform/signature';
import { type Bytes, hexToBytes, ownBytes } from './bytes.ts';

/** What signs as one author; its private key never leaves it. */
export interface Signer {
  /** Ed25519 public key, 32 bytes. */
  readonly author: Bytes;
  /** Signature of 64 bytes. */
  sign(message: Uint8Array): Promise<Bytes>;
}

/** Ed25519 (RFC 8032) as each platform does it best. Sizes are right, and no point is one that platforms disagree about. */
export interface SignaturePlatform {
  verify(author: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>;
  signer(privateSeed: Bytes): Promise<Signer>;
}

const authorSizeBytes = 32;
const signatureSizeBytes = 64;

/**
 * True when `signature` (64 bytes) is an Ed25519 signature of `message` by `author` (a public key of 32 bytes).
 * False for anything else: wrong lengths, a key that is no point, or a point that verifiers are known to disagree about.
 */
export async function verifySignature(
  author: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (author.length !== authorSizeBytes || signature.length !== signatureSizeBytes) return false;
  if (isWeakPoint(author) || isWeakPoint(signature)) return false;
  return platform.verify(author, message, signature);
}

/** The signer of an Ed25519 private seed of 32 bytes (RFC 8032). */
export function seedSigner(privateSeed: Uint8Array): Promise<Signer> {
  return platform.signer(ownBytes(privateSeed));
}

// The y coordinates (RFC 8032, sign bit cleared) of the points whose order divides 8. Under such a key one signature
// fits many messages, and platforms differ on refusing it, or a signature that begins with one, so that two readers of one
// journal could disagree.
const smallOrderCoordinates: readonly Bytes[] = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
].map(hexToBytes);

/** True when 32 bytes are a point of small order, or a coordinate that is not below the field's prime 2²⁵⁵ − 19. */
function isWeakPoint(bytes: Uint8Array): boolean {
  return isBeyondPrime(bytes) || smallOrderCoordinates.some((coordinate) => hasCoordinate(bytes, coordinate));
}

function hasCoordinate(bytes: Uint8Array, coordinate: Bytes): boolean {
  for (let index = 0; index < authorSizeBytes - 1; index += 1) if (bytes[index] !== coordinate[index]) return false;
  return yTop(bytes) === coordinate[authorSizeBytes - 1];
}

function isBeyondPrime(bytes: Uint8Array): boolean {
  if (yTop(bytes) !== 0x7f || (bytes[0] ?? 0) < 0xed) return false;
  return bytes.subarray(1, authorSizeBytes - 1).every((byte) => byte === 0xff);
}

/** The last byte without the sign of x. */
function yTop(bytes: Uint8Array): number {
  return (bytes[authorSizeBytes - 1] ?? 0) & 0x7f;
}
