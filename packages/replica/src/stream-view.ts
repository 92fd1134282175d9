import { bytesToHex, equalBytes } from '@serment/core/bytes';
import { encodeCanonical } from '@serment/core/cbor';
import { CodedError } from '@serment/core/error';
import type { Finding } from '@serment/core/journal/finding';
import type { RandomSource } from '@serment/core/random';
import { emptyStream, type FoldedVersion, foldInto, type StreamState, type WrittenBatch } from '@serment/records/fold';
import { parseSnapshot, snapshotParts, streamFromSnapshot } from '@serment/records/snapshot';
import { parseRecordBatch, type RecordVersion, versionToCbor } from '@serment/records/version';
import { ReplicaError } from './error.ts';
import type { JournalMirror } from './journal-mirror.ts';
import type { StreamRef } from './keyring.ts';
import { isSilence, type PayloadReader, type ReadContent } from './payload-reader.ts';

/** A stream folded as far as this device knows it. */
export interface StreamView {
  readonly stream: StreamRef;
  readonly state: StreamState;
  /** What did not verify or open; shown, never skipped silently. */
  readonly findings: Finding[];
  /** Number of the last entry folded, −1 for none. */
  upTo: number;
  /** The snapshot that stands for the entries before it: the state is whole, the history is not. Null when all were read. */
  readonly snapshot: number | null;
}

export interface StreamParts {
  readonly mirror: JournalMirror;
  readonly reader: PayloadReader;
  readonly random: RandomSource;
  /** Snapshots that a full check found wrong: the ones before them serve. */
  readonly badSnapshots?: ReadonlySet<number>;
  /** Between two steps of work that nobody waits for. */
  readonly giveWay?: () => Promise<void>;
}

const sampledVersions = 8;
const checkedAtOnce = 8;

export interface Loading {
  /** From the first entry, whatever snapshots there are. */
  readonly isWhole?: boolean;
  /** Without the line, as far as this device has it: what is absent stands in the findings (`isAbsent`). */
  readonly isPartial?: boolean;
  /** For nobody who waits: others come first. */
  readonly isBehind?: boolean;
}

/** Folds a stream from its last good snapshot, or from its first entry. */
export async function loadStream(
  stream: StreamRef,
  parts: StreamParts,
  { isWhole = false, isPartial = false, isBehind = false }: Loading = {},
): Promise<StreamView> {
  const rejected: Finding[] = [];
  let snapshot = isWhole ? null : parts.mirror.snapshotOf(stream.id);
  while (snapshot !== null) {
    if (parts.badSnapshots?.has(snapshot)) {
      snapshot = parts.mirror.snapshotOf(stream.id, snapshot);
      continue;
    }
    const view = await loadSnapshot(stream, snapshot, { ...parts, isPartial });
    if (view !== null && 'state' in view) {
      view.findings.push(...rejected);
      await followStream(view, parts, { isPartial, isBehind });
      return view;
    }
    if (view !== null) rejected.push(view);
    snapshot = parts.mirror.snapshotOf(stream.id, snapshot);
  }
  const view = emptyView(stream);
  view.findings.push(...rejected);
  await followStream(view, parts, { isPartial, isBehind });
  return view;
}

export function emptyView(stream: StreamRef): StreamView {
  return { stream, state: emptyStream(), findings: [], upTo: -1, snapshot: null };
}

/** A stream as it was at an instant, ms on the host's clock, folded from its first entry. */
export async function viewAt(stream: StreamRef, at: number, reader: PayloadReader): Promise<StreamView> {
  const view = emptyView(stream);
  for await (const read of reader.contents(stream)) {
    if (read.entry !== null && read.entry.receivedAt > at) break;
    foldRead(view, read);
  }
  return view;
}

/** Folds what the journal holds after `view.upTo`; true when there was something. */
export async function followStream(
  view: StreamView,
  parts: Pick<StreamParts, 'mirror' | 'reader' | 'giveWay'>,
  { isPartial = false, isBehind = false }: Loading = {},
): Promise<boolean> {
  const before = view.upTo;
  let count = 0;
  for await (const read of parts.reader.contents(view.stream, { after: before, isPartial })) {
    foldRead(view, read);
    view.upTo = read.index;
    count += 1;
    if (isBehind && count % checkedAtOnce === 0) await parts.giveWay?.();
  }
  return view.upTo > before;
}

/**
 * Compares a snapshot with the fold of the entries that it stands for, all of them. Null when they are the same, else
 * SNAPSHOT_MISMATCH or what kept it from being read.
 */
export async function checkSnapshot(stream: StreamRef, index: number, parts: StreamParts): Promise<Finding | null> {
  const { body } = (await parts.mirror.entry(index)).header;
  if (body.kind !== 'snapshot') return mismatch(index, stream);
  const view = emptyView(stream);
  let count = 0;
  for await (const earlier of parts.reader.contents(stream, { upTo: body.index })) {
    foldRead(view, earlier);
    count += 1;
    if (count % checkedAtOnce === 0) await parts.giveWay?.();
  }
  // What the host withholds says nothing of the snapshot.
  const [withheld] = view.findings.filter((finding) => isOfHost(finding));
  if (withheld !== undefined) return withheld;
  const read = await parts.reader.parts(index, stream);
  if (read.finding !== null) return read.finding;
  try {
    const isSame = await isMadeOf(read.content, snapshotParts(view.state), parts.giveWay);
    return isSame ? null : mismatch(index, stream);
  } catch (error) {
    if (!(error instanceof CodedError) || error instanceof ReplicaError) throw error;
    return { code: 'PAYLOAD_UNREADABLE', index, detail: error.code, stream: bytesToHex(stream.id) };
  }
}

