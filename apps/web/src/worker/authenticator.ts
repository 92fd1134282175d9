import type { Bytes } from '@serment/core/bytes';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** What an authenticator reads in a QR code (Key Uri Format), and the secret to be typed where there is no camera. */
export function authenticatorAddress(secret: Bytes, practiceName: string): { address: string; secret: string } {
  const text = base32(secret);
  const label = encodeURIComponent(practiceName === '' ? 'Serment' : `Serment:${practiceName}`);
  return {
    address: `otpauth://totp/${label}?secret=${text}&issuer=Serment&algorithm=SHA1&digits=6&period=30`,
    secret: text,
  };
}

/** RFC 4648, without padding; a whole number of groups of 5 bytes. */
function base32(bytes: Bytes): string {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  return (bits.match(/.{5}/g) ?? []).map((digit) => alphabet[Number.parseInt(digit, 2)]).join('');
}
