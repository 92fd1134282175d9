import type { Bytes } from '../bytes.ts';
import { deriveKey } from '../hash.ts';
import { type RandomSource, randomBytes } from '../random.ts';
import { openBytes, sealBytes } from './cobblestone.ts';
import { type InputKey, inputKey } from './expand.ts';
import { packContent, unpackContent, unpackParts } from './pack.ts';

/** The key of an epoch's payloads, made ready for many of them. */
export function payloadKey(epochKey: Uint8Array): InputKey {
  return inputKey(payloadInputKey(epochKey));
}

/** Seals an entry's content under its epoch's `payloadKey`, bound to its header's exact bytes (docs/format/sealing.md, payloads). */
export async function sealPayload(
  key: InputKey,
  headerBytes: Uint8Array,
  content: Uint8Array,
  random: RandomSource = randomBytes,
): Promise<Bytes> {
  return sealBytes(key, headerBytes, await packContent(content), random);
}

/**
 * Opens an entry's payload. Throws SEALED_INVALID when it does not open under this `payloadKey` and header, PAYLOAD_INVALID
 * when its author packed it wrongly.
 */
export async function openPayload(key: InputKey, headerBytes: Uint8Array, payload: Uint8Array): Promise<Bytes> {
  return unpackContent(await openBytes(key, headerBytes, payload));
}

/** The same in parts, for content that need not be held whole: each is authentic, and together they are all of it. */
export async function* openPayloadParts(
  key: InputKey,
  headerBytes: Uint8Array,
  payload: Uint8Array,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield* unpackParts(await openBytes(key, headerBytes, payload));
}

export function payloadInputKey(epochKey: Uint8Array): Bytes {
  return deriveKey(epochKey, 'serment/payload/1');
}
