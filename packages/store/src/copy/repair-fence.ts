import { type Bytes, bytesToHex, equalBytes } from '@serment/core/bytes';
import {
  encodeEntryBundle,
  encodePayloadBundle,
  parseEntryBundle,
  parsePayloadBundle,
} from '@serment/core/copy/bundle';
import { readEntryPlace } from '@serment/core/copy/entry-place';
import { bundleSize, indexFanOut } from '@serment/core/copy/names';
import { encodeNodes, hashTileBytes, tileRoot } from '@serment/core/copy/nodes';
import { encodeBundleIndex, mergeStreamIndexes } from '@serment/core/copy/stream-index';
import type { Tail } from '@serment/core/copy/tail';
import { Frontier, foldFrontier, leafHash, nodeHash } from '@serment/core/journal/tree';
import { type RawBundle, readObject, readRawBundle } from './bundle-check.ts';
import { bundleRoot, commitOf, listCommits, parseOwnTail } from './copy-state.ts';
import type { Destination } from './destination.ts';
import type { TailRange } from './held.ts';
import { isSameStream } from './index-check.ts';
import type { Mender, Unrepairable } from './mender.ts';
import type { OpenedState } from './open-copy.ts';
import { PayloadPool } from './payload-pool.ts';
import { isSignedByHost } from './proven-host.ts';
import { CommitRepair, type NameInFence, nameIn, notesAt } from './repair-commits.ts';
import type { DocumentRepair } from './repair-documents.ts';
import type { FencePlace } from './upper-levels.ts';

export interface FenceRepairOptions {
  /** What all copies together prove; `source` reads from each of them. */
  readonly opened: OpenedState;
  readonly bad: Destination;
  /** All copies, the damaged one first. */
  readonly places: readonly Destination[];
  readonly mender: Mender;
  readonly documents: DocumentRepair;
  /** Told of what no copy has whole, with the entries that it touches. */
  readonly onLost: (object: string, reason: Unrepairable, reach?: { from: number; to: number }) => void;
  readonly onProgress: (entries: number) => void;
}

/** Brings one practice under one fence, at the damaged copy, to what all copies together prove of it. */
export class FenceRepair {
  readonly #options: FenceRepairOptions;
  readonly #place: FencePlace;
  readonly #count: number;
  /** Roots of the tree at each number of full bundles. */
  readonly #roots: Bytes[] = [];
  readonly #bundles = new Frontier();
  /** Stream indexes that cannot be relied on, as level/number. */
  readonly #badIndexes = new Set<string>();
  /** Those that a dry run would have written, from which nothing can be merged. */
  readonly #plannedIndexes = new Set<string>();
  readonly #payloads: PayloadPool;
  #tails: TailRange[] | null = null;
  /** Damaged, and not needed once the state is committed. */
  readonly #surplus: string[] = [];

  constructor(options: FenceRepairOptions) {
    this.#options = options;
    const { place, bundleRoots } = options.opened.state;
    this.#place = place;
    this.#payloads = new PayloadPool(options.opened.source, options.places, place);
    this.#count = bundleRoots.length / 32;
    this.#roots.push(this.#bundles.root());
    for (let number = 0; number < this.#count; number += 1) {
      this.#bundles.append(bundleRoots.slice(number * 32, number * 32 + 32));
      this.#roots.push(this.#bundles.root());
    }
  }

