import type { Bytes } from '../bytes.ts';
import { encodeCanonical } from '../cbor.ts';
import { bytesOf, bytesUpTo, count, listOf, nullOr, parseBody, textUpTo, tuple, wireFormat } from './shape.ts';

/** Entries of the governance stream, each with its number, and where to go on; null at the end. */
export interface GovernanceAnswer {
  readonly entries: readonly (readonly [index: number, entry: Bytes])[];
  readonly next: number | null;
}

/** What a witness last signed, as it stands at the host: whoever reads it verifies it. */
export interface KeptCosignature {
  /** The witness's key, 32 bytes. */
  readonly key: Bytes;
  readonly note: string;
}

export const maxGovernanceRead = 512;
const maxEntryBytes = 32_768;
const maxNoteLength = 16_384;
const maxKept = 16;

export function encodeGovernanceAnswer({ entries, next }: GovernanceAnswer): Bytes {
  return encodeCanonical([wireFormat, entries.map(([index, entry]) => [index, entry]), next]);
}

/** Throws WIRE_INVALID. */
export function parseGovernanceAnswer(bytes: Uint8Array): GovernanceAnswer {
  const entry = tuple(count, bytesUpTo(maxEntryBytes));
  const [entries, next] = parseBody(bytes, listOf(entry, maxGovernanceRead), nullOr(count));
  return { entries, next };
}

export function encodeCosignature(note: string): Bytes {
  return encodeCanonical([wireFormat, note]);
}

/** Throws WIRE_INVALID. */
export function parseCosignature(bytes: Uint8Array): string {
  const [note] = parseBody(bytes, textUpTo(maxNoteLength));
  return note;
}

export function encodeCosignatures(kept: readonly KeptCosignature[]): Bytes {
  return encodeCanonical([wireFormat, kept.map(({ key, note }) => [key, note])]);
}

/** Throws WIRE_INVALID. */
export function parseCosignatures(bytes: Uint8Array): KeptCosignature[] {
  const [kept] = parseBody(bytes, listOf(tuple(bytesOf(32), textUpTo(maxNoteLength)), maxKept));
  return kept.map(([key, note]) => ({ key, note }));
}
