import type { Bytes } from '../bytes.ts';
import { encodeCanonical } from '../cbor.ts';
import { bytesUpTo, count, listOf, nullOr, parseBody, textUpTo, tuple, wireFormat, wireInvalid } from './shape.ts';

/** A statement (journal.md) with the sealed payload whose hash it carries; null when it has none or it was uploaded. */
export interface SentEntry {
  readonly statement: Bytes;
  readonly payload: Bytes | null;
}

/** Where an entry stands in the journal, and the host's clock in milliseconds. */
export interface Receipt {
  readonly index: number;
  readonly receivedAt: number;
}

export interface AppendAnswer {
  readonly receipts: readonly Receipt[];
  /** The checkpoint that holds them, as a signed note. */
  readonly note: string;
}

export const maxSentEntries = 4096;
const maxStatementBytes = 32_768;
/** Payloads sent inside a request; a greater one is uploaded first, under its hash. */
export const maxSentPayloadBytes = 16_777_216;
export const maxNoteLength = 4096;

const sentEntry = tuple(bytesUpTo(maxStatementBytes), nullOr(bytesUpTo(maxSentPayloadBytes)));
const receipt = tuple(count, count);

export function encodeAppendRequest(entries: readonly SentEntry[]): Bytes {
  return encodeCanonical([wireFormat, entries.map(({ statement, payload }) => [statement, payload])]);
}

/** Throws WIRE_INVALID; a request of no entry is refused too. */
export function parseAppendRequest(bytes: Uint8Array): SentEntry[] {
  const [entries] = parseBody(bytes, listOf(sentEntry, maxSentEntries));
  if (entries.length === 0) throw wireInvalid('A request carries one entry at least');
  return entries.map(([statement, payload]) => ({ statement, payload }));
}

export function encodeAppendAnswer({ receipts, note }: AppendAnswer): Bytes {
  return encodeCanonical([wireFormat, receipts.map(({ index, receivedAt }) => [index, receivedAt]), note]);
}

/** Throws WIRE_INVALID. */
export function parseAppendAnswer(bytes: Uint8Array): AppendAnswer {
  const [receipts, note] = parseBody(bytes, listOf(receipt, maxSentEntries), textUpTo(maxNoteLength));
  return { receipts: receipts.map(([index, receivedAt]) => ({ index, receivedAt })), note };
}
