import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { type Bytes, bytesToHex, concatBytes, hexToBytes } from '@serment/core/bytes';
import { verifySignature } from '@serment/core/signature';
import type { Signer } from '@serment/core/signer';

// RFC 8410: everything of the encoded keys but their 32 bytes.
const privatePrefix = hexToBytes('302e020100300506032b657004220420');
const publicPrefix = hexToBytes('302a300506032b6570032100');
const maxKeys = 1024;
/** So many signatures are checked at once before others get their turn. */
const maxAtOnce = 8;

/** The signer of an Ed25519 private seed of 32 bytes (RFC 8032). */
export function createSigner(privateSeed: Uint8Array): Signer {
  const key = createPrivateKey({
    key: Buffer.from(concatBytes(privatePrefix, privateSeed)),
    format: 'der',
    type: 'pkcs8',
  });
  const encoded = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return {
    author: new Uint8Array(encoded.subarray(publicPrefix.length)),
    // At once: handing one signature to another thread costs as much as making it.
    sign: async (message) => new Uint8Array(sign(null, message, key)),
  };
}

export interface SignedMessage {
  readonly author: Bytes;
  readonly message: Bytes;
  readonly signature: Bytes;
}

/**
 * The verdicts of `verifySignature` on many signatures. An author is first judged by it, which knows the keys to refuse;
 * those that it has accepted are then checked here: a few at once, more of them in other threads.
 */
export class SignatureChecker {
  readonly #keys = new Map<string, KeyObject>();

  check(signed: readonly SignedMessage[]): Promise<boolean[]> {
    return Promise.all(signed.map((one) => this.#checkOne(one, signed.length <= maxAtOnce)));
  }

  async #checkOne({ author, message, signature }: SignedMessage, isAtOnce: boolean): Promise<boolean> {
    const name = bytesToHex(author);
    const key = this.#keys.get(name);
    if (key !== undefined && isAtOnce) return signature.length === 64 && verify(null, message, key, signature);
    const isValid = await verifySignature(author, message, signature);
    if (isValid && key === undefined) this.#keep(name, author);
    return isValid;
  }

  #keep(name: string, author: Bytes): void {
    const oldest = this.#keys.keys().next();
    if (this.#keys.size >= maxKeys && !oldest.done) this.#keys.delete(oldest.value);
    const encoded = Buffer.from(concatBytes(publicPrefix, author));
    this.#keys.set(name, createPublicKey({ key: encoded, format: 'der', type: 'spki' }));
  }
}
