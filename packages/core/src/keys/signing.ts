import { CoreError } from '../error.ts';
import { deriveKey } from '../hash.ts';
import { type Signer, seedSigner } from '../signature.ts';
import { seedSizeBytes } from './seed.ts';

/** The signing key of a holder's seed (docs/format/keys.md). Throws KEY_INVALID when the seed has not 32 bytes. */
export async function seedToSigner(seed: Uint8Array): Promise<Signer> {
  if (seed.length !== seedSizeBytes) throw new CoreError('KEY_INVALID', 'A seed has 32 bytes');
  return seedSigner(deriveKey(seed, 'serment/sign/1'));
}
