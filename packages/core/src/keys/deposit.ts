import { type Bytes, concatBytes, utf8ToBytes } from '../bytes.ts';
import { encodeCanonical } from '../cbor.ts';
import { sha256 } from '../hash.ts';
import type { RandomSource } from '../random.ts';
import { type KeyUse, openKey, sealKey } from './sealed-key.ts';

const label = 'serment/deposit-own/1';

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
export function sealOwnKey(
  privateKey: Uint8Array,
  scope: DepositScope,
  key: Uint8Array,
  random?: RandomSource,
): Promise<Bytes> {
  return sealKey(privateKey, useOf(scope), key, random);
}

/** The key of a deposit that this member made. Throws SEALED_INVALID. */
export function openOwnKey(privateKey: Uint8Array, scope: DepositScope, sealed: Uint8Array): Promise<Bytes> {
  return openKey(privateKey, useOf(scope), sealed);
}

function useOf({ practice, author, wrap }: DepositScope): KeyUse {
  return { label, context: concatBytes(utf8ToBytes(label), encodeCanonical([practice, author, sha256(wrap)])) };
}
