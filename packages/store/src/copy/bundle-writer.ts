import { encodeEntryBundle, encodePayloadBundle } from '@serment/core/copy/bundle';
import { readEntryPlace } from '@serment/core/copy/entry-place';
import { bundleSize, formatCopyName } from '@serment/core/copy/names';
import { encodeNodes, hashTileBytes, tileRoot } from '@serment/core/copy/nodes';
import { encodeBundleIndex } from '@serment/core/copy/stream-index';
import { leafHash, nodeHash } from '@serment/core/journal/tree';
import type { BlobCopier } from './blob-copier.ts';
import type { CapturedEntry } from './capture-source.ts';
import { CopyError } from './copy-error.ts';
import type { Destination, DestinationBatch } from './destination.ts';
import { type Held, levelOf } from './held.ts';
import type { FencePlace } from './upper-levels.ts';

// Bounds what one barrier makes durable: files that stay open, and memory of the system's page cache.
const barrierBundles = 40;
const barrierBytes = 32 * 1024 * 1024;

/** Writes full bundles with everything of level 0, a few dozen to a barrier, the next read while the last is synced. */
export class BundleWriter {
  readonly #destination: Destination;
  readonly #place: FencePlace;
  readonly #held: Held;
  readonly #blobs: BlobCopier;
  #pending: Promise<void> = Promise.resolve();
  #batch: DestinationBatch | null = null;
  #bundles: number[] = [];
  #bytes = 0;

  constructor(options: { destination: Destination; place: FencePlace; held: Held; blobs: BlobCopier }) {
    this.#destination = options.destination;
    this.#place = options.place;
    this.#held = options.held;
    this.#blobs = options.blobs;
  }

  /** Takes the 256 entries of bundle `number`; returns the root of its tile. */
  async add(number: number, items: readonly CapturedEntry[]): Promise<Uint8Array> {
    await this.#blobs.add(items.flatMap(({ blobs }) => blobs));
    const tile = new Uint8Array(hashTileBytes);
    for (const [position, item] of items.entries()) tile.set(leafHash(item.entry), position * 32);
    const entries = encodeEntryBundle(items.map((item) => item.entry));
    const payloads = encodePayloadBundle(items.map((item) => item.payload));
    const streams = items.map((item) => readEntryPlace(item.entry).stream);
    const nodes = encodeNodes(tile, nodeHash);
    this.#batch ??= this.#destination.batch();
    const batch = this.#batch;
    const place = this.#place;
    await batch.put(formatCopyName({ kind: 'payload', ...place, number }), payloads);
    await batch.put(formatCopyName({ kind: 'entries', ...place, number }), entries);
    await batch.put(formatCopyName({ kind: 'tile', ...place, level: 0, number }), tile);
    await batch.put(formatCopyName({ kind: 'nodes', ...place, number }), nodes);
    await batch.put(
      formatCopyName({ kind: 'index', ...place, level: 0, number }),
      encodeBundleIndex({ number, streams, entries, payloads }),
    );
    this.#bundles.push(number);
    this.#bytes += entries.length + payloads.length;
    if (this.#bundles.length >= barrierBundles || this.#bytes >= barrierBytes) await this.#barrier();
    return tileRoot(nodes);
  }

  /** Returns once everything that was added is durable. */
  async finish(): Promise<void> {
    await this.#barrier();
    await this.#pending;
  }

  async abandon(): Promise<void> {
    await this.#pending.catch(() => null);
    await this.#batch?.abandon();
  }

  async #barrier(): Promise<void> {
    await this.#pending;
    const batch = this.#batch;
    if (batch === null) return;
    const bundles = this.#bundles;
    this.#batch = null;
    this.#bundles = [];
    this.#bytes = 0;
    const commitBlobs = this.#blobs.take();
    this.#pending = this.#commit(batch, bundles, commitBlobs);
    // Seen at the next barrier; until then it must not count as unhandled.
    this.#pending.catch(() => null);
  }

  async #commit(batch: DestinationBatch, bundles: readonly number[], commitBlobs: () => Promise<void>): Promise<void> {
    try {
      await commitBlobs();
      await batch.commit();
    } finally {
      await batch.abandon();
    }
    for (const number of bundles) {
      for (const numbers of [this.#held.entries, this.#held.payload, this.#held.nodes]) numbers.add(number);
      levelOf(this.#held.tiles, 0).add(number);
      levelOf(this.#held.indexes, 0).add(number);
    }
  }
}

/** Groups captured entries by bundle, and refuses a source that skips or repeats one. */
export async function* groupByBundle(
  entries: AsyncIterable<CapturedEntry>,
  from: number,
): AsyncGenerator<{ number: number; items: CapturedEntry[] }> {
  let next = from;
  let items: CapturedEntry[] = [];
  for await (const item of entries) {
    if (item.index !== next) throw gapError(next, item.index);
    next += 1;
    items.push(item);
    if (next % bundleSize !== 0) continue;
    yield { number: next / bundleSize - 1, items };
    items = [];
  }
  if (items.length > 0) yield { number: Math.floor(next / bundleSize), items };
}

function gapError(expected: number, got: number): CopyError {
  return new CopyError('COPY_SOURCE_INVALID', 'The store skipped an entry', { fields: { expected, got } });
}
