import { type Bytes, equalBytes, hexToBytes, utf8ToBytes } from '@serment/core/bytes';
import { bundleSize, formatCopyName } from '@serment/core/copy/names';
import { encodeTail, parseTail, type Tail } from '@serment/core/copy/tail';
import { CoreError } from '@serment/core/error';
import { type Checkpoint, parseCheckpoint } from '@serment/core/journal/checkpoint';
import { Frontier, foldFrontier, leafHash } from '@serment/core/journal/tree';
import { type Adopted, adoptBundles, isOwnNote, isPayloadRight, readNote } from './adopt.ts';
import { BlobCopier } from './blob-copier.ts';
import { BundleWriter, groupByBundle } from './bundle-writer.ts';
import type { CapturedEntry, CaptureHead, CaptureSource } from './capture-source.ts';
import { CopyError } from './copy-error.ts';
import { deleteCoveredTails } from './covered-tails.ts';
import type { Destination, DestinationBatch } from './destination.ts';
import { type Held, listHeld, type TailRange } from './held.ts';
import { openStates } from './open-copy.ts';
import { type FencePlace, writeUpperLevels } from './upper-levels.ts';

export interface PracticeCopyOptions {
  readonly source: CaptureSource;
  readonly destination: Destination;
  readonly practice: string;
  readonly fence: number;
  readonly signCheckpoint: (checkpoint: Checkpoint) => Promise<string>;
  /** Kept by the caller from one attachment to the next. */
  readonly provenBlobs: Set<string>;
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
  readonly #bundles = new Frontier();
  /** Over the leaves after the full bundles that tails hold. */
  #partial = new Frontier();
  /** Size of the greatest checkpoint object that was written here or read back. */
  #checkpointed: number;
  /** As `#checkpointed`, the checkpoints in tails included. */
  #committed: number;
  /** Names under which something stands that this writer did not put there. */
  readonly #foreign = new Set<string>();
  /** Revision by slot, put here or read back. */
  readonly #drafts = new Map<string, number>();

  private constructor(options: PracticeCopyOptions, held: Held, { roots, checkpointed, foreign }: Adopted) {
    this.fence = options.fence;
    this.blobs = new BlobCopier(options);
    this.#options = options;
    this.#held = held;
    this.#place = { practice: options.practice, fence: options.fence };
    for (const root of roots) this.#bundles.append(new Uint8Array(root));
    this.#checkpointed = checkpointed;
    this.#committed = checkpointed;
    if (foreign !== null) this.#foreign.add(foreign);
  }

  /** Reads what the destination holds. Throws COPY_NEWER_FENCE when a restored vault already writes there. */
  static async attach(options: PracticeCopyOptions): Promise<PracticeCopy> {
    const { destination, practice, fence, signCheckpoint } = options;
    await destination.settle(`${practice}/`);
    const held = await listHeld(destination, practice, fence);
    if (held.fence > fence) await refuseNewerFence(options);
    const place = { practice, fence };
    const copy = new PracticeCopy(options, held, await adoptBundles({ destination, place, held, signCheckpoint }));
    await copy.#readTails();
    return copy;
  }

