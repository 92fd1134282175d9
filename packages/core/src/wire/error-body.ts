import type { ErrorFields } from '../error.ts';
import { jsonNullOr, jsonText, parseJson, parseObject } from './json.ts';
import { wireInvalid } from './shape.ts';

/** What the server answers when it refuses or fails (docs/format/wire.md, errors). */
export interface ErrorBody {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  readonly fields: ErrorFields;
}

export function encodeErrorBody({ code, message, hint, fields }: ErrorBody): string {
  return JSON.stringify({ code, message, hint, fields });
}

/** Throws WIRE_INVALID. */
export function parseErrorBody(text: string): ErrorBody {
  const of = parseObject(parseJson(text), ['code', 'message', 'hint', 'fields']);
  const fields = of('fields');
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) throw wireInvalid('Not an object');
  return {
    code: jsonText(of('code')),
    message: jsonText(of('message')),
    hint: jsonNullOr(of('hint'), jsonText),
    fields: Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, parseField(value)])),
  };
}

function parseField(value: unknown): string | number | boolean | null {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  throw wireInvalid('A field is a text, a number, true, false or null');
}
