import { fold } from '@serment/replica/search-terms';
import type { Segment } from './view.ts';

const word = /[\p{L}\p{N}]+/gu;
/** Characters shown of a text around the first word that was found. */
const before = 60;
const shown = 220;

/** A clinical text, none of whose figures a line parts from what they measure: `1 000 mg`. As long as it was. */
export function withWholeFigures(text: string): string {
  return text.replace(/(?<=\d)(?<!\/\d{4}) (?=\p{L}|\d{3}(?!\d)|[%°])/gu, '\u00a0');
}

/** A text with the words that were found in it told apart; `terms` are folded, runs of words among them. */
export function markedText(text: string, terms: readonly string[]): Segment[] {
  const words = terms.flatMap((term) => term.split(' '));
  const segments: Segment[] = [];
  let end = 0;
  for (const found of text.matchAll(word)) {
    if (!isFound(found[0], words)) continue;
    if (found.index > end) segments.push({ text: text.slice(end, found.index), isStrong: false });
    end = found.index + found[0].length;
    segments.push({ text: found[0], isStrong: true });
  }
  if (end < text.length) segments.push({ text: text.slice(end), isStrong: false });
  return segments;
}

/** The part of a text around the first word that was found, on one line. */
export function foundExtract(text: string, terms: readonly string[]): Segment[] {
  const line = text.replace(/\s+/gu, ' ').trim();
  const words = terms.flatMap((term) => term.split(' '));
  const first = [...line.matchAll(word)].find(([one]) => isFound(one, words))?.index ?? 0;
  const from = first <= before ? 0 : line.indexOf(' ', first - before) + 1;
  const cut = from + shown >= line.length ? line.length : line.lastIndexOf(' ', from + shown);
  const extract = line.slice(from, cut <= from ? from + shown : cut);
  return markedText(`${from > 0 ? '… ' : ''}${extract}${from + extract.length < line.length ? ' …' : ''}`, terms);
}

function isFound(text: string, words: readonly string[]): boolean {
  const plain = fold(text);
  return words.some((one) => plain.includes(one));
}