  /** What somebody has to look at although entries are copied. */
  get failure(): { code: string; hint: string } | null {
    if (this.#foreign.size + this.blobs.foreign.size > 0)
      return {
        code: 'COPY_NAME_TAKEN',
        hint: 'Something stands in the copy that this server did not write. Entries are copied all the same. Run verify on the copy, find out who wrote what it names, and move that away.',
      };
    if (this.blobs.unreadable.size > 0)
      return {
        code: 'COPY_BLOB_UNREADABLE',
        hint: 'A document is missing from the server; restore it from another copy.',
      };
    return null;
  }

  /** Entries that are at the destination. */
  get size(): number {
    return this.#bundles.size * bundleSize + this.#partial.size;
  }

  /** Brings the destination to the source's head; durable when it returns. Throws COPY_DIVERGED when the two are not one history. */
  async publish(head: CaptureHead): Promise<void> {
    await this.blobs.retryUnreadable();
    for (const name of this.#foreign) if (!(await this.#options.destination.has(name))) this.#foreign.delete(name);
    const bundles = Math.floor(head.size / bundleSize);
    if (head.size < this.size) throw diverged('The store has fewer entries than its copy');
    if (bundles > this.#bundles.size) await this.#publishBundles(head, bundles);
    else if (head.size > this.#committed) await this.#publishTail(head);
    else if (!equalBytes(this.#root(), head.root)) throw diverged('The copy has another history than the store');
  }

  /** Writes the last revision of each draft that the destination lacks. */
  async publishDrafts(): Promise<void> {
    const { source, destination, practice } = this.#options;
    const batch = destination.batch();
    const written = new Map<string, number>();
    try {
      for await (const { slot, revision, draft } of source.drafts(practice)) {
        if (this.#drafts.get(slot) === revision) continue;
        const name = formatCopyName({ kind: 'draft', practice, slot, revision });
        const content = draft ?? new Uint8Array(0);
        if (!(await destination.has(name))) await batch.put(name, content);
        else if (!equalBytes(await destination.get(name), content)) this.#foreign.add(name);
        written.set(slot, revision);
      }
      await batch.commit();
    } finally {
      await batch.abandon();
    }
    for (const [slot, revision] of written) this.#drafts.set(slot, revision);
  }

  /** Deletes tails that read-back bundles cover. */
  async deleteCoveredTails(): Promise<void> {
    const kept = await deleteCoveredTails(this.#options.destination, this.#place, {
      tails: this.#held.tails,
      checkpointed: this.#checkpointed,
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
    const range = this.#options.source.readRange(this.#options.practice, this.#freeFrom(head.size), head.size);
    for await (const item of range) rest.push(item);
    await this.#commit(head, rest);
  }

  /** Where a tail up to `to` begins: after what is held, or before when that name is not this writer's. */
  #freeFrom(to: number): number {
    const base = this.#bundles.size * bundleSize;
    let from = this.size;
    const isTaken = () => this.#held.tails.some((tail) => tail.from === from && tail.to === to);
    while (from > base && isTaken()) from -= 1;
    return from;
  }

  /** Checks the whole tree against the head, then writes what commits: checkpoint at the last full bundle, and tail. */
  async #commit(head: CaptureHead, rest: readonly CapturedEntry[]): Promise<void> {
    const { destination, practice } = this.#options;
    for (const item of rest) if (item.index >= this.size) this.#partial.append(leafHash(item.entry));
    if (this.size !== head.size) throw sourceInvalid('The store gave fewer entries than its head counts');
    if (!equalBytes(this.#root(), head.root)) throw diverged('The copy has another history than the store');
    assertHead(head, practice);
    await this.blobs.add(rest.flatMap(({ blobs }) => blobs));
    await this.blobs.commit();
    const batch = destination.batch();
    const size = this.#bundles.size * bundleSize;
    let tail: TailRange | null = null;
    try {
      const isCheckpointed = size <= this.#checkpointed || (await this.#putCheckpoint(batch, size));
      const items = isCheckpointed || rest.length > 0 ? rest : await this.#lastEntry(size);
      if (items.length > 0) tail = await this.#putTail(batch, head, items);
      await batch.commit();
      if (isCheckpointed) this.#checkpointed = size;
    } finally {
      await batch.abandon();
      await this.blobs.abandon();
    }
    this.#held.checkpoints.add(size);
    if (tail !== null) this.#held.tails.push(tail);
    this.#committed = head.size;
  }

  /** Returns false when something else stands under the checkpoint's name; nothing is written over it. */
  async #putCheckpoint(batch: DestinationBatch, size: number): Promise<boolean> {
    const { destination, practice, signCheckpoint } = this.#options;
    const root = this.#bundles.root();
    const note = await signCheckpoint({ practice: hexToBytes(practice), fence: this.fence, size, root });
    const name = formatCopyName({ kind: 'checkpoint', ...this.#place, size });
    if (!(await destination.has(name))) await batch.put(name, utf8ToBytes(note));
    else if ((await readNote(destination, name)) !== note) {
      this.#foreign.add(name);
      return false;
    }
    return true;
  }

  async #putTail(batch: DestinationBatch, head: CaptureHead, captured: readonly CapturedEntry[]): Promise<TailRange> {
    const practice = hexToBytes(this.#options.practice);
    const items = captured.map(({ entry, payload }) => ({ entry, payload }));
    const range = { from: captured[0]?.index ?? head.size, to: head.size };
    const tail: Tail = { practice, fence: this.fence, from: range.from, items, note: head.note };
    await batch.put(formatCopyName({ kind: 'tail', ...this.#place, ...range }), encodeTail(tail));
    return range;
  }

  /** For a tail that commits full bundles whose checkpoint cannot be written: it may end where they do. */
  async #lastEntry(size: number): Promise<CapturedEntry[]> {
    let from = size - 1;
    const isTaken = () => this.#held.tails.some((tail) => tail.from === from && tail.to === size);
    while (from > size - bundleSize && isTaken()) from -= 1;
    const items: CapturedEntry[] = [];
    for await (const item of this.#options.source.readRange(this.#options.practice, from, size)) items.push(item);
    return items;
  }

  #root(): Bytes {
    return foldFrontier([...this.#bundles.hashes(), ...this.#partial.hashes()]);
  }

  /** Follows the tails after the last full bundle, as far as they join and the host signed them. */
  async #readTails(): Promise<void> {
    const base = this.#bundles.size * bundleSize;
    const candidates = this.#held.tails.filter(({ to }) => to >= base).sort((left, right) => right.to - left.to);
    for (const tail of candidates.filter(({ to }) => to === base && base > this.#checkpointed))
      if ((await this.#readTail(tail)) !== null) this.#committed = base;
    while (true) {
      const size = this.size;
      const next = candidates.find(({ from, to }) => from <= size && from >= base && to > size);
      if (next === undefined) return;
      candidates.splice(candidates.indexOf(next), 1);
      const partial = await this.#readTail(next);
      if (partial === null) continue;
      this.#partial = partial;
      this.#committed = this.size;
    }
  }

  /** What the tree is with this tail; null when it is not one that this writer would have written. */
  async #readTail({ from, to }: TailRange): Promise<Frontier | null> {
    const { destination, practice, signCheckpoint } = this.#options;
    const bytes = await destination.get(formatCopyName({ kind: 'tail', ...this.#place, from, to }));
    try {
      const tail = parseTail(bytes);
      if (tail.from !== from) return null;
      const partial = this.#partial.clone();
      for (const { entry } of tail.items.slice(this.size - from)) partial.append(leafHash(entry));
      const root = foldFrontier([...this.#bundles.hashes(), ...partial.hashes()]);
      const expected = { practice: hexToBytes(practice), fence: this.fence, size: to, root };
      if (!(await isOwnNote({ note: tail.note, expected, signCheckpoint }))) return null;
      for (const item of tail.items) if (!(await isPayloadRight(destination, practice, item))) return null;
      return partial;
    } catch (cause) {
      // Damaged: verify reports it, and its entries are published again in another tail.
      if (cause instanceof CoreError) return null;
      throw cause;
    }
  }
}

/** Throws COPY_NEWER_FENCE when a greater fence is proven: its name alone, which anybody can write, stops nobody. */
async function refuseNewerFence({ destination, practice, fence }: PracticeCopyOptions): Promise<void> {
  for await (const { copy } of openStates([destination], practice, { above: fence }))
    throw new CopyError('COPY_NEWER_FENCE', 'A vault restored since then writes into this copy', {
      fields: { fence: copy.fence },
      hint: 'Stop this server: it was replaced by a restored one.',
    });
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
    hint: 'Run verify on the copy. Nothing more is written into it; give the server a new, empty copy meanwhile.',
  });
}

function sourceInvalid(message: string): CopyError {
  return new CopyError('COPY_SOURCE_INVALID', message);
}
