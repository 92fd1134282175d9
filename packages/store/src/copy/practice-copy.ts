import { type Bytes, equalBytes, hexToBytes } from '@serment/core/bytes';
import { bundleSize, formatCopyName } from '@serment/core/copy/names';
import { encodeTail, parseTail, type Tail } from '@serment/core/copy/tail';
import { type Checkpoint, parseCheckpoint } from '@serment/core/journal/checkpoint';
import { Frontier, foldFrontier } from '@serment/core/journal/tree';
import { BlobCopier } from './blob-copier.ts';
import { BundleWriter, groupByBundle } from './bundle-writer.ts';
import type { CapturedEntry, CaptureHead, CaptureSource } from './capture-source.ts';
import { CopyError } from './copy-error.ts';
import { deleteCoveredTails } from './covered-tails.ts';
import type { Destination } from './destination.ts';
import { type Held, listHeld, type TailRange, wholeBundles } from './held.ts';
import { fastLeafHash } from './tree-hash.ts';
import { type FencePlace, rootOfTile, writeUpperLevels } from './upper-levels.ts';

export interface PracticeCopyOptions {
  readonly source: CaptureSource;
  readonly destination: Destination;
  readonly practice: string;
  readonly fence: number;
  readonly signCheckpoint: (checkpoint: Checkpoint) => Promise<string>;
}

/**
 * One practice at one destination. Its state is what the destination itself holds; after any error it is thrown away
 * and attached again.
 */
export class PracticeCopy {
  readonly fence: number;
  readonly blobs: BlobCopier;
  readonly #options: PracticeCopyOptions;
  readonly #held: Held;
  readonly #place: FencePlace;
  /** Over tile roots: one leaf stands for a full bundle. */
  #bundles: Frontier;
  /** Over the leaves after the full bundles that tails hold. */
  #partial: Frontier;

  private constructor(options: PracticeCopyOptions, held: Held, bundles: Frontier) {
    this.fence = options.fence;
    this.blobs = new BlobCopier(options);
    this.#options = options;
    this.#held = held;
    this.#place = { practice: options.practice, fence: options.fence };
    this.#bundles = bundles;
    this.#partial = new Frontier();
  }

  /** Reads what the destination holds. Throws COPY_NEWER_FENCE when a restored vault already writes there. */
  static async attach(options: PracticeCopyOptions): Promise<PracticeCopy> {
    const { destination, practice, fence } = options;
    await destination.settle(`${practice}/`);
    const held = await listHeld(destination, practice, fence);
    if (held.fence > fence)
      throw new CopyError('COPY_NEWER_FENCE', 'A vault restored since then writes into this copy', {
        fields: { fence: held.fence },
        hint: 'Stop this server: it was replaced by a restored one.',
      });
    const bundles = new Frontier();
    const count = wholeBundles(held);
    for (let number = 0; number < count; ) {
      const isWholeTile = held.tiles.get(1)?.has(number / bundleSize) === true;
      number += isWholeTile
        ? await appendTile(destination, { practice, fence }, number / bundleSize, bundles)
        : await appendRoot(destination, { practice, fence }, number, bundles);
    }
    const copy = new PracticeCopy(options, held, bundles);
    await copy.#readTails();
    return copy;
  }

  /** Entries that a checkpoint at the destination commits. */
  get size(): number {
    return this.#bundles.size * bundleSize + this.#partial.size;
  }

