import type { Bytes } from './bytes.ts';

/** What signs as one author; its private key never leaves it. */
export interface Signer {
  /** Ed25519 public key, 32 bytes. */
  readonly author: Bytes;
  /** Signature of 64 bytes. */
  sign(message: Uint8Array): Promise<Bytes>;
}
