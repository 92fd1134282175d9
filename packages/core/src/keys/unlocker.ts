import { type Bytes, concatBytes, utf8ToBytes } from '../bytes.ts';
import { CoreError } from '../error.ts';
import { deriveKey, sha256 } from '../hash.ts';
import { type RandomSource, randomBytes } from '../random.ts';
import { openBytes, sealBytes } from '../sealed/cobblestone.ts';

/** The ways in whose share the device seals its seed under (docs/format/keys.md, Unlockers). */
export type Way = 'password' | 'pin' | 'card' | 'passkey' | 'offline';

/** A device's seed on its own disk opens only with both secrets: the way's share and the device's, 32 bytes each. */
export interface DeviceLock {
  readonly way: Way;
  readonly share: Uint8Array;
  readonly deviceSecret: Uint8Array;
  readonly practice: Uint8Array;
  readonly author: Uint8Array;
}

const secretSizeBytes = 32;

/** Throws KEY_INVALID for secrets of another size. */
export async function sealDeviceSeed(
  lock: DeviceLock,
  seed: Uint8Array,
  random: RandomSource = randomBytes,
): Promise<Bytes> {
  return sealBytes(deviceInputKey(lock), deviceContext(lock), seed, random);
}

/** Throws SEALED_INVALID, and KEY_INVALID for secrets of another size. */
export async function openDeviceSeed(lock: DeviceLock, sealed: Uint8Array): Promise<Bytes> {
  return openBytes(deviceInputKey(lock), deviceContext(lock), sealed);
}

/** What a passkey is asked to evaluate, through WebAuthn's PRF extension, to unlock one device: 32 bytes. */
export function passkeyInput(practice: Uint8Array, author: Uint8Array): Bytes {
  return sha256(utf8ToBytes('serment/passkey-unlock/1'), practice, author);
}

function deviceInputKey({ way, share, deviceSecret }: DeviceLock): Bytes {
  if (share.length !== secretSizeBytes || deviceSecret.length !== secretSizeBytes)
    throw new CoreError('KEY_INVALID', 'The secrets that unlock a device have 32 bytes');
  return deriveKey(concatBytes(share, deviceSecret), `serment/unlock/${way}/1`);
}

function deviceContext(lock: DeviceLock): Bytes {
  return concatBytes(utf8ToBytes('serment/device-seed/1'), lock.practice, lock.author);
}