/** Whether what is read is what is made, however either is cut. A directory's weighs some 2 KB a patient: nothing holds it whole. */
async function isMadeOf(
  read: AsyncIterable<Uint8Array>,
  made: Iterable<Uint8Array>,
  giveWay?: () => Promise<void>,
): Promise<boolean> {
  const making = made[Symbol.iterator]();
  let own: Uint8Array = new Uint8Array();
  let count = 0;
  for await (const part of read)
    for (let at = 0; at < part.length; ) {
      if (own.length === 0) {
        const next = making.next();
        if (next.done) return false;
        own = next.value;
        count += 1;
        if (count % checkedAtOnce === 0) await giveWay?.();
      }
      const length = Math.min(own.length, part.length - at);
      if (!equalBytes(own.subarray(0, length), part.subarray(at, at + length))) return false;
      own = own.subarray(length);
      at += length;
    }
  return own.length === 0 && making.next().done === true;
}

type LoadingParts = StreamParts & { readonly isPartial: boolean };

/** Null when the line is cut and it is not here. */
async function loadSnapshot(
  stream: StreamRef,
  index: number,
  parts: LoadingParts,
): Promise<StreamView | Finding | null> {
  const read = await readOr(null, parts, () => parts.reader.content(index, stream));
  if (read === null) return null;
  if (read.finding !== null) return read.finding;
  const { body } = read.entry.header;
  if (body.kind !== 'snapshot') return mismatch(index, stream);
  try {
    const snapshot = parseSnapshot(read.content);
    const known = new Set(parts.mirror.entriesOf(stream.id));
    // A snapshot that claims to stand for later entries would hide them.
    const isPlaced = body.index < index && known.has(body.index);
    const isItsEntry = isPlaced && equalBytes((await parts.mirror.entry(body.index)).id, body.id);
    const isWithin = snapshot.versions.every((version) => version.index <= body.index && known.has(version.index));
    if (!(isItsEntry && isWithin && (await isSampleRight(stream, snapshot.versions, parts))))
      return mismatch(index, stream);
    return { stream, state: streamFromSnapshot(snapshot), findings: [], upTo: body.index, snapshot: index };
  } catch (error) {
    if (error instanceof CodedError && !(error instanceof ReplicaError)) return mismatch(index, stream);
    throw error;
  }
}

/** Reads a few versions, drawn at random, from the entries that they are said to come from. */
async function isSampleRight(
  stream: StreamRef,
  versions: readonly FoldedVersion[],
  parts: LoadingParts,
): Promise<boolean> {
  const drawn = Array.from({ length: Math.min(sampledVersions, versions.length) }, () => {
    const number = new DataView(parts.random(4).buffer).getUint32(0);
    return versions[number % versions.length];
  });
  const right = await Promise.all(
    drawn.map(async (version) => version === undefined || (await isVersionRight(stream, version, parts))),
  );
  return right.every((one) => one);
}

async function isVersionRight(stream: StreamRef, version: FoldedVersion, parts: LoadingParts): Promise<boolean> {
  const read = await readOr(null, parts, () => parts.reader.content(version.index, stream));
  // Checked whole once the line is back, as every snapshot in use is.
  if (read === null) return true;
  if (read.finding !== null) return false;
  const { id, receivedAt, header } = read.entry;
  const isPlaced = equalBytes(id, version.entryId) && equalBytes(header.author, version.author);
  if (!isPlaced || receivedAt !== version.receivedAt || header.time !== version.time) return false;
  const original = parseRecordBatch(read.content).versions.find(
    (one) => one.id === version.id && equalBytes(one.version, version.version),
  );
  return original !== undefined && equalBytes(bytesOf(original), bytesOf(version));
}

/** What is read, or `other` where the line is cut and the view may be partial. */
async function readOr<Read, Other>(
  other: Other,
  { isPartial }: LoadingParts,
  read: () => Promise<Read>,
): Promise<Read | Other> {
  try {
    return await read();
  } catch (error) {
    if (!(isPartial && isSilence(error))) throw error;
    return other;
  }
}

function bytesOf(version: RecordVersion): Uint8Array {
  return encodeCanonical(versionToCbor(version));
}

/** True for what another answer of the host may cure; what an author did stays. */
export function isOfHost({ code }: Finding): boolean {
  return code === 'PAYLOAD_MISSING' || code === 'PAYLOAD_MISMATCH' || code === 'STREAM_INCOMPLETE';
}

export function foldRead(view: StreamView, read: ReadContent): void {
  const written = readWritten(read);
  if (written === null) return;
  if ('code' in written) view.findings.push(written);
  else foldInto(view.state, written);
}

/** The batch of an entry with its place; a finding when it cannot be read; null when the entry holds no records. */
export function readWritten(read: ReadContent): WrittenBatch | Finding | null {
  if (read.finding !== null) return read.finding;
  if (read.entry.header.kind !== 'records') return null;
  const { index, entry } = read;
  const { id: entryId, receivedAt, header } = entry;
  try {
    const batch = parseRecordBatch(read.content);
    return { index, entryId, author: header.author, receivedAt, time: header.time, batch };
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return { code: 'PAYLOAD_UNREADABLE', index, detail: error.code, stream: bytesToHex(header.stream) };
  }
}

function mismatch(index: number, stream: StreamRef): Finding {
  return { code: 'SNAPSHOT_MISMATCH', index, detail: null, stream: bytesToHex(stream.id) };
}
