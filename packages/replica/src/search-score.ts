import type { DatePattern, Term } from './search-terms.ts';

/** What one patient is searched by. */
export interface Searched {
  /** Folded words, each after a space and before one, so that a word's start is found by one scan. */
  readonly words: string;
  /** Digits and letters of phones and identifiers, a space between them. */
  readonly digits: string;
  /** As FHIR has it; null when it is not known. */
  readonly birthDate: string | null;
}

/** What one term gives at most. */
export const bestScore = 4;

/** Scores of a word where it stands; one more when it is all of the word there. */
export const wordScores = { first: 3, start: 2, inside: 1 } as const;

/** The sum over all terms of a query; 0 when one does not match. */
export function scorerOf(terms: readonly Term[]): (searched: Searched) => number {
  const scorers = terms.map(termScorer);
  return (searched) => {
    let total = 0;
    for (const score of scorers) {
      const found = score(searched);
      if (found === 0) return 0;
      total += found;
    }
    return total;
  };
}

function termScorer(term: Term): (searched: Searched) => number {
  if (term.kind === 'date') return ({ birthDate }) => (isOn(birthDate, term) ? bestScore : 0);
  if (term.kind === 'word') return wordScorer(term.text);
  if (term.kind === 'month') {
    const named = wordScorer(term.name);
    return (searched) => {
      if (isOn(searched.birthDate, term.date)) return bestScore;
      return searched.birthDate?.startsWith(term.year) === true ? named(searched) : 0;
    };
  }
  const { digits, dates } = term;
  return (searched) => {
    if (searched.digits.includes(digits)) return 3;
    return dates.some((date) => isOn(searched.birthDate, date)) ? 2 : 0;
  };
}

function wordScorer(text: string): (searched: Searched) => number {
  const start = ` ${text}`;
  return ({ words }) => {
    const inside = words.indexOf(text);
    if (inside < 0) return 0;
    const at = words[inside - 1] === ' ' ? inside - 1 : words.indexOf(start, inside);
    if (at < 0) return wordScores.inside;
    return (at === 0 ? wordScores.first : wordScores.start) + (words[at + start.length] === ' ' ? 1 : 0);
  };
}

function isOn(birthDate: string | null, { start, end }: DatePattern): boolean {
  return birthDate?.startsWith(start) === true && birthDate.endsWith(end);
}
