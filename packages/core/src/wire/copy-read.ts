import type { Bytes } from '../bytes.ts';
import { encodeCanonical } from '../cbor.ts';
import { maxInlinePayloadBytes } from '../copy/bundle.ts';
import { maxNoteLength } from '../journal/checkpoint.ts';
import { maxEntryBytes } from '../journal/entry.ts';
import { maxPayloadsAsked } from './read.ts';
import { bytesUpTo, count, listOf, nullOr, parseBody, textUpTo, tuple, wireFormat } from './shape.ts';

/** Entries that are to be read from one copy of the practice. */
export interface CopyEntriesRequest {
  /** Name of the copy. */
  readonly copy: string;
  readonly indexes: readonly number[];
}

/** An entry as a copy gives it; nothing here is proven before its reader has compared it. */
export interface CopiedEntry {
  readonly index: number;
  /** Null when the copy does not reach so far, or has lost it. */
  readonly entry: Bytes | null;
  /** Null when the entry has none, when it is a blob under its hash, or when the copy has lost it. */
  readonly payload: Bytes | null;
}

export interface CopyEntriesAnswer {
  /** The signed checkpoint of the state that was read. */
  readonly note: string;
  /** In the order asked, as many as about 4 MiB hold, one at least. */
  readonly entries: readonly CopiedEntry[];
}

const maxCopyName = 255;
const copied = listOf(
  tuple(count, nullOr(bytesUpTo(maxEntryBytes)), nullOr(bytesUpTo(maxInlinePayloadBytes))),
  maxPayloadsAsked,
);

export function encodeCopyEntriesRequest({ copy, indexes }: CopyEntriesRequest): Bytes {
  return encodeCanonical([wireFormat, copy, indexes]);
}

/** Throws WIRE_INVALID. */
export function parseCopyEntriesRequest(bytes: Uint8Array): CopyEntriesRequest {
  const [copy, indexes] = parseBody(bytes, textUpTo(maxCopyName), listOf(count, maxPayloadsAsked));
  return { copy, indexes };
}

export function encodeCopyEntriesAnswer({ note, entries }: CopyEntriesAnswer): Bytes {
  return encodeCanonical([wireFormat, note, entries.map(({ index, entry, payload }) => [index, entry, payload])]);
}

/** Throws WIRE_INVALID. */
export function parseCopyEntriesAnswer(bytes: Uint8Array): CopyEntriesAnswer {
  const [note, entries] = parseBody(bytes, textUpTo(maxNoteLength), copied);
  return { note, entries: entries.map(([index, entry, payload]) => ({ index, entry, payload })) };
}
