/**
 * Seeded generator for invented data: xoshiro128** started by splitmix32.
 * Not cryptographic: nothing secret may ever come from it.
 */
export interface Random {
  /** A uniform integer in [0, 2^32). */
  next(): number;
  /** A uniform integer in [0, bound). */
  below(bound: number): number;
  /** A uniform integer in [low, high], both included. */
  between(low: number, high: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** One element, all equally likely. Throws on an empty list. */
  pick<T extends object | string | number>(list: readonly T[]): T;
  /** One element by its `weight`. Throws on an empty list. */
  weighted<T extends { readonly weight: number }>(list: readonly T[]): T;
  /** A bell-shaped number, mean 0 and deviation 1, within [-3.5, 3.5]. */
  bell(): number;
  /** A UUID-shaped identifier. */
  uuid(): string;
}

/** A generator that depends on nothing but its seeds (each taken modulo 2^32). */
export function createRandom(...seeds: readonly number[]): Random {
  let mixed = 0x9e3779b9;
  for (const seed of seeds) mixed = splitmix(mixed ^ splitmix(seed | 0));
  let a = splitmix(mixed + 1);
  let b = splitmix(mixed + 2);
  let c = splitmix(mixed + 3);
  let d = splitmix(mixed + 4) | 1;

  function next(): number {
    const scrambled = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return scrambled;
  }
  const unit = (): number => next() / 0x1_0000_0000;
  const below = (bound: number): number => Math.floor(unit() * bound);

  return {
    next,
    below,
    between: (low, high) => low + below(high - low + 1),
    chance: (probability) => unit() < probability,
    pick: (list) => at(list, below(list.length)),
    weighted: (list) => at(list, weightedIndex(list, unit())),
    bell: () => {
      let sum = 0;
      for (let i = 0; i < 12; i++) sum += unit();
      return Math.max(-3.5, Math.min(3.5, sum - 6));
    },
    uuid: () => uuidOf(next(), next(), next(), next()),
  };
}

function at<T extends object | string | number>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new RangeError('nothing to choose from');
  return item;
}

function weightedIndex(list: readonly { readonly weight: number }[], unit: number): number {
  let total = 0;
  for (const item of list) total += item.weight;
  let rest = unit * total;
  for (let i = 0; i < list.length; i++) {
    rest -= list[i]?.weight ?? 0;
    if (rest < 0) return i;
  }
  return list.length - 1;
}

function splitmix(value: number): number {
  let z = (value + 0x9e3779b9) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) | 0;
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

const hexBytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const hexByte = (value: number): string => hexBytes[value & 0xff] ?? '';
const hex8 = (value: number): string =>
  hexByte(value >>> 24) + hexByte(value >>> 16) + hexByte(value >>> 8) + hexByte(value);

function uuidOf(a: number, b: number, c: number, d: number): string {
  const second = hex8((b & 0xffff0fff) | 0x4000);
  const third = hex8((c & 0x3fffffff) | 0x80000000);
  return `${hex8(a)}-${second.slice(0, 4)}-${second.slice(4)}-${third.slice(0, 4)}-${third.slice(4)}${hex8(d)}`;
}
