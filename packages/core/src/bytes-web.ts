import type { BytesPlatform } from './bytes.ts';

const hexDigits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export const platform: BytesPlatform = {
  toHex(bytes) {
    let text = '';
    for (const byte of bytes) text += hexDigits[byte];
    return text;
  },
  fromHex(text) {
    const bytes = new Uint8Array(text.length / 2);
    for (let index = 0; index < bytes.length; index += 1)
      bytes[index] = Number.parseInt(text.slice(index * 2, index * 2 + 2), 16);
    return bytes;
  },
  toBase64(bytes) {
    let binary = '';
    for (let start = 0; start < bytes.length; start += 8192)
      binary += String.fromCharCode(...bytes.subarray(start, start + 8192));
    return btoa(binary);
  },
  fromBase64(text) {
    try {
      return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    } catch {
      return null;
    }
  },
};
