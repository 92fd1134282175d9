import { bytesToUtf8 } from './bytes.ts';
import type { CborValue } from './cbor.ts';

export const maxDepth = 16;
/** Values inside one, itself included: an empty array takes one byte to send and fifty to keep. */
export const maxItems = 4_194_304;

/** Under this many bytes a loop over ASCII is faster than the platform's decoder. */
const shortTextBytes = 48;

/** Why bytes are not canonical; `decodeCanonical` gives it its code. */
export class NotCanonical extends Error {}

/**
 * Reads one canonical value in a single pass (docs/format/encoding.md): every rule is checked where the byte stands, so
 * that nothing has to be encoded again. Throws NotCanonical.
 */
export class CborReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;
  /** How many more values may come. */
  #left: number;

  constructor(bytes: Uint8Array, most = maxItems) {
    this.#bytes = bytes;
    this.#left = most;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The one value that takes up all the bytes. */
  read(): CborValue {
    const value = this.#value(0);
    if (this.#at !== this.#bytes.length) throw new NotCanonical('Bytes follow the value');
    return value;
  }

  #value(depth: number): CborValue {
    if (depth > maxDepth) throw new NotCanonical('Nested too deeply');
    this.#left -= 1;
    if (this.#left < 0) throw new NotCanonical('Too many values');
    const first = this.#next();
    switch (first >>> 5) {
      case 0:
        return this.#argument(first);
      case 1:
        return this.#negative(first);
      case 2:
        // A copy: callers may use their buffer again.
        return new Uint8Array(this.#take(this.#argument(first)));
      case 3:
        return this.#text(this.#argument(first));
      case 4:
        return this.#array(this.#count(first), depth);
      case 5:
        return this.#map(this.#count(first), depth);
      default:
        return simpleValue(first);
    }
  }

  /** The number in a head, which must be the shortest for it. */
  #argument(first: number): number {
    const info = first & 0x1f;
    if (info < 24) return info;
    const at = this.#at;
    this.#skip(info < 28 ? 1 << (info - 24) : Number.POSITIVE_INFINITY);
    const view = this.#view;
    if (info === 24) return atLeast(24, view.getUint8(at));
    if (info === 25) return atLeast(0x100, view.getUint16(at));
    if (info === 26) return atLeast(0x1_0000, view.getUint32(at));
    const number = atLeast(0x1_0000_0000, view.getUint32(at) * 0x1_0000_0000 + view.getUint32(at + 4));
    if (number > Number.MAX_SAFE_INTEGER) throw new NotCanonical('A number is not a safe integer');
    return number;
  }

  #negative(first: number): number {
    const number = -1 - this.#argument(first);
    if (number < Number.MIN_SAFE_INTEGER) throw new NotCanonical('A number is not a safe integer');
    return number;
  }

  /** Items of an array or pairs of a map: each takes a byte at least, so a false count costs no memory. */
  #count(first: number): number {
    const count = this.#argument(first);
    if (count > this.#bytes.length - this.#at) throw new NotCanonical('The bytes end early');
    if (count > this.#left) throw new NotCanonical('Too many values');
    return count;
  }

  #array(count: number, depth: number): CborValue[] {
    const items: CborValue[] = [];
    for (let index = 0; index < count; index += 1) items.push(this.#value(depth + 1));
    return items;
  }

  #map(count: number, depth: number): Map<string, CborValue> {
    const map = new Map<string, CborValue>();
    let previous: Uint8Array | null = null;
    for (let index = 0; index < count; index += 1) {
      const first = this.#next();
      if (first >>> 5 !== 3) throw new NotCanonical('A key is not text');
      const sizeBytes = this.#argument(first);
      const key = this.#take(sizeBytes);
      if (previous !== null && !isBefore(previous, key)) throw new NotCanonical('Keys are not in order');
      previous = key;
      this.#at -= sizeBytes;
      map.set(this.#text(sizeBytes), this.#value(depth + 1));
    }
    return map;
  }

  #text(sizeBytes: number): string {
    const encoded = this.#take(sizeBytes);
    if (sizeBytes < shortTextBytes) {
      let text = '';
      for (let index = 0; index < sizeBytes; index += 1) {
        const byte = encoded[index] ?? 0x80;
        if (byte >= 0x80) return strictText(encoded);
        text += String.fromCharCode(byte);
      }
      return text;
    }
    return strictText(encoded);
  }

  #next(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new NotCanonical('The bytes end early');
    this.#at += 1;
    return byte;
  }

  #take(sizeBytes: number): Uint8Array {
    const start = this.#at;
    this.#skip(sizeBytes);
    return this.#bytes.subarray(start, this.#at);
  }

  #skip(sizeBytes: number): void {
    if (sizeBytes > this.#bytes.length - this.#at) throw new NotCanonical('The bytes end early');
    this.#at += sizeBytes;
  }
}

function simpleValue(first: number): CborValue {
  if (first === 0xf4) return false;
  if (first === 0xf5) return true;
  if (first === 0xf6) return null;
  throw new NotCanonical('Tags, floats and other simple values have no place here');
}

function atLeast(least: number, number: number): number {
  if (number < least) throw new NotCanonical('A head is longer than it must be');
  return number;
}

/** Order of two keys by their encoded bytes: the head puts the shorter first. */
function isBefore(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return left.length < right.length;
  for (let index = 0; index < left.length; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function strictText(encoded: Uint8Array): string {
  try {
    return bytesToUtf8(encoded);
  } catch (cause) {
    throw new NotCanonical('Text is not well-formed UTF-8', { cause });
  }
}
