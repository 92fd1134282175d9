import { type Bytes, bytesToHex, equalBytes } from '@serment/core/bytes';
import { readEntryPlace } from '@serment/core/copy/entry-place';
import { bundleSize, formatCopyName } from '@serment/core/copy/names';
import { sha256 } from '@serment/core/hash';
import { inParallel } from '@serment/core/in-parallel';
import { Frontier, leafHash } from '@serment/core/journal/tree';
import { isAgeFile, isDraft } from './alone.ts';
import { readObject } from './bundle-check.ts';
import type { BundleSource } from './bundle-source.ts';
import type { CapturedDraft } from './capture-source.ts';
import { CopyError } from './copy-error.ts';
import { claimedSize, listFences } from './copy-state.ts';
import type { Destination } from './destination.ts';
import { type CopyFinding, makeFinding } from './finding.ts';
import { nameOrNull } from './held.ts';
import { type OpenedState, openStates } from './open-copy.ts';
import type { RestoredEntry, RestoreSink } from './restore-sink.ts';

export interface RestoreOptions {
  readonly destinations: readonly Destination[];
  /** Only this practice, in hexadecimal. */
  readonly practice?: string;
  /** Only entries that the host accepted until then, milliseconds since 1970. */
  readonly at?: number;
}

export interface PlannedPractice {
  readonly practice: string;
  /** The state that is restored: proven under its signed checkpoint. */
  readonly opened: OpenedState;
  /** Under which the restored vault signs: greater than any fence that is proven, and used at no destination. */
  readonly fence: number;
}

export interface RestorePlan {
  readonly practices: readonly PlannedPractice[];
  /** Practices of which no state holds. */
  readonly findings: readonly CopyFinding[];
}

export interface RestoredPractice {
  readonly practice: string;
  readonly fence: number;
  readonly size: number;
  readonly root: Bytes;
  /** Entries under the checkpoint that was restored from; more than `size` with `at`, or after a loss. */
  readonly provenSize: number;
  readonly provenRoot: Bytes;
  readonly note: string;
  readonly receivedAt: number | null;
  readonly payloadBytes: number;
  readonly blobs: number;
}

export interface RestoreReport {
  readonly practices: readonly RestoredPractice[];
  /** What no destination has whole any more. */
  readonly findings: readonly CopyFinding[];
  readonly hasAccounts: boolean;
  readonly durationMs: number;
}

const batchBytes = 2 * 1024 * 1024;
const blobsAtOnce = 4;

/** What would be restored, and from where. */
export async function planRestore(options: RestoreOptions): Promise<RestorePlan> {
  const practices = new Set<string>();
  for (const destination of options.destinations)
    for (const folder of await destination.listFolders('')) if (/^[0-9a-f]{64}$/.test(folder)) practices.add(folder);
  const planned: PlannedPractice[] = [];
  const findings: CopyFinding[] = [];
  for (const practice of [...practices].sort()) {
    if (options.practice !== undefined && practice !== options.practice) continue;
    const opened = await firstState(options.destinations, practice, (finding) => findings.push(finding));
    if (opened === null) {
      findings.push(makeFinding('CHECKPOINT_MISSING', null, { practice }));
      continue;
    }
    const { place, size } = opened.state;
    const claimed = await claimedSize(options.destinations, place);
    // What was copied and is no longer whole must not pass for never written.
    if (claimed > size && options.at === undefined)
      findings.push(makeFinding('TAIL_GAP', null, { practice, from: size, to: claimed }));
    planned.push({ practice, opened, fence: await nextFence(options.destinations, practice, place.fence) });
  }
  if (planned.length === 0)
    throw new CopyError('COPY_NOTHING_READABLE', 'No practice can be restored from here', {
      hint: 'Check that this is the copy, and run verify on it.',
    });
  return { practices: planned, findings };
}

/**
 * Restores into a fresh target, then recomputes each root from what the target gives back, and compares each payload with
 * its entry. Throws RESTORE_ROOT_MISMATCH when that is not what the copy holds, and what the sink throws; what no
 * destination has is a finding.
 */
export async function restoreCopy(
  options: RestoreOptions & {
    sink: RestoreSink;
    /** Leaves the sink open at the end, for who wants to look at what was restored. */
    keepOpen?: boolean;
    onProgress?: (progress: { practice: string; entries: number; size: number }) => void;
  },
): Promise<RestoreReport> {
  const startedAt = performance.now();
  const { sink } = options;
  try {
    const plan = await planRestore(options);
    const findings = [...plan.findings];
    const practices: RestoredPractice[] = [];
    for (const planned of plan.practices) {
      const run = new PracticeRestore(planned, options, (finding) => findings.push(finding));
      practices.push(
        await run.restore(sink, (entries) =>
          options.onProgress?.({ practice: planned.practice, entries, size: planned.opened.state.size }),
        ),
      );
    }
    const hasAccounts = await restoreAccounts(options.destinations, sink, (finding) => findings.push(finding));
    return { practices, findings, hasAccounts, durationMs: performance.now() - startedAt };
  } finally {
    if (options.keepOpen !== true) await sink.close();
  }
}

