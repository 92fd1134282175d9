import { type Bytes, bytesToHex, concatBytes, equalBytes } from '@serment/core/bytes';
import { readEntryPlace } from '@serment/core/copy/entry-place';
import { bundleSize, fencePath, formatNumber } from '@serment/core/copy/names';
import { nodesBytes } from '@serment/core/copy/nodes';
import type { IndexRecord } from '@serment/core/copy/stream-index';
import { CoreError } from '@serment/core/error';
import { sha256 } from '@serment/core/hash';
import type { GovernanceState } from '@serment/core/journal/governance-state';
import { governanceStream } from '@serment/core/journal/header';
import { leafHash } from '@serment/core/journal/tree';
import { BundleSource } from './bundle-source.ts';
import { CopyError, isOutOfReach } from './copy-error.ts';
import { type CommitFolder, type CopyState, claimedSize, listFences, provenStates } from './copy-state.ts';
import type { Destination } from './destination.ts';
import { type CopyFinding, makeFinding } from './finding.ts';
import { IndexReader } from './index-reader.ts';
import { isSignedByHost, readGovernance } from './proven-host.ts';
import { fastRootThroughTile } from './tree-hash.ts';
import type { FencePlace } from './upper-levels.ts';

export interface StreamItem {
  readonly index: number;
  readonly entry: Bytes;
  /** null when the entry has none, or when it is damaged or missing (then there is a finding). */
  readonly payload: Bytes | null;
}

export interface StreamRead {
  readonly items: readonly StreamItem[];
  /** Entries and payloads of the stream that the copy has no longer whole. */
  readonly findings: readonly CopyFinding[];
}

export interface OpenedCopy {
  readonly practice: string;
  readonly fence: number;
  readonly size: number;
  readonly root: Bytes;
  /** The signed checkpoint under which everything is read. */
  readonly checkpoint: string;
  /** Every entry of a stream with its payload: hashes and inclusion under the checkpoint are checked. */
  readStream(stream: Uint8Array): Promise<StreamRead>;
  /** Sealed bytes of a document, hash checked. Throws COPY_NOT_FOUND or COPY_DAMAGED. */
  readBlob(hash: string): Promise<Bytes>;
  /**
   * One entry with its payload, checked in the same way; null for one that the copy does not reach, or has lost. The
   * payload is null too when it is stored as a blob.
   */
  readEntry(index: number): Promise<StreamItem | null>;
}

/**
 * Opens the newest state of a practice that hashes right and that its host signed, for random access. Throws
 * COPY_PRACTICE_UNKNOWN when the copy has no such practice, COPY_NOTHING_READABLE when none of its states holds.
 */
export async function openCopy(destination: Destination, practice: string): Promise<OpenedCopy> {
  for await (const { copy } of openStates([destination], practice)) return copy;
  const fences = await listFences(destination, practice);
  if (fences.length === 0)
    throw new CopyError('COPY_PRACTICE_UNKNOWN', 'The copy has no such practice', { fields: { practice } });
  throw new CopyError('COPY_NOTHING_READABLE', 'No state of this practice in the copy holds', {
    fields: { practice },
    hint: 'Run verify on this copy, and use another one.',
  });
}

export interface OpenedState {
  readonly copy: OpenedCopy;
  readonly state: CopyState;
  readonly destination: Destination;
  readonly source: BundleSource;
  /** What the governance entries say, at least up to the state's size; each was verified. */
  readonly governance: GovernanceState;
}

export interface OpenStatesOptions {
  /** Fences up to this one are left out. */
  readonly above?: number;
  /** Told of each state and fence that is passed over because nothing proves it. */
  readonly onPassed?: (finding: CopyFinding) => void;
}

/**
 * States of a practice at any of the destinations that hash right and are signed by the host that their own verified
 * governance names, best first: greatest fence, then size. A fence counts by such a state alone, never by its name.
 */
