import { Decrypter } from 'age-encryption';
import { type Bytes, ownBytes } from './bytes.ts';
import { CoreError } from './error.ts';
import { hostIdentity } from './hostseal.ts';

/** Opens what `sealToHost` sealed; only restoring needs it. Throws SEALED_INVALID. */
export async function openAsHost(seed: Uint8Array, sealed: Uint8Array): Promise<Bytes> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(hostIdentity(seed));
  try {
    return ownBytes(await decrypter.decrypt(ownBytes(sealed)));
  } catch (cause) {
    throw new CoreError('SEALED_INVALID', 'Sealed bytes do not open', { cause });
  }
}
