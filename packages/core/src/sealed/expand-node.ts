import { createHmac, createSecretKey } from 'node:crypto';
import type { ExpandPlatform } from './expand.ts';

/** OpenSSL at once, in this thread. */
export const platform: ExpandPlatform = {
  async importKey(keyBytes) {
    const key = createSecretKey(keyBytes);
    return async (message) => new Uint8Array(createHmac('sha512', key).update(message).digest());
  },
};
