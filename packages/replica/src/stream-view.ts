import { bytesToHex, equalBytes } from '@serment/core/bytes';
import { CodedError } from '@serment/core/error';
import type { Finding } from '@serment/core/journal/finding';
import type { RandomSource } from '@serment/core/random';
import { emptyStream, type FoldedVersion, foldInto, type StreamState } from '@serment/records/fold';
import { encodeSnapshot, parseSnapshot, streamFromSnapshot } from '@serment/records/snapshot';
import { parseRecordBatch } from '@serment/records/version';
import type { JournalMirror } from './journal-mirror.ts';
import type { StreamRef } from './keyring.ts';
import type { PayloadReader, ReadContent } from './payload-reader.ts';

/** A stream folded as far as this device knows it. */
export interface StreamView {
  readonly stream: StreamRef;
  readonly state: StreamState;
  /** What did not verify or open; shown, never skipped silently. */
  readonly findings: Finding[];
  /** Number of the last entry folded, −1 for none. */
  upTo: number;
  /** True when versions before a snapshot were not read: the state is whole, the history is not. */
  readonly isShortened: boolean;
}

export interface StreamParts {
  readonly mirror: JournalMirror;
  readonly reader: PayloadReader;
  readonly random: RandomSource;
}

const sampledVersions = 8;

/** Folds a stream from its last good snapshot, or from its first entry when `whole` is asked for. */
export async function loadStream(stream: StreamRef, parts: StreamParts, whole = false): Promise<StreamView> {
  const rejected: Finding[] = [];
  let snapshot = whole ? null : parts.mirror.snapshotOf(stream.id);
  while (snapshot !== null) {
    const view = await loadSnapshot(stream, snapshot, parts);
    if ('state' in view) {
      view.findings.push(...rejected);
      await followStream(view, parts);
      return view;
    }
    rejected.push(view);
    snapshot = parts.mirror.snapshotOf(stream.id, snapshot);
  }
  const view = { stream, state: emptyStream(), findings: rejected, upTo: -1, isShortened: false };
  await followStream(view, parts);
  return view;
}

/** Folds what the journal holds after `view.upTo`; true when there was something. */
export async function followStream(view: StreamView, parts: Pick<StreamParts, 'mirror' | 'reader'>): Promise<boolean> {
  const before = view.upTo;
  for await (const read of parts.reader.contents(view.stream, (index) => index > before)) {
    foldRead(view, read);
    view.upTo = read.index;
  }
  return view.upTo > before;
}

/**
 * Compares a snapshot with the fold of the entries that it stands for, all of them. Null when they are the same, else
 * SNAPSHOT_MISMATCH or what kept it from being read.
 */
export async function checkSnapshot(stream: StreamRef, index: number, parts: StreamParts): Promise<Finding | null> {
  const read = await parts.reader.content(index, stream.compartment);
  if (read.finding !== null) return read.finding;
  const { body } = read.entry.header;
  if (body.kind !== 'snapshot') return mismatch(index, stream);
  const view: StreamView = { stream, state: emptyStream(), findings: [], upTo: -1, isShortened: false };
  for await (const earlier of parts.reader.contents(stream, (number) => number <= body.index)) foldRead(view, earlier);
  return equalBytes(encodeSnapshot(view.state), read.content) ? null : mismatch(index, stream);
}

async function loadSnapshot(stream: StreamRef, index: number, parts: StreamParts): Promise<StreamView | Finding> {
  const read = await parts.reader.content(index, stream.compartment);
  if (read.finding !== null) return read.finding;
  const { body } = read.entry.header;
  if (body.kind !== 'snapshot') return mismatch(index, stream);
  try {
    const snapshot = parseSnapshot(read.content);
    const known = new Set(parts.mirror.entriesOf(stream.id));
    const isWithin = snapshot.versions.every((version) => version.index <= body.index && known.has(version.index));
    if (!(isWithin && (await isSampleRight(stream, snapshot.versions, parts)))) return mismatch(index, stream);
    return { stream, state: streamFromSnapshot(snapshot), findings: [], upTo: body.index, isShortened: true };
  } catch (error) {
    if (error instanceof CodedError) return mismatch(index, stream);
    throw error;
  }
}

/** Reads a few versions, drawn at random, from the entries that they are said to come from. */
async function isSampleRight(
  stream: StreamRef,
  versions: readonly FoldedVersion[],
  parts: StreamParts,
): Promise<boolean> {
  for (let drawn = 0; drawn < Math.min(sampledVersions, versions.length); drawn += 1) {
    const number = new DataView(parts.random(4).buffer).getUint32(0);
    const version = versions[number % versions.length];
    if (version === undefined) continue;
    const read = await parts.reader.content(version.index, stream.compartment);
    if (read.finding !== null || !equalBytes(read.entry.id, version.entryId)) return false;
    const original = parseRecordBatch(read.content).versions.find(
      (one) => one.id === version.id && equalBytes(one.version, version.version),
    );
    if (original?.content !== version.content || original.change !== version.change) return false;
  }
  return true;
}

function foldRead(view: StreamView, read: ReadContent): void {
  if (read.finding !== null) {
    view.findings.push(read.finding);
    return;
  }
  if (read.entry.header.kind !== 'records') return;
  const { id: entryId, receivedAt, header } = read.entry;
  try {
    const batch = parseRecordBatch(read.content);
    foldInto(view.state, { index: read.index, entryId, author: header.author, receivedAt, time: header.time, batch });
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    view.findings.push({
      code: 'PAYLOAD_UNREADABLE',
      index: read.index,
      detail: error.code,
      stream: bytesToHex(view.stream.id),
    });
  }
}

function mismatch(index: number, stream: StreamRef): Finding {
  return { code: 'SNAPSHOT_MISMATCH', index, detail: null, stream: bytesToHex(stream.id) };
}
