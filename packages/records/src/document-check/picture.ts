import { startsWith } from './byte-source.ts';
import { hasScript, isForeignTail } from './foreign-bytes.ts';
import type { RefusalReason } from './refusal.ts';

export type PictureKind = 'jpeg' | 'png' | 'webp' | 'heic';

const heicBrands = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1']);
const searchedBytes = 65_536;

/** Which picture the first bytes announce; null for none that a record holds. */
export function pictureKind(head: Uint8Array): PictureKind | null {
  if (startsWith(head, '\xff\xd8\xff')) return 'jpeg';
  if (startsWith(head, '\x89PNG\r\n\x1a\n')) return 'png';
  if (startsWith(head, 'RIFF') && startsWith(head, 'WEBP', 8)) return 'webp';
  if (startsWith(head, 'ftyp', 4) && heicBrands.has(String.fromCharCode(...head.subarray(8, 12)))) return 'heic';
  return null;
}

/** What is wrong with a picture: cut, or carrying another file behind its end; null when nothing is. */
export function refusePicture(kind: PictureKind, bytes: Uint8Array): RefusalReason | null {
  const end = { jpeg: jpegEnd, png: pngEnd, webp: webpEnd, heic: heicEnd }[kind](bytes);
  if (end === null) return 'TRUNCATED';
  if (isForeignTail(bytes.subarray(end)) || hasScript(bytes.subarray(0, searchedBytes))) return 'POLYGLOT';
  return null;
}

/** Behind the last picture: telephones put a second one behind the first (CIPA DC-007). */
function jpegEnd(bytes: Uint8Array): number | null {
  let end: number | null = null;
  for (let start = 0; startsWith(bytes, '\xff\xd8\xff', start); ) {
    const next = oneJpegEnd(bytes, start);
    if (next === null) return end;
    end = next;
    start = next;
  }
  return end;
}

function oneJpegEnd(bytes: Uint8Array, start: number): number | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = start + 2; at + 1 < bytes.length; ) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) at += 1;
    else if (marker === 0xd9) return at + 2;
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) at += 2;
    else {
      if (at + 4 > bytes.length) return null;
      const length = view.getUint16(at + 2);
      if (length < 2) return null;
      at += 2 + length;
      if (marker === 0xda) at = nextMarker(bytes, at);
    }
  }
  return null;
}

/** Behind coded data, where 0xff is stuffed with 0x00 or restarts. */
function nextMarker(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    const marker = bytes[at + 1] ?? 0;
    if (marker !== 0 && marker !== 0xff && !(marker >= 0xd0 && marker <= 0xd7)) return at;
  }
  return bytes.length;
}

function pngEnd(bytes: Uint8Array): number | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 8; at + 12 <= bytes.length; ) {
    const next = at + 12 + view.getUint32(at);
    if (startsWith(bytes, 'IEND', at + 4)) return next <= bytes.length ? next : null;
    at = next;
  }
  return null;
}

function webpEnd(bytes: Uint8Array): number | null {
  if (bytes.length < 12) return null;
  const end = 8 + new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(4, true);
  return end <= bytes.length ? end : null;
}

/** Boxes (ISO/IEC 14496-12) that fill the file; none of them ends behind it. */
function heicEnd(bytes: Uint8Array): number | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at + 8 <= bytes.length) {
    const short = view.getUint32(at);
    if (short === 0) return bytes.length;
    if (short === 1 && at + 16 > bytes.length) return null;
    const size = short === 1 ? Number(view.getBigUint64(at + 8)) : short;
    if (size < 8) return at;
    at += size;
  }
  return at === bytes.length ? at : null;
}
