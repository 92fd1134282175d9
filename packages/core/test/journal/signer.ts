import { type Bytes, base64ToBytes, concatBytes, hexToBytes, utf8ToBytes } from '../../src/bytes.ts';
import { sha256 } from '../../src/hash.ts';

export interface TestSigner {
  readonly seed: Bytes;
  readonly author: Bytes;
  sign(message: Uint8Array): Promise<Bytes>;
}

// PrivateKeyInfo of an Ed25519 key (RFC 8410 section 7), up to the seed.
const pkcs8Prefix = hexToBytes('302e020100300506032b657004220420');

/** A signer whose Ed25519 private key is the seed itself (RFC 8032). */
export async function signerFromSeed(seed: Bytes): Promise<TestSigner> {
  const pkcs8 = concatBytes(pkcs8Prefix, seed);
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', true, ['sign']);
  const { x = '' } = await crypto.subtle.exportKey('jwk', key);
  const author = base64ToBytes(`${x.replaceAll('-', '+').replaceAll('_', '/')}=`);
  return {
    seed,
    author,
    sign: async (message) => new Uint8Array(await crypto.subtle.sign('Ed25519', key, new Uint8Array(message))),
  };
}

/** A signer whose seed is the hash of a name. */
export function signerNamed(name: string): Promise<TestSigner> {
  return signerFromSeed(sha256(utf8ToBytes(name)));
}

/** Bytes that are the same on every run: hashes of the seed and a counter. */
export function deterministicRandom(seed: string): (sizeBytes: number) => Bytes {
  let counter = 0;
  return (sizeBytes) => {
    const bytes = new Uint8Array(sizeBytes);
    for (let offset = 0; offset < sizeBytes; offset += 32) {
      counter += 1;
      const block = sha256(utf8ToBytes(`${seed}/${counter}`));
      bytes.set(block.subarray(0, Math.min(32, sizeBytes - offset)), offset);
    }
    return bytes;
  };
}
