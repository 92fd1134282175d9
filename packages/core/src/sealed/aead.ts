import type { Bytes } from '../bytes.ts';

export const tagSizeBytes = 16;

/** AES-256-GCM as each platform does it best. */
export interface AeadPlatform {
  importKey(keyBytes: Bytes): Promise<Aead>;
}

/** One key. What is given is read before the promise is returned; `open` rejects for whatever is wrong. */
export interface Aead {
  /** Ciphertext and tag. */
  seal(nonce: Bytes, clear: Bytes): Promise<ArrayBuffer>;
  open(nonce: Bytes, sealed: Bytes): Promise<ArrayBuffer>;
}
