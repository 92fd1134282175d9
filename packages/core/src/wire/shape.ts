import { type Bytes, ownBytes } from '../bytes.ts';
import { type CborValue, decodeCanonical } from '../cbor.ts';
import { CoreError } from '../error.ts';

/** Reads one decoded value strictly. Throws WIRE_INVALID. */
export type Shape<Value> = (value: CborValue | undefined) => Value;

type Values<Shapes extends readonly Shape<unknown>[]> = {
  -readonly [Place in keyof Shapes]: Shapes[Place] extends Shape<infer Value> ? Value : never;
};

/** Every CBOR body starts with this number. */
export const wireFormat = 1;
/** Values in a body: four for each of the 4096 items that the longest list has, and as many again. */
const maxBodyValues = 32_768;

/** Body [1, …shapes] out of its bytes. Throws WIRE_INVALID for anything else, non-canonical encodings included. */
export function parseBody<const Shapes extends readonly Shape<unknown>[]>(
  bytes: Uint8Array,
  ...shapes: Shapes
): Values<Shapes> {
  return parseBodyAs(bytes, tuple(...shapes));
}

/** The same, what follows the format read as one. */
export function parseBodyAs<Value>(bytes: Uint8Array, shape: Shape<Value>): Value {
  let value: CborValue;
  try {
    value = decodeCanonical(bytes, maxBodyValues);
  } catch (cause) {
    throw new CoreError('WIRE_INVALID', 'The body is not canonical CBOR', { cause });
  }
  if (!Array.isArray(value) || value[0] !== wireFormat) throw wireInvalid('The body is of an unknown format');
  return shape(value.slice(1));
}

export function tuple<const Shapes extends readonly Shape<unknown>[]>(...shapes: Shapes): Shape<Values<Shapes>> {
  return (value) => {
    if (!Array.isArray(value) || value.length !== shapes.length) throw wireInvalid('Wrong number of items');
    // The compiler loses the places of a tuple in `map`.
    return shapes.map((shape, place) => shape(value[place])) as Values<Shapes>;
  };
}

export function listOf<Value>(shape: Shape<Value>, maxCount: number): Shape<Value[]> {
  return (value) => {
    if (!Array.isArray(value)) throw wireInvalid('Not an array');
    if (value.length > maxCount) throw wireInvalid('Too many items');
    return value.map((item) => shape(item));
  };
}

export function nullOr<Value>(shape: Shape<Value>): Shape<Value | null> {
  return (value) => (value === null ? null : shape(value));
}

/** Exactly `sizeBytes` bytes. */
export function bytesOf(sizeBytes: number): Shape<Bytes> {
  return (value) => {
    if (!(value instanceof Uint8Array) || value.length !== sizeBytes) throw wireInvalid('Wrong byte string');
    return ownBytes(value);
  };
}

export function bytesUpTo(maxBytes: number): Shape<Bytes> {
  return (value) => {
    if (!(value instanceof Uint8Array) || value.length > maxBytes) throw wireInvalid('Wrong byte string');
    return ownBytes(value);
  };
}

export function textUpTo(maxLength: number): Shape<string> {
  return (value) => {
    if (typeof value !== 'string' || value.length > maxLength) throw wireInvalid('Wrong text');
    return value;
  };
}

/** One of these texts. */
export function oneOf<const Texts extends readonly string[]>(texts: Texts): Shape<Texts[number]> {
  return (value) => {
    const text = texts.find((one) => one === value);
    if (text === undefined) throw wireInvalid('Not one of the texts that can stand here');
    return text;
  };
}

export const flag: Shape<boolean> = (value) => {
  if (typeof value !== 'boolean') throw wireInvalid('Neither true nor false');
  return value;
};

/** An unsigned integer: an index, a size, a count or a time in milliseconds. */
export const count: Shape<number> = (value) => {
  if (typeof value !== 'number' || value < 0) throw wireInvalid('Wrong number');
  return value;
};

export function wireInvalid(message: string): CoreError {
  return new CoreError('WIRE_INVALID', message);
}
