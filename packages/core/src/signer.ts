import { type Bytes, base64ToBytes, concatBytes, hexToBytes, ownBytes } from './bytes.ts';
import { CoreError } from './error.ts';

/** What signs as one author; its private key never leaves it. */
export interface Signer {
  /** Ed25519 public key, 32 bytes. */
  readonly author: Bytes;
  /** Signature of 64 bytes. */
  sign(message: Uint8Array): Promise<Bytes>;
}

const privateSeedSizeBytes = 32;
// RFC 8410 section 7: everything of a PKCS #8 Ed25519 key but its 32 bytes.
const pkcs8Prefix = hexToBytes('302e020100300506032b657004220420');

/** A signer from an Ed25519 private seed of 32 bytes (RFC 8032). Throws KEY_INVALID for another length. */
export async function createSigner(privateSeed: Uint8Array): Promise<Signer> {
  if (privateSeed.length !== privateSeedSizeBytes) throw new CoreError('KEY_INVALID', 'A private seed has 32 bytes');
  const encoded = concatBytes(pkcs8Prefix, privateSeed);
  // WebCrypto gives a private key's public half only by exporting it; the key that is kept cannot be exported.
  const exportable = await crypto.subtle.importKey('pkcs8', encoded, 'Ed25519', true, ['sign']);
  const { x } = await crypto.subtle.exportKey('jwk', exportable);
  if (x === undefined) throw new CoreError('KEY_INVALID', 'The platform gives no public key');
  const key = await crypto.subtle.importKey('pkcs8', encoded, 'Ed25519', false, ['sign']);
  return {
    author: base64ToBytes(`${x.replaceAll('-', '+').replaceAll('_', '/')}=`),
    async sign(message) {
      return new Uint8Array(await crypto.subtle.sign('Ed25519', key, ownBytes(message)));
    },
  };
}
