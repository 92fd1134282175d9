import { createHmac, createSecretKey } from 'node:crypto';
import type { ExpandPlatform } from './expand.ts';

export const platform: ExpandPlatform = {
  hmac(keyBytes) {
    const key = createSecretKey(keyBytes);
    return (...parts) => {
      const hmac = createHmac('sha512', key);
      for (const part of parts) hmac.update(part);
      return new Uint8Array(hmac.digest());
    };
  },
};
