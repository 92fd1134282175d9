import { type Bytes, concatBytes, utf8ToBytes } from '../bytes.ts';
import { encodeCanonical } from '../cbor.ts';
import { deriveKey, hmacSha256 } from '../hash.ts';
import { type RandomSource, randomBytes } from '../random.ts';
import { type KeyUse, openKey, sealKey } from './sealed-key.ts';

const keySizeBytes = 32;
const streamSizeBytes = 16;
const inboxUse = 'serment/epoch-inbox/1';
const previousUse = 'serment/epoch-previous/1';

/** One epoch of one compartment. */
export interface EpochScope {
  /** Practice id, or the genesis nonce for epochs made in the genesis batch. */
  readonly practice: Uint8Array;
  readonly compartment: string;
  /** Counts from 1. */
  readonly number: number;
}

export function newEpochKey(random: RandomSource = randomBytes): Bytes {
  return random(keySizeBytes);
}

/** The public value that an `epoch` entry pins its key with. */
export function epochCheck(epochKey: Uint8Array): Bytes {
  return deriveKey(epochKey, 'serment/epoch-check/1');
}

/** Input key of what a device keeps sealed on its own disk. */
export function cacheInputKey(epochKey: Uint8Array): Bytes {
  return deriveKey(epochKey, 'serment/cache/1');
}

/** Seals the epoch's inbox seed for the epoch's holders. */
export function sealInbox(
  epochKey: Uint8Array,
  scope: EpochScope,
  inboxSeed: Uint8Array,
  random?: RandomSource,
): Promise<Bytes> {
  return sealKey(epochKey, epochUse(inboxUse, scope), inboxSeed, random);
}

/** The inbox seed; the caller compares its recipient with the pinned one. Throws SEALED_INVALID. */
export function openInbox(epochKey: Uint8Array, scope: EpochScope, sealed: Uint8Array): Promise<Bytes> {
  return openKey(epochKey, epochUse(inboxUse, scope), sealed);
}

/** Seals the key of the epoch before `scope` under that of `scope`. */
export function sealPrevious(
  epochKey: Uint8Array,
  scope: EpochScope,
  previousKey: Uint8Array,
  random?: RandomSource,
): Promise<Bytes> {
  return sealKey(epochKey, epochUse(previousUse, scope), previousKey, random);
}

/** The key of the epoch before `scope`; the caller compares its check value with the pinned one. Throws SEALED_INVALID. */
export function openPrevious(epochKey: Uint8Array, scope: EpochScope, sealed: Uint8Array): Promise<Bytes> {
  return openKey(epochKey, epochUse(previousUse, scope), sealed);
}

/** What names become stream ids under, in a compartment. */
export function streamKey(firstEpochKey: Uint8Array): Bytes {
  return deriveKey(firstEpochKey, 'serment/stream/1');
}

/** The stream that `name` names (docs/format/keys.md, compartments), 16 bytes. */
export function streamId(key: Uint8Array, name: string): Bytes {
  return hmacSha256(key, utf8ToBytes(name)).slice(0, streamSizeBytes);
}

function epochUse(label: string, scope: EpochScope): KeyUse {
  const bound = encodeCanonical([scope.practice, scope.compartment, scope.number]);
  return { label, context: concatBytes(utf8ToBytes(label), bound) };
}
