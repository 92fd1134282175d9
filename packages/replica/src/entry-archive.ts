import { type Bytes, concatBytes, plainBytes } from '@serment/core/bytes';
import type { Cache } from './cache.ts';
import { openChecked, withChecksum } from './checksum.ts';

/** Entries that are kept, and read from the host, together. */
export const chunkEntries = 256;
const keptChunks = 64;
const folder = 'entries/';

/** The bytes of the journal's entries in a cache, by chunks of 256, each entry after its length in two bytes. */
export class EntryArchive {
  readonly #cache: Cache;
  readonly #chunks = new Map<number, readonly Bytes[]>();
  #tail: Bytes[] = [];
  #tailNumber = 0;
  /** How many of the tail's entries the cache has. */
  #keptOfTail = 0;

  constructor(cache: Cache) {
    this.#cache = cache;
  }

  /** Goes on after `size` entries; false when the cache has not all of them. */
  async resume(size: number): Promise<boolean> {
    this.#tailNumber = Math.floor(size / chunkEntries);
    const inTail = size % chunkEntries;
    const tail = inTail === 0 ? [] : await this.#chunk(this.#tailNumber);
    this.#chunks.delete(this.#tailNumber);
    this.#tail = tail.slice(0, inTail);
    this.#keptOfTail = inTail;
    return this.#tail.length === inTail;
  }

  /** Entries come in order of their numbers. */
  async append(index: number, bytes: Bytes): Promise<void> {
    this.#tail[index % chunkEntries] = bytes;
    if (this.#tail.length < chunkEntries) return;
    await this.persist();
    this.#remember(this.#tailNumber, this.#tail);
    this.#tailNumber += 1;
    this.#tail = [];
    this.#keptOfTail = 0;
  }

  async persist(): Promise<void> {
    const { length } = this.#tail;
    if (length === this.#keptOfTail) return;
    await this.#cache.put(chunkKey(this.#tailNumber), withChecksum(encodeChunk(this.#tail)));
    this.#keptOfTail = length;
  }

  /** Keeps a chunk from before the entries that come in order. */
  async putChunk(number: number, entries: readonly Bytes[]): Promise<void> {
    await this.#cache.put(chunkKey(number), withChecksum(encodeChunk(entries)));
    this.#remember(number, entries);
  }

  /** Null when the cache has lost it. */
  async read(index: number): Promise<Bytes | null> {
    const number = Math.floor(index / chunkEntries);
    const chunk = number === this.#tailNumber ? this.#tail : await this.#chunk(number);
    return chunk[index % chunkEntries] ?? null;
  }

  async #chunk(number: number): Promise<readonly Bytes[]> {
    const known = this.#chunks.get(number);
    if (known !== undefined) return known;
    const chunk = await storedChunk(this.#cache, number);
    if (chunk.length > 0) this.#remember(number, chunk);
    return chunk;
  }

  #remember(number: number, chunk: readonly Bytes[]): void {
    const oldest = this.#chunks.keys().next();
    if (this.#chunks.size >= keptChunks && !oldest.done) this.#chunks.delete(oldest.value);
    this.#chunks.set(number, chunk);
  }
}

/** What a cache holds of entries `from` to before `to`, chunk by chunk; ends where it holds no more. */
export async function* archivedEntries(cache: Cache, from: number, to: number): AsyncGenerator<readonly Bytes[]> {
  for (let start = from; start < to; start += chunkEntries - (start % chunkEntries)) {
    const first = start - (start % chunkEntries);
    const chunk = await storedChunk(cache, first / chunkEntries);
    yield chunk.slice(start - first, to - first);
    if (chunk.length < chunkEntries) return;
  }
}

async function storedChunk(cache: Cache, number: number): Promise<readonly Bytes[]> {
  const stored = openChecked(await cache.get(chunkKey(number)));
  return stored === null ? [] : decodeChunk(stored);
}

/** Leaves nothing of the entries that a cache held. */
export async function clearArchive(cache: Cache): Promise<void> {
  for (const key of await cache.keys(folder)) await cache.delete(key);
}

function chunkKey(number: number): string {
  return `${folder}${String(number).padStart(8, '0')}`;
}

function encodeChunk(entries: readonly Bytes[]): Bytes {
  return concatBytes(...entries.flatMap((entry) => [Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry]));
}

/** Each in its place of the chunk, which is kept and let go whole. */
function decodeChunk(chunk: Uint8Array): Bytes[] {
  const bytes = plainBytes(chunk);
  const entries: Bytes[] = [];
  for (let offset = 0; offset + 2 <= bytes.length; ) {
    const end = offset + 2 + ((bytes[offset] ?? 0) << 8) + (bytes[offset + 1] ?? 0);
    if (end > bytes.length) return entries;
    entries.push(bytes.subarray(offset + 2, end));
    offset = end;
  }
  return entries;
}
