const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Crockford's base32 of bytes, most significant bit first, the last character completed with zero bits. */
export function encodeCrockford(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(value >> bits) & 31];
    }
    value &= 31;
  }
  return bits === 0 ? text : text + alphabet[(value << (5 - bits)) & 31];
}

/** The character of a 5-bit value. */
export function crockfordCharacter(value: number): string {
  return alphabet[value & 31] ?? '';
}

/** Value of a character as people type it (any case, O for 0, I and L for 1), or null for what is none. */
export function crockfordValue(character: string): number | null {
  // Only ASCII: Unicode's upper case would take other letters for these.
  if (!/^[0-9A-Za-z]$/.test(character)) return null;
  const upper = character.toUpperCase();
  const value = alphabet.indexOf(upper === 'O' ? '0' : upper === 'I' || upper === 'L' ? '1' : upper);
  return value < 0 ? null : value;
}

/** The whole bytes of 5-bit values; bits left over are dropped. */
export function crockfordBytes(values: readonly number[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.floor((values.length * 5) / 8));
  let offset = 0;
  let bits = 0;
  let pending = 0;
  for (const value of values) {
    pending = ((pending << 5) | value) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[offset] = (pending >> bits) & 0xff;
      offset += 1;
    }
  }
  return bytes;
}