export async function* openStates(
  destinations: readonly Destination[],
  practice: string,
  { above = 0, onPassed }: OpenStatesOptions = {},
): AsyncGenerator<OpenedState> {
  const fences = new Set<number>();
  for (const destination of destinations)
    for (const fence of await listFences(destination, practice)) if (fence > above) fences.add(fence);
  for (const fence of [...fences].sort((left, right) => right - left)) {
    let isProven = false;
    let unsigned: CopyState | null = null;
    for await (const { opened, isSigned } of statesOfFence(destinations, { practice, fence })) {
      if (!isSigned) unsigned ??= opened.state;
      // Once for each fence: what stands there may be thousands of checkpoints of a host that nobody has named.
      else if (unsigned !== null && !isProven) onPassed?.(forged(unsigned));
      isProven ||= isSigned;
      if (isSigned) yield opened;
    }
    if (isProven) continue;
    const to = await claimedSize(destinations, { practice, fence });
    onPassed?.(makeFinding('FENCE_UNPROVEN', fencePath(practice, fence), { practice, from: 0, to }));
  }
}

function forged({ place, size }: CopyState): CopyFinding {
  const object = fencePath(place.practice, place.fence);
  return makeFinding('CHECKPOINT_FORGED', object, { practice: place.practice, from: 0, to: size });
}

/** States under one fence that hash right, the greatest first, signed by its host or not; of some folders alone. */
export async function* statesOfFence(
  destinations: readonly Destination[],
  place: FencePlace,
  folders?: readonly CommitFolder[],
): AsyncGenerator<{ opened: OpenedState; isSigned: boolean }> {
  let known: Proven | null = null;
  for await (const state of provenStates(destinations, place, folders)) {
    const { destination } = state;
    const source = await BundleSource.open(place.practice, destinations, { destination, place });
    const copy = new CopyReader(destination, state, source);
    let proven: Proven | null = await provenBefore(known, state);
    if (proven === null) {
      proven = await copy.prove();
      known = proven;
    }
    yield { opened: { copy, state, destination, source, governance: proven.governance }, isSigned: proven.isSigned };
  }
}

interface Proven {
  readonly governance: GovernanceState;
  readonly isSigned: boolean;
  /** Roots of the bundles whose governance entries were read. */
  readonly bundleRoots: Bytes;
}

/** What a greater state has told already of one that it begins with. */
async function provenBefore(
  known: Proven | null,
  { bundleRoots, tail, size, note }: CopyState,
): Promise<Proven | null> {
  if (known === null || tail.length > 0) return null;
  if (!equalBytes(known.bundleRoots.subarray(0, bundleRoots.length), bundleRoots)) return null;
  return { ...known, isSigned: await isSignedByHost(known.governance, size, note) };
}

/** Of 8 KB each; what they make is checked against the root each time. */
const keptNodes = 256;

class CopyReader implements OpenedCopy {
  readonly practice: string;
  readonly fence: number;
  readonly size: number;
  readonly root: Bytes;
  readonly checkpoint: string;
  readonly #destination: Destination;
  readonly #state: CopyState;
  readonly #source: BundleSource;
  readonly #index: IndexReader;
  readonly #folder: string;
  /** Inner hashes of the bundles read last: a patient's file is read again, and a stream has several entries of one. */
  readonly #nodes = new Map<number, Uint8Array>();

  constructor(destination: Destination, state: CopyState, source: BundleSource) {
    this.practice = state.place.practice;
    this.fence = state.place.fence;
    this.size = state.size;
    this.root = state.root;
    this.checkpoint = state.note;
    this.#destination = destination;
    this.#state = state;
    this.#source = source;
    this.#folder = fencePath(this.practice, this.fence);
    this.#index = new IndexReader(destination, state.place, state.bundleRoots.length / 32);
  }

