import { type CountryCode, type PhoneNumber as KnownNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { ServerError } from '../error.ts';

declare const e164: unique symbol;

/** A number that a code can reach by SMS, in E.164: "+33612345678". */
export type PhoneNumber = string & { readonly [e164]: true };

export type PhoneNumberFault =
  | 'empty'
  | 'too-long'
  | 'characters'
  | 'short-number'
  | 'not-valid'
  | 'fixed-line'
  | 'premium'
  | 'no-sms';

const maxLength = 64;
// One numbering plan: ten digits typed there without a prefix are told apart by themselves.
const overseas: readonly CountryCode[] = ['GP', 'GF', 'MQ', 'RE', 'YT', 'PM'];

/**
 * A mobile number as people type it: spaces, dots, brackets, "0033", "(0)". One of French territories
 * overseas, typed as in France, gets its own prefix. So is one of those that ARCEP keeps for fiction (06 39 98 and four
 * digits), which demonstrations have and nobody answers. Throws PHONE_INVALID, with the fault as `fields.reason`.
 */
export function parsePhoneNumber(text: string, defaultCountry: CountryCode = 'FR'): PhoneNumber {
  if (text.length > maxLength) throw phoneInvalid('too-long');
  // Address books put marks of direction around a number, and word processors their own spaces and dashes.
  const digits = text.normalize('NFKC').replace(/[\p{Cf}\p{Pd}\s().\u2212/]/gu, '');
  if (digits === '') throw phoneInvalid('empty');
  if (!/^\+?[0-9]+$/.test(digits)) throw phoneInvalid('characters');
  const invented = /^(?:0|(?:0033|\+?33)0?)(63998[0-9]{4})$/.exec(digits)?.[1];
  if (invented !== undefined) return `+33${invented}` as PhoneNumber;
  const known = findNumber(digits, defaultCountry);
  if (known === null) throw phoneInvalid(/^[0-9]{1,6}$/.test(digits) ? 'short-number' : 'not-valid');
  const fault = faultOf(known);
  if (fault !== null) throw phoneInvalid(fault);
  return known.number as string as PhoneNumber;
}

/** What may be shown to somebody who has not entered: prefix and last two digits. "+33 6 •• •• •• 42" for E.164. */
export function maskPhoneNumber(number: string): string {
  const known = parsePhoneNumberFromString(number);
  if (known === undefined) return '••••';
  const prefix = `+${known.countryCallingCode} `;
  // That a French number is a mobile one, 6 or 7, is known to all.
  const shown = known.countryCallingCode === '33' ? prefix.length + 1 : prefix.length;
  const international = known.formatInternational();
  return international.slice(0, shown) + international.slice(shown).replace(/\d(?=(?:\D*\d){2})/g, '•');
}

function findNumber(digits: string, defaultCountry: CountryCode): KnownNumber | null {
  const isFrench = defaultCountry === 'FR' && /^0[1-9][0-9]{8}$/.test(digits);
  for (const country of isFrench ? [defaultCountry, ...overseas] : [defaultCountry]) {
    const number = parsePhoneNumberFromString(digits, { defaultCountry: country, extract: false });
    if (number?.isValid()) return number;
  }
  return null;
}

function faultOf(number: KnownNumber): PhoneNumberFault | null {
  // Of no country: satellites and other networks, as dear as premium numbers.
  if (number.country === undefined) return 'no-sms';
  switch (number.getType()) {
    case 'MOBILE':
    // Some countries do not tell the two apart.
    case 'FIXED_LINE_OR_MOBILE':
      return null;
    case 'FIXED_LINE':
    case 'VOIP':
      return 'fixed-line';
    case 'PREMIUM_RATE':
    case 'SHARED_COST':
      return 'premium';
    default:
      return 'no-sms';
  }
}

function phoneInvalid(reason: PhoneNumberFault): ServerError {
  return new ServerError('PHONE_INVALID', 'A code cannot be sent to this number', {
    fields: { reason },
    hint: 'Give a mobile number, such as 06 12 34 56 78 or +33 6 12 34 56 78.',
  });
}
