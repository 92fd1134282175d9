import { type Bytes, bytesToHex, hexToBytes } from '@serment/core/bytes';
import { verifyCheckpoint } from '@serment/core/journal/checkpoint';
import { type Entry, parseEntry, signedMessage } from '@serment/core/journal/entry';
import {
  applyEntry,
  authorize,
  emptyGovernance,
  type GovernanceState,
  hostAuthorAt,
} from '@serment/core/journal/governance';
import { verifySignature } from '@serment/core/signature';

/**
 * What the governance entries of a practice say, each taken only if its author signed it and might. They are read
 * without the entries between them, so the place of an entry among its author's others is not checked: their own chain
 * and their signatures are, and nobody without a member's key can add to either.
 */
export async function readGovernance(
  practice: string,
  items: readonly { readonly index: number; readonly entry: Bytes }[],
): Promise<GovernanceState> {
  const state = emptyGovernance();
  for (const { index, entry: bytes } of items) {
    const entry = entryOrNull(bytes);
    if (entry === null) continue;
    const { header, headerBytes, payloadHash, signature } = entry;
    if (!(await verifySignature(header.author, signedMessage(headerBytes, payloadHash), signature))) continue;
    const author = bytesToHex(header.author);
    const known = state.authors.get(author);
    if (known !== undefined) state.authors.set(author, { ...known, last: header.prev });
    const place = { index, receivedAt: entry.receivedAt, streamHead: state.head, streamCompartment: null };
    const refusal = await authorize(state, entry, { ...place, practice: hexToBytes(practice) });
    if (refusal === null) applyEntry(state, entry, index);
  }
  return state;
}

/** True when the host that this governance names for that size has signed the checkpoint. */
export async function isSignedByHost(state: GovernanceState, size: number, note: string): Promise<boolean> {
  const author = hostAuthorAt(state, size);
  if (author === null) return false;
  try {
    await verifyCheckpoint(note, author);
    return true;
  } catch {
    return false;
  }
}

function entryOrNull(bytes: Bytes): Entry | null {
  try {
    return parseEntry(bytes);
  } catch {
    return null;
  }
}
