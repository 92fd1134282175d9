import { decode, encode } from 'cborg';
import { type Bytes, equalBytes } from './bytes.ts';
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

const maxDepth = 16;

/** Canonical CBOR of a value. Throws CBOR_VALUE for what the formats cannot hold. */
export function encodeCanonical(value: CborValue): Bytes {
  assertValue(value, 0, 'CBOR_VALUE');
  // The encoder pools its buffer: a copy keeps later encodings from showing through.
  return new Uint8Array(encode(value));
}

/** Reads exactly one canonical value from all of `bytes`. Throws CBOR_INVALID for anything that `encodeCanonical` would not write. */
export function decodeCanonical(bytes: Uint8Array): CborValue {
  let value: CborValue;
  try {
    value = decode(bytes, decodeOptions) as CborValue;
  } catch (cause) {
    throw new CoreError('CBOR_INVALID', 'Not canonical CBOR', { cause });
  }
  assertValue(value, 0, 'CBOR_INVALID');
  if (!equalBytes(encode(value), bytes)) throw new CoreError('CBOR_INVALID', 'Not canonical CBOR');
  return copied(value);
}

const decodeOptions = {
  allowIndefinite: false,
  allowUndefined: false,
  allowInfinity: false,
  allowNaN: false,
  allowBigInt: false,
  strict: true,
  useMaps: true,
  rejectDuplicateMapKeys: true,
};

function assertValue(value: unknown, depth: number, code: 'CBOR_VALUE' | 'CBOR_INVALID'): void {
  if (depth > maxDepth) throw new CoreError(code, 'Nested too deeply', { fields: { maxDepth } });
  if (value === null || typeof value === 'boolean' || value instanceof Uint8Array) return;
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) return;
    throw new CoreError(code, 'Only safe integers are allowed');
  }
  if (typeof value === 'string') {
    if (value.isWellFormed()) return;
    throw new CoreError(code, 'Text has a lone surrogate');
  }
  if (Array.isArray(value)) {
    for (const item of value) assertValue(item, depth + 1, code);
    return;
  }
  if (value instanceof Map) {
    for (const [key, item] of value) {
      if (typeof key !== 'string' || !key.isWellFormed()) throw new CoreError(code, 'Map keys are text');
      assertValue(item, depth + 1, code);
    }
    return;
  }
  throw new CoreError(code, 'A value of this kind has no encoding here');
}

/** Byte strings of the decoder are windows on its input, which callers may reuse. */
function copied(value: CborValue): CborValue {
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (Array.isArray(value)) return value.map(copied);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, copied(item)]));
  return value;
}
