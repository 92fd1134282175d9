import { fold } from '../folded-words.ts';
import { commonCodes } from './common-codes.ts';
import type { Cim10Line } from './table.ts';

/** Finds lines as a person types: by code, words, usual synonyms or abbreviations, best first. */
export type Cim10Search = (query: string, limit: number) => readonly Cim10Line[];

interface Known extends Cim10Line {
  /** In lower case and without its point. */
  readonly bareCode: string;
  /** Folded, between two spaces. */
  readonly bareLabel: string;
  /** Label and synonyms, folded, between two spaces. */
  readonly words: string;
  readonly isCommon: boolean;
}

/** One way in which a typed word may be written, with what is looked for made once: tables have 40 000 lines. */
interface Way {
  readonly word: string;
  readonly beginning: string;
  readonly whole: string;
}

type Ways = readonly Way[];

const emptyWords = new Set(['a', 'au', 'aux', 'd', 'de', 'des', 'du', 'en', 'et', 'l', 'la', 'le', 'les', 'un', 'une']);
/** A sentence that was pasted is not looked for whole. */
const mostWords = 12;

/**
 * A search in the common codes and in a larger table that the practice loaded: its labels are shown, common codes come
 * first and keep their synonyms. Making it reads the whole table: make it once a table.
 */
export function cim10Search(loaded: readonly Cim10Line[] = []): Cim10Search {
  const lines = knownLines(loaded);
  return (query, limit) => {
    const words = queryWords(query);
    if (words.length === 0) return [];
    const whole = ` ${words.map(([way]) => way?.word).join(' ')} `;
    // Lines are already in the order that they have within a rank: no more than the first ones of each is kept.
    const byRank = new Map<number, Known[]>();
    for (const line of lines) {
      if (!words.every((ways) => ways.some((way) => matches(line, way)))) continue;
      const rank = rankOf(line, words, whole);
      const same = byRank.get(rank);
      if (same === undefined) byRank.set(rank, [line]);
      else if (same.length < limit) same.push(line);
    }
    const best = [...byRank.keys()].sort((left, right) => left - right).flatMap((rank) => byRank.get(rank) ?? []);
    return best.slice(0, limit).map(({ code, label }) => ({ code, label }));
  };
}

function knownLines(loaded: readonly Cim10Line[]): readonly Known[] {
  const larger = new Map<string, string>();
  for (const { code, label } of loaded)
    if (code.trim() !== '' && label.trim() !== '') larger.set(code.trim().toUpperCase(), label.trim());
  const lines = commonCodes.map(([code, label, synonyms = '']) =>
    known({ code, label: larger.get(code) ?? label }, `${label} ${synonyms}`),
  );
  for (const [code] of commonCodes) larger.delete(code);
  for (const [code, label] of larger) lines.push(known({ code, label }, null));
  return lines.sort((left, right) => left.label.length - right.label.length || (left.code < right.code ? -1 : 1));
}

/** With the other words of a common code; null for another one. */
function known(line: Cim10Line, otherWords: string | null): Known {
  const bareLabel = ` ${fold(line.label)} `;
  const text = otherWords === null ? line.label : `${line.label} ${otherWords}`;
  // "gastro-entérite" is also typed in one word.
  const joined = text.includes('-') ? `${fold(text.replaceAll('-', ''))} ` : '';
  return {
    ...line,
    bareCode: line.code.replace('.', '').toLowerCase(),
    bareLabel,
    words: `${bareLabel}${otherWords === null ? '' : `${fold(otherWords)} `}${joined}`,
    isCommon: otherWords !== null,
  };
}

/** A code with or without its point, a plural or not, a hyphen or not; words that say nothing are left out. */
function queryWords(query: string): readonly Ways[] {
  const typed = query.split(/[\s’',;()/]+/).filter((token) => fold(token) !== '');
  const words = typed.flatMap((token) => {
    if (/^[a-z]\d/i.test(token)) return [waysOf(fold(token.replace('.', '')))];
    const joined = fold(token.replaceAll('-', ''));
    const parts = fold(token).split(' ');
    return parts.length === 1 ? [waysOf(joined, singular(joined))] : parts.map((part) => waysOf(part, joined));
  });
  const telling = words.filter(([way]) => !emptyWords.has(way?.word ?? ''));
  return (telling.length > 0 ? telling : words).slice(0, mostWords);
}

function waysOf(...words: readonly string[]): Ways {
  return [...new Set(words)].map((word) => ({ word, beginning: ` ${word}`, whole: ` ${word} ` }));
}

const singular = (word: string): string => (word.length > 3 ? word.replace(/[sx]$/, '') : word);

function matches(line: Known, way: Way): boolean {
  return line.words.includes(way.beginning) || line.bareCode.startsWith(way.word);
}

/** The least is the best: the code, the whole label, whole words (HTA is not the beginning of another), the label's. */
function rankOf(line: Known, words: readonly Ways[], whole: string): number {
  const rare = line.isCommon ? 0 : 1;
  const first = words[0]?.[0];
  if (first === undefined) return 0;
  if (words.length === 1 && line.bareCode === first.word) return 0;
  if (words.length === 1 && line.bareCode.startsWith(first.word)) return 2 + rare;
  if (line.bareLabel === whole) return 4 + rare;
  const isWhole = words.every((ways) => ways.some((way) => line.words.includes(way.whole)));
  const isInLabel = words.every((ways) => ways.some((way) => line.bareLabel.includes(way.beginning)));
  const place = isInLabel ? (line.bareLabel.startsWith(first.beginning) ? 0 : 1) : 2;
  return 6 + (isWhole ? 0 : 8) + rare * 4 + place;
}
