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
  /** A month of a year, `mars 1992`; or else a name that is a month's, and the year of a birth. */
  | { readonly kind: 'month'; readonly name: string; readonly year: string; readonly date: DatePattern }
  /** Part of a phone or an identifier, or else one of these dates. */
  | { readonly kind: 'digits'; readonly digits: string; readonly dates: readonly DatePattern[] };

const months = ['janv', 'fevr', 'mars', 'avri', 'mai', 'juin', 'juil', 'aout', 'sept', 'octo', 'nove', 'dece'];
const monthNames =
  '(janv(?:ier)?|f[ée]v(?:r(?:ier)?)?|mars|avr(?:il)?|mai|juin|juil(?:let)?|ao[ûu]t|sept?(?:embre)?|oct(?:obre)?|nov(?:embre)?|d[ée]c(?:embre)?)\\.?';
const dayOfMonth = new RegExp(`(?<![\\p{L}\\d])(\\d{1,2})(?:er)? ?${monthNames}(?:,? (\\d{4}))?(?![\\p{L}\\d])`, 'giu');
const monthOfYear = new RegExp(`(?<![\\p{L}\\d])${monthNames} (\\d{4})(?![\\p{L}\\d])`, 'giu');

/** What a person typed, as words, dates in usual forms, and digits of phones and identifiers. */
export function termsOf(query: string): Term[] {
  const terms: Term[] = [];
  const take = (term: Term | null, found: string): string => {
    if (term === null) return found;
    terms.push(term);
    return ' ';
  };
  // Spaces that do not break come with what is pasted; `(0)` with numbers for abroad; "née le" with what is read out.
  let rest = query
    .normalize('NFC')
    .replace(/\s/gu, ' ')
    .replace(/\( ?0 ?\)/g, '')
    .replace(/(?<!\p{L})n[ée]{1,2}e? (?:le|en)(?= \d| \p{L}+ \d{4})/giu, ' ');
  // A NIR of Corsica has a letter among its digits.
  rest = rest.replace(/(?<![\p{L}\d])[12](?:[ .-]?\d){4}[ .-]?2 ?[ab](?:[ .-]?\d)*(?![\p{L}\d])/giu, (found) =>
    take(digitsTerm(found.replace(/[ .-]/g, '').toUpperCase(), []), found),
  );
  rest = rest.replace(dayOfMonth, (...found) =>
    take(monthTerm(found.slice(1, 4) as (string | undefined)[]), String(found[0])),
  );
  rest = rest.replace(monthOfYear, (found: string, name: string, year: string) =>
    take({ kind: 'month', name: fold(name), year, date: { start: `${year}-${monthOf(name)}`, end: '' } }, found),
  );
  // One run of digits and separators is one thing: a phone is not cut where a date would fit.
  rest = rest.replace(/(?<![\p{L}\d])\+?\d(?:[\d ./-]*\d)?(?![\p{L}\d])/gu, (found) => take(numberTerm(found), found));
  for (const word of fold(rest).split(' ')) if (word !== '') terms.push({ kind: 'word', text: word });
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
  if (dayOnly !== null && !isDay(dayOnly) && Number(dayOnly[1]) <= 12 && dayOnly[2]?.length === 2) {
    // 03/92: the century is anybody's.
    const starts = ['19', '20'].map((century) => `${century}${dayOnly[2]}-${two(dayOnly[1])}`);
    return { kind: 'digits', digits, dates: starts.map((start) => ({ start, end: '' })) };
  }
  if (dayOnly !== null) return { kind: 'date', start: '', end: `-${two(dayOnly[2])}-${two(dayOnly[1])}` };
  const month = /^(\d{1,2})[/.-](\d{4})$/.exec(found);
  if (month !== null) return { kind: 'date', start: `${month[2]}-${two(month[1])}`, end: '' };
  if (digits.length < 3) return null;
  return digitsTerm(digits, datesIn(digits));
}

/** A NIR is found whether its key was recorded or not, and is typed or not. */
function digitsTerm(digits: string, dates: readonly DatePattern[]): Term {
  const isWhole = /^[1-478]\d{4}(?:\d\d|2[AB])\d{8}$/.test(digits);
  return { kind: 'digits', digits: isWhole ? digits.slice(0, 13) : digits, dates };
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
  const end = `-${monthOf(name)}-${two(day)}`;
  return { kind: 'date', start: year ?? '', end };
}

function monthOf(name: string): string {
  const start = fold(name).slice(0, 4);
  return two(String(1 + months.findIndex((known) => known.startsWith(start) || start.startsWith(known))));
}

/** +33 6 12… and 06 12… are the same phone. */
export function nationalDigits(phone: string): string {
  const digits = phone.replace(/^\s*(?:\+|00)33/, '0').replace(/\D/g, '');
  return digits.replace(/^00(?=[1-9]\d{8}$)/, '0');
}

function two(text = ''): string {
  return text.padStart(2, '0');
}