  /** Brings the destination to the source's head; durable when it returns. Throws COPY_DIVERGED when the two are not one history. */
  async publish(head: CaptureHead): Promise<void> {
    await this.blobs.retryUnreadable();
    const bundles = Math.floor(head.size / bundleSize);
    if (head.size < this.size) throw diverged('The store has fewer entries than its copy');
    if (bundles > this.#bundles.size) await this.#publishBundles(head, bundles);
    else if (head.size > this.size) await this.#publishTail(head);
    else if (!equalBytes(this.#root(), head.root)) throw diverged('The copy has another history than the store');
  }

  /** Writes the last revision of each draft that the destination lacks. */
  async publishDrafts(): Promise<void> {
    const { source, destination, practice } = this.#options;
    const batch = destination.batch();
    const written = new Map<string, number>();
    try {
      for await (const { slot, revision, draft } of source.drafts(practice)) {
        if ((this.#held.drafts.get(slot) ?? 0) >= revision) continue;
        await batch.put(formatCopyName({ kind: 'draft', practice, slot, revision }), draft ?? new Uint8Array(0));
        written.set(slot, revision);
      }
      if (written.size > 0) await batch.commit();
    } finally {
      await batch.abandon();
    }
    for (const [slot, revision] of written) this.#held.drafts.set(slot, revision);
  }

  /** Deletes tails that read-back bundles cover. */
  async deleteCoveredTails(): Promise<void> {
    const kept = await deleteCoveredTails(this.#options.destination, this.#place, {
      tails: this.#held.tails,
      checkpoints: this.#held.checkpoints,
    });
    this.#held.tails.splice(0, this.#held.tails.length, ...kept);
  }

  async #publishBundles(head: CaptureHead, bundles: number): Promise<void> {
    const { source, destination, practice } = this.#options;
    const from = this.#bundles.size;
    const writer = new BundleWriter({ destination, place: this.#place, held: this.#held, blobs: this.blobs });
    let rest: CapturedEntry[] = [];
    try {
      const range = source.readRange(practice, from * bundleSize, head.size);
      for await (const { number, items } of groupByBundle(range, from * bundleSize)) {
        if (items.length === bundleSize) this.#bundles.append(new Uint8Array(await writer.add(number, items)));
        else rest = items;
      }
      await writer.finish();
    } finally {
      await writer.abandon();
      await this.blobs.abandon();
    }
    if (this.#bundles.size !== bundles) throw sourceInvalid('The store gave fewer entries than its head counts');
    await writeUpperLevels(destination, this.#place, this.#held, bundles);
    this.#partial = new Frontier();
    await this.#commit(head, rest);
  }

  async #publishTail(head: CaptureHead): Promise<void> {
    const rest: CapturedEntry[] = [];
    const range = this.#options.source.readRange(this.#options.practice, this.size, head.size);
    for await (const { items } of groupByBundle(range, this.size)) rest.push(...items);
    await this.#commit(head, rest);
  }

  /** Checks the whole tree against the head, then writes what commits: checkpoint at the last full bundle, and tail. */
  async #commit(head: CaptureHead, rest: readonly CapturedEntry[]): Promise<void> {
    const { destination, practice, signCheckpoint } = this.#options;
    const from = this.size;
    for (const item of rest) this.#partial.append(fastLeafHash(item.entry));
    if (this.size !== head.size) throw sourceInvalid('The store gave fewer entries than its head counts');
    if (!equalBytes(this.#root(), head.root)) throw diverged('The copy has another history than the store');
    assertHead(head, practice);
    for (const item of rest) await this.blobs.add(item.blobs);
    await this.blobs.commit();
    const batch = destination.batch();
    const size = this.#bundles.size * bundleSize;
    const isCheckpointDue = size > 0 && !this.#held.checkpoints.has(size);
    try {
      if (isCheckpointDue) {
        const root = this.#bundles.root();
        const note = await signCheckpoint({ practice: hexToBytes(practice), fence: this.fence, size, root });
        await batch.put(formatCopyName({ kind: 'checkpoint', ...this.#place, size }), new TextEncoder().encode(note));
      }
      if (rest.length > 0) {
        const items = rest.map(({ entry, payload }) => ({ entry, payload }));
        const tail: Tail = { practice: hexToBytes(practice), fence: this.fence, from, items, note: head.note };
        await batch.put(formatCopyName({ kind: 'tail', ...this.#place, from, to: head.size }), encodeTail(tail));
      }
      await batch.commit();
    } finally {
      await batch.abandon();
      await this.blobs.abandon();
    }
    if (isCheckpointDue) this.#held.checkpoints.add(size);
    if (rest.length > 0) this.#held.tails.push({ from, to: head.size });
  }

  #root(): Bytes {
    return foldFrontier([...this.#bundles.hashes(), ...this.#partial.hashes()]);
  }

  /** Follows the tails after the last full bundle, as far as they join and hash to their own checkpoints. */
  async #readTails(): Promise<void> {
    const base = this.#bundles.size * bundleSize;
    const candidates = this.#held.tails.filter(({ to }) => to > base).sort((left, right) => right.to - left.to);
    while (true) {
      const size = this.size;
      const next = candidates.find(({ from, to }) => from <= size && from >= base && to > size);
      if (next === undefined) return;
      candidates.splice(candidates.indexOf(next), 1);
      const partial = await this.#readTail(next);
      if (partial !== null) this.#partial = partial;
    }
  }

  async #readTail({ from, to }: TailRange): Promise<Frontier | null> {
    const name = formatCopyName({ kind: 'tail', ...this.#place, from, to });
    const bytes = await this.#options.destination.get(name);
    let tail: Tail;
    try {
      tail = parseTail(bytes);
    } catch {
      // Damaged: verify reports it, and its entries are published again in another tail.
      return null;
    }
    const partial = this.#partial.clone();
    for (const { entry } of tail.items.slice(this.size - from)) partial.append(fastLeafHash(entry));
    const root = foldFrontier([...this.#bundles.hashes(), ...partial.hashes()]);
    return equalBytes(root, parseCheckpoint(tail.note).checkpoint.root) ? partial : null;
  }
}

async function appendTile(
  destination: Destination,
  place: FencePlace,
  number: number,
  bundles: Frontier,
): Promise<number> {
  const tile = await destination.get(formatCopyName({ kind: 'tile', ...place, level: 1, number }));
  for (let position = 0; position < bundleSize; position += 1)
    bundles.append(tile.slice(position * 32, position * 32 + 32));
  return bundleSize;
}

async function appendRoot(
  destination: Destination,
  place: FencePlace,
  number: number,
  bundles: Frontier,
): Promise<number> {
  bundles.append(new Uint8Array(await rootOfTile(destination, place, 0, number)));
  return 1;
}

function assertHead(head: CaptureHead, practice: string): void {
  const { checkpoint } = parseCheckpoint(head.note);
  const isSame =
    checkpoint.size === head.size &&
    checkpoint.fence === head.fence &&
    equalBytes(checkpoint.root, head.root) &&
    equalBytes(checkpoint.practice, hexToBytes(practice));
  if (!isSame) throw sourceInvalid('The store’s checkpoint is not that of its head');
}

function diverged(message: string): CopyError {
  return new CopyError('COPY_DIVERGED', message, {
    hint: 'Run verify on the copy. Nothing more is written into it; give the server a new, empty copy folder meanwhile.',
  });
}

function sourceInvalid(message: string): CopyError {
  return new CopyError('COPY_SOURCE_INVALID', message);
}
