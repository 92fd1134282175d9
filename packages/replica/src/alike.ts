import type { AlikeCandidate } from './directory.ts';
import { fold, nationalDigits } from './search-terms.ts';

/** Why two records may be of one person. */
export type AlikeReason =
  | 'identifier'
  | 'same-name'
  | 'sound'
  | 'swapped-names'
  | 'same-birth'
  | 'day-month'
  | 'other-birth'
  | 'phone';

export interface Alike {
  /** The higher, the likelier. */
  readonly score: number;
  readonly reasons: readonly AlikeReason[];
}

/**
 * How much two records look like one person; null when they do not. Either the same identifier, or alike names with alike
 * births: written as they sound, family and given name swapped, day and month swapped. With `isStrict` given names must be
 * alike as a whole: twins have one birth and one initial often enough.
 */
export function alikeness(left: AlikeCandidate, right: AlikeCandidate, isStrict = false): Alike | null {
  const names = alikeNames(left, right, isStrict);
  const birth = alikeBirth(left.birthDate, right.birthDate);
  const isSameIdentifier = left.identifiers.some((identifier) => right.identifiers.includes(identifier));
  const isSamePhone = () => {
    const known = new Set(right.phones.map(nationalDigits));
    return left.phones.some((phone) => known.has(nationalDigits(phone)));
  };
  if (!isSameIdentifier && names === null) return null;
  const hasBirth = birth !== null && birth !== 'other-birth';
  // Without a birth to compare, the same name is a homonym's; with the same phone it is worth a look.
  if (!(isSameIdentifier || hasBirth || (names === 'same-name' && birth === null && isSamePhone()))) return null;
  const reasons: AlikeReason[] = [
    ...(isSameIdentifier ? (['identifier'] as const) : []),
    ...(names === null ? [] : [names]),
    ...(birth === null ? [] : [birth]),
    ...(isSamePhone() ? (['phone'] as const) : []),
  ];
  return { score: reasons.reduce((sum, reason) => sum + weights[reason], 0), reasons };
}

const weights: Readonly<Record<AlikeReason, number>> = {
  identifier: 8,
  'same-name': 4,
  sound: 3,
  'swapped-names': 3,
  'same-birth': 4,
  'day-month': 3,
  phone: 2,
  'other-birth': -2,
};

/** Names of the places where a record meets those that may be alike: only they are compared. */
export function blocksOf(row: AlikeCandidate): string[] {
  const [year = '', ...rest] = (row.birthDate ?? '').split('-');
  const born = rest.length === 2 ? `${year} ${[...rest].sort().join(' ')}` : '';
  const sounds = new Set([row.family, row.birthFamily ?? row.family, row.given].map(soundOf));
  return [
    ...row.identifiers.map((identifier) => `i ${identifier}`),
    ...(born === ''
      ? row.phones.map((phone) => `p ${nationalDigits(phone)}`)
      : [...sounds].map((sound) => `${born} ${sound}`)),
  ];
}

function alikeBirth(left: string | null, right: string | null): 'same-birth' | 'day-month' | 'other-birth' | null {
  if (left === null || right === null) return null;
  if (left === right) return 'same-birth';
  const [one, other] = [left.split('-'), right.split('-')];
  if (one[0] !== other[0]) return 'other-birth';
  if (one.length < 3 || other.length < 3)
    return one[1] === undefined || other[1] === undefined || one[1] === other[1] ? 'same-birth' : 'other-birth';
  return one[1] === other[2] && one[2] === other[1] ? 'day-month' : 'other-birth';
}

function alikeNames(
  left: AlikeCandidate,
  right: AlikeCandidate,
  isStrict: boolean,
): 'same-name' | 'sound' | 'swapped-names' | null {
  const families = (one: AlikeCandidate) => [one.family, one.birthFamily ?? one.family].map(fold).filter(Boolean);
  const [ours, theirs] = [families(left), families(right)];
  const [given, otherGiven] = [fold(left.given), fold(right.given)];
  const isSameGiven = isStrict ? given === otherGiven : given.slice(0, 1) === otherGiven.slice(0, 1);
  if (isSameGiven && ours.some((family) => theirs.includes(family))) return 'same-name';
  const [sound, otherSound] = [soundOf(left.given), soundOf(right.given)];
  if (sound === '' || otherSound === '') return null;
  const sounds = theirs.map(soundOf);
  const isSound = ours.some((family) => sounds.includes(soundOf(family)));
  // "Jean" and "Jean-Paul" may be one; "Jean" and "Jeanne" are not.
  const isAlikeGiven = sound === otherSound || given.startsWith(`${otherGiven} `) || otherGiven.startsWith(`${given} `);
  if (isSound && isAlikeGiven) return 'sound';
  const isSwapped = sounds.includes(sound) && ours.map(soundOf).includes(otherSound);
  return isSwapped ? 'swapped-names' : null;
}

const known = new Map<string, string>();
const keptSounds = 50_000;

/** How a French name sounds, roughly: spellings of one sound give one text. For comparing, never for showing. */
export function soundOf(name: string): string {
  const word = fold(name).replaceAll(' ', '');
  const before = known.get(word);
  if (before !== undefined) return before;
  const sound = spelled.reduce((text, [from, to]) => text.replace(from, to), word);
  if (known.size >= keptSounds) known.clear();
  known.set(word, sound);
  return sound;
}

/** In this order: what is longer comes before what it holds. */
const spelled: readonly (readonly [RegExp, string])[] = [
  [/([a-z])\1+/g, '$1'],
  [/bv/g, 'v'],
  [/(?:sch|sh|ch)/g, '1'],
  [/ph/g, 'f'],
  [/h/g, ''],
  [/(?:eaux?|aux?|eau)/g, 'o'],
  [/y/g, 'i'],
  [/gn/g, 'ni'],
  [/gu(?=[eiy])/g, 'g'],
  [/g(?=[eiy])/g, 'j'],
  [/c(?=[eiy])/g, 's'],
  [/(?:qu|ck|q|c)/g, 'k'],
  [/x/g, 'ks'],
  [/z/g, 's'],
  [/w/g, 'v'],
  [/(?:ai|ei|oe|eu|ae)/g, 'e'],
  [/[ae][nm](?![aeiou])/g, '2'],
  [/(?:ain|ein|in|im|un|um)(?![aeiou])/g, '3'],
  [/o[nm](?![aeiou])/g, '4'],
  [/([a-z])\1+/g, '$1'],
  [/(?:ks|[estdpr])+$/g, ''],
];
