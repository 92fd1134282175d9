import type { Bytes } from '../bytes.ts';
import { CoreError } from '../error.ts';
import { deriveKey } from '../hash.ts';
import { type RandomSource, randomBytes } from '../random.ts';
import { openBytes, sealBytes } from '../sealed/cobblestone.ts';

/** What one key is sealed under another for: it opens for nothing else. */
export interface KeyUse {
  /** Names the key that is derived for it. */
  readonly label: string;
  readonly context: Uint8Array;
}

const keySizeBytes = 32;

/** Seals a key of 32 bytes under another. Throws KEY_INVALID. */
export async function sealKey(
  under: Uint8Array,
  { label, context }: KeyUse,
  key: Uint8Array,
  random: RandomSource = randomBytes,
): Promise<Bytes> {
  if (key.length !== keySizeBytes) throw new CoreError('KEY_INVALID', 'A sealed key has 32 bytes');
  return sealBytes(deriveKey(under, label), context, key, random);
}

/** The key that `sealKey` was given. Throws SEALED_INVALID. */
export async function openKey(under: Uint8Array, { label, context }: KeyUse, sealed: Uint8Array): Promise<Bytes> {
  const key = await openBytes(deriveKey(under, label), context, sealed);
  if (key.length !== keySizeBytes) throw new CoreError('SEALED_INVALID', 'Sealed bytes do not open');
  return key;
}
