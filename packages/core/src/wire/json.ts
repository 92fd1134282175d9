import { type Bytes, hexToBytes } from '../bytes.ts';
import { wireInvalid } from './shape.ts';

/** Facts of an object that came as JSON. Unknown members are refused, like unknown items of CBOR bodies. */
export function parseObject(value: unknown, names: readonly string[]): (name: string) => unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wireInvalid('Not an object');
  for (const name of Object.keys(value)) if (!names.includes(name)) throw wireInvalid('An unknown member');
  return (name) => (Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined);
}

/** Throws WIRE_INVALID when the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw wireInvalid('Not JSON');
  }
}

export function jsonText(value: unknown): string {
  if (typeof value !== 'string') throw wireInvalid('Not a text');
  return value;
}

export function jsonCount(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw wireInvalid('Not a count');
  return value;
}

export function jsonBoolean(value: unknown): boolean {
  if (typeof value !== 'boolean') throw wireInvalid('Neither true nor false');
  return value;
}

export function jsonHex(value: unknown, sizeBytes: number): Bytes {
  let bytes: Bytes;
  try {
    bytes = hexToBytes(jsonText(value));
  } catch {
    throw wireInvalid('Not hexadecimal');
  }
  if (bytes.length !== sizeBytes) throw wireInvalid('Wrong length');
  return bytes;
}

export function jsonNullOr<Value>(value: unknown, read: (value: unknown) => Value): Value | null {
  return value === null ? null : read(value);
}

export function jsonList<Value>(value: unknown, maxCount: number, read: (value: unknown) => Value): Value[] {
  if (!Array.isArray(value) || value.length > maxCount) throw wireInvalid('Not a list, or too long');
  return value.map(read);
}

export function jsonOneOf<const Texts extends readonly string[]>(texts: Texts): (value: unknown) => Texts[number] {
  return (value) => {
    const text = texts.find((one) => one === value);
    if (text === undefined) throw wireInvalid('Not one of the texts that can stand here');
    return text;
  };
}
