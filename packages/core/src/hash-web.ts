import { sha256 } from '@noble/hashes/sha2.js';
import type { Bytes } from './bytes.ts';
import type { HashPlatform } from './hash.ts';

/** In browsers, whose own digest only comes as a promise: waiting for it costs more than hashing what is small. */
export const platform: HashPlatform = {
  sha256: (bytes) => sha256(bytes) as Bytes,
  sha256Stream() {
    const hasher = sha256.create();
    return {
      update: (bytes) => void hasher.update(bytes),
      digest: () => hasher.digest() as Bytes,
    };
  },
};
