import { bytesToHex } from '@serment/core/bytes';
import { CodedError } from '@serment/core/error';
import { inParallel } from '@serment/core/in-parallel';
import type { Entry } from '@serment/core/journal/entry';
import { isShutOut } from '@serment/core/journal/restriction';
import {
  addVersion,
  emptyStream,
  type FoldedVersion,
  foldStream,
  type RecordState,
  type WrittenBatch,
} from '@serment/records/fold';
import { type FileDifference, resourceOf } from './file-travel.ts';
import type { StreamRef } from './keyring.ts';
import type { Practice } from './practice.ts';
import { partsOfSave, type SaveRequest } from './saving.ts';
import { readWritten } from './stream-view.ts';

/** Whose writing is looked at: one device, or all that a member has; in hexadecimal. */
export interface Writer {
  readonly kind: 'device' | 'member';
  readonly id: string;
}

export interface WritesAsked {
  readonly by: Writer;
  /** ms on the host's clock, both included; null for until now. */
  readonly since: number;
  readonly until: number | null;
}

/** A record that is otherwise than it would be without what was written. */
export interface WrittenRecord extends FileDifference {
  /** Somebody else has written over it since: that is undone with it. */
  readonly isFollowed: boolean;
  /** Names of the versions that stand, in hexadecimal. */
  readonly versions: readonly string[];
}

export interface WrittenFile {
  /** `Patient/…`; null for what is the practice's own. */
  readonly patient: string | null;
  readonly records: readonly WrittenRecord[];
}

/** What somebody wrote in a time, as it stands now. */
export interface Writes {
  readonly asked: WritesAsked;
  /** Size of the journal that was looked at. */
  readonly size: number;
  readonly files: readonly WrittenFile[];
  /** Entries of records that they wrote. */
  readonly entries: number;
  /** Those of them that cannot be looked at here: another's rights, another's own notes, a restricted file, a loss. */
  readonly closed: number;
}

