import type { Bytes } from '../bytes.ts';
import { deriveKey } from '../hash.ts';
import { type RandomSource, randomBytes } from '../random.ts';
import { openBytes, sealBytes } from './cobblestone.ts';
import { packContent, unpackContent } from './pack.ts';

/** Seals an entry's content under its epoch, bound to its header's exact bytes (docs/format/sealing.md, payloads). */
export async function sealPayload(
  epochKey: Uint8Array,
  headerBytes: Uint8Array,
  content: Uint8Array,
  random: RandomSource = randomBytes,
): Promise<Bytes> {
  return sealBytes(payloadInputKey(epochKey), headerBytes, await packContent(content), random);
}

/**
 * Opens an entry's payload. Throws SEALED_INVALID when it does not open under this epoch and header, PAYLOAD_INVALID
 * when its author packed it wrongly.
 */
export async function openPayload(epochKey: Uint8Array, headerBytes: Uint8Array, payload: Uint8Array): Promise<Bytes> {
  return unpackContent(await openBytes(payloadInputKey(epochKey), headerBytes, payload));
}

export function payloadInputKey(epochKey: Uint8Array): Bytes {
  return deriveKey(epochKey, 'serment/payload/1');
}
