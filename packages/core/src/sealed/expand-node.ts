import { createHmac, createSecretKey } from 'node:crypto';
import type { ExpandPlatform } from './expand.ts';

export const platform: ExpandPlatform = {
  hmac(keyBytes) {
    const key = createSecretKey(keyBytes);
    return (message) => new Uint8Array(createHmac('sha512', key).update(message).digest());
  },
};
