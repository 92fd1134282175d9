import { argon2id } from '@noble/hashes/argon2.js';
import { type Bytes, ownBytes, utf8ToBytes } from '../bytes.ts';
import { CoreError } from '../error.ts';
import { argon2idCost, typedPassword } from './password.ts';

export const offlineSaltSizeBytes = 16;
const shareSizeBytes = 32;

/**
 * The share of the offline way in (docs/format/keys.md, Offline): 32 bytes that the password gives without the server,
 * and that nothing but the work of Argon2id (RFC 9106) slows down. Throws KEY_INVALID for a salt of another size, and
 * MEMORY_SHORT where the device has not the memory.
 */
export async function offlineShare(password: string, salt: Uint8Array): Promise<Bytes> {
  if (salt.length !== offlineSaltSizeBytes) throw new CoreError('KEY_INVALID', 'An offline salt has 16 bytes');
  const { memory, iterations, parallelism } = argon2idCost;
  try {
    // At one go: giving way in between takes twice as long, and a device that is being opened has nothing else to do.
    const share = argon2id(utf8ToBytes(typedPassword(password)), salt, {
      ...{ m: memory, t: iterations, p: parallelism, version: 0x13, dkLen: shareSizeBytes },
    });
    return ownBytes(share);
  } catch (cause) {
    // What a browser throws when it has not 64 MiB to give.
    if (!(cause instanceof RangeError)) throw cause;
    throw new CoreError('MEMORY_SHORT', 'This device has not the memory that the password is stretched in', { cause });
  }
}
