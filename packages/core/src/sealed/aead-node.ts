import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto';
import { type AeadPlatform, tagSizeBytes } from './aead.ts';

const algorithm = 'aes-256-gcm';
const options = { authTagLength: tagSizeBytes };

/** OpenSSL at once, in this thread: through WebCrypto, Node takes up to three times longer for a chunk. */
export const platform: AeadPlatform = {
  async importKey(keyBytes) {
    const key = createSecretKey(keyBytes);
    return {
      async seal(nonce, clear, target) {
        const cipher = createCipheriv(algorithm, key, nonce, options);
        target.set(cipher.update(clear));
        cipher.final();
        target.set(cipher.getAuthTag(), clear.length);
      },
      async open(nonce, sealed, target) {
        const end = sealed.length - tagSizeBytes;
        const decipher = createDecipheriv(algorithm, key, nonce, options).setAuthTag(sealed.subarray(end));
        target.set(decipher.update(sealed.subarray(0, end)));
        // What update gave is worth nothing until this has not thrown.
        decipher.final();
      },
    };
  },
};
