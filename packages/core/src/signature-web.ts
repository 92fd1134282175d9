import { base64urlnopad } from '@scure/base';
import { type Bytes, bytesToHex, concatBytes, hexToBytes, ownBytes } from './bytes.ts';
import { CoreError } from './error.ts';
import type { SignaturePlatform } from './signature.ts';

// RFC 8410 section 7: everything of a PKCS #8 Ed25519 key but its 32 bytes.
const pkcs8Prefix = hexToBytes('302e020100300506032b657004220420');
const maxImportedKeys = 1024;

// Importing a key costs as much as a verification, and a journal has few authors.
const importedKeys = new Map<string, Promise<CryptoKey>>();

export const platform: SignaturePlatform = {
  async verify(author, message, signature) {
    // Copies: callers may use their buffers again while the key is imported.
    const [key, signed, given] = [ownBytes(author), ownBytes(message), ownBytes(signature)];
    try {
      return await crypto.subtle.verify('Ed25519', await importedKey(key), given, signed);
    } catch {
      return false;
    }
  },
  async signer(privateSeed) {
    const encoded = concatBytes(pkcs8Prefix, privateSeed);
    // WebCrypto gives a private key's public half only by exporting it; the key that is kept cannot be exported.
    const exportable = await crypto.subtle.importKey('pkcs8', encoded, 'Ed25519', true, ['sign']);
    const { x } = await crypto.subtle.exportKey('jwk', exportable);
    if (x === undefined) throw new CoreError('KEY_INVALID', 'The platform gives no public key');
    const key = await crypto.subtle.importKey('pkcs8', encoded, 'Ed25519', false, ['sign']);
    return {
      author: ownBytes(base64urlnopad.decode(x)),
      sign: async (message) => new Uint8Array(await crypto.subtle.sign('Ed25519', key, ownBytes(message))),
    };
  },
};

function importedKey(author: Bytes): Promise<CryptoKey> {
  const name = bytesToHex(author);
  const known = importedKeys.get(name);
  if (known !== undefined) return known;
  const key = crypto.subtle.importKey('raw', author, 'Ed25519', false, ['verify']);
  const oldest = importedKeys.keys().next();
  if (importedKeys.size >= maxImportedKeys && !oldest.done) importedKeys.delete(oldest.value);
  importedKeys.set(name, key);
  return key;
}
