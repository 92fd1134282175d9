import { type Bytes, bytesToHex, hexToBytes, ownBytes } from './bytes.ts';

const authorSizeBytes = 32;
const signatureSizeBytes = 64;
const maxImportedKeys = 1024;

// Importing a key costs as much as a verification, and a journal has few authors.
const importedKeys = new Map<string, Promise<CryptoKey>>();

/**
 * True when `signature` (64 bytes) is an Ed25519 signature of `message` by `author` (a public key of 32 bytes).
 * False for anything else: wrong lengths, a key that is no point, or one that verifiers are known to disagree about.
 */
export async function verifySignature(
  author: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (author.length !== authorSizeBytes || signature.length !== signatureSizeBytes || isWeakAuthor(author))
    return false;
  try {
    const key = await importedKey(ownBytes(author));
    return await crypto.subtle.verify('Ed25519', key, ownBytes(signature), ownBytes(message));
  } catch {
    return false;
  }
}

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

// The y coordinates (RFC 8032, sign bit cleared) of the points whose order divides 8. Under such a key one signature
// fits many messages, and platforms differ on refusing it, so that two readers of one journal could disagree.
const smallOrderCoordinates: readonly Bytes[] = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
].map(hexToBytes);

/** True for a point of small order, and for a coordinate that is not below the field's prime 2²⁵⁵ − 19. */
function isWeakAuthor(author: Uint8Array): boolean {
  const coordinate = ownBytes(author);
  coordinate[31] = (coordinate[31] ?? 0) & 0x7f;
  if (smallOrderCoordinates.some((point) => point.every((byte, index) => byte === coordinate[index]))) return true;
  return (
    coordinate[31] === 0x7f && (coordinate[0] ?? 0) >= 0xed && coordinate.subarray(1, 31).every((byte) => byte === 0xff)
  );
}
