import type { Bytes } from '../bytes.ts';
import { encodeCanonical } from '../cbor.ts';
import { bytesOf, bytesUpTo, count, listOf, nullOr, parseBody, tuple, wireFormat } from './shape.ts';

/** Entries numbered from `from` on, without gap. */
export interface EntriesAnswer {
  readonly from: number;
  readonly entries: readonly Bytes[];
}

/** An entry's sealed payload; null when the entry has none, or when it is stored as a blob under its hash. */
export interface IndexedPayload {
  readonly index: number;
  readonly payload: Bytes | null;
}

export interface StreamAnswer {
  readonly payloads: readonly IndexedPayload[];
  /** Where to go on; null at the end of the stream. */
  readonly next: number | null;
}

export const maxEntriesRead = 4096;
/** Indexes of one request: scattered ones each take a place in the trace that is written of them. */
export const maxPayloadsAsked = 512;
const maxEntryBytes = 32_768;
const maxInlinePayloadBytes = 65_536;
/** A proof has two hashes at most for each level of a tree whose size is a safe integer. */
const maxProofHashes = 128;

const payloads = listOf(tuple(count, nullOr(bytesUpTo(maxInlinePayloadBytes))), maxEntriesRead);

export function encodeEntriesAnswer({ from, entries }: EntriesAnswer): Bytes {
  return encodeCanonical([wireFormat, from, entries]);
}

/** Throws WIRE_INVALID. */
export function parseEntriesAnswer(bytes: Uint8Array): EntriesAnswer {
  const [from, entries] = parseBody(bytes, count, listOf(bytesUpTo(maxEntryBytes), maxEntriesRead));
  return { from, entries };
}

export function encodeStreamAnswer({ payloads: items, next }: StreamAnswer): Bytes {
  return encodeCanonical([wireFormat, items.map(({ index, payload }) => [index, payload]), next]);
}

/** Throws WIRE_INVALID. */
export function parseStreamAnswer(bytes: Uint8Array): StreamAnswer {
  const [items, next] = parseBody(bytes, payloads, nullOr(count));
  return { payloads: items.map(([index, payload]) => ({ index, payload })), next };
}

export function encodePayloadsRequest(indexes: readonly number[]): Bytes {
  return encodeCanonical([wireFormat, indexes]);
}

/** Throws WIRE_INVALID. */
export function parsePayloadsRequest(bytes: Uint8Array): number[] {
  const [indexes] = parseBody(bytes, listOf(count, maxPayloadsAsked));
  return indexes;
}

export function encodePayloadsAnswer(items: readonly IndexedPayload[]): Bytes {
  return encodeCanonical([wireFormat, items.map(({ index, payload }) => [index, payload])]);
}

/** Throws WIRE_INVALID. */
export function parsePayloadsAnswer(bytes: Uint8Array): IndexedPayload[] {
  const [items] = parseBody(bytes, payloads);
  return items.map(([index, payload]) => ({ index, payload }));
}

export function encodeProofAnswer(hashes: readonly Bytes[]): Bytes {
  return encodeCanonical([wireFormat, hashes]);
}

/** Throws WIRE_INVALID. */
export function parseProofAnswer(bytes: Uint8Array): Bytes[] {
  const [hashes] = parseBody(bytes, listOf(bytesOf(32), maxProofHashes));
  return hashes;
}
