import type { Term } from './search-terms.ts';

const a = 97;
const z = 122;
/** Stands for everything that is not a letter from a to z. */
const otherBit = 1 << 26;

/**
 * The letters in folded words (each after a space, as `Directory` keeps them), as sets of bits: one comparison of numbers
 * says of most entries that a word is not in them.
 */
export interface Letters {
  readonly all: number;
  /** Those that some word starts with. */
  readonly starts: number;
  /** Those that are a word alone. */
  readonly alone: number;
  /** That of the first word. */
  readonly first: number;
}

export function lettersOf(words: string): Letters {
  let [all, starts, alone] = [0, 0, 0];
  for (let place = 0; place < words.length; place += 1) {
    const code = words.charCodeAt(place);
    if (code === space) continue;
    const bit = bitOf(code);
    all |= bit;
    if (words.charCodeAt(place - 1) !== space) continue;
    starts |= bit;
    if (words.charCodeAt(place + 1) === space) alone |= bit;
  }
  return { all, starts, alone, first: words.length > 1 ? bitOf(words.charCodeAt(1)) : 0 };
}

/** The letters that an entry must have for a word to be in it. */
export function lettersIn(word: string): number {
  let letters = 0;
  for (let place = 0; place < word.length; place += 1) letters |= bitOf(word.charCodeAt(place));
  return letters;
}

/** The bit of a word that is one letter from a to z; null for any other. */
export function onlyLetter(word: string): number | null {
  const code = word.charCodeAt(0);
  return word.length === 1 && code >= a && code <= z ? bitOf(code) : null;
}

const space = 32;

function bitOf(code: number): number {
  return code >= a && code <= z ? 1 << (code - a) : otherBit;
}

/** Which runs of three digits are in numbers side by side, as a set of 32 bits that several share. */
export function runsOf(digits: string): number {
  let runs = 0;
  for (let place = 2; place < digits.length; place += 1) {
    const [one, two, three] = [digits.charCodeAt(place - 2), digits.charCodeAt(place - 1), digits.charCodeAt(place)];
    if (one !== space && two !== space && three !== space) runs |= 1 << ((one * 31 + two * 7 + three * 13) % 32);
  }
  return runs;
}

/** Month and day of a date in FHIR's form, which a number can be compared with; 0 when it has none. */
export function monthDayOf(date: string): number {
  const found = /-(\d\d)-(\d\d)$/.exec(date);
  return found === null ? 0 : Number(found[1]) * 32 + Number(found[2]);
}

/** What an entry must have to match every term, as numbers; 0 where nothing is asked. */
export interface Marks {
  readonly letters: number;
  readonly runs: number;
  readonly monthDay: number;
}

export function marksOf(terms: readonly Term[]): Marks {
  let [letters, runs, monthDay] = [0, 0, 0];
  for (const term of terms) {
    if (term.kind === 'word') letters |= lettersIn(term.text);
    else if (term.kind === 'date') monthDay = monthDayOf(term.end || term.start) || monthDay;
    // What may be a date as well is in no number of many that it matches.
    else if (term.dates.length === 0) runs |= runsOf(term.digits);
  }
  return { letters, runs, monthDay };
}
