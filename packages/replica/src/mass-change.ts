import { bytesToHex } from '@serment/core/bytes';
import type { FoldedVersion, RecordState } from '@serment/records/fold';
import { fold } from '@serment/records/folded-words';

/**
 * What a version did to what stood there (docs/security/mass-changes.md): `noise` put what nobody can read in its place,
 * `replaced` left hardly a word of it, `gone` took it away. Null for anything else, a new record and a restoration included.
 */
export type Ruin = 'noise' | 'replaced' | 'gone';

/** Under so many words, that none is left says nothing: a status, a date, a dose. */
const fewestWords = 4;
/** Of the words that stood there, a correction keeps more. */
const leastKept = 0.2;
/** Of the characters of what was written, in runs that no language has. */
const mostNoise = 0.5;

/** What one version of a record did, by what it replaced. */
export function ruinOf({ history }: Pick<RecordState, 'history'>, version: FoldedVersion): Ruin | null {
  const names = new Set(version.replaces.map(bytesToHex));
  const replaced = history.filter((one) => names.has(bytesToHex(one.version)));
  const before = replaced.findLast(({ content }) => content !== null);
  if (before?.content == null || before.change === 'entered-in-error') return null;
  if (version.content === null || version.change === 'entered-in-error') return 'gone';
  // What an earlier version said, word for word, is somebody's way back.
  if (history.some(({ content, index }) => content === version.content && index < version.index)) return null;
  const [was, is] = [textsOf(before.content), textsOf(version.content)];
  if (noiseIn(is) > mostNoise && noiseIn(was) <= mostNoise) return 'noise';
  const words = new Set(was.flatMap(wordsOf));
  if (words.size < fewestWords) return null;
  const left = new Set(is.flatMap(wordsOf));
  const kept = [...words].filter((word) => left.has(word)).length;
  return kept / words.size < leastKept ? 'replaced' : null;
}

/** Every text of a resource but what names it: noise in the place of a number or a code is a text too. */
function textsOf(content: string): string[] {
  const texts: string[] = [];
  const collect = (value: unknown): void => {
    if (typeof value === 'string') texts.push(value);
    else if (Array.isArray(value)) value.forEach(collect);
    else if (typeof value === 'object' && value !== null)
      for (const [name, item] of Object.entries(value)) if (!naming.has(name)) collect(item);
  };
  collect(JSON.parse(content));
  return texts;
}

const naming = new Set(['resourceType', 'id', 'reference', 'system', 'url', 'meta']);

function wordsOf(text: string): string[] {
  return fold(text)
    .split(' ')
    .filter((word) => word.length > 1);
}

/**
 * Which part of the characters stands in runs that no words have: longer than any, or letters that change with digits all
 * along. What is sealed, packed or hexadecimal is nearly all of it; prose, names, doses and codes are nearly none.
 */
function noiseIn(texts: readonly string[]): number {
  let [noise, all] = [0, 0];
  for (const text of texts)
    for (const run of text.split(/\s+/)) {
      all += run.length;
      if (isNoise(run)) noise += run.length;
    }
  return all < fewestCharacters ? 0 : noise / all;
}

/** Noise in the place of a medical text is never this short; a number of a card may look like it. */
const fewestCharacters = 40;
const longestWord = 40;

function isNoise(run: string): boolean {
  // Addresses and paths have their own marks in between.
  const longest = Math.max(0, ...run.split(/[^\p{L}\p{N}+=]/u).map((part) => part.length));
  if (longest > longestWord) return true;
  const odd = run.match(/\p{C}|\ufffd/gu)?.length ?? 0;
  return odd * 4 > run.length;
}
