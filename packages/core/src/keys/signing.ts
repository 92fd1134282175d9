import { base64urlnopad } from '@scure/base';
import { type Bytes, concatBytes, hexToBytes, ownBytes } from '../bytes.ts';
import { CoreError } from '../error.ts';
import { deriveKey } from '../hash.ts';
import { seedSizeBytes } from './seed.ts';

/** What signs in a holder's name; its private key never leaves it. */
export interface Signer {
  /** Ed25519 public key, 32 bytes. */
  readonly author: Bytes;
  /** Signature of 64 bytes. */
  sign(message: Uint8Array): Promise<Bytes>;
}

// RFC 8410 section 7: everything of a PKCS #8 Ed25519 key but its 32 bytes.
const pkcs8Prefix = hexToBytes('302e020100300506032b657004220420');

/** The signing key of a holder's seed (docs/format/keys.md). Throws KEY_INVALID when the seed has not 32 bytes. */
export async function seedToSigner(seed: Uint8Array): Promise<Signer> {
  if (seed.length !== seedSizeBytes) throw new CoreError('KEY_INVALID', 'A seed has 32 bytes');
  const encoded = concatBytes(pkcs8Prefix, deriveKey(seed, 'serment/sign/1'));
  // WebCrypto gives a private key's public half only by exporting it; the key that is kept cannot be exported.
  const exportable = await crypto.subtle.importKey('pkcs8', encoded, 'Ed25519', true, ['sign']);
  const { x } = await crypto.subtle.exportKey('jwk', exportable);
  if (x === undefined) throw new CoreError('KEY_INVALID', 'The platform gives no public key');
  const key = await crypto.subtle.importKey('pkcs8', encoded, 'Ed25519', false, ['sign']);
  return {
    author: ownBytes(base64urlnopad.decode(x)),
    async sign(message) {
      return new Uint8Array(await crypto.subtle.sign('Ed25519', key, ownBytes(message)));
    },
  };
}
