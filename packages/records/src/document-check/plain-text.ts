import { decodeForeignText, type ForeignText } from '../received/latin-text.ts';

export type PlainText = Pick<ForeignText, 'text' | 'encoding'>;

/** Bytes that Windows-1252 gives no character. */
const unassigned = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);

/** A text for display, in the encoding that it is in; null for what is no text. The bytes that are kept stay as they are. */
export function decodePlainText(bytes: Uint8Array): PlainText | null {
  if (bytes.some((byte) => byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d))) return null;
  const { text, encoding } = decodeForeignText(bytes);
  if (encoding === 'utf-16') return null;
  return encoding === 'windows-1252' && bytes.some((byte) => unassigned.has(byte)) ? null : { text, encoding };
}
