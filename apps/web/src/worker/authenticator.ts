import { base32nopad } from '@scure/base';
import type { Bytes } from '@serment/core/bytes';

/** What an authenticator reads in a QR code (Key Uri Format), and the secret to be typed where there is no camera. */
export function authenticatorAddress(secret: Bytes, practiceName: string): { address: string; secret: string } {
  const text = base32nopad.encode(secret);
  const label = encodeURIComponent(practiceName === '' ? 'Serment' : `Serment:${practiceName}`);
  return {
    address: `otpauth://totp/${label}?secret=${text}&issuer=Serment&algorithm=SHA1&digits=6&period=30`,
    secret: text,
  };
}
