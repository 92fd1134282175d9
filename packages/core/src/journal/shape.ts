import { type Bytes, utf8ToBytes } from '../bytes.ts';
import type { CborValue } from '../cbor.ts';
import { type CoreCode, CoreError } from '../error.ts';

type Item = CborValue | undefined;

/** Strict readers of decoded CBOR: each returns the item in its type or throws the error that the reader was made with. */
export interface Shape {
  fail(what: string): never;
  array(item: Item, length?: number): readonly CborValue[];
  bytes(item: Item, minBytes: number, maxBytes?: number): Bytes;
  uint(item: Item, min?: number, max?: number): number;
  text(item: Item, maxBytes?: number): string;
  flag(item: Item): boolean;
  choice<const Option extends string>(item: Item, options: readonly Option[]): Option;
}

/** Readers that throw CoreError `code`, with the rule that was broken as the field `rule`. */
export function makeShape(code: CoreCode): Shape {
  const fail = (rule: string): never => {
    throw new CoreError(code, `Not as the format says: ${rule}`, { fields: { rule } });
  };
  return {
    fail,
    array(item, length) {
      if (!Array.isArray(item)) return fail('an array is expected');
      if (length !== undefined && item.length !== length) return fail(`an array of ${length} items is expected`);
      return item;
    },
    bytes(item, minBytes, maxBytes = minBytes) {
      if (!(item instanceof Uint8Array)) return fail('a byte string is expected');
      if (item.length < minBytes || item.length > maxBytes)
        return fail(`a byte string of ${minBytes} to ${maxBytes} bytes is expected`);
      // The decoder copies every byte string into a buffer of its own.
      return item as Bytes;
    },
    uint(item, min = 0, max = Number.MAX_SAFE_INTEGER) {
      if (typeof item !== 'number' || !Number.isSafeInteger(item)) return fail('an integer is expected');
      if (item < min || item > max) return fail(`an integer from ${min} to ${max} is expected`);
      return item;
    },
    text(item, maxBytes = 256) {
      if (typeof item !== 'string') return fail('a text is expected');
      if (item.length > maxBytes || utf8ToBytes(item).length > maxBytes)
        return fail(`a text of at most ${maxBytes} bytes is expected`);
      return item;
    },
    flag(item) {
      if (typeof item !== 'boolean') return fail('true or false is expected');
      return item;
    },
    choice(item, options) {
      const found = options.find((option) => option === item);
      return found === undefined ? fail(`one of ${options.join(', ')} is expected`) : found;
    },
  };
}

/** Reads null as null and anything else with `read`. */
export function orNull<Value>(item: Item, read: (item: Item) => Value): Value | null {
  return item === null ? null : read(item);
}
