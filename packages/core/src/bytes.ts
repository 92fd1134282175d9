import { platform } from '#platform/bytes';
import { CoreError } from './error.ts';

/** Bytes backed by an ordinary ArrayBuffer, which is what WebCrypto takes. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** Bytes as text and back, as each platform does it best. */
export interface BytesPlatform {
  toHex(bytes: Uint8Array): string;
  /** `text` is known to be hexadecimal. */
  fromHex(text: string): Bytes;
  toBase64(bytes: Uint8Array): string;
  /** Lenient; null, or anything, for what is no base64. */
  fromBase64(text: string): Bytes | null;
}

const utf8Encoder = new TextEncoder();
const utf8Decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** One array out of many, in order. */
export function concatBytes(...parts: readonly Uint8Array[]): Bytes {
  return joinBytes(parts);
}

/** As `concatBytes`, of more than a call takes. */
export function joinBytes(parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(sizeOfParts(parts));
  placeParts(parts, whole);
  return whole;
}

export function sizeOfParts(parts: readonly Uint8Array[]): number {
  let sizeBytes = 0;
  for (const part of parts) sizeBytes += part.length;
  return sizeBytes;
}

/** Puts the parts, one after the other, at the beginning of `whole`, which holds them all. */
export function placeParts(parts: readonly Uint8Array[], whole: Uint8Array): void {
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
}

/** True when both hold the same bytes; not constant time, so never for secrets. */
export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index += 1) if (left[index] !== right[index]) return false;
  return true;
}

/** True when both hold the same bytes, in a time that depends on the length alone. */
export function equalSecret(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (let index = 0; index < left.length; index += 1) difference |= (left[index] ?? 0) ^ (right[index] ?? 0);
  return difference === 0;
}

/** Order of unsigned bytes, shorter first when one begins the other. */
export function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const shared = Math.min(left.length, right.length);
  for (let index = 0; index < shared; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

export function bytesToHex(bytes: Uint8Array): string {
  return platform.toHex(bytes);
}

/** Bytes of lower-case hexadecimal. Throws HEX_INVALID for anything else. */
export function hexToBytes(text: string): Bytes {
  if (text.length % 2 !== 0) throw new CoreError('HEX_INVALID', 'Hexadecimal text has an odd length');
  if (!/^[0-9a-f]*$/.test(text)) throw new CoreError('HEX_INVALID', 'Not lower-case hexadecimal');
  return platform.fromHex(text);
}

/** Standard base64 with padding (RFC 4648 section 4). */
export function bytesToBase64(bytes: Uint8Array): string {
  return platform.toBase64(bytes);
}

/** Bytes of canonical standard base64. Throws BASE64_INVALID when a re-encoding would differ. */
export function base64ToBytes(text: string): Bytes {
  const bytes = platform.fromBase64(text);
  if (bytes === null || bytesToBase64(bytes) !== text) throw new CoreError('BASE64_INVALID', 'Not canonical base64');
  return bytes;
}

export function utf8ToBytes(text: string): Bytes {
  return utf8Encoder.encode(text) as Bytes;
}

/** Text of strict UTF-8; a byte order mark is kept as a character. Throws a TypeError on malformed bytes. */
export function bytesToUtf8(bytes: Uint8Array): string {
  return utf8Decoder.decode(bytes);
}

/** A copy in a buffer of its own, for bytes that come from a pool. */
export function ownBytes(bytes: Uint8Array): Bytes {
  return new Uint8Array(bytes);
}

/** The same bytes as WebCrypto takes them: copied only out of a shared buffer. */
export function plainBytes(bytes: Uint8Array): Bytes {
  return isPlain(bytes) ? bytes : new Uint8Array(bytes);
}

function isPlain(bytes: Uint8Array): bytes is Bytes {
  return bytes.buffer instanceof ArrayBuffer;
}
