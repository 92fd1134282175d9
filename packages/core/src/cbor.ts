import { encode } from 'cborg';
import type { Bytes } from './bytes.ts';
import { CborReader, maxDepth, maxItems, NotCanonical } from './cbor-reader.ts';
import { CoreError } from './error.ts';

/** The values of Serment's formats (docs/format/encoding.md): no floats, no tags, no undefined. */
export type CborValue =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly CborValue[]
  | ReadonlyMap<string, CborValue>;

/** Canonical CBOR of a value. Throws CBOR_VALUE for what the formats cannot hold. */
export function encodeCanonical(value: CborValue): Bytes {
  assertValue(value, 0, { left: maxItems });
  // The encoder pools its buffer: a copy keeps later encodings from showing through.
  return new Uint8Array(encode(value));
}

/**
 * The head of an item: of major type 0 it is a number, of 2 it stands before so many bytes, of 4 before so many items.
 * Throws CBOR_VALUE.
 */
export function encodeHead(majorType: number, argument: number): Bytes {
  if (!(Number.isSafeInteger(argument) && argument >= 0)) throw valueError('Only safe integers are allowed');
  const first = majorType << 5;
  if (argument < 24) return Uint8Array.of(first | argument);
  const sizeBytes = argument < 0x100 ? 1 : argument < 0x1_0000 ? 2 : argument < 0x1_0000_0000 ? 4 : 8;
  const head = new Uint8Array(1 + sizeBytes);
  head[0] = first | (24 + Math.log2(sizeBytes));
  let rest = argument;
  for (let place = sizeBytes; place > 0; place -= 1) {
    head[place] = rest % 0x100;
    rest = Math.floor(rest / 0x100);
  }
  return head;
}

/**
 * Reads exactly one canonical value from all of `bytes`. Throws CBOR_INVALID for anything that `encodeCanonical` would
 * not write, and for more values than `most`, each item of an array or a map counted.
 */
export function decodeCanonical(bytes: Uint8Array, most = maxItems): CborValue {
  try {
    return new CborReader(bytes, most).read();
  } catch (cause) {
    if (cause instanceof NotCanonical) throw new CoreError('CBOR_INVALID', 'Not canonical CBOR', { cause });
    throw cause;
  }
}

function assertValue(value: unknown, depth: number, budget: { left: number }): void {
  budget.left -= 1;
  if (budget.left < 0) throw valueError('Too many values');
  if (depth > maxDepth) throw valueError('Nested too deeply');
  if (value === null || typeof value === 'boolean' || value instanceof Uint8Array) return;
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) return;
    throw valueError('Only safe integers are allowed');
  }
  if (typeof value === 'string') {
    if (value.isWellFormed()) return;
    throw valueError('Text has a lone surrogate');
  }
  if (Array.isArray(value)) {
    for (const item of value) assertValue(item, depth + 1, budget);
    return;
  }
  if (value instanceof Map) {
    for (const [key, item] of value) {
      if (typeof key !== 'string' || !key.isWellFormed()) throw valueError('Map keys are text');
      assertValue(item, depth + 1, budget);
    }
    return;
  }
  throw valueError('A value of this kind has no encoding here');
}

function valueError(message: string): CoreError {
  return new CoreError('CBOR_VALUE', message);
}