export interface Work {
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Records that are to be what they were, by their ids. */
export interface ChosenFile {
  readonly patient: string | null;
  readonly ids: readonly string[];
}

export interface Undone {
  readonly files: number;
  readonly records: number;
  /** Files that were left as they are, and why: FILE_CHANGED when somebody wrote in it since it was looked at. */
  readonly left: readonly { readonly patient: string | null; readonly code: string }[];
}

interface StreamWrites {
  readonly stream: StreamRef;
  readonly indexes: Set<number>;
}

const readAtOnce = 64;
const streamsAtOnce = 4;

/**
 * What a device or a member wrote since an instant, and what each record would be without it. Reads every stream that they
 * wrote in whole, from the host where this device does not hold it: no opening is traced, the host sees a reading. Throws
 * UNREACHABLE, and an AbortError once `signal` says so.
 */
export async function writesSince(practice: Practice, asked: WritesAsked, work: Work = {}): Promise<Writes> {
  // What waits on this device was written too.
  await practice.outbox.flush();
  await practice.sync();
  await practice.readUnread();
  const { mirror } = practice;
  const { size } = mirror;
  const streams = await streamsOf(practice, asked, work);
  const entries = streams.reduce((sum, { indexes }) => sum + indexes.size, 0);
  const found: Awaited<ReturnType<typeof recordsOf>>[] = [];
  let done = 0;
  // Streams that are not here come from the host: a few at a time, since each waits for its answer.
  await inParallel(streams.entries(), streamsAtOnce, async ([place, writes]) => {
    work.signal?.throwIfAborted();
    found[place] = isOpen(practice, writes.stream)
      ? await recordsOf(practice, writes)
      : { records: [], lost: writes.indexes.size };
    done += writes.indexes.size;
    work.onProgress?.(done, entries);
  });
  const closed = found.reduce((sum, { lost }) => sum + lost, 0);
  const files = new Map<string | null, WrittenRecord[]>();
  for (const { records } of found)
    for (const [patient, record] of records) files.set(patient, [...(files.get(patient) ?? []), record]);
  const inOrder = [...files].map(([patient, records]) => ({ patient, records }));
  return { asked, size, files: inOrder, entries, closed };
}

/**
 * Makes the chosen records what they would be without what was written: what changed or went says again what it said, what
 * came is marked as entered in error. One save for each file, each as new versions: undone the same way. A file in which
 * somebody wrote since it was looked at is left. Throws SAVE_INVALID when nothing can be written here, and an AbortError
 * once `signal` says so: what was done until then stays.
 */
export async function undoWrites(
  practice: Practice,
  writes: Writes,
  chosen: readonly ChosenFile[],
  { onProgress, signal }: Work = {},
): Promise<Undone> {
  await practice.sync();
  const changed = await changedSince(practice, writes.size);
  const files = new Map(writes.files.map(({ patient, records }) => [patient, records]));
  const left: { patient: string | null; code: string }[] = [];
  let [fileCount, recordCount] = [0, 0];
  for (const [place, { patient, ids }] of chosen.entries()) {
    signal?.throwIfAborted();
    const wanted = new Set(ids);
    const records = (files.get(patient) ?? []).filter(({ id }) => wanted.has(id));
    if (records.some((record) => changed.has(keyOf(patient, record.id)))) left.push({ patient, code: 'FILE_CHANGED' });
    else if (records.length > 0) {
      const code = await saved(practice, { patient, records: records.map(undoneRecord) });
      if (code !== null) left.push({ patient, code });
      else {
        fileCount += 1;
        recordCount += records.length;
      }
    }
    onProgress?.(place + 1, chosen.length);
  }
  return { files: fileCount, records: recordCount, left };
}

/** Null when it was kept, else the code that says why this file is left. */
async function saved(practice: Practice, request: SaveRequest): Promise<string | null> {
  const { keyring, random } = practice;
  try {
    // In the file in which each record stands, and over what was signed too: what was signed before stands again.
    await practice.saveParts(partsOfSave(request, keyring, random));
    return null;
  } catch (error) {
    if (!(error instanceof CodedError && practice.canWrite)) throw error;
    return String(error.code);
  }
}

function undoneRecord({ was, is, versions }: WrittenRecord): SaveRequest['records'][number] {
  return was === null
    ? { resource: resourceOf(is), change: 'entered-in-error', replaces: versions }
    : { resource: resourceOf(was), change: 'restore', replaces: versions };
}

/** The streams in which they wrote records in that time, with the numbers of those entries. */
async function streamsOf(practice: Practice, asked: WritesAsked, { signal }: Work): Promise<StreamWrites[]> {
  const { mirror } = practice;
  const authors = authorsOf(practice, asked.by);
  const streams = new Map<string, StreamWrites>();
  for (let index = mirror.size - 1; index >= 0; index -= 1) {
    if (index % readAtOnce === 0) {
      signal?.throwIfAborted();
      await practice.giveWay();
    }
    const entry = await mirror.entry(index);
    // The host's clock never goes back in a journal.
    if (entry.receivedAt < asked.since) break;
    const { header } = entry;
    if (entry.receivedAt > (asked.until ?? Number.POSITIVE_INFINITY) || !authors.has(bytesToHex(header.author)))
      continue;
    if (header.kind !== 'records' || header.compartment === null) continue;
    const name = bytesToHex(header.stream);
    const known = streams.get(name) ?? {
      stream: { id: header.stream, compartment: header.compartment, name: '' },
      indexes: new Set(),
    };
    known.indexes.add(index);
    streams.set(name, known);
  }
  return [...streams.values()];
}

function authorsOf({ mirror }: Practice, { kind, id }: Writer): ReadonlySet<string> {
  if (kind === 'device') return new Set([id]);
  const authors = [...mirror.governance.authors].filter(([, { member }]) => member === id);
  return new Set(authors.map(([author]) => author));
}

function isOpen({ keyring, mirror }: Practice, { id, compartment }: StreamRef): boolean {
  return keyring.canRead(compartment) && !isShutOut(mirror.governance, id, bytesToHex(keyring.member));
}

/** The records that those entries wrote, and how many of the entries could not be read. */
async function recordsOf(practice: Practice, { stream, indexes }: StreamWrites) {
  const batches: WrittenBatch[] = [];
  let read = 0;
  for await (const content of practice.reader.contents(stream)) {
    const written = readWritten(content);
    if (written !== null && !('code' in written)) {
      batches.push(written);
      if (indexes.has(written.index)) read += 1;
    }
    if (batches.length % readAtOnce === 0) await practice.giveWay();
  }
  const owners = new Map<string, string | null>();
  for (const { index, batch } of batches)
    if (indexes.has(index)) for (const { id } of batch.versions) owners.set(id, batch.patient);
  const now = foldStream(batches);
  const records = [...owners].flatMap(([id, patient]): [string | null, WrittenRecord][] => {
    const record = now.records.get(id);
    const written = record === undefined ? null : writtenRecord(record, indexes);
    return written === null ? [] : [[patient, written]];
  });
  return { records, lost: indexes.size - read };
}

/** Null when it says now what it would say without them, and without what was written over them. */
function writtenRecord(record: RecordState, indexes: ReadonlySet<number>): WrittenRecord | null {
  const tainted = new Set<string>();
  const kept: FoldedVersion[] = [];
  let isFollowed = false;
  for (const version of record.history) {
    const isTheirs = indexes.has(version.index);
    if (!(isTheirs || version.replaces.some((name) => tainted.has(bytesToHex(name))))) kept.push(version);
    else {
      tainted.add(bytesToHex(version.version));
      isFollowed ||= !isTheirs;
    }
  }
  const without = emptyStream();
  for (const version of kept) addVersion(without, version);
  const [was, is] = [shownContent(without.records.get(record.id)), shownContent(record)];
  if (was === is) return null;
  const kind = was === null ? 'added' : is === null ? 'gone' : 'changed';
  const versions = record.current.map(({ version }) => bytesToHex(version));
  return { id: record.id, kind, was, is, isFollowed, versions };
}

/** What a file shows of a record: nothing of what was taken out, or is said to be an error. */
function shownContent(record: RecordState | undefined): string | null {
  const last = record?.current.at(-1);
  return last === undefined || last.change === 'entered-in-error' ? null : last.content;
}

/** Records in which somebody wrote from a size of the journal on. */
async function changedSince(practice: Practice, size: number): Promise<ReadonlySet<string>> {
  const { mirror, reader } = practice;
  const changed = new Set<string>();
  for (let index = size; index < mirror.size; index += 1) {
    const { header }: Entry = await mirror.entry(index);
    if (header.kind !== 'records' || header.compartment === null) continue;
    const stream = { id: header.stream, compartment: header.compartment, name: '' };
    if (!isOpen(practice, stream)) continue;
    const written = readWritten(await reader.content(index, stream));
    if (written === null || 'code' in written) continue;
    for (const { id } of written.batch.versions) changed.add(keyOf(written.batch.patient, id));
  }
  return changed;
}

function keyOf(patient: string | null, record: string): string {
  return `${patient ?? ''} ${record}`;
}
