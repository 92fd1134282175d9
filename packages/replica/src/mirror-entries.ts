import { type Bytes, equalBytes } from '@serment/core/bytes';
import type { TreeHead } from '@serment/core/journal/header';
import { Frontier, leafHash } from '@serment/core/journal/tree';
import type { Cache } from './cache.ts';
import { archivedEntries, chunkEntries, clearArchive, EntryArchive } from './entry-archive.ts';
import { ReplicaError } from './error.ts';
import { bytesOf, type JournalSource } from './journal-source.ts';
import { type ProvingSource, provenRun } from './proven-entries.ts';

export interface MirrorEntriesParts {
  readonly source: JournalSource;
  readonly cache: Cache;
  /** The entries of the image that are not read yet, as it stands when it is asked. */
  readonly unread: () => TreeHead | null;
}

/** Entries that were not read yet are read so many together; where more of a chunk are wanted, the whole chunk. */
const runEntries = 16;
const fewOfChunk = 6;
const pageEntries = 2048;

/**
 * The bytes of an image's entries: those that were verified, from the device, and those that a `heads` stands for, from the
 * host, each proven under its head when it is read.
 */
export class MirrorEntries {
  readonly #parts: MirrorEntriesParts;
  #archive: EntryArchive;
  /** Runs of entries that were not read yet, read here and there, by their numbers. */
  #runs = new Map<number, readonly Bytes[]>();

  constructor(parts: MirrorEntriesParts) {
    this.#parts = parts;
    this.#archive = new EntryArchive(parts.cache);
  }

  /** Forgets what another attempt left on the device, which was proven by nothing. */
  clear(): Promise<void> {
    return clearArchive(this.#parts.cache);
  }

  /** Goes on after `size` entries; false when the device has not all that it should. */
  resume(size: number): Promise<boolean> {
    return this.#archive.resume(size);
  }

  /** What the device holds from `from` to before `to`, proven by nothing; ends where it holds no more. */
  archived(from: number, to: number): AsyncGenerator<readonly Bytes[]> {
    return archivedEntries(this.#parts.cache, from, to);
  }

  append(index: number, bytes: Bytes): Promise<void> {
    return this.#archive.append(index, bytes);
  }

  persist(): Promise<void> {
    return this.#archive.persist();
  }

  /** Keeps chunks that were proven, of those before `size`. */
  async keep(chunks: ReadonlyMap<number, readonly Bytes[]>, size: number): Promise<void> {
    for (const [number, entries] of chunks)
      if ((number + 1) * chunkEntries <= size) await this.#archive.putChunk(number, entries);
  }

  /** Of this device alone; null when it is not there. */
  held(index: number): Promise<Bytes | null> {
    return this.#archive.read(index);
  }

  /** From this device, or proven by the host when it was not read yet; null when the device has lost it. Throws HOST_LIES. */
  async read(index: number, most: 'run' | 'chunk' = 'run'): Promise<Bytes | null> {
    const known = await this.#archive.read(index);
    const unread = this.#parts.unread();
    const { source } = this.#parts;
    if (known !== null || unread === null || index >= unread.size || !isProving(source)) return known;
    return most === 'run' ? this.#inRun(source, unread, index) : this.#inChunk(source, unread, index);
  }

  async #inRun(source: ProvingSource, unread: TreeHead, index: number): Promise<Bytes | null> {
    const runs = this.#runs;
    const number = Math.floor(index / runEntries);
    const entries = runs.get(number) ?? (await provenRun(source, { number, most: runEntries }, unread));
    runs.set(number, entries);
    return entries[index % runEntries] ?? null;
  }

  async #inChunk(source: ProvingSource, unread: TreeHead, index: number): Promise<Bytes | null> {
    const number = Math.floor(index / chunkEntries);
    const entries = await provenRun(source, { number, most: chunkEntries }, unread);
    if (this.#parts.unread() === unread) await this.#archive.putChunk(number, entries);
    return entries[index % chunkEntries] ?? null;
  }

  /** Reads together what stands close of entries that are wanted and were not read yet. What cannot be proven is left. */
  async prepare(indexes: readonly number[]): Promise<void> {
    const size = this.#parts.unread()?.size ?? 0;
    const wanted = new Map<number, number>();
    for (const index of indexes) {
      const number = Math.floor(index / chunkEntries);
      if (index < size) wanted.set(number, (wanted.get(number) ?? 0) + 1);
    }
    for (const [number, count] of wanted) {
      if (count <= fewOfChunk) continue;
      await this.read(number * chunkEntries, 'chunk').catch((error: unknown) => {
        if (!(error instanceof ReplicaError && error.code === 'HOST_LIES')) throw error;
      });
    }
  }

  /** All were read: what came here and there is not looked at again. */
  forgetRuns(): void {
    this.#runs = new Map();
  }

  /** Reads all entries again into the device. False, and nothing changes, when they do not make that root. */
  async refill({ size, root }: TreeHead): Promise<boolean> {
    const { source, cache } = this.#parts;
    const archive = new EntryArchive(cache);
    const frontier = new Frontier();
    while (frontier.size < size) {
      const page = await source.entries(frontier.size, Math.min(pageEntries, size - frontier.size));
      if (page.length === 0 || frontier.size + page.length > size) return false;
      for (const item of page) {
        await archive.append(frontier.size, bytesOf(item));
        frontier.append(item instanceof Uint8Array ? leafHash(item) : item.leaf);
      }
    }
    // The same root means the same bytes.
    if (!equalBytes(frontier.root(), root)) return false;
    await archive.persist();
    this.#archive = archive;
    return true;
  }
}

function isProving(source: JournalSource): source is JournalSource & ProvingSource {
  return source.inclusionProof !== undefined;
}
