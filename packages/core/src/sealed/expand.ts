import { platform } from '#platform/sealed/expand';
import { type Bytes, concatBytes } from '../bytes.ts';
import { CoreError } from '../error.ts';

/** HMAC-SHA-512 as each platform does it best without waiting. */
export interface ExpandPlatform {
  /** What it gives of a message, in parts, under this key, which is read before this returns. */
  hmac(keyBytes: Uint8Array): (...parts: readonly Uint8Array[]) => Bytes;
}

/** An input key that is ready to derive from: one under which many messages are sealed is made ready once. */
export interface InputKey {
  /** Two blocks, 128 bytes, of HKDF-Expand over SHA-512 (RFC 5869 section 2.3), of an `info` in parts. */
  expand(...info: readonly Uint8Array[]): Bytes;
}

const keySizeBytes = 32;

/** Throws KEY_INVALID when the key has not 32 bytes. */
export function inputKey(keyBytes: Uint8Array): InputKey {
  if (keyBytes.length !== keySizeBytes) throw new CoreError('KEY_INVALID', 'An input key has 32 bytes');
  // WebCrypto has no Expand alone, and the library's wants a key as long as its hash.
  const hmac = platform.hmac(keyBytes);
  return {
    expand(...info) {
      const first = hmac(...info, Uint8Array.of(1));
      return concatBytes(first, hmac(first, ...info, Uint8Array.of(2)));
    },
  };
}
