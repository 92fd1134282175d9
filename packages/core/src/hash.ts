import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 as nobleSha256, sha512 as nobleSha512 } from '@noble/hashes/sha2.js';
import { type Bytes, utf8ToBytes } from './bytes.ts';

export const hashSizeBytes = 32;

/** SHA-256, synchronous: a WebCrypto digest of a small input costs more in waiting than in hashing. */
export function sha256(...parts: readonly Uint8Array[]): Bytes {
  const hasher = nobleSha256.create();
  for (const part of parts) hasher.update(part);
  return hasher.digest() as Bytes;
}

export function hmacSha256(key: Uint8Array, message: Uint8Array): Bytes {
  return hmac(nobleSha256, key, message) as Bytes;
}

export function hmacSha512(key: Uint8Array, message: Uint8Array): Bytes {
  return hmac(nobleSha512, key, message) as Bytes;
}

/** HKDF-SHA-256 with an empty salt (RFC 5869). `info` is ASCII and names the use. */
export function deriveKey(inputKey: Uint8Array, info: string, sizeBytes = 32): Bytes {
  return hkdf(nobleSha256, inputKey, undefined, utf8ToBytes(info), sizeBytes) as Bytes;
}

/** SHA-256 of bytes that come in pieces: WebCrypto hashes only what is whole. */
export function sha256Stream() {
  const hasher = nobleSha256.create();
  let sizeBytes = 0;
  return {
    update(bytes: Uint8Array): void {
      hasher.update(bytes);
      sizeBytes += bytes.length;
    },
    get sizeBytes(): number {
      return sizeBytes;
    },
    digest: (): Bytes => hasher.digest() as Bytes,
  };
}
