import type { AeadPlatform } from './aead.ts';

export const platform: AeadPlatform = {
  async importKey(keyBytes) {
    const key = await crypto.subtle.importKey('raw', keyBytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
    return {
      seal: (nonce, clear, target) =>
        crypto.subtle
          .encrypt({ name: 'AES-GCM', iv: nonce }, key, clear)
          .then((sealed) => target.set(new Uint8Array(sealed))),
      open: (nonce, sealed, target) =>
        crypto.subtle
          .decrypt({ name: 'AES-GCM', iv: nonce }, key, sealed)
          .then((clear) => target.set(new Uint8Array(clear))),
    };
  },
};
