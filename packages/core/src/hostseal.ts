import { bech32 } from '@scure/base';
import { Encrypter, identityToRecipient } from 'age-encryption';
import { type Bytes, ownBytes } from './bytes.ts';
import { CoreError } from './error.ts';

const seedSizeBytes = 32;
const recipientForm = /^age1pq1[ac-hj-np-z02-9]{1952}$/;

/** The host's seed (32 bytes) as an age identity, which the age tool also takes. Throws KEY_INVALID. */
export function hostIdentity(seed: Uint8Array): string {
  if (seed.length !== seedSizeBytes) throw new CoreError('KEY_INVALID', 'A host seed has 32 bytes');
  return bech32.encodeFromBytes('AGE-SECRET-KEY-PQ-', seed).toUpperCase();
}

/** The public half of the host's seed, `age1pq1…`: all that sealing needs. */
export function hostRecipient(seed: Uint8Array): Promise<string> {
  return identityToRecipient(hostIdentity(seed));
}

/** Seals to the host's own key what copies carry of its account data: an age v1 file. Throws RECIPIENT_INVALID. */
export async function sealToHost(recipient: string, bytes: Uint8Array): Promise<Bytes> {
  if (!recipientForm.test(recipient)) throw new CoreError('RECIPIENT_INVALID', 'Not a hybrid age recipient');
  try {
    const encrypter = new Encrypter();
    encrypter.addRecipient(recipient);
    return ownBytes(await encrypter.encrypt(ownBytes(bytes)));
  } catch (cause) {
    throw new CoreError('RECIPIENT_INVALID', 'Not a hybrid age recipient', { cause });
  }
}
