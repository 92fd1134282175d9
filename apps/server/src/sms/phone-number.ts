import parse from 'libphonenumber-js/max';
import { ServerError } from '../error.ts';
export function parsePhoneNumber(text: string): { readonly e164: string } {
  const parsed = parse(text, 'FR');
  if (parsed?.isValid() !== true) throw new ServerError('PHONE_INVALID', 'Not a mobile number');
  return { e164: parsed.number };
}
export function maskPhoneNumber(e164: string): string {
  return `${e164.slice(0, 4)} •• •• •• ${e164.slice(-2)}`;
}
