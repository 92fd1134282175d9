import { type Bytes, bytesToHex, equalBytes } from '@serment/core/bytes';
import { encodeGovernance } from '@serment/core/journal/governance';
import { hostStream } from '@serment/core/journal/header';
import { JournalVerifier } from '@serment/core/journal/verifier';
import { chunkEntries } from './entry-archive.ts';
import { indexInto, StreamIndex } from './stream-index.ts';

/** What entries that were verified say. */
export interface VerifiedJournal {
  readonly verifier: JournalVerifier;
  readonly streams: StreamIndex;
}

export interface Reading {
  /** Size to read up to, which may grow meanwhile. */
  readonly size: () => number;
  /** False once nobody waits for it any more. */
  readonly isWanted: () => boolean;
  /** Null past what can be read. */
  readonly read: (index: number) => Promise<Bytes | null>;
}

/** Nothing read yet. */
export function emptyJournal(practice: Bytes): VerifiedJournal {
  return { verifier: JournalVerifier.start(practice), streams: new StreamIndex() };
}

/** Verifies the entries that follow, a chunk on its way while the one before is checked. */
export async function readOn({ verifier, streams }: VerifiedJournal, reading: Reading): Promise<void> {
  for (let next = chunkFrom(verifier.size, reading); ; ) {
    const entries = await next;
    if (entries.length === 0) return;
    const start = verifier.size;
    next = chunkFrom(start + entries.length, reading);
    // A failure is met where it is awaited.
    next.catch(() => undefined);
    indexInto(streams, start, await verifier.addMany(entries), verifier.governance);
  }
}

async function chunkFrom(from: number, { size, isWanted, read }: Reading): Promise<Bytes[]> {
  const end = Math.min(size(), from - (from % chunkEntries) + chunkEntries);
  const entries: Bytes[] = [];
  for (let index = from; index < end && isWanted(); index += 1) {
    const bytes = await read(index);
    if (bytes === null) break;
    entries.push(bytes);
  }
  return entries;
}

/** True when two readings of the same entries gave the same streams, the host's own apart, and the same governance. */
export function saysSame(one: VerifiedJournal, other: VerifiedJournal): boolean {
  const but = bytesToHex(hostStream);
  return (
    equalBytes(one.streams.encode(but), other.streams.encode(but)) &&
    equalBytes(encodeGovernance(one.verifier.governance), encodeGovernance(other.verifier.governance))
  );
}
