import type { Bytes } from '../bytes.ts';
import { encodeCanonical } from '../cbor.ts';
import { bytesOf, bytesUpTo, count, listOf, parseBody, textUpTo, tuple, wireFormat, wireInvalid } from './shape.ts';

export interface DraftListed {
  /** 16 bytes. */
  readonly slot: Bytes;
  readonly revision: number;
  /** The host's clock, milliseconds. */
  readonly updated: number;
}

export interface DraftWrite {
  /** The revision that this one replaces; 0 in a new slot. */
  readonly replaced: number;
  /** The draft's bytes (sealing.md, drafts). */
  readonly draft: Bytes;
  /** What the draft says of itself, in clear: the sealed bytes are bound to it. */
  readonly compartment: string;
}

export const maxDraftBytes = 1_048_576;
/** Slots of one member. */
export const maxDrafts = 4096;

export function encodeDraftList(drafts: readonly DraftListed[]): Bytes {
  return encodeCanonical([wireFormat, drafts.map(({ slot, revision, updated }) => [slot, revision, updated])]);
}

/** Throws WIRE_INVALID. */
export function parseDraftList(bytes: Uint8Array): DraftListed[] {
  const [drafts] = parseBody(bytes, listOf(tuple(bytesOf(16), count, count), maxDrafts));
  return drafts.map(([slot, revision, updated]) => ({ slot, revision, updated }));
}

export function encodeDraftAnswer(draft: Bytes): Bytes {
  return encodeCanonical([wireFormat, draft]);
}

/** Throws WIRE_INVALID. */
export function parseDraftAnswer(bytes: Uint8Array): Bytes {
  const [draft] = parseBody(bytes, bytesUpTo(maxDraftBytes));
  return draft;
}

export function encodeDraftWrite({ replaced, draft }: Pick<DraftWrite, 'replaced' | 'draft'>): Bytes {
  return encodeCanonical([wireFormat, replaced, draft]);
}

/** Throws WIRE_INVALID, also when the draft inside is not the revision that follows the replaced one. */
export function parseDraftWrite(bytes: Uint8Array): DraftWrite {
  const [replaced, draft] = parseBody(bytes, count, bytesUpTo(maxDraftBytes));
  const [compartment, , revision] = parseOuter(draft);
  if (revision !== replaced + 1) throw wireInvalid('A draft is one revision after the one it replaces');
  return { replaced, draft, compartment };
}

/** The compartment that a draft says it is of. Throws WIRE_INVALID. */
export function draftCompartment(draft: Bytes): string {
  return parseOuter(draft)[0];
}

/** What a draft holds is sealed; its outer array is clear, and its revision is bound to the sealed bytes. */
function parseOuter(draft: Bytes) {
  return parseBody(draft, textUpTo(64), count, count, bytesUpTo(maxDraftBytes));
}
