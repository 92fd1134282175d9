import type { ReceivedFindingCode } from './report.ts';

export interface ForeignText {
  readonly text: string;
  readonly encoding: 'utf-8' | 'utf-16' | 'windows-1252' | 'cp850';
  readonly findings: readonly ReceivedFindingCode[];
}

/** What French texts have beyond ASCII, as DOS (code page 850) and as Windows write it. */
const dosLetters = bytesOf(0x82, 0x83, 0x85, 0x87, 0x88, 0x89, 0x8a, 0x8b, 0x8c, 0x90, 0x93, 0x96, 0x97, 0xf8);
const windowsLetters = bytesOf(
  ...[0xe0, 0xe2, 0xe7, 0xe8, 0xe9, 0xea, 0xeb, 0xee, 0xef, 0xf4, 0xf9, 0xfb],
  ...[0xc0, 0xc7, 0xc8, 0xc9, 0xca, 0xb0, 0xb2, 0xb5],
);

/** The upper half of code page 850, which no decoder of the platform knows (IBM, code page 850). */
const cp850 = [
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»',
  '░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀',
  'ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
].join('');

/**
 * Text of a file that says nothing of its encoding: UTF-8 where it is, UTF-16 where it is marked, else the one of
 * Windows-1252 (with it ISO 8859-1) and code page 850 in which its letters are letters. Never throws.
 */
export function decodeForeignText(bytes: Uint8Array): ForeignText {
  const utf16 = utf16Label(bytes);
  if (utf16 !== null)
    return { text: new TextDecoder(utf16).decode(bytes), encoding: 'utf-16', findings: ['ENCODING_GUESSED'] };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'utf-8', findings: [] };
  } catch {
    const isDos = lettersIn(bytes, dosLetters) > lettersIn(bytes, windowsLetters);
    const text = isDos ? decodeCp850(bytes) : new TextDecoder('windows-1252').decode(bytes);
    return { text, encoding: isDos ? 'cp850' : 'windows-1252', findings: ['ENCODING_GUESSED'] };
  }
}

function utf16Label(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null;
}

function decodeCp850(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let from = 0; from < bytes.length; from += 8192) {
    const part = bytes.subarray(from, from + 8192);
    parts.push(
      Array.from(part, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : cp850.charAt(byte - 0x80))).join(''),
    );
  }
  return parts.join('');
}

function lettersIn(bytes: Uint8Array, letters: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) count += letters[byte] ?? 0;
  return count;
}

function bytesOf(...values: readonly number[]): Uint8Array {
  const marked = new Uint8Array(256);
  for (const value of values) marked[value] = 1;
  return marked;
}
