import { RecordsError } from './error.ts';

declare global {
  // ECMAScript 2026 (JSON.parse source text access), present in Node 24 and in current browsers, absent from TypeScript's es2024 library.
  interface JSON {
    parse(
      text: string,
      reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
    ): unknown;
    rawJSON(text: string): JsonNumber;
    isRawJSON(value: unknown): value is JsonNumber;
  }
}

/** A number with the characters it was written with: 1.10 is not 1.1, and 12345678901234567890 fits no double. */
export interface JsonNumber {
  readonly rawJSON: string;
}

export type JsonValue = null | boolean | string | JsonNumber | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

export const maxJsonDepth = 200;

const quote = 0x22;
const backslash = 0x5c;

/** The value of a JSON text, numbers kept as written. Throws JSON_EMPTY, JSON_TRUNCATED, JSON_TOO_DEEP, JSON_DUPLICATE_KEY or JSON_SYNTAX. */
export function parseJson(text: string): JsonValue {
  checkStructure(text);
  try {
    return JSON.parse(text, (_key, value, context) =>
      typeof value === 'number' && context.source !== undefined ? JSON.rawJSON(context.source) : value,
    ) as JsonValue;
  } catch {
    // The platform's message quotes the text, which is a patient's: it must not travel as a cause.
    throw new RecordsError('JSON_SYNTAX', 'Not JSON');
  }
}

/** Minified JSON text; a lone surrogate comes out as an escape, so the text is always well-formed Unicode. */
export function stringifyJson(value: JsonValue): string {
  return JSON.stringify(value);
}

/** A number from the characters a person typed. Throws JSON_SYNTAX for what is no JSON number. */
export function jsonNumber(lexeme: string): JsonNumber {
  if (!/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(lexeme))
    throw new RecordsError('JSON_SYNTAX', 'Not a JSON number');
  return JSON.rawJSON(lexeme);
}

export function isJsonNumber(value: unknown): value is JsonNumber {
  return JSON.isRawJSON(value);
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value);
}

export function isJsonArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Deep equality: the order of keys does not count, the characters of numbers do. */
export function equalJson(left: JsonValue, right: JsonValue): boolean {
  if (left === right) return true;
  if (isJsonNumber(left)) return isJsonNumber(right) && left.rawJSON === right.rawJSON;
  if (isJsonArray(left)) {
    return (
      isJsonArray(right) &&
      left.length === right.length &&
      left.every((item, index) => equalJson(item, right[index] ?? null))
    );
  }
  if (!(isJsonObject(left) && isJsonObject(right))) return false;
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every((key) => Object.hasOwn(right, key) && equalJson(left[key] ?? null, right[key] ?? null));
}

/** Minified text with sorted keys: equal exactly for values that `equalJson` finds equal. */
export function canonicalJson(value: JsonValue): string {
  if (isJsonArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`).join(',')}}`;
}

export interface JsonStructure {
  /** True when there is no white space outside strings. */
  readonly minified: boolean;
}

/**
 * Checks what JSON.parse lets through: depth, and a key given twice in one object, whose first value would be lost.
 * Grammar is left to JSON.parse. Throws JSON_EMPTY, JSON_TRUNCATED, JSON_TOO_DEEP or JSON_DUPLICATE_KEY.
 */
export function checkStructure(text: string): JsonStructure {
  const open: (Set<string> | null)[] = [];
  let keys: Set<string> | null = null;
  let atKey = false;
  let minified = true;
  let empty = true;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09) {
      minified = false;
      continue;
    }
    empty = false;
    if (unit === quote) {
      const end = stringEnd(text, index);
      if (end === null) throw truncatedAt(text.length);
      if (keys !== null && atKey) addKey(keys, text.slice(index, end), index);
      index = end - 1;
    } else if (unit === 0x7b || unit === 0x5b) {
      open.push(keys);
      if (open.length > maxJsonDepth)
        throw new RecordsError('JSON_TOO_DEEP', 'Nested too deeply', { fields: { offset: index, maxJsonDepth } });
      keys = unit === 0x7b ? new Set() : null;
      atKey = unit === 0x7b;
    } else if (unit === 0x7d || unit === 0x5d) {
      keys = open.pop() ?? null;
      atKey = false;
    } else if (unit === 0x2c) atKey = true;
    else if (unit === 0x3a) atKey = false;
  }
  if (empty) throw new RecordsError('JSON_EMPTY', 'Nothing but white space');
  if (open.length > 0) throw truncatedAt(text.length);
  return { minified };
}

/** Offset just after the string whose opening quote stands at `start`; null when it never closes. */
export function stringEnd(text: string, start: number): number | null {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === backslash) slashes += 1;
    if (slashes % 2 === 0) return end + 1;
  }
  return null;
}

export function truncatedAt(offset: number): RecordsError {
  return new RecordsError('JSON_TRUNCATED', 'The text ends before its JSON does', { fields: { offset } });
}

function addKey(keys: Set<string>, lexeme: string, offset: number): void {
  let key = lexeme;
  // "a" and "\u0061" are one key.
  if (lexeme.includes('\\')) {
    try {
      key = JSON.stringify(JSON.parse(lexeme));
    } catch {
      throw new RecordsError('JSON_SYNTAX', 'Not JSON', { fields: { offset } });
    }
  }
  if (keys.has(key))
    throw new RecordsError('JSON_DUPLICATE_KEY', 'A key is given twice in one object', { fields: { offset } });
  keys.add(key);
}
