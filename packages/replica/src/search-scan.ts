import { type Searched, wordScores } from './search-score.ts';
import type { Term } from './search-terms.ts';

const space = 32;
const a = 97;
const z = 122;
/** Stands for every character that is not a letter from a to z. */
const otherBit = 1 << 26;

/** What one patient is searched by, as numbers; letters are sets of bits. */
export interface Marks {
  readonly letters: number;
  /** Letters that some word starts with. */
  readonly starts: number;
  /** Letters that are a word alone. */
  readonly alone: number;
  /** The letter that the first word starts with. */
  readonly first: number;
  /** Runs of three digits, in 32 bits that several share. */
  readonly runs: number;
  /** Of the birth; 0 when it is not known to the day. */
  readonly monthDay: number;
}

export function marksOf({ words, digits, birthDate }: Searched): Marks {
  let [letters, starts, alone] = [0, 0, 0];
  for (let place = 0; place < words.length; place += 1) {
    const code = words.charCodeAt(place);
    if (code === space) continue;
    const bit = bitOf(code);
    letters |= bit;
    if (words.charCodeAt(place - 1) !== space) continue;
    starts |= bit;
    if (words.charCodeAt(place + 1) === space) alone |= bit;
  }
  const first = words.length > 1 ? bitOf(words.charCodeAt(1)) : 0;
  return { letters, starts, alone, first, runs: runsIn(digits), monthDay: monthDayOf(birthDate ?? '') };
}

/**
 * The marks of all patients side by side: going from object to object in memory takes longer than comparing, and these
 * numbers say of most patients that they do not match.
 */
export class SearchScan {
  readonly #letters: Int32Array;
  readonly #starts: Int32Array;
  readonly #alone: Int32Array;
  readonly #first: Int32Array;
  readonly #runs: Int32Array;
  readonly #monthDays: Int16Array;

  constructor(marks: readonly Marks[]) {
    const column = (name: keyof Marks) => Int32Array.from(marks, (one) => one[name]);
    this.#letters = column('letters');
    this.#starts = column('starts');
    this.#alone = column('alone');
    this.#first = column('first');
    this.#runs = column('runs');
    this.#monthDays = Int16Array.from(marks, ({ monthDay }) => monthDay);
  }

  /** Places of those that may match every term, with the score where the numbers tell it, as they do of one letter. */
  forEach(terms: readonly Term[], visit: (place: number, score: number | null) => void): void {
    const { letters, runs, monthDay } = neededBy(terms);
    const letter = onlyLetter(terms);
    for (let place = 0; place < this.#letters.length; place += 1) {
      if (((this.#letters[place] ?? 0) & letters) !== letters) continue;
      if (((this.#runs[place] ?? 0) & runs) !== runs) continue;
      if (monthDay !== 0 && this.#monthDays[place] !== monthDay) continue;
      visit(place, letter === null ? null : this.#letterScore(place, letter));
    }
  }

  #letterScore(place: number, letter: number): number | null {
    if (((this.#alone[place] ?? 0) & letter) !== 0) return null;
    if (((this.#first[place] ?? 0) & letter) !== 0) return wordScores.first;
    return ((this.#starts[place] ?? 0) & letter) !== 0 ? wordScores.start : wordScores.inside;
  }
}

/** What a patient must have to match every term; 0 where nothing is asked. */
function neededBy(terms: readonly Term[]): Pick<Marks, 'letters' | 'runs' | 'monthDay'> {
  let [letters, runs, monthDay] = [0, 0, 0];
  for (const term of terms) {
    if (term.kind === 'word') for (const character of term.text) letters |= bitOf(character.charCodeAt(0));
    else if (term.kind === 'date') monthDay = monthDayOf(term.end || term.start) || monthDay;
    // What may be a date as well need not be in a number, nor a month's name among the words.
    else if (term.kind === 'digits' && term.dates.length === 0) runs |= runsIn(term.digits);
  }
  return { letters, runs, monthDay };
}

/** The bit of a query that is one letter from a to z; null for any other. */
function onlyLetter([term, ...others]: readonly Term[]): number | null {
  if (term?.kind !== 'word' || others.length > 0 || !/^[a-z]$/.test(term.text)) return null;
  return bitOf(term.text.charCodeAt(0));
}

function bitOf(code: number): number {
  return code >= a && code <= z ? 1 << (code - a) : otherBit;
}

function runsIn(digits: string): number {
  let runs = 0;
  for (let place = 2; place < digits.length; place += 1) {
    const [one, two, three] = [digits.charCodeAt(place - 2), digits.charCodeAt(place - 1), digits.charCodeAt(place)];
    if (one !== space && two !== space && three !== space) runs |= 1 << ((one * 31 + two * 7 + three * 13) % 32);
  }
  return runs;
}

/** Month and day of a date in FHIR's form as one number; 0 when it has none. */
function monthDayOf(date: string): number {
  const found = /-(\d\d)-(\d\d)$/.exec(date);
  return found === null ? 0 : Number(found[1]) * 32 + Number(found[2]);
}
