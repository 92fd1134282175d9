import type { Bytes } from './bytes.ts';

/** Where randomness comes from: the platform, or given bytes where vectors are made. */
export type RandomSource = (sizeBytes: number) => Bytes;

// The platform refuses more than this in one call.
const quotaBytes = 65_536;

/** Random bytes of the platform's generator. */
export function randomBytes(sizeBytes: number): Bytes {
  const bytes = new Uint8Array(sizeBytes);
  for (let start = 0; start < sizeBytes; start += quotaBytes)
    globalThis.crypto.getRandomValues(bytes.subarray(start, start + quotaBytes));
  return bytes;
}
