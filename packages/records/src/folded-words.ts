/** Letters that have no accent to take off. */
const plainLetters: Readonly<Record<string, string>> = {
  œ: 'oe',
  æ: 'ae',
  ß: 'ss',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};
const folded = /^(?:[a-z0-9]+(?: [a-z0-9]+)*)?$/;

/** Lower case without accents; apostrophes, hyphens and other signs become spaces. */
export function fold(input: string): string {
  // Most names only lack the lower case: a directory of 20 000 is folded at each unlocking.
  const lower = input.toLowerCase();
  if (folded.test(lower)) return lower;
  return input
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[œæßøłđðþı]/g, (letter) => plainLetters[letter] ?? letter)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
