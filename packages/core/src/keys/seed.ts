import { bech32 } from '@scure/base';
import type { Bytes } from '../bytes.ts';
import { CoreError } from '../error.ts';
import { deriveKey } from '../hash.ts';
import { type RandomSource, randomBytes } from '../random.ts';

export const seedSizeBytes = 32;
export const recipientSizeBytes = 1216;

const recipientPrefix = 'age1pq';

/** A fresh seed: of a holder, a member or an epoch's inbox (docs/format/keys.md). */
export function newSeed(random: RandomSource = randomBytes): Bytes {
  return random(seedSizeBytes);
}

/** The seed as an age identity, `AGE-SECRET-KEY-PQ-1…`. Throws KEY_INVALID when it has not 32 bytes. */
export function seedToIdentity(seed: Uint8Array): string {
  if (seed.length !== seedSizeBytes) throw new CoreError('KEY_INVALID', 'A seed has 32 bytes');
  return bech32.encodeFromBytes('AGE-SECRET-KEY-PQ-', seed).toUpperCase();
}

/** The public half of a seed, 1216 bytes: what entries name and what secrets are wrapped to. */
export async function seedToRecipient(seed: Uint8Array): Promise<Bytes> {
  const identity = seedToIdentity(seed);
  const { identityToRecipient } = await import('age-encryption');
  return parseRecipient(await identityToRecipient(identity));
}

/** Input key of what a holder keeps sealed on its own disk before it has opened any compartment. */
export function holderCacheKey(seed: Uint8Array): Bytes {
  return deriveKey(seed, 'serment/holder-cache/1');
}

/** A recipient as age writes it, `age1pq1…`. Throws RECIPIENT_INVALID for bytes that are no hybrid recipient. */
export function recipientToText(recipient: Uint8Array): string {
  if (recipient.length !== recipientSizeBytes || !hasReducedCoefficients(recipient)) throw recipientInvalid();
  // Far over Bech32's own limit of 90 characters, as age's format has it.
  return bech32.encode(recipientPrefix, bech32.toWords(recipient), false);
}

/** The 1216 bytes of an `age1pq1…` text. Throws RECIPIENT_INVALID, also for age's other recipient types. */
export function parseRecipient(text: string): Bytes {
  let recipient: Bytes;
  try {
    recipient = new Uint8Array(bech32.fromWords(bech32.decode(text as `${string}1${string}`, false).words));
  } catch (cause) {
    throw recipientInvalid(cause);
  }
  if (recipientToText(recipient) !== text) throw recipientInvalid();
  return recipient;
}

const coefficientsSizeBytes = 1152;
const modulus = 3329;

/**
 * The check of an ML-KEM public key that FIPS 203 asks for (section 7.2): its 768 coefficients, of 12 bits each, are
 * below the modulus. The library lets every value through.
 */
function hasReducedCoefficients(recipient: Uint8Array): boolean {
  for (let offset = 0; offset < coefficientsSizeBytes; offset += 3) {
    const [low = 0, middle = 0, high = 0] = recipient.subarray(offset, offset + 3);
    if ((low | ((middle & 15) << 8)) >= modulus || ((middle >> 4) | (high << 4)) >= modulus) return false;
  }
  return true;
}

function recipientInvalid(cause?: unknown): CoreError {
  return new CoreError('RECIPIENT_INVALID', 'Not a hybrid age recipient', { cause });
}