  async readStream(stream: Uint8Array): Promise<StreamRead> {
    const own = new Uint8Array(stream);
    const items: StreamItem[] = [];
    const findings: CopyFinding[] = [];
    const records = await this.#index.find(own);
    const { readsAtOnce } = this.#destination;
    for (let start = 0; start < records.length; start += readsAtOnce) {
      const part = records.slice(start, start + readsAtOnce);
      const read = await Promise.all(part.map((record) => this.#readRecord(record, own, findings)));
      items.push(...read.filter((item) => item !== null));
    }
    for (const [position, { entry, payload }] of this.#state.tail.entries()) {
      const place = placeOrNull(entry);
      const index = this.size - this.#state.tail.length + position;
      if (place !== null && equalBytes(place.stream, own))
        items.push({ index, entry, payload: await this.#checkPayload(place.payloadHash, payload, index, findings) });
    }
    return { items, findings };
  }

  async readBlob(hash: string): Promise<Bytes> {
    const pieces: Uint8Array[] = [];
    const isGiven = await this.#source.giveBlob(hash, async (content) => {
      pieces.length = 0;
      for await (const piece of content) pieces.push(piece);
    });
    if (isGiven) return concatBytes(...pieces);
    const isThere = await this.#source.hasBlob(hash);
    throw new CopyError(isThere ? 'COPY_DAMAGED' : 'COPY_NOT_FOUND', 'The copy has no such document', {
      fields: { hash },
    });
  }

  async readEntry(index: number): Promise<StreamItem | null> {
    if (index >= this.size) return null;
    const tailAt = index - (this.size - this.#state.tail.length);
    const inTail = this.#state.tail[tailAt];
    const record = tailAt >= 0 ? null : await this.#index.recordAt(index);
    const entry = inTail?.entry ?? (await this.#entryAt(index, record));
    const place = entry === null ? null : placeOrNull(entry);
    if (entry === null || place === null) return null;
    const { payloadHash } = place;
    if (payloadHash === null) return { index, entry, payload: null };
    const isInBundle = record !== null && record.payloadSize !== null;
    const payload = inTail?.payload ?? (isInBundle ? await this.#readPayload(record, bundleOf(index)) : null);
    const isRight = payload !== null && equalBytes(sha256(payload), payloadHash);
    return { index, entry, payload: isRight ? payload : await this.#source.payload(index, payloadHash) };
  }

  async #entryAt(index: number, record: IndexRecord | null): Promise<Bytes | null> {
    const inPlace = record === null ? null : await this.#readInPlace(record);
    return inPlace ?? this.#readWhole(bundleOf(index), index);
  }

  /** Governance as verified entries have it, and whether the host that it names has signed the checkpoint. */
  async prove(): Promise<Proven> {
    const { items } = await this.readStream(governanceStream);
    const { bundleRoots } = this.#state;
    const governance = await readGovernance(this.practice, items);
    if (await isSignedByHost(governance, this.size, this.checkpoint))
      return { governance, bundleRoots, isSigned: true };
    // The index is a hint, and one that leaves entries out must not hide who the host is.
    const scanned = await readGovernance(this.practice, await this.#scanGovernance());
    const isSigned = await isSignedByHost(scanned, this.size, this.checkpoint);
    return { governance: scanned, bundleRoots, isSigned };
  }

  async #scanGovernance(): Promise<{ index: number; entry: Bytes }[]> {
    const found: { index: number; entry: Bytes }[] = [];
    const keep = (index: number, entry: Bytes) => {
      const stream = placeOrNull(entry)?.stream;
      if (stream !== undefined && equalBytes(stream, governanceStream)) found.push({ index, entry });
    };
    const bundles = this.#state.bundleRoots.length / 32;
    for (let number = 0; number < bundles; number += 1) {
      const items = await this.#source.entriesAndLosses(number, this.#rootOf(number));
      for (const [position, item] of (items ?? []).entries())
        if (item instanceof Uint8Array) keep(number * bundleSize + position, item);
    }
    for (const [position, { entry }] of this.#state.tail.entries()) keep(bundles * bundleSize + position, entry);
    return found;
  }

  async #readRecord(record: IndexRecord, stream: Bytes, findings: CopyFinding[]): Promise<StreamItem | null> {
    const { index } = record;
    const number = Math.floor(index / bundleSize);
    const entry = (await this.#readInPlace(record)) ?? (await this.#readWhole(number, index));
    const reach = { practice: this.practice, streams: [bytesToHex(stream)], from: index, to: index + 1 };
    if (entry === null) {
      findings.push(makeFinding('ENTRY_DAMAGED', this.#name('tile/entries', number), reach));
      return null;
    }
    const place = placeOrNull(entry);
    if (place === null || !equalBytes(place.stream, stream)) {
      findings.push(makeFinding('INDEX_DAMAGED', null, reach));
      return null;
    }
    const payload = record.payloadSize === null ? null : await this.#readPayload(record, number);
    return { index, entry, payload: await this.#checkPayload(place.payloadHash, payload, index, findings) };
  }

  async #readInPlace(record: IndexRecord): Promise<Bytes | null> {
    const number = Math.floor(record.index / bundleSize);
    if (number * 32 >= this.#state.bundleRoots.length) return null;
    const sibling = new Uint8Array(32);
    try {
      const found = this.#destination.read(this.#name('tile/entries', number), record.entryOffset, record.entrySize);
      const entry = found instanceof Promise ? await found : found;
      const position = record.index % bundleSize;
      const beside = this.#destination.readInto(this.#name('tile/0', number), (position ^ 1) * 32, sibling);
      if (beside instanceof Promise) await beside;
      const nodes = this.#nodes.get(number) ?? (await this.#readNodes(number));
      const root = fastRootThroughTile(position, leafHash(entry), { sibling, nodes });
      return equalBytes(root, this.#rootOf(number)) ? entry : null;
    } catch (cause) {
      if (cause instanceof CopyError) return null;
      throw cause;
    }
  }

  /** The slow way, when index, tile or nodes are damaged: the whole bundle, hashed again, or what tails hold of it. */
  async #readWhole(number: number, index: number): Promise<Bytes | null> {
    if (number * 32 >= this.#state.bundleRoots.length) return null;
    const items = await this.#source.entriesAndLosses(number, this.#rootOf(number));
    const item = items?.[index % bundleSize];
    return item instanceof Uint8Array ? item : null;
  }

  async #readPayload(record: IndexRecord, number: number): Promise<Bytes | null> {
    try {
      return await this.#destination.read(this.#name('payload', number), record.payloadOffset, record.payloadSize ?? 0);
    } catch (cause) {
      if (cause instanceof CopyError) return null;
      throw cause;
    }
  }

  async #checkPayload(
    hash: Bytes | null,
    found: Bytes | null,
    index: number,
    findings: CopyFinding[],
  ): Promise<Bytes | null> {
    if (hash === null) return null;
    if (found !== null && equalBytes(sha256(found), hash)) return found;
    try {
      return (await this.#source.payload(index, hash)) ?? (await this.readBlob(bytesToHex(hash)));
    } catch (cause) {
      if (!(cause instanceof CopyError) || isOutOfReach(cause)) throw cause;
      const reach = { practice: this.practice, from: index, to: index + 1 };
      findings.push(makeFinding(found === null ? 'PAYLOAD_MISSING' : 'PAYLOAD_DAMAGED', null, reach));
      return null;
    }
  }

  /** The inner hashes of a bundle, kept. Throws as `readInto` does. */
  async #readNodes(number: number): Promise<Uint8Array> {
    const oldest = this.#nodes.size < keptNodes ? undefined : this.#nodes.entries().next().value;
    if (oldest !== undefined) this.#nodes.delete(oldest[0]);
    // Room that is used again: making it costs more than reading into it.
    const nodes = oldest?.[1] ?? new Uint8Array(nodesBytes);
    const reading = this.#destination.readInto(this.#name('nodes', number), 0, nodes);
    if (reading instanceof Promise) await reading;
    this.#nodes.set(number, nodes);
    return nodes;
  }

  #rootOf(number: number): Uint8Array {
    return this.#state.bundleRoots.subarray(number * 32, number * 32 + 32);
  }

  #name(folder: 'tile/entries' | 'payload' | 'nodes' | 'tile/0', number: number): string {
    return `${this.#folder}/${folder}/${formatNumber(number)}`;
  }
}

function bundleOf(index: number): number {
  return Math.floor(index / bundleSize);
}

/** Null for bytes that are no entry: anybody can write a tail of those. */
function placeOrNull(entry: Bytes): ReturnType<typeof readEntryPlace> | null {
  try {
    return readEntryPlace(entry);
  } catch (cause) {
    if (cause instanceof CoreError) return null;
    throw cause;
  }
}
