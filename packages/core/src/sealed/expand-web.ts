import type { ExpandPlatform } from './expand.ts';

const algorithm = { name: 'HMAC', hash: 'SHA-512' };

/** WebCrypto, beside the thread: a script takes ten times as long until it is compiled, and what is opened first waits. */
export const platform: ExpandPlatform = {
  async importKey(keyBytes) {
    const key = await crypto.subtle.importKey('raw', keyBytes, algorithm, false, ['sign']);
    return async (message) => new Uint8Array(await crypto.subtle.sign('HMAC', key, message));
  },
};
