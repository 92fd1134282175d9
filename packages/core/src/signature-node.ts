import sodium from 'sodium-native';
import type { SignaturePlatform } from './signature.ts';

/** What is used of the addon, which takes any view of bytes: its types ask for a Buffer, and to make one takes time. */
interface Ed25519 {
  readonly crypto_sign_PUBLICKEYBYTES: number;
  readonly crypto_sign_SECRETKEYBYTES: number;
  readonly crypto_sign_BYTES: number;
  crypto_sign_seed_keypair(author: Uint8Array, key: Uint8Array, seed: Uint8Array): void;
  crypto_sign_detached(signature: Uint8Array, message: Uint8Array, key: Uint8Array): void;
  crypto_sign_verify_detached(signature: Uint8Array, message: Uint8Array, author: Uint8Array): boolean;
}

const native = sodium as Ed25519;

/** libsodium at once, in this thread: OpenSSL takes nearly twice as long, and longer than that to hand over to another thread. */
export const platform: SignaturePlatform = {
  async verify(author, message, signature) {
    return native.crypto_sign_verify_detached(signature, message, author);
  },
  async signer(privateSeed) {
    const author = new Uint8Array(native.crypto_sign_PUBLICKEYBYTES);
    const key = new Uint8Array(native.crypto_sign_SECRETKEYBYTES);
    native.crypto_sign_seed_keypair(author, key, privateSeed);
    return {
      author,
      async sign(message) {
        const signature = new Uint8Array(native.crypto_sign_BYTES);
        native.crypto_sign_detached(signature, message, key);
        return signature;
      },
    };
  },
};
