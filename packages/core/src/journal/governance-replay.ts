import { type Bytes, bytesToHex, equalBytes } from '../bytes.ts';
import { verifySignature } from '../signature.ts';
import { sameId } from './checks.ts';
import { type Entry, signedMessage } from './entry.ts';
import { applyEntry, authorize, emptyGovernance, type GovernanceState, isGenesisComplete } from './governance.ts';
import { governanceStream } from './header.ts';

/** An entry with its number in the journal. */
export interface NumberedEntry {
  readonly index: number;
  readonly entry: Entry;
}

/**
 * The governance state at a size of the journal, from the entries of the governance stream alone, in order: it knows
 * no author's last entry. Null when one of them does not count or does not name the one before it as its base, which a
 * `revoke` or a `freeze` may: then nothing tells whether one was left out (docs/format/journal.md, Starting from a heads).
 */
export async function replayGovernance(
  practice: Bytes,
  entries: readonly NumberedEntry[],
  size: number,
): Promise<GovernanceState | null> {
  const state = emptyGovernance();
  let next = 0;
  for (const { index, entry } of entries) {
    if (index < next || index >= size || !(await isNext(state, entry))) return null;
    if (index > next) state.isGenesisBatch = false;
    next = index + 1;
    const author = state.authors.get(bytesToHex(entry.header.author));
    // What the author wrote in other streams is not here to be counted.
    if (author !== undefined)
      state.authors.set(bytesToHex(entry.header.author), { ...author, last: entry.header.prev });
    const { receivedAt } = entry;
    const place = { index, receivedAt, streamHead: state.head, streamCompartment: null, practice };
    if ((await authorize(state, entry, place)) !== null) return null;
    applyEntry(state, entry, index);
  }
  if (!isGenesisComplete(state)) return null;
  if (entries.length < size) state.isGenesisBatch = false;
  for (const [name, author] of state.authors) state.authors.set(name, { ...author, last: null });
  return state;
}

async function isNext(state: GovernanceState, { header, headerBytes, payloadHash, signature }: Entry) {
  if (!(equalBytes(header.stream, governanceStream) && sameId(header.base, state.head))) return false;
  return verifySignature(header.author, signedMessage(headerBytes, payloadHash), signature);
}
