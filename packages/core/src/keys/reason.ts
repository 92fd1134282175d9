import { type Bytes, bytesToUtf8, concatBytes, utf8ToBytes } from '../bytes.ts';
import { encodeCanonical } from '../cbor.ts';
import { CoreError } from '../error.ts';
import { deriveKey } from '../hash.ts';
import type { RandomSource } from '../random.ts';
import { openBytes, sealBytes } from '../sealed/cobblestone.ts';

/** Of the clear text with its padding, whose length then tells nothing. */
export const maxReasonBytes = 512;
const use = 'serment/break-glass/1';

/** What a reason is bound to: the same text opens nothing else. */
export interface ReasonScope {
  readonly practice: Uint8Array;
  /** Restricted stream that it opens, 16 bytes. */
  readonly stream: Uint8Array;
  /** Of the `break-glass`, 32 bytes. */
  readonly author: Uint8Array;
}

/**
 * Seals the reason of a `break-glass` under the current epoch key of `clinical` (docs/format/keys.md, Reasons). Throws
 * REASON_INVALID for a text that is empty, longer than 512 bytes of UTF-8, or has a NUL.
 */
export async function sealReason(
  epochKey: Uint8Array,
  scope: ReasonScope,
  reason: string,
  random?: RandomSource,
): Promise<Bytes> {
  const text = utf8ToBytes(reason);
  if (text.length === 0 || text.length > maxReasonBytes || text.includes(0))
    throw new CoreError('REASON_INVALID', `A reason has 1 to ${maxReasonBytes} bytes`);
  const padded = new Uint8Array(maxReasonBytes);
  padded.set(text);
  return sealBytes(deriveKey(epochKey, use), contextOf(scope), padded, random);
}

/** The reason of a `break-glass`. Throws SEALED_INVALID. */
export async function openReason(epochKey: Uint8Array, scope: ReasonScope, sealed: Uint8Array): Promise<string> {
  const padded = await openBytes(deriveKey(epochKey, use), contextOf(scope), sealed);
  const end = padded.indexOf(0);
  const text = end < 0 ? padded : padded.subarray(0, end);
  if (padded.length !== maxReasonBytes || text.length === 0 || padded.subarray(text.length).some((byte) => byte !== 0))
    throw new CoreError('SEALED_INVALID', 'Sealed bytes do not open');
  try {
    return bytesToUtf8(text);
  } catch (cause) {
    throw new CoreError('SEALED_INVALID', 'Sealed bytes do not open', { cause });
  }
}

function contextOf({ practice, stream, author }: ReasonScope): Bytes {
  return concatBytes(utf8ToBytes(use), encodeCanonical([practice, stream, author]));
}
