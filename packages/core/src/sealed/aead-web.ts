import type { Bytes } from '../bytes.ts';
import type { AeadPlatform } from './aead.ts';

export const platform: AeadPlatform = {
  async importKey(keyBytes) {
    const key = await crypto.subtle.importKey('raw', keyBytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
    return {
      seal: (nonce, clear, target) =>
        crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce }, key, clear).then((sealed) => moveTo(target, sealed)),
      open: (nonce, sealed, target) =>
        crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonce }, key, sealed).then((clear) => moveTo(target, clear)),
    };
  },
};

/** Gives the result's memory back at once: left to the collector, a large document would occupy its size again. */
function moveTo(target: Bytes, result: ArrayBuffer): void {
  target.set(new Uint8Array(result));
  result.transfer(0);
}
