import { type Bytes, concatBytes, equalBytes } from '@serment/core/bytes';
import { hashSizeBytes, sha256 } from '@serment/core/hash';

/**
 * Clear bytes of the cache carry their hash. It proves nothing against whoever owns the device; it keeps a damaged disk
 * from being taken for a lying host.
 */
export function withChecksum(bytes: Uint8Array): Bytes {
  return concatBytes(sha256(bytes), bytes);
}

/** What `withChecksum` was given; null when a bit of it changed. */
export function openChecked(stored: Uint8Array | null): Uint8Array | null {
  if (stored === null || stored.length < hashSizeBytes) return null;
  const bytes = stored.subarray(hashSizeBytes);
  return equalBytes(sha256(bytes), stored.subarray(0, hashSizeBytes)) ? bytes : null;
}
