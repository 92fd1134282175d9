import sodium from 'sodium-native';
import type { SignaturePlatform } from './signature.ts';

/** libsodium at once, in this thread: OpenSSL takes nearly twice as long, and longer than that to hand over to another thread. */
export const platform: SignaturePlatform = {
  async verify(author, message, signature) {
    return sodium.crypto_sign_verify_detached(asBuffer(signature), asBuffer(message), asBuffer(author));
  },
  async signer(privateSeed) {
    const author = new Uint8Array(sodium.crypto_sign_PUBLICKEYBYTES);
    const key = Buffer.alloc(sodium.crypto_sign_SECRETKEYBYTES);
    sodium.crypto_sign_seed_keypair(asBuffer(author), key, asBuffer(privateSeed));
    return {
      author,
      async sign(message) {
        const signature = new Uint8Array(sodium.crypto_sign_BYTES);
        sodium.crypto_sign_detached(asBuffer(signature), asBuffer(message), key);
        return signature;
      },
    };
  },
};

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
