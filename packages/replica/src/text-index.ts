import { fold } from './search-terms.ts';

/** One text that is searched: a version of a record of a patient's file. */
export interface SearchedDocument {
  /** `Patient/…` */
  readonly patient: string;
  /** `Composition/…` and the like. */
  readonly record: string;
  readonly title: string;
  readonly text: string;
  /** A FHIR day, month or year; '' when the record says none. */
  readonly day: string;
}

export interface TextHit {
  readonly document: SearchedDocument;
  readonly score: number;
}

export interface TextHits {
  /** Best first, then newest first. */
  readonly hits: readonly TextHit[];
  /** How many documents match, shown or not. */
  readonly total: number;
}

export interface TextSearchOptions {
  readonly limit: number;
  /** Patients of whom nothing is told. */
  readonly isHidden: (patient: string) => boolean;
  /** Called now and then while the search goes on; it ends early, with what was found, once this answers false. */
  readonly goesOn: (found: TextHits) => Promise<boolean>;
}

/** Documents that are searched as one text: a scan within it costs less than one call for each. */
interface Block {
  readonly documents: (SearchedDocument | null)[];
  /** Where each document's folded text ends. */
  readonly ends: number[];
  /** Where each document's title ends. */
  readonly titleEnds: number[];
  text: string;
  gone: number;
}

const blockCharacters = 128 * 1024;
const scores = { title: 8, wordStart: 2, inside: 1 } as const;

/** Folded, with a space at either end, so that a word's start is found by one scan. */
function folded(text: string): string {
  return ` ${fold(text)} `;
}

/** What a person typed, as folded words and, between quotation marks, runs of words. Empty when there is nothing in it. */
export function textTerms(query: string): string[] {
  const terms: string[] = [];
  const rest = query.replace(/["«“]([^"»”]*)["»”]/gu, (_, phrase: string) => {
    const words = fold(phrase);
    if (words !== '') terms.push(words);
    return ' ';
  });
  for (const word of fold(rest).split(' ')) if (word !== '') terms.push(word);
  // The longest is the rarest, as a rule: the others are looked for only where it stands.
  return [...new Set(terms)].sort((left, right) => right.length - left.length);
}

/** Texts in memory, folded and searched by a scan: every word of the query stands somewhere in what is found. */
export class TextIndex {
  readonly #blocks: Block[] = [];
  readonly #places = new Map<SearchedDocument, { readonly block: Block; readonly place: number }>();

  get size(): number {
    return this.#places.size;
  }

  add(document: SearchedDocument): void {
    let block = this.#blocks.at(-1);
    if (block === undefined || block.text.length >= blockCharacters) {
      if (block !== undefined) block.text = compacted(block.text);
      block = { documents: [], ends: [], titleEnds: [], text: '', gone: 0 };
      this.#blocks.push(block);
    }
    this.#append(block, document);
  }

  delete(document: SearchedDocument): void {
    const known = this.#places.get(document);
    if (known === undefined) return;
    const { block, place } = known;
    block.documents[place] = null;
    block.gone += 1;
    this.#places.delete(document);
    if (block.gone * 2 > block.documents.length) this.#rewrite(block);
  }

  clear(): void {
    this.#blocks.length = 0;
    this.#places.clear();
  }

  /** What came last is searched first. */
  async search(query: string, { limit, isHidden, goesOn }: TextSearchOptions): Promise<TextHits> {
    const [first, ...others] = textTerms(query);
    const best = new BestHits(limit);
    if (first === undefined) return best.hits();
    for (let at = this.#blocks.length - 1; at >= 0; at -= 1) {
      const block = this.#blocks[at];
      if (block === undefined) continue;
      for (const hit of hitsIn(block, first, others)) if (!isHidden(hit.document.patient)) best.take(hit);
      if (!(await goesOn(best.hits()))) break;
    }
    return best.hits();
  }

  #append(block: Block, document: SearchedDocument): void {
    const title = folded(document.title);
    const place = block.documents.length;
    block.documents.push(document);
    block.titleEnds.push(block.text.length + title.length);
    block.text += `${title}${folded(document.text)}\n`;
    block.ends.push(block.text.length);
    this.#places.set(document, { block, place });
  }

  #rewrite(block: Block): void {
    const left = block.documents.filter((document) => document !== null);
    for (const list of [block.documents, block.ends, block.titleEnds]) list.length = 0;
    block.text = '';
    block.gone = 0;
    for (const document of left) this.#append(block, document);
    block.text = compacted(block.text);
  }
}

/** The same characters in one piece and, where none needs more, a byte each: what was folded keeps the width it came from. */
function compacted(text: string): string {
  return new TextDecoder().decode(new TextEncoder().encode(text));
}

function* hitsIn(block: Block, first: string, others: readonly string[]): Generator<TextHit> {
  const { text, ends, documents, titleEnds } = block;
  // Where each of the other words stands next: nothing is scanned twice.
  const next = others.map(() => -1);
  let place = 0;
  for (let found = text.indexOf(first); found >= 0; ) {
    place = placeOf(ends, found, place);
    const [start, end] = [place === 0 ? 0 : (ends[place - 1] ?? 0), ends[place] ?? text.length];
    const document = documents[place] ?? null;
    let score = document === null ? 0 : scoreAt(text, found, titleEnds[place] ?? 0);
    for (const [nth, other] of others.entries()) {
      let at = next[nth] ?? -1;
      if (at < start) {
        at = text.indexOf(other, start);
        // Not in what is left of the block: nothing there holds all words.
        if (at < 0) return;
        next[nth] = at;
      }
      score = at >= end || score === 0 ? 0 : score + scoreAt(text, at, titleEnds[place] ?? 0);
    }
    if (document !== null && score > 0) yield { document, score };
    found = text.indexOf(first, end);
  }
}

/** The place of the document that holds a character, at or after `from`. */
function placeOf(ends: readonly number[], at: number, from: number): number {
  let [low, high] = [from, ends.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ends[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function scoreAt(text: string, at: number, titleEnd: number): number {
  const word = text[at - 1] === ' ' ? scores.wordStart : scores.inside;
  return at < titleEnd ? word + scores.title : word;
}

/** The best of many, kept in order. */
class BestHits {
  readonly #limit: number;
  readonly #kept: TextHit[] = [];
  #total = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  take(hit: TextHit): void {
    this.#total += 1;
    const last = this.#kept.at(-1);
    if (this.#kept.length >= this.#limit && last !== undefined && compareHits(last, hit) <= 0) return;
    // Two versions that stand side by side are one record.
    if (this.#kept.some(({ document }) => isSameRecord(document, hit.document))) return;
    let [low, high] = [0, this.#kept.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#kept[middle];
      if (other !== undefined && compareHits(other, hit) <= 0) low = middle + 1;
      else high = middle;
    }
    this.#kept.splice(low, 0, hit);
    if (this.#kept.length > this.#limit) this.#kept.pop();
  }

  hits(): TextHits {
    return { hits: [...this.#kept], total: this.#total };
  }
}

function isSameRecord(left: SearchedDocument, right: SearchedDocument): boolean {
  return left.record === right.record && left.patient === right.patient;
}

function compareHits(left: TextHit, right: TextHit): number {
  if (left.score !== right.score) return right.score - left.score;
  return left.document.day < right.document.day ? 1 : left.document.day > right.document.day ? -1 : 0;
}
