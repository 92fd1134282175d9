import { hmac } from '@noble/hashes/hmac.js';
import { sha512 } from '@noble/hashes/sha2.js';
import type { Bytes } from '../bytes.ts';
import type { ExpandPlatform } from './expand.ts';

/** At once: WebCrypto's comes as a promise, and to open many side by side leaves the collector more than it spares. */
export const platform: ExpandPlatform = {
  hmac(keyBytes) {
    // The key's own two blocks are hashed once, and one working copy serves all messages, as in the library's own PBKDF2.
    const ready = hmac.create(sha512, keyBytes);
    const working = ready.clone();
    return (...parts) => {
      ready._cloneInto(working);
      for (const part of parts) working.update(part);
      return working.digest() as Bytes;
    };
  },
};
