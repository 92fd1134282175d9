import type { Bytes } from '../bytes.ts';

export const tagSizeBytes = 16;

/** AES-256-GCM as each platform does it best. */
export interface AeadPlatform {
  importKey(keyBytes: Bytes): Promise<Aead>;
}

/** One key. What is given is read before the promise is returned; `open` rejects for whatever is wrong. */
export interface Aead {
  /** Writes ciphertext and tag into `target`, which has room for just these. */
  seal(nonce: Bytes, clear: Bytes, target: Bytes): Promise<void>;
  /** Writes the clear bytes into `target`, which is worth nothing when this rejects. */
  open(nonce: Bytes, sealed: Bytes, target: Bytes): Promise<void>;
}
