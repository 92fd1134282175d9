import { type Bytes, bytesToHex, equalBytes, hexToBytes } from '@serment/core/bytes';
import { type Entry, parseEntry, signedMessage } from '@serment/core/journal/entry';
import type { GovernanceState } from '@serment/core/journal/governance-state';
import { inboxStream, isInboxStream, type TreeHead } from '@serment/core/journal/header';
import { verifyRun } from '@serment/core/journal/proof';
import { compartmentRoles, privateMember } from '@serment/core/journal/rules';
import { refuseStanding } from '@serment/core/journal/standing';
import { leafHash } from '@serment/core/journal/tree';
import { verifySignature } from '@serment/core/signature';
import { chunkEntries } from './entry-archive.ts';
import { ReplicaError } from './error.ts';

/** A source that can show where an entry stands, and not only give all of them from the first. */
export interface ProvingSource {
  entries(from: number, limit: number): Promise<readonly Bytes[]>;
  /** Audit path of an entry in the tree of that size. */
  inclusionProof(index: number, size: number): Promise<readonly Bytes[]>;
}

/** Entries that follow each other: `most` of them from number × most on, a power of two; fewer at the journal's end. */
export interface Run {
  readonly number: number;
  readonly most: number;
}

/** A run of entries, proven under a tree's head. Throws HOST_LIES when the host gives others. */
export async function provenRun(
  source: ProvingSource,
  { number, most }: Run,
  head: TreeHead,
): Promise<readonly Bytes[]> {
  const from = number * most;
  const count = Math.min(most, head.size - from);
  const proof = source.inclusionProof(from, head.size);
  // A failure is met where it is awaited, if the entries come.
  proof.catch(() => undefined);
  const entries: Bytes[] = [];
  while (entries.length < count) {
    const page = await source.entries(from + entries.length, count - entries.length);
    if (page.length === 0) throw notProven(from);
    entries.push(...page);
  }
  const claim = { ...head, from, most, leaves: entries.map(leafHash), proof: await proof };
  if (!(await verifyRun(claim))) throw notProven(from);
  return entries;
}

/** Entries of a journal that is not held, each proven under its head. */
export class ProvenEntries {
  readonly #source: ProvingSource;
  readonly #head: TreeHead;
  readonly #chunks = new Map<number, readonly Bytes[]>();

  constructor(source: ProvingSource, head: TreeHead) {
    this.#source = source;
    this.#head = head;
  }

  /** Throws HOST_LIES, RECORD_UNKNOWN past the end, and as `parseEntry` does. */
  async entry(index: number): Promise<Entry> {
    if (index >= this.#head.size)
      throw new ReplicaError('RECORD_UNKNOWN', 'No such entry under this head', { fields: { index } });
    const number = Math.floor(index / chunkEntries);
    const chunk =
      this.#chunks.get(number) ?? (await provenRun(this.#source, { number, most: chunkEntries }, this.#head));
    this.#chunks.set(number, chunk);
    return parseEntry(chunk[index % chunkEntries] ?? new Uint8Array());
  }

  /** What was read so far. */
  chunks(): ReadonlyMap<number, readonly Bytes[]> {
    return this.#chunks;
  }
}

/**
 * Whether a sealed entry, not all of whose predecessors were read, is one that its author could write: known then and
 * free to act, of a role that the compartment admits, and its signature right. The rest of `authorize` needs every entry before it.
 */
export async function isByItsAuthor(entry: Entry, index: number, governance: GovernanceState): Promise<boolean> {
  const { header, headerBytes, payloadHash, signature } = entry;
  const author = governance.authors.get(bytesToHex(header.author));
  if (author?.type !== 'device' || author.addedAt > index || header.compartment === null) return false;
  if (refuseStanding(governance, author, { index, receivedAt: entry.receivedAt }) !== null) return false;
  const { compartment, stream, kind } = header;
  const role = governance.members.get(author.member ?? '')?.role;
  if (role === undefined || isInboxStream(stream) !== (kind === 'deposit')) return false;
  const mayWrite =
    privateMember(compartment) === author.member || (compartmentRoles.get(compartment)?.includes(role) ?? false);
  // Whoever may write there does not deposit, and who does deposits in its own inbox.
  if (kind !== 'deposit' ? !mayWrite : mayWrite || compartment !== 'clinical') return false;
  if (kind === 'deposit' && !equalBytes(stream, inboxStream(hexToBytes(author.member ?? '')))) return false;
  return verifySignature(header.author, signedMessage(headerBytes, payloadHash), signature);
}

function notProven(from: number): ReplicaError {
  return new ReplicaError('HOST_LIES', 'The host gives other entries than those under its checkpoint', {
    fields: { finding: 'ROOT_MISMATCH', from },
    hint: 'Nothing was taken from this answer. Compare the checkpoint on another device, and ask the host.',
  });
}
