import { type Bytes, concatBytes, equalBytes, utf8ToBytes } from '../bytes.ts';
import { CoreError, type ErrorFields } from '../error.ts';
import { deriveKey, sha256 } from '../hash.ts';
import { crockfordBytes, crockfordValue, encodeCrockford } from './crockford.ts';
import { seedSizeBytes } from './seed.ts';

const kitVersion = 1;
const practicePrefixSizeBytes = 16;
const bodySizeBytes = 1 + practicePrefixSizeBytes + seedSizeBytes;
const checksumSizeBytes = 4;
const characterCount = 85;
const groupSize = 5;
const testValueLength = 5;
const qrPrefix = 'SERMENT-KIT:';
const label = utf8ToBytes('serment/kit/1');

/** A recovery kit (docs/format/keys.md): a holder whose seed is printed. */
export interface Kit {
  /** First 16 bytes of the practice's id. */
  readonly practicePrefix: Bytes;
  readonly seed: Bytes;
}

/** The kit of a practice (its id, 32 bytes) with this seed. Throws KEY_INVALID. */
export function newKit(practice: Uint8Array, seed: Uint8Array): Kit {
  if (seed.length !== seedSizeBytes || practice.length < practicePrefixSizeBytes)
    throw new CoreError('KEY_INVALID', 'A kit needs a practice and a seed of 32 bytes');
  return { practicePrefix: new Uint8Array(practice.subarray(0, practicePrefixSizeBytes)), seed: new Uint8Array(seed) };
}

export function isKitOf(kit: Kit, practice: Uint8Array): boolean {
  return equalBytes(kit.practicePrefix, practice.subarray(0, practicePrefixSizeBytes));
}

/** 17 groups of 5 characters joined by "-". */
export function formatKit(kit: Kit): string {
  const characters = kitCharacters(kit);
  return Array.from({ length: characterCount / groupSize }, (_, group) =>
    characters.slice(group * groupSize, (group + 1) * groupSize),
  ).join('-');
}

/** What a kit's QR code holds. */
export function kitQr(kit: Kit): string {
  return qrPrefix + kitCharacters(kit);
}

/** The five characters that tell which paper is which kit; public, they prove nothing. */
export function kitTestValue(seed: Uint8Array): string {
  return encodeCrockford(deriveKey(seed, 'serment/kit-test/1')).slice(0, testValueLength);
}

/**
 * Reads a kit as a person types it or as its QR code holds it. Throws KIT_INVALID for a character that no kit has
 * (`position` among the characters, from 1) or a wrong number of them (`found`, `expected`); KIT_CHECKSUM for a typing
 * mistake, with the `group` (from 1) it is in when one changed character explains it; FORMAT_UNKNOWN for a newer kit.
 */
export function parseKit(text: string): Kit {
  const values = kitValues(text);
  const raw = crockfordBytes(values);
  if (!hasChecksum(raw))
    throw new CoreError('KIT_CHECKSUM', 'The kit has a typing mistake', { fields: { group: suspectGroup(values) } });
  if (raw[0] !== kitVersion) throw new CoreError('FORMAT_UNKNOWN', 'A kit of an unknown format');
  const seedStart = 1 + practicePrefixSizeBytes;
  return { practicePrefix: raw.slice(1, seedStart), seed: raw.slice(seedStart, bodySizeBytes) };
}

const groupedForm = /(?<![0-9A-Za-z-])[0-9A-Za-z]{5}(?:-[0-9A-Za-z]{5}){16}(?![0-9A-Za-z-])/g;
const qrForm = /SERMENT-KIT:[0-9A-Za-z]{85}(?![0-9A-Za-z])/gi;

/**
 * The first valid kit of a file's text, whatever stands around it: a line that is a kit, or a kit in its printed or QR
 * form inside a line. Throws as `parseKit` for the likeliest line when none is valid.
 */
export function findKit(fileText: string): Kit {
  let failure: CoreError | null = null;
  for (const line of fileText.split(/\r\n|\r|\n/)) {
    for (const candidate of [...(line.match(groupedForm) ?? []), ...(line.match(qrForm) ?? []), line]) {
      try {
        return parseKit(candidate);
      } catch (error) {
        if (!(error instanceof CoreError)) throw error;
        // A kit with a mistake says more than a line that is none.
        if (error.code !== 'KIT_INVALID') failure ??= error;
      }
    }
  }
  throw failure ?? new CoreError('KIT_INVALID', 'No kit in this text');
}

function kitCharacters(kit: Kit): string {
  const body = concatBytes(Uint8Array.of(kitVersion), kit.practicePrefix, kit.seed);
  if (body.length !== bodySizeBytes)
    throw new CoreError('KEY_INVALID', 'A kit holds 16 bytes of practice and 32 of seed');
  return encodeCrockford(concatBytes(body, checksum(body)));
}

function checksum(body: Uint8Array): Bytes {
  return sha256(label, body).slice(0, checksumSizeBytes);
}

function hasChecksum(raw: Bytes): boolean {
  return equalBytes(checksum(raw.subarray(0, bodySizeBytes)), raw.subarray(bodySizeBytes));
}

// White space and the hyphens and dashes that word processors put in a hyphen's place.
const separators = /[\s\u002d\u2010-\u2015\u2212]/gu;

function kitValues(text: string): number[] {
  const trimmed = text.trim();
  const isQr = trimmed.slice(0, qrPrefix.length).toUpperCase() === qrPrefix;
  const characters = Array.from((isQr ? trimmed.slice(qrPrefix.length) : trimmed).replace(separators, ''));
  const values = characters.map((character, index) => {
    const value = crockfordValue(character);
    if (value === null) throw kitInvalid({ position: index + 1 });
    return value;
  });
  if (values.length !== characterCount) throw kitInvalid({ found: values.length, expected: characterCount });
  // The last character's lowest bit is padding.
  if ((values[characterCount - 1] ?? 0) % 2 !== 0) throw kitInvalid({ position: characterCount });
  return values;
}

function kitInvalid(fields: ErrorFields): CoreError {
  return new CoreError('KIT_INVALID', 'Not the characters of a kit', { fields });
}

/** The group where changing one character makes the checksum right, if exactly one has such a character. */
function suspectGroup(values: readonly number[]): number | null {
  const groups = new Set<number>();
  values.forEach((typed, index) => {
    for (let value = 0; value < 32; value += 1) {
      if (value !== typed && hasChecksum(crockfordBytes(values.with(index, value))))
        groups.add(Math.floor(index / groupSize) + 1);
    }
  });
  const [group] = groups;
  return groups.size === 1 && group !== undefined ? group : null;
}
