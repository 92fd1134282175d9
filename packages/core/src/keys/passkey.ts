import { type Bytes, concatBytes, equalBytes, utf8ToBytes } from '../bytes.ts';
import { CoreError } from '../error.ts';
import { deriveKey, sha256 } from '../hash.ts';

const prfSizeBytes = 32;
const handleVersion = 1;
const practicePrefixSizeBytes = 16;
const handleSizeBytes = 1 + practicePrefixSizeBytes + 32;

/** What a passkey is asked to evaluate, through WebAuthn's PRF extension, to be a holder: 32 bytes. */
export function passkeyHolderInput(): Bytes {
  return sha256(utf8ToBytes('serment/passkey-holder/1'));
}

/** The user handle of a passkey that is a holder: its practice, and the author of the device that it was made on. */
export function passkeyHandle(practice: Uint8Array, device: Uint8Array): Bytes {
  if (practice.length !== 32 || device.length !== 32) throw new CoreError('KEY_INVALID', 'Both names are 32 bytes');
  return concatBytes(Uint8Array.of(handleVersion), practice.subarray(0, practicePrefixSizeBytes), device);
}

/** The first bytes of the practice that a user handle names. Throws PASSKEY_INVALID, FORMAT_UNKNOWN. */
export function parsePasskeyHandle(handle: Uint8Array): { practicePrefix: Bytes } {
  if (handle.length !== handleSizeBytes)
    throw new CoreError('PASSKEY_INVALID', 'This passkey is no holder: it unlocks one device at most');
  if (handle[0] !== handleVersion) throw new CoreError('FORMAT_UNKNOWN', 'This passkey is of a newer format');
  return { practicePrefix: new Uint8Array(handle.subarray(1, 1 + practicePrefixSizeBytes)) };
}

export function isPasskeyOf({ practicePrefix }: { practicePrefix: Uint8Array }, practice: Uint8Array): boolean {
  return equalBytes(practicePrefix, practice.subarray(0, practicePrefixSizeBytes));
}

/** The holder's seed that a passkey gives: from the output of WebAuthn's PRF, 32 bytes. Throws KEY_INVALID. */
export function passkeySeed(prfOutput: Uint8Array): Bytes {
  if (prfOutput.length !== prfSizeBytes) throw new CoreError('KEY_INVALID', 'A passkey gives 32 bytes');
  return deriveKey(prfOutput, 'serment/passkey/1');
}
