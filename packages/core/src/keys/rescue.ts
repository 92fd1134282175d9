import { type Bytes, concatBytes, equalBytes, ownBytes, utf8ToBytes } from '../bytes.ts';
import { CoreError } from '../error.ts';
import { sha256 } from '../hash.ts';
import { type RandomSource, randomBytes } from '../random.ts';
import { openBytes, sealBytes, sealedSize } from '../sealed/cobblestone.ts';
import { packContent, unpackContent } from '../sealed/pack.ts';
import { crockfordCharacter, crockfordValue } from './crockford.ts';

const characterCount = 20;
const iterations = 600_000;
const keySizeBytes = 32;
export const rescueSaltSizeBytes = 16;

const copyVersion = 1;
const saltStart = 9;
const sizeStart = saltStart + rescueSaltSizeBytes;
const headSizeBytes = sizeStart + 4;
const checksumSizeBytes = 32;
const label = utf8ToBytes('serment/rescue/1');

/** What a passphrase was stretched to, 32 bytes, and the salt that it was stretched with. */
export interface RescueKey {
  readonly key: Bytes;
  readonly salt: Bytes;
}

/** A rescue copy, not opened yet. */
export interface RescueCopy {
  /** The maker's clock, ms since 1970: proven once it is opened. */
  readonly made: number;
  readonly salt: Bytes;
  readonly head: Bytes;
  readonly sealed: Bytes;
}

/** A passphrase of 100 random bits, 4 groups of 5 characters joined by "-" (docs/format/rescue.md). */
export function newRescuePhrase(random: RandomSource = randomBytes): string {
  const characters = Array.from(random(characterCount), crockfordCharacter).join('');
  return characters.replace(/.{5}(?=.)/g, '$&-');
}

// White space and the hyphens and dashes that people and word processors put between groups.
const separators = /[\s\u002d\u2010-\u2015\u2212]/gu;

/**
 * The 20 characters of a passphrase as a person types it: any case, O for 0, I and L for 1, separators anywhere. Throws
 * RESCUE_PHRASE_INVALID, with `position` (from 1, separators left out) or with `found` and `expected`.
 */
export function parseRescuePhrase(text: string): string {
  const values = Array.from(text.replace(separators, '')).map((character, index) => {
    const value = crockfordValue(character);
    if (value === null)
      throw new CoreError('RESCUE_PHRASE_INVALID', 'A character that no passphrase has', {
        fields: { position: index + 1 },
      });
    return value;
  });
  if (values.length !== characterCount)
    throw new CoreError('RESCUE_PHRASE_INVALID', 'Not as many characters as a passphrase has', {
      fields: { found: values.length, expected: characterCount },
    });
  return values.map(crockfordCharacter).join('');
}

/** Stretches a passphrase, as typed, with PBKDF2-SHA-256. Throws as `parseRescuePhrase`; KEY_INVALID for another salt's size. */
export async function stretchRescuePhrase(text: string, salt: Uint8Array): Promise<RescueKey> {
  if (salt.length !== rescueSaltSizeBytes) throw new CoreError('KEY_INVALID', 'The salt of a rescue copy has 16 bytes');
  const { subtle } = globalThis.crypto;
  const phrase = await subtle.importKey('raw', utf8ToBytes(parseRescuePhrase(text)), 'PBKDF2', false, ['deriveBits']);
  const own = ownBytes(salt);
  const bits = await subtle.deriveBits(
    { name: 'PBKDF2', hash: 'SHA-256', salt: own, iterations },
    phrase,
    keySizeBytes * 8,
  );
  return { key: new Uint8Array(bits), salt: own };
}

/** Seals a content as a rescue copy of that instant, ms since 1970. Throws PAYLOAD_INVALID for one over 512 MiB. */
export async function sealRescue(
  { key, salt }: RescueKey,
  made: number,
  content: Uint8Array,
  random: RandomSource = randomBytes,
): Promise<Bytes> {
  const packed = await packContent(content);
  const head = new Uint8Array(headSizeBytes);
  const view = new DataView(head.buffer);
  view.setUint8(0, copyVersion);
  view.setBigUint64(1, BigInt(made));
  head.set(salt, saltStart);
  view.setUint32(sizeStart, sealedSize(packed.length));
  const sealed = await sealBytes(key, concatBytes(label, head), packed, random);
  return concatBytes(head, sealed, sha256(head, sealed));
}

/** Takes a copy apart. Throws FORMAT_UNKNOWN, RESCUE_CUT for one whose end is missing, RESCUE_DAMAGED for changed bytes. */
export function parseRescue(bytes: Uint8Array): RescueCopy {
  if (bytes.length > 0 && bytes[0] !== copyVersion)
    throw new CoreError('FORMAT_UNKNOWN', 'A rescue copy of an unknown format');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sealedEnd = bytes.length < headSizeBytes ? Number.POSITIVE_INFINITY : headSizeBytes + view.getUint32(sizeStart);
  if (bytes.length < sealedEnd + checksumSizeBytes) throw new CoreError('RESCUE_CUT', 'The end of the copy is missing');
  if (!equalBytes(sha256(bytes.subarray(0, sealedEnd)), bytes.subarray(sealedEnd)))
    throw new CoreError('RESCUE_DAMAGED', 'Bytes of the copy have changed');
  return {
    made: Number(view.getBigUint64(1)),
    salt: bytes.slice(saltStart, sizeStart) as Bytes,
    head: bytes.slice(0, headSizeBytes) as Bytes,
    sealed: bytes.slice(headSizeBytes, sealedEnd) as Bytes,
  };
}

/** The content of a copy. Throws SEALED_INVALID for another key, PAYLOAD_INVALID for what was not packed as it must be. */
export async function openRescue({ head, sealed }: RescueCopy, { key }: Pick<RescueKey, 'key'>): Promise<Bytes> {
  return unpackContent(await openBytes(key, concatBytes(label, head), sealed));
}

/** The bytes of base64, white space in it and a last group that is not whole left out. Throws RESCUE_DAMAGED. */
export function rescueBytes(base64: string): Bytes {
  const characters = base64.replace(/\s/g, '');
  const whole = characters.slice(0, characters.length - (characters.length % 4));
  try {
    return Uint8Array.from(atob(whole), (character) => character.charCodeAt(0));
  } catch (cause) {
    throw new CoreError('RESCUE_DAMAGED', 'Characters that are no base64', { cause });
  }
}
