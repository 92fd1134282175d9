import { type Bytes, equalBytes, ownBytes } from '../bytes.ts';
import { decodeCanonical, encodeCanonical } from '../cbor.ts';
import { CoreError } from '../error.ts';
import { recipientToText, seedToIdentity } from './seed.ts';

const secretSizeBytes = 32;
const label = 'serment/wrap/1';

/** What a wrapped secret is for; whoever opens the wrap states the same (docs/format/keys.md, wraps). */
export type WrapUse = {
  /** Practice id; the genesis nonce for wraps made in the genesis batch; null for none. */
  readonly practice: Uint8Array | null;
} & (
  | { readonly purpose: 'member'; readonly subject: readonly [member: Uint8Array, generation: number] }
  | { readonly purpose: 'epoch'; readonly subject: readonly [compartment: string, number: number] }
  | {
      readonly purpose: 'deposit';
      readonly subject: readonly [compartment: string, number: number, author: Uint8Array];
    }
);

/** Gives `secret` (32 bytes) to one recipient (1216 bytes). Throws KEY_INVALID, RECIPIENT_INVALID. */
export async function wrapSecret(
  wrap: WrapUse & { readonly recipient: Uint8Array; readonly secret: Uint8Array },
): Promise<Bytes> {
  if (wrap.secret.length !== secretSizeBytes) throw new CoreError('KEY_INVALID', 'A wrapped secret has 32 bytes');
  const recipient = recipientToText(wrap.recipient);
  const content = encodeContent(wrap, wrap.secret);
  const { Encrypter } = await import('age-encryption');
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  try {
    return ownBytes(await encrypter.encrypt(content));
  } catch (cause) {
    throw new CoreError('RECIPIENT_INVALID', 'A recipient of this form that is no key', { cause });
  }
}

/**
 * The secret of a wrap. The caller then compares the secret's public half with the pinned one. Throws WRAP_INVALID for
 * a wrap to another seed, changed, or made for another use, and before any decryption for one with other stanzas.
 */
export async function unwrapSecret(wrap: Uint8Array, seed: Uint8Array, expected: WrapUse): Promise<Bytes> {
  if (!hasHybridHeader(wrap)) throw wrapInvalid();
  const identity = seedToIdentity(seed);
  const { Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  let secret: Uint8Array;
  let content: Uint8Array;
  try {
    content = await decrypter.decrypt(ownBytes(wrap));
    secret = secretOf(content);
  } catch (cause) {
    throw wrapInvalid(cause);
  }
  if (!equalBytes(encodeContent(expected, secret), content)) throw wrapInvalid();
  return ownBytes(secret);
}

// An age v1 header with one mlkem768x25519 stanza has one form only: an encapsulated key of 1120 bytes, a body of 32
// and a MAC of 32, all in unpadded base64. The library would accept other stanzas beside it.
const hybridHeader =
  /^age-encryption\.org\/v1\n-> mlkem768x25519 [A-Za-z0-9+/]{1494}\n[A-Za-z0-9+/]{43}\n--- [A-Za-z0-9+/]{43}\n$/;
const headerSizeBytes = 1627;
// A nonce and one chunk of clear content that no compartment name makes longer than this.
const maxWrapSizeBytes = 4096;

function hasHybridHeader(wrap: Uint8Array): boolean {
  if (wrap.length > maxWrapSizeBytes) return false;
  return hybridHeader.test(String.fromCharCode(...wrap.subarray(0, headerSizeBytes)));
}

function encodeContent(use: WrapUse, secret: Uint8Array): Bytes {
  return encodeCanonical([label, use.purpose, use.practice, use.subject, secret]);
}

function secretOf(content: Uint8Array): Uint8Array {
  const value = decodeCanonical(content);
  const secret = Array.isArray(value) ? value[4] : undefined;
  if (!(secret instanceof Uint8Array) || secret.length !== secretSizeBytes) throw wrapInvalid();
  return secret;
}

function wrapInvalid(cause?: unknown): CoreError {
  return new CoreError('WRAP_INVALID', 'A wrapped key does not open here', { cause });
}
