import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { platform } from '#platform/hash';
import { type Bytes, placeParts, sizeOfParts, utf8ToBytes } from './bytes.ts';

export const hashSizeBytes = 32;

/** SHA-256 as each platform does it best without waiting. */
export interface HashPlatform {
  sha256(bytes: Uint8Array): Bytes;
  sha256Stream(): { update(bytes: Uint8Array): void; digest(): Bytes };
}

// Small parts are put together here: a new array for them takes longer than hashing them.
const scratch = new Uint8Array(4096);

/** SHA-256 of the parts, one after the other. */
export function sha256(...parts: readonly Uint8Array[]): Bytes {
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return platform.sha256(first);
  const sizeBytes = sizeOfParts(parts);
  const whole = sizeBytes > scratch.length ? new Uint8Array(sizeBytes) : scratch;
  placeParts(parts, whole);
  return platform.sha256(whole.subarray(0, sizeBytes));
}

export function hmacSha256(key: Uint8Array, message: Uint8Array): Bytes {
  return hmac(nobleSha256, key, message) as Bytes;
}

/** HKDF-SHA-256 with an empty salt (RFC 5869). `info` is ASCII and names the use. */
export function deriveKey(inputKey: Uint8Array, info: string, sizeBytes = 32): Bytes {
  return hkdf(nobleSha256, inputKey, undefined, utf8ToBytes(info), sizeBytes) as Bytes;
}

/** SHA-256 of bytes that come in pieces: WebCrypto hashes only what is whole. */
export function sha256Stream() {
  const hasher = platform.sha256Stream();
  let sizeBytes = 0;
  return {
    update(bytes: Uint8Array): void {
      hasher.update(bytes);
      sizeBytes += bytes.length;
    },
    get sizeBytes(): number {
      return sizeBytes;
    },
    digest: (): Bytes => hasher.digest(),
  };
}
