import { type Bytes, equalBytes, utf8ToBytes } from '@serment/core/bytes';
import { decodeCanonical } from '@serment/core/cbor';

/** The outer form of a draft (sealing.md), all that can be checked without a key; nothing at all is a deletion. */
export function isDraft(bytes: Bytes, revision: number): boolean {
  if (bytes.length === 0) return true;
  try {
    const value = decodeCanonical(bytes);
    if (!Array.isArray(value) || value.length !== 5) return false;
    const [format, compartment, epoch, own, sealed] = value;
    const isShaped = typeof compartment === 'string' && typeof epoch === 'number' && sealed instanceof Uint8Array;
    return format === 1 && isShaped && own === revision;
  } catch {
    return false;
  }
}

/** The outer form of account data; what it says takes the host's key. */
export function isAgeFile(bytes: Bytes): boolean {
  const head = utf8ToBytes('age-encryption.org/v1\n');
  return bytes.length > head.length && equalBytes(bytes.subarray(0, head.length), head);
}
