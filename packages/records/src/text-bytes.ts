import { RecordsError } from './error.ts';

export interface DecodedText {
  readonly text: string;
  readonly hadByteOrderMark: boolean;
  /** True when the bytes stop inside a character: the file was cut. */
  readonly cut: boolean;
}

/** Foreign files that people try first, by their first bytes. */
const signatures: readonly (readonly [name: string, bytes: readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  ['pdf', [0x25, 0x50, 0x44, 0x46]],
  ['xml', [0x3c]],
  ['jpeg', [0xff, 0xd8, 0xff]],
  ['png', [0x89, 0x50, 0x4e, 0x47]],
  ['sqlite', [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65]],
];

/**
 * Text of a file that should be UTF-8 JSON, a byte order mark removed.
 * Throws TEXT_FOREIGN (`looksLike`), TEXT_UTF16, TEXT_WINDOWS_1252 or TEXT_UNREADABLE; never guesses its way into wrong accents.
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  const hadByteOrderMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const body = hadByteOrderMark ? bytes.subarray(3) : bytes;
  refuseForeign(body);
  refuseUtf16(body);
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let text: string;
  try {
    text = decoder.decode(body, { stream: true });
  } catch {
    if (looksLikeWindows1252(body))
      throw new RecordsError('TEXT_WINDOWS_1252', 'The text is not UTF-8; it looks like Windows-1252 (or ISO 8859-1)', {
        hint: 'Save the file again as UTF-8.',
      });
    throw new RecordsError('TEXT_UNREADABLE', 'The bytes are not UTF-8 text');
  }
  return { text, hadByteOrderMark, cut: endsInsideCharacter(decoder) };
}

function refuseForeign(bytes: Uint8Array): void {
  let start = 0;
  while (
    start < 64 &&
    (bytes[start] === 0x20 || bytes[start] === 0x0a || bytes[start] === 0x0d || bytes[start] === 0x09)
  )
    start += 1;
  for (const [looksLike, signature] of signatures)
    if (signature.every((byte, index) => bytes[start + index] === byte))
      throw new RecordsError('TEXT_FOREIGN', 'Not a JSON file', { fields: { looksLike } });
}

function refuseUtf16(bytes: Uint8Array): void {
  const [first, second] = bytes;
  const marked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  // JSON begins with ASCII, so UTF-16 shows as zero bytes from the start; UTF-8 JSON has none.
  if (marked || (bytes.length > 1 && (first === 0 || second === 0)))
    throw new RecordsError('TEXT_UTF16', 'The text looks like UTF-16', {
      fields: { encoding: first === 0xfe || first === 0 ? 'UTF-16BE' : 'UTF-16LE' },
      hint: 'Save the file again as UTF-8.',
    });
}

/** Every byte has a character in Windows-1252 but five; control bytes are no text. */
function looksLikeWindows1252(bytes: Uint8Array): boolean {
  const undefinedBytes = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);
  return bytes.every(
    (byte) => (byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d) && !undefinedBytes.has(byte),
  );
}

function endsInsideCharacter(decoder: TextDecoder): boolean {
  try {
    decoder.decode();
    return false;
  } catch {
    return true;
  }
}
