import { type Bytes, equalBytes } from '../bytes.ts';
import { type CborValue, decodeCanonical, encodeCanonical } from '../cbor.ts';
import { CoreError } from '../error.ts';
import { parseCheckpoint } from '../journal/checkpoint.ts';
import { maxEntryBytes } from '../journal/entry.ts';
import { maxInlinePayloadBytes } from './bundle.ts';
import { isTailRange } from './names.ts';

export interface TailItem {
  readonly entry: Bytes;
  /** null when the entry has none, or when it is stored as a blob. */
  readonly payload: Bytes | null;
}

/** The entries that are not yet in a full bundle, with the checkpoint that commits them. */
export interface Tail {
  readonly practice: Bytes;
  readonly fence: number;
  readonly from: number;
  readonly items: readonly TailItem[];
  /** A checkpoint note of size from + items. */
  readonly note: string;
}

/** Throws COPY_OBJECT_INVALID for a tail that `parseTail` would refuse. */
export function encodeTail(tail: Tail): Bytes {
  assertTail(tail);
  const items = tail.items.map(({ entry, payload }): CborValue => [entry, payload]);
  return encodeCanonical([1, tail.practice, tail.fence, tail.from, items, tail.note]);
}

/** Strict: shapes, range, and a checkpoint of this practice, fence and size (its signature is not checked). Throws COPY_OBJECT_INVALID. */
export function parseTail(bytes: Uint8Array): Tail {
  let value: CborValue;
  try {
    value = decodeCanonical(bytes);
  } catch (cause) {
    throw new CoreError('COPY_OBJECT_INVALID', 'A tail is not canonical CBOR', { cause });
  }
  if (!isArray(value) || value.length !== 6 || value[0] !== 1) throw invalid('A tail has six items and format 1');
  const [, practice, fence, from, list, note] = value;
  if (!isBytes(practice) || typeof fence !== 'number' || typeof from !== 'number')
    throw invalid('A tail has another shape');
  if (!isArray(list) || typeof note !== 'string') throw invalid('A tail has another shape');
  const tail: Tail = { practice, fence, from, items: list.map(parseItem), note };
  assertTail(tail);
  return tail;
}

function parseItem(value: CborValue): TailItem {
  if (!isArray(value) || value.length !== 2) throw invalid('A tail item is an entry and a payload');
  const [entry, payload] = value;
  if (!isBytes(entry)) throw invalid('A tail item is an entry and a payload');
  if (payload !== null && !isBytes(payload)) throw invalid('A tail item is an entry and a payload');
  return { entry, payload };
}

function assertTail(tail: Tail): void {
  const to = tail.from + tail.items.length;
  if (tail.practice.length !== 32) throw invalid('A tail names a practice of 32 bytes');
  if (!Number.isSafeInteger(tail.fence) || tail.fence < 1 || tail.fence > 99_999_999)
    throw invalid('A tail has a fence that cannot be');
  if (!isTailRange(tail.from, to)) throw invalid('A tail holds a part of one bundle');
  for (const { entry, payload } of tail.items) {
    if (entry.length === 0 || entry.length > maxEntryBytes) throw invalid('An entry has a size that no tail holds');
    if (payload !== null && payload.length > maxInlinePayloadBytes) throw invalid('A payload belongs in a blob');
  }
  let checkpoint: { practice: Uint8Array; fence: number; size: number };
  try {
    checkpoint = parseCheckpoint(tail.note).checkpoint;
  } catch (cause) {
    throw new CoreError('COPY_OBJECT_INVALID', 'A tail has a malformed checkpoint', { cause });
  }
  if (checkpoint.size !== to || checkpoint.fence !== tail.fence || !equalBytes(checkpoint.practice, tail.practice))
    throw invalid('The checkpoint of a tail is not that of its range');
}

function isArray(value: CborValue | undefined): value is readonly CborValue[] {
  return Array.isArray(value);
}

function isBytes(value: CborValue | undefined): value is Bytes {
  return value instanceof Uint8Array;
}

function invalid(message: string): CoreError {
  return new CoreError('COPY_OBJECT_INVALID', message);
}
