import { type Bytes, concatBytes, equalBytes, utf8ToBytes } from '../bytes.ts';
import { CoreError } from '../error.ts';
import { deriveKey, hmacSha256 } from '../hash.ts';
import { crockfordBytes, crockfordValue, encodeCrockford } from './crockford.ts';

const sheetVersion = 1;
const practiceMarkSizeBytes = 8;
const subjectMarkSizeBytes = 12;
const checkSizeBytes = 8;
const subjectStart = 1 + practiceMarkSizeBytes;
const checkStart = subjectStart + subjectMarkSizeBytes;
const sheetSizeBytes = checkStart + checkSizeBytes;
const characterCount = Math.ceil((sheetSizeBytes * 8) / 5);
const qrPrefix = 'SERMENT-PAGE:';

/** What a separator sheet stands for (docs/format/keys.md, Separator sheets). */
export interface Sheet {
  /** `patient/<logical id>`, `same` or `ask`. */
  readonly subject: string;
  /** The kind of document that follows; '' for none. */
  readonly kind: string;
}

/** A sheet's QR code as it was read, before anybody asks whose it is. */
export interface SheetReference {
  readonly practiceMark: Bytes;
  readonly subjectMark: Bytes;
  readonly check: Bytes;
}

/** What the sheets of a practice are marked under, from the first epoch key of its `admin`. */
export function sheetKey(firstEpochKey: Uint8Array): Bytes {
  return deriveKey(firstEpochKey, 'serment/sheet/1');
}

/** What a sheet's QR code holds: marks that mean nothing without the key. */
export function sheetQr(key: Uint8Array, { subject, kind }: Sheet): string {
  const bytes = concatBytes(
    Uint8Array.of(sheetVersion),
    practiceMark(key),
    subjectMark(key, subject),
    sheetCheck(key, { subject, kind }),
  );
  return qrPrefix + encodeCrockford(bytes);
}

/**
 * Reads what a QR code holds; null for one that is no separator sheet. Throws SHEET_INVALID for one that only begins like
 * it, FORMAT_UNKNOWN for a newer one.
 */
export function parseSheet(text: string): SheetReference | null {
  if (!isSheetText(text)) return null;
  const characters = text.slice(qrPrefix.length);
  const values = Array.from(characters, crockfordValue).filter((value) => value !== null);
  const bytes = crockfordBytes(values);
  // One way of writing alone: what a sheet holds is drawn and read by machines.
  if (values.length !== characterCount || encodeCrockford(bytes) !== characters)
    throw new CoreError('SHEET_INVALID', 'The code of a separator sheet is damaged');
  if (bytes[0] !== sheetVersion) throw new CoreError('FORMAT_UNKNOWN', 'A separator sheet of an unknown format');
  return {
    practiceMark: bytes.slice(1, subjectStart),
    subjectMark: bytes.slice(subjectStart, checkStart),
    check: bytes.slice(checkStart),
  };
}

/** Whether a QR code's text begins as that of a separator sheet does. */
export function isSheetText(text: string): boolean {
  return text.startsWith(qrPrefix);
}

/** Whether a sheet is of the practice with this key: another one's has another mark. */
export function isSheetOf(reference: SheetReference, key: Uint8Array): boolean {
  return equalBytes(reference.practiceMark, practiceMark(key));
}

/** 12 bytes by which a subject is found again. */
export function subjectMark(key: Uint8Array, subject: string): Bytes {
  return mark(key, subject, subjectMarkSizeBytes);
}

/** Which of these kinds a sheet of that subject names; null where it was not printed by the practice. */
export function kindOfSheet(
  { subjectMark: marked, check }: SheetReference,
  { key, subject, kinds }: { readonly key: Uint8Array; readonly subject: string; readonly kinds: readonly string[] },
): string | null {
  if (!equalBytes(marked, subjectMark(key, subject))) return null;
  return ['', ...kinds].find((kind) => equalBytes(check, sheetCheck(key, { subject, kind }))) ?? null;
}

function practiceMark(key: Uint8Array): Bytes {
  return mark(key, 'practice', practiceMarkSizeBytes);
}

function sheetCheck(key: Uint8Array, { subject, kind }: Sheet): Bytes {
  return mark(key, `check/${subject}/${kind}`, checkSizeBytes);
}

function mark(key: Uint8Array, name: string, sizeBytes: number): Bytes {
  return hmacSha256(key, utf8ToBytes(name)).slice(0, sizeBytes);
}
