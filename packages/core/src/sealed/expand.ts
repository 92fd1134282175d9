import { platform } from '#platform/sealed/expand';
import { type Bytes, concatBytes, ownBytes } from '../bytes.ts';
import { CoreError } from '../error.ts';

/** HMAC-SHA-512 under one key, as each platform does it best. */
export interface ExpandPlatform {
  importKey(keyBytes: Bytes): Promise<(message: Bytes) => Promise<Bytes>>;
}

/** An input key that is ready to derive from: one under which many messages are sealed is made ready once. */
export interface InputKey {
  /** Two blocks, 128 bytes, of HKDF-Expand over SHA-512 (RFC 5869 section 2.3). */
  expand(info: Bytes): Promise<Bytes>;
}

/** Of 32 bytes. Throws KEY_INVALID when there are not so many. */
export function inputKey(keyBytes: Uint8Array): InputKey {
  if (keyBytes.length !== 32) throw new CoreError('KEY_INVALID', 'An input key has 32 bytes');
  const own = ownBytes(keyBytes);
  const ready = platform.importKey(own).finally(() => own.fill(0));
  // Whoever derives is told.
  ready.catch(() => undefined);
  return {
    // WebCrypto has no Expand alone, and the library's wants a key as long as its hash.
    async expand(info) {
      const hmac = await ready;
      const first = await hmac(concatBytes(info, Uint8Array.of(1)));
      return concatBytes(first, await hmac(concatBytes(first, info, Uint8Array.of(2))));
    },
  };
}
