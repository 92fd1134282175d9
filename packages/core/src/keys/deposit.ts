import { type Bytes, concatBytes, utf8ToBytes } from '../bytes.ts';
import { encodeCanonical } from '../cbor.ts';
import { CoreError } from '../error.ts';
import { deriveKey, sha256 } from '../hash.ts';
import { type RandomSource, randomBytes } from '../random.ts';
import { openBytes, sealBytes } from '../sealed/cobblestone.ts';

const keySizeBytes = 32;
const use = 'serment/deposit-own/1';

/** What a deposit's key is bound to, for its author. */
export interface DepositScope {
  readonly practice: Uint8Array;
  /** Of the `deposit`, 32 bytes. */
  readonly author: Uint8Array;
  /** The same key, as the inbox opens it. */
  readonly wrap: Uint8Array;
}

/**
 * Seals a deposit's key for the member who makes it, under the current epoch key of its private compartment
 * (docs/format/keys.md, Deposits). Throws KEY_INVALID.
 */
export async function sealOwnKey(
  privateKey: Uint8Array,
  scope: DepositScope,
  key: Uint8Array,
  random: RandomSource = randomBytes,
): Promise<Bytes> {
  if (key.length !== keySizeBytes) throw new CoreError('KEY_INVALID', 'A sealed key has 32 bytes');
  return sealBytes(deriveKey(privateKey, use), contextOf(scope), key, random);
}

/** The key of a deposit that this member made. Throws SEALED_INVALID. */
export async function openOwnKey(privateKey: Uint8Array, scope: DepositScope, sealed: Uint8Array): Promise<Bytes> {
  const key = await openBytes(deriveKey(privateKey, use), contextOf(scope), sealed);
  if (key.length !== keySizeBytes) throw new CoreError('SEALED_INVALID', 'Sealed bytes do not open');
  return key;
}

function contextOf({ practice, author, wrap }: DepositScope): Bytes {
  return concatBytes(utf8ToBytes(use), encodeCanonical([practice, author, sha256(wrap)]));
}