  /** A checkpoint that the host signed over another history than this one: then nothing may be written. Null for none. */
  async fork(): Promise<number | null> {
    const { places, opened } = this.#options;
    const { sizes, tails } = await listCommits(places, this.#place);
    for (const size of sizes.filter((one) => one <= opened.state.size)) {
      const root = this.#rootAt(size);
      for (const note of root === null ? [] : await notesAt(places, this.#place, { size, tails })) {
        const committed = commitOf(note, this.#place, size);
        const isOther = root !== null && committed !== null && !equalBytes(root, committed);
        if (isOther && (await isSignedByHost(opened.governance, size, note))) return size;
      }
    }
    return null;
  }

  async repair(): Promise<void> {
    const { opened, mender, documents, onProgress } = this.#options;
    for (let number = 0; number < this.#count; number += 1) {
      await this.#repairBundle(number);
      onProgress((number + 1) * bundleSize);
    }
    const base = this.#count * bundleSize;
    const tail = opened.state.tail.map(({ entry, payload }, at) => ({ index: base + at, entry, payload }));
    await documents.repairOf(tail);
    for (const { index, entry, payload } of tail)
      await this.#bringIfDocument(index, entry, await this.#payloads.of(index, entry, payload));
    await mender.flush();
    await this.#repairTiles();
    await this.#repairIndexes();
    await mender.flush();
    const commits = new CommitRepair({
      ...this.#options,
      payloads: this.#payloads,
      rootAt: (size) => this.#rootAt(size),
    });
    await commits.repair();
    await mender.flush();
    // Only now: what commits the state stands.
    for (const name of [...this.#surplus, ...commits.surplus]) await mender.putAside(name);
    onProgress(opened.state.size);
  }

  async #repairBundle(number: number): Promise<void> {
    const { opened, bad, documents, mender, onLost } = this.#options;
    const root = this.#rootOf(number);
    const raw = await readRawBundle(bad, this.#place, number);
    const items = entriesOf(raw.entries, root) ?? (await opened.source.entriesAndLosses(number, root));
    const name = (kind: 'entries' | 'payload' | 'nodes') => this.#name({ kind, number });
    const start = number * bundleSize;
    if (items === null) {
      this.#badIndexes.add(`0/${number}`);
      return onLost(name('entries'), 'nowhere', { from: start, to: start + bundleSize });
    }
    const leaves = new Uint8Array(hashTileBytes);
    for (const [at, item] of items.entries())
      leaves.set(item instanceof Uint8Array ? leafHash(item) : item.leaf, at * 32);
    await this.#mendRaw(raw.tile, this.#name({ kind: 'tile', level: 0, number }), leaves);
    await this.#mendRaw(raw.nodes, name('nodes'), encodeNodes(leaves, nodeHash));
    const entries = items.filter((item) => item instanceof Uint8Array);
    const known = items.flatMap((item, at) => (item instanceof Uint8Array ? [{ index: start + at, entry: item }] : []));
    await documents.repairOf(known);
    if (entries.length < bundleSize) {
      this.#badIndexes.add(`0/${number}`);
      for (const [at, item] of items.entries())
        if (!(item instanceof Uint8Array)) onLost(name('entries'), 'nowhere', { from: start + at, to: start + at + 1 });
      return;
    }
    const entryBundle = encodeEntryBundle(entries);
    await this.#mendRaw(raw.entries, name('entries'), entryBundle);
    const payloads = await this.#payloadsOf(number, entries, raw);
    if (payloads !== null) await this.#mendRaw(raw.payload, name('payload'), payloads);
    const streams = entries.map((entry) => readEntryPlace(entry).stream);
    const index = payloads === null ? null : encodeBundleIndex({ number, streams, entries: entryBundle, payloads });
    const isIndexed =
      index !== null && (await this.#mendRaw(raw.index, this.#name({ kind: 'index', level: 0, number }), index));
    if (!isIndexed) this.#badIndexes.add(`0/${number}`);
    else if (mender.isDryRun && !isSame(raw.index, index)) this.#plannedIndexes.add(`0/${number}`);
    await this.#lookAtCoveredTails(number, entries);
  }

  /** Compares what was read with what belongs there. Returns false where the name must stay as it is. */
  async #mendRaw(found: RawBundle['entries'], name: string, bytes: Uint8Array): Promise<boolean> {
    if (isSame(found, bytes)) return true;
    return this.#options.mender.write(name, bytes, found !== null);
  }

  /** The payload bundle of these entries, each payload from wherever it has its hash; null when one is nowhere. */
  async #payloadsOf(number: number, entries: readonly Bytes[], raw: RawBundle): Promise<Bytes | null> {
    const own = raw.payload instanceof Uint8Array ? parsedPayloads(raw.payload) : null;
    const payloads: (Bytes | null)[] = [];
    let isWhole = true;
    for (const [at, entry] of entries.entries()) {
      const index = number * bundleSize + at;
      const payload = await this.#payloads.of(index, entry, own?.[at] ?? null);
      if (payload === undefined) {
        isWhole = false;
        this.#options.onLost(this.#name({ kind: 'payload', number }), 'nowhere', { from: index, to: index + 1 });
      }
      await this.#bringIfDocument(index, entry, payload);
      payloads.push(payload ?? null);
    }
    return isWhole ? encodePayloadBundle(payloads) : null;
  }

  /** A payload that no bundle has is a document, and has to be there as one. */
  async #bringIfDocument(index: number, entry: Bytes, payload: Bytes | null | undefined): Promise<void> {
    const { payloadHash } = readEntryPlace(entry);
    if (payload === null && payloadHash !== null)
      await this.#options.documents.repairPayload(bytesToHex(payloadHash), index);
  }

  /** A tail of a full bundle is needed no more, unless it commits the end: a damaged one goes aside. */
  async #lookAtCoveredTails(number: number, entries: readonly Bytes[]): Promise<void> {
    const base = number * bundleSize;
    const { size } = this.#options.opened.state;
    for (const range of await this.#ownTails(
      ({ from, to }) => Math.floor(from / bundleSize) === number && to !== size,
    )) {
      const tail = await this.#readOwnTail(range);
      const isHeld = tail?.items.every(({ entry }, at) => equalBytes(entry, entries[range.from - base + at] ?? entry));
      const isRight = isHeld === true && tail !== null && (await this.#isRightEnd(tail.note, range.to));
      if (!isRight) this.#surplus.push(this.#name({ kind: 'tail', ...range }));
    }
  }

  /** False for a checkpoint at the end of a bundle that is not the host's over this tree. */
  async #isRightEnd(note: string, size: number): Promise<boolean> {
    const root = this.#rootAt(size);
    if (root === null) return true;
    const committed = commitOf(note, this.#place, size);
    if (committed === null || !equalBytes(root, committed)) return false;
    return isSignedByHost(this.#options.opened.governance, size, note);
  }

  async #repairTiles(): Promise<void> {
    const { mender } = this.#options;
    let hashes = Array.from({ length: this.#count }, (_, number) => this.#rootOf(number));
    for (let level = 1; hashes.length >= bundleSize; level += 1) {
      const above: Uint8Array[] = [];
      for (let number = 0; (number + 1) * bundleSize <= hashes.length; number += 1) {
        const tile = new Uint8Array(hashTileBytes);
        for (let child = 0; child < bundleSize; child += 1)
          tile.set(hashes[number * bundleSize + child] ?? tile.subarray(0, 0), child * 32);
        await mender.mend(this.#name({ kind: 'tile', level, number }), tile);
        above.push(tileRoot(encodeNodes(tile, nodeHash)).slice());
      }
      hashes = above;
    }
  }

  /** Merges the stream indexes again, each from those below it at the damaged copy itself, which are right by now. */
  async #repairIndexes(): Promise<void> {
    const { bad, mender, onLost } = this.#options;
    for (let level = 1, below = this.#count; below >= indexFanOut; level += 1) {
      below = Math.floor(below / indexFanOut);
      for (let number = 0; number < below; number += 1) {
        const name = this.#name({ kind: 'index', level, number });
        const children = Array.from({ length: indexFanOut }, (_, child) => number * indexFanOut + child);
        const isReliable = children.every((child) => !this.#badIndexes.has(`${level - 1}/${child}`));
        const merged = () =>
          mergeStreamIndexes(
            children.map((child) => bad.stream(this.#name({ kind: 'index', level: level - 1, number: child }))),
          );
        const isThere = await bad.has(name);
        if (children.some((child) => this.#plannedIndexes.has(`${level - 1}/${child}`))) {
          this.#plannedIndexes.add(`${level}/${number}`);
          if (!isThere) mender.plan(name, false);
          continue;
        }
        if (!isReliable) {
          this.#badIndexes.add(`${level}/${number}`);
          if (!isThere) onLost(name, 'nowhere');
          continue;
        }
        const isRight = isThere && (await isSameStream(bad.stream(name), merged()).catch(() => false));
        if (isRight) continue;
        if (!(await mender.write(name, merged(), isThere))) this.#badIndexes.add(`${level}/${number}`);
        else if (mender.isDryRun) this.#plannedIndexes.add(`${level}/${number}`);
      }
      await mender.flush();
    }
  }

  async #ownTails(isWanted: (range: TailRange) => boolean): Promise<TailRange[]> {
    this.#tails ??= (await listCommits([this.#options.bad], this.#place, ['tail'])).tails;
    return this.#tails.filter(isWanted);
  }

  async #readOwnTail(range: TailRange): Promise<Tail | null> {
    const object = await readObject(this.#options.bad, this.#name({ kind: 'tail', ...range }));
    return object instanceof Uint8Array ? parseOwnTail(object, this.#place, range) : null;
  }

  #rootOf(number: number): Uint8Array {
    return this.#options.opened.state.bundleRoots.subarray(number * 32, number * 32 + 32);
  }

  /** The root at a size of the proven tree; null inside a bundle that is full, where nothing tells it. */
  #rootAt(size: number): Bytes | null {
    const { state } = this.#options.opened;
    const rest = size - this.#count * bundleSize;
    if (rest <= 0) return size % bundleSize === 0 ? (this.#roots[size / bundleSize] ?? null) : null;
    if (rest > state.tail.length) return null;
    const partial = new Frontier();
    for (const { entry } of state.tail.slice(0, rest)) partial.append(leafHash(entry));
    return foldFrontier([...this.#bundles.hashes(), ...partial.hashes()]);
  }

  #name(name: NameInFence): string {
    return nameIn(this.#place, name);
  }
}

function isSame(found: RawBundle['entries'], bytes: Uint8Array): boolean {
  return found instanceof Uint8Array && equalBytes(found, bytes);
}

/** The entries of a bundle that hash to this root; null for any other object. */
function entriesOf(object: RawBundle['entries'], root: Uint8Array): Bytes[] | null {
  if (!(object instanceof Uint8Array)) return null;
  const found = bundleRoot(object);
  return found !== null && equalBytes(found, root) ? parseEntryBundle(object) : null;
}

function parsedPayloads(bytes: Bytes): (Bytes | null)[] | null {
  try {
    return parsePayloadBundle(bytes);
  } catch {
    return null;
  }
}