/** Entries with payloads in order, each verified under the checkpoint, as far as any destination has them. */
async function* readForRestore(
  planned: PlannedPractice,
  { at, find }: { at: number | undefined; find: (finding: CopyFinding) => void },
): AsyncGenerator<readonly RestoredEntry[]> {
  const { state, source } = planned.opened;
  const bundles = state.bundleRoots.length / 32;
  const untilThen = (items: readonly RestoredEntry[]) => {
    const end = at === undefined ? -1 : items.findIndex(({ place }) => place.receivedAt > at);
    return end < 0 ? items : items.slice(0, end);
  };
  for (let number = 0; number < bundles; number += 1) {
    const bundle = await source.entries(number, state.bundleRoots.subarray(number * 32, number * 32 + 32));
    if (bundle === null) {
      // A journal has no holes: what follows can be read with `open`, but no vault can go on from it.
      const reach = { practice: planned.practice, from: number * bundleSize, to: state.size };
      find(makeFinding('BUNDLE_MISSING', formatCopyName({ kind: 'entries', ...state.place, number }), reach));
      return;
    }
    const items = await readBundle(source, number, bundle);
    const taken = untilThen(items);
    yield taken;
    if (taken.length < items.length) return;
  }
  const items: RestoredEntry[] = [];
  for (const [position, { entry, payload }] of state.tail.entries()) {
    const place = readEntryPlace(entry);
    const { payloadHash } = place;
    const index = bundles * bundleSize + position;
    const isRight = payload !== null && payloadHash !== null && equalBytes(sha256(payload), payloadHash);
    const right = isRight || payloadHash === null ? payload : await source.payload(index, payloadHash);
    items.push({ index, entry, payload: right, place, leaf: leafHash(entry) });
  }
  yield untilThen(items);
}

async function readBundle(
  source: BundleSource,
  number: number,
  { entries, leaves }: { readonly entries: readonly Bytes[]; readonly leaves: Bytes },
): Promise<RestoredEntry[]> {
  const places = entries.map(readEntryPlace);
  const payloads = await source.payloads(
    number,
    places.map(({ payloadHash }) => payloadHash),
  );
  const items: RestoredEntry[] = [];
  for (const [position, entry] of entries.entries()) {
    const place = places[position];
    if (place === undefined) throw new RangeError('Each entry has its place');
    const leaf = leaves.subarray(position * 32, position * 32 + 32);
    items.push({ index: number * bundleSize + position, entry, payload: payloads[position] ?? null, place, leaf });
  }
  return items;
}

class PracticeRestore {
  readonly #planned: PlannedPractice;
  readonly #options: RestoreOptions;
  readonly #find: (finding: CopyFinding) => void;
  readonly #frontier = new Frontier();
  #receivedAt: number | null = null;
  #payloadBytes = 0;
  #blobs = 0;

  constructor(planned: PlannedPractice, options: RestoreOptions, find: (finding: CopyFinding) => void) {
    this.#planned = planned;
    this.#options = options;
    this.#find = find;
  }

  async restore(sink: RestoreSink, onProgress: (entries: number) => void): Promise<RestoredPractice> {
    const { practice, fence, opened } = this.#planned;
    await sink.begin(practice, { fence });
    let batch: RestoredEntry[] = [];
    let bytes = 0;
    let writing: Promise<void> = Promise.resolve();
    const { at } = this.#options;
    const write = async () => {
      if (batch.length === 0) return;
      const full = batch;
      batch = [];
      bytes = 0;
      await this.#restoreBlobs(sink, full);
      await writing;
      // The database works while the next ones are read and checked.
      writing = sink.append(practice, full).then(() => onProgress(size));
      const size = this.#frontier.size;
      writing.catch(() => undefined);
    };
    try {
      for await (const items of readForRestore(this.#planned, { at, find: this.#find })) {
        for (const item of items) {
          this.#frontier.append(item.leaf);
          batch.push(item);
          bytes += item.entry.length + (item.payload?.length ?? 0);
        }
        if (bytes >= batchBytes) await write();
      }
      await write();
    } finally {
      // Nobody closes the sink under a writing, whatever ended the reading.
      await writing.catch(() => undefined);
    }
    await writing;
    await this.#restoreDrafts(sink);
    const size = this.#frontier.size;
    const root = this.#frontier.root();
    if (size === opened.state.size && !equalBytes(root, opened.state.root)) throw rootMismatch(practice);
    await sink.finish(practice, { size, root, fence });
    await assertReadBack(sink, { practice, size, root });
    return {
      practice,
      fence,
      size,
      root,
      provenSize: opened.state.size,
      provenRoot: opened.state.root,
      note: opened.state.note,
      receivedAt: this.#receivedAt,
      payloadBytes: this.#payloadBytes,
      blobs: this.#blobs,
    };
  }

  /** Every document before the entries that name it. */
  async #restoreBlobs(sink: RestoreSink, items: readonly RestoredEntry[]): Promise<void> {
    const { practice, opened } = this.#planned;
    const wanted = items.flatMap((item) => this.#blobsOf(item));
    this.#blobs += wanted.length;
    await inParallel(wanted, blobsAtOnce, async ({ hash, code, reach }) => {
      if (await opened.source.giveBlob(hash, (content) => sink.blob(practice, hash, content))) return;
      const name = code === 'BLOB_MISSING' ? formatCopyName({ kind: 'blob', practice, hash }) : null;
      this.#find(makeFinding(code, name, reach));
    });
  }

  /** What an entry keeps beside it, with what is found when no destination has it. */
  #blobsOf({ index, payload, place }: RestoredEntry) {
    const { stream, blobs, payloadHash, receivedAt } = place;
    this.#receivedAt = receivedAt;
    this.#payloadBytes += payload?.length ?? 0;
    const isKept = payloadHash === null || payload !== null;
    if (isKept && blobs.length === 0) return [];
    const reach = {
      practice: this.#planned.practice,
      streams: [bytesToHex(stream)],
      from: index,
      to: index + 1,
      since: receivedAt,
      until: receivedAt,
    };
    const documents = blobs.map((hash) => ({
      hash: bytesToHex(hash),
      code: 'BLOB_MISSING' as const,
      reach,
    }));
    return isKept
      ? documents
      : [...documents, { hash: bytesToHex(payloadHash), code: 'PAYLOAD_MISSING' as const, reach }];
  }

