import { fold } from '@serment/records/folded-words';

export { fold };

/** A birth date as far as it was typed: how it starts and how it ends, in FHIR's form. */
export interface DatePattern {
  readonly start: string;
  readonly end: string;
}

export type Term =
  | { readonly kind: 'word'; readonly text: string }
  | ({ readonly kind: 'date' } & DatePattern)
  /** Part of a phone or an identifier, or else one of these dates. */
  | { readonly kind: 'digits'; readonly digits: string; readonly dates: readonly DatePattern[] };

const months = ['janv', 'fevr', 'mars', 'avri', 'mai', 'juin', 'juil', 'aout', 'sept', 'octo', 'nove', 'dece'];
const monthNames = '(janv|fev|mars|avr|mai|juin|juil|aout|sept|oct|nov|dec)[a-z]*';

/** What a person typed, as words, dates in usual forms, and digits of phones and identifiers. */
export function termsOf(query: string): Term[] {
  const terms: Term[] = [];
  const take = (term: Term | null, found: string): string => {
    if (term === null) return found;
    terms.push(term);
    return ' ';
  };
  // A NIR of Corsica has a letter among its digits.
  let rest = query.replace(/(?<![\p{L}\d])[12](?: ?\d){4} ?2 ?[ab](?: ?\d)*(?![\p{L}\d])/giu, (found) =>
    take({ kind: 'digits', digits: found.replaceAll(' ', '').toUpperCase(), dates: [] }, found),
  );
  // One run of digits and separators is one thing: a phone is not cut where a date would fit.
  rest = rest.replace(/(?<![\p{L}\d])\+?\d(?:[\d ./-]*\d)?(?![\p{L}\d])/gu, (found) => take(numberTerm(found), found));
  rest = fold(rest).replace(
    new RegExp(`(?<!\\S)(\\d{1,2})(?:er)? ${monthNames}(?: (\\d{4}))?(?!\\S)`, 'g'),
    (...found) => take(monthTerm(found.slice(1, 4) as (string | undefined)[]), String(found[0])),
  );
  for (const word of rest.split(' ')) if (word !== '') terms.push({ kind: 'word', text: word });
  return terms;
}

/** Null for digits too few to be looked for as such: they stay a word. */
function numberTerm(found: string): Term | null {
  const digits = nationalDigits(found);
  const iso = /^(\d{4})-(\d{2})(?:-(\d{2}))?$/.exec(found);
  if (iso !== null) return { kind: 'date', start: found, end: '' };
  const day = /^(\d{1,2})[/. -](\d{1,2})[/. -](\d{4}|\d{2})$/.exec(found);
  if (day !== null && isDay(day)) {
    const date = dateOf(day);
    // With two digits of a year it may as well be the start of a phone.
    return day[3]?.length === 4 ? { kind: 'date', ...date } : { kind: 'digits', digits, dates: [date] };
  }
  const dayOnly = /^(\d{1,2})[/.](\d{1,2})$/.exec(found);
  if (dayOnly !== null) return { kind: 'date', start: '', end: `-${two(dayOnly[2])}-${two(dayOnly[1])}` };
  const month = /^(\d{1,2})[/.-](\d{4})$/.exec(found);
  if (month !== null) return { kind: 'date', start: `${month[2]}-${two(month[1])}`, end: '' };
  if (digits.length < 3) return null;
  return { kind: 'digits', digits, dates: datesIn(digits) };
}

/** What eight digits in a row, or a year, may be besides a number. */
function datesIn(digits: string): DatePattern[] {
  if (digits.length === 4) return [{ start: digits, end: '' }];
  if (digits.length === 6)
    return [{ start: '', end: `${digits.slice(4)}-${digits.slice(2, 4)}-${digits.slice(0, 2)}` }];
  if (digits.length !== 8) return [];
  return [
    { start: `${digits.slice(4)}-${digits.slice(2, 4)}-${digits.slice(0, 2)}`, end: '' },
    { start: `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`, end: '' },
  ];
}

function isDay([, day, month]: readonly string[]): boolean {
  return Number(day) >= 1 && Number(day) <= 31 && Number(month) >= 1 && Number(month) <= 12;
}

function dateOf([, day, month, year = '']: readonly string[]): DatePattern {
  // Two digits of a year fit any century.
  const date = `${year}-${two(month)}-${two(day)}`;
  return year.length === 4 ? { start: date, end: '' } : { start: '', end: date };
}

function monthTerm([day, name = '', year]: readonly (string | undefined)[]): Term {
  const month = String(1 + months.findIndex((known) => known.startsWith(name)));
  const end = `-${two(month)}-${two(day)}`;
  return { kind: 'date', start: year ?? '', end };
}

/** +33 6 12… and 06 12… are the same phone. */
export function nationalDigits(phone: string): string {
  const digits = phone.replace(/^\s*(?:\+|00)33/, '0').replace(/\D/g, '');
  return digits.replace(/^00(?=[1-9]\d{8}$)/, '0');
}

function two(text = ''): string {
  return text.padStart(2, '0');
}
