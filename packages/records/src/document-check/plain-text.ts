const utf8 = () => new TextDecoder('utf-8', { fatal: true });

export interface PlainText {
  readonly text: string;
  readonly encoding: 'utf-8' | 'windows-1252';
}

/** Bytes that Windows-1252 gives no character. */
const unassigned = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);

/** A text for display, in the encoding that it is in; null for what is no text. The bytes that are kept stay as they are. */
export function decodePlainText(bytes: Uint8Array): PlainText | null {
  if (bytes.some((byte) => byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d))) return null;
  try {
    return { text: utf8().decode(bytes), encoding: 'utf-8' };
  } catch {
    if (bytes.some((byte) => unassigned.has(byte))) return null;
    return { text: new TextDecoder('windows-1252').decode(bytes), encoding: 'windows-1252' };
  }
}