  /** The greatest revision of each slot that is a draft; what its seal holds is for its readers to check. */
  async #restoreDrafts(sink: RestoreSink): Promise<void> {
    const { practice } = this.#planned;
    const found: { slot: string; revision: number; name: string; destination: Destination }[] = [];
    for (const destination of this.#options.destinations)
      for await (const text of destination.list(`${practice}/draft/`)) {
        const name = nameOrNull(text);
        if (name?.kind === 'draft') found.push({ ...name, name: text, destination });
      }
    const drafts = new Map<string, CapturedDraft>();
    for (const { slot, revision, name, destination } of found.sort((left, right) => right.revision - left.revision)) {
      if (drafts.has(slot)) continue;
      const object = await readObject(destination, name);
      if (object instanceof Uint8Array && isDraft(object, revision))
        drafts.set(slot, { slot, revision, draft: object.length === 0 ? null : object });
      else this.#find(makeFinding('DRAFT_DAMAGED', name, { practice }));
    }
    await sink.drafts(practice, [...drafts.values()]);
  }
}

async function assertReadBack(
  sink: RestoreSink,
  expected: { practice: string; size: number; root: Bytes },
): Promise<void> {
  const frontier = new Frontier();
  for await (const { entry, payloadHash } of sink.readBackHashes(expected.practice)) {
    frontier.append(leafHash(entry));
    if (payloadHash === null) continue;
    const committed = readEntryPlace(entry).payloadHash;
    if (committed === null || !equalBytes(payloadHash, committed)) throw rootMismatch(expected.practice);
  }
  if (frontier.size !== expected.size || !equalBytes(frontier.root(), expected.root))
    throw rootMismatch(expected.practice);
}

async function firstState(
  destinations: readonly Destination[],
  practice: string,
  onPassed: (finding: CopyFinding) => void,
): Promise<OpenedState | null> {
  for await (const opened of openStates(destinations, practice, { onPassed })) return opened;
  return null;
}

/** The first fence after the proven one whose name is free everywhere: a name decides nothing, but it stays taken. */
async function nextFence(destinations: readonly Destination[], practice: string, proven: number): Promise<number> {
  const taken = new Set<number>();
  for (const destination of destinations) for (const fence of await listFences(destination, practice)) taken.add(fence);
  let fence = proven + 1;
  while (taken.has(fence)) fence += 1;
  return fence;
}

/** Takes the greatest sequence that opens; returns whether there is any account data to take. */
async function restoreAccounts(
  destinations: readonly Destination[],
  sink: RestoreSink,
  find: (finding: CopyFinding) => void,
): Promise<boolean> {
  const found: { sequence: number; destination: Destination }[] = [];
  for (const destination of destinations)
    for await (const text of destination.list('host/')) {
      const name = nameOrNull(text);
      if (name?.kind === 'host') found.push({ sequence: name.sequence, destination });
    }
  for (const { sequence, destination } of found.sort((left, right) => right.sequence - left.sequence)) {
    const name = formatCopyName({ kind: 'host', sequence });
    const object = await readObject(destination, name);
    const verdict =
      object instanceof Uint8Array && isAgeFile(object)
        ? await sink.accounts({ sequence, sealed: object })
        : 'unreadable';
    if (verdict !== 'unreadable') return true;
    find(makeFinding('ACCOUNTS_DAMAGED', name));
  }
  return false;
}

function rootMismatch(practice: string): CopyError {
  return new CopyError('RESTORE_ROOT_MISMATCH', 'What was restored is not what the copy holds', {
    fields: { practice },
    hint: 'Do not serve this target. Restore again into a fresh one; if it repeats, the disk or the database is at fault.',
  });
}
