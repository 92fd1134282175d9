import type { Bytes } from '../bytes.ts';
import { CoreError } from '../error.ts';
import { deriveKey } from '../hash.ts';

const prfSizeBytes = 32;

/** The holder's seed that a passkey gives: from the output of WebAuthn's PRF, 32 bytes. Throws KEY_INVALID. */
export function passkeySeed(prfOutput: Uint8Array): Bytes {
  if (prfOutput.length !== prfSizeBytes) throw new CoreError('KEY_INVALID', 'A passkey gives 32 bytes');
  return deriveKey(prfOutput, 'serment/passkey/1');
}
