import type { Bytes } from '@serment/core/bytes';
import { Secret, TOTP } from 'otpauth';

const totpStepMs = 30_000;

/**
 * The step of 30 seconds since 1970 whose code of RFC 6238 was typed, among the last, the present and the next of
 * `atMs`; null for another. `secret` is 20 bytes.
 */
export function totpStepOf(secret: Bytes, typed: string, atMs: number): number | null {
  const token = typed.replaceAll(/[\s.-]/gu, '');
  if (!/^\d{6}$/.test(token)) return null;
  const totp = new TOTP({
    secret: new Secret({ buffer: secret.slice().buffer }),
    algorithm: 'SHA1',
    digits: 6,
    period: 30,
  });
  const delta = totp.validate({ token, timestamp: atMs, window: 1 });
  return delta === null ? null : Math.floor(atMs / totpStepMs) + delta;
}
