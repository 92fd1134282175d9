import type { AeadPlatform } from './aead.ts';

export const platform: AeadPlatform = {
  async importKey(keyBytes) {
    const key = await crypto.subtle.importKey('raw', keyBytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
    return {
      seal: (nonce, clear) => crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce }, key, clear),
      open: (nonce, sealed) => crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonce }, key, sealed),
    };
  },
};
