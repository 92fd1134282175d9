import { createHash } from 'node:crypto';
import { type Bytes, equalBytes } from '@serment/core/bytes';
import { parseEntryBundle, parsePayloadBundle } from '@serment/core/copy/bundle';
import { bundleSize, type CopyName, formatCopyName } from '@serment/core/copy/names';
import { encodeNodes, hashTileBytes, tileRoot } from '@serment/core/copy/nodes';
import { parseStreamIndex } from '@serment/core/copy/stream-index';
import { sha256 } from '@serment/core/hash';
import type { LostEntry } from '@serment/core/journal/losses';
import { leafHash, nodeHash } from '@serment/core/journal/tree';
import { readObject } from './bundle-check.ts';
import { CopyError } from './copy-error.ts';
import { hashBundle, listFences, tailItemsOf } from './copy-state.ts';
import type { Destination } from './destination.ts';
import type { FencePlace } from './upper-levels.ts';

interface Place {
  readonly destination: Destination;
  readonly place: FencePlace;
}

/** Takes each object of a practice from the first place whose bytes hash right: every destination, every fence. */
export class BundleSource {
  readonly practice: string;
  readonly #places: readonly Place[];
  readonly #destinations: readonly Destination[];
  /** Payload bundles of the bundle that was read last, by place. */
  #payloads: { number: number; found: ((Bytes | null)[] | null | undefined)[] } = { number: -1, found: [] };

  private constructor(practice: string, destinations: readonly Destination[], places: readonly Place[]) {
    this.practice = practice;
    this.#destinations = destinations;
    this.#places = places;
  }

  /** `first` is the place that is asked before all others. */
  static async open(practice: string, destinations: readonly Destination[], first: Place): Promise<BundleSource> {
    const places: Place[] = [first];
    for (const destination of destinations)
      for (const fence of await listFences(destination, practice))
        if (destination !== first.destination || fence !== first.place.fence)
          places.push({ destination, place: { practice, fence } });
    return new BundleSource(practice, destinations, places);
  }

  /** The entries of a bundle that hash to `root`, with their leaf hashes; null when no place has them. */
  async entries(
    number: number,
    root: Uint8Array,
  ): Promise<{ readonly entries: readonly Bytes[]; readonly leaves: Bytes } | null> {
    for (const { destination, place } of this.#places) {
      const object = await readObject(destination, formatCopyName({ kind: 'entries', ...place, number }));
      if (!(object instanceof Uint8Array)) continue;
      const found = hashBundle(object);
      if (found !== null && equalBytes(found.root, root)) return found;
    }
    return null;
  }

  /**
   * The entries of a bundle that hash to `root`, each from the first place that has it; one that none has is lost, and
   * the hash in a tile of that root stands for it. Null when no place has such a tile either.
   */
  async entriesAndLosses(number: number, root: Uint8Array): Promise<(Bytes | LostEntry)[] | null> {
    const whole = await this.entries(number, root);
    if (whole !== null) return [...whole.entries];
    const tile = await this.#tile(number, root);
    if (tile === null) return null;
    const found: (Bytes | undefined)[] = [];
    for (const place of this.#places)
      for (const [position, entry] of await candidatesAt(place, number))
        if (isLeafAt(tile, position, leafHash(entry))) found[position] ??= entry;
    const streams = await this.#streamsOf(number);
    return Array.from({ length: bundleSize }, (_, position) => {
      const leaf = tile.slice(position * 32, position * 32 + 32);
      return found[position] ?? { leaf, stream: streams.get(position) ?? null };
    });
  }

  /** The payload of an entry, out of a bundle; null when no place has one with this hash. */
  async payload(index: number, hash: Uint8Array): Promise<Bytes | null> {
    const number = Math.floor(index / bundleSize);
    for (let place = 0; place < this.#places.length; place += 1) {
      const payloads = await this.#payloadsAt(number, place);
      const payload = payloads?.[index % bundleSize] ?? null;
      if (payload !== null && equalBytes(sha256(payload), hash)) return payload;
    }
    return null;
  }

  /** The payloads with these hashes, by position in the bundle, each out of the first place that has it; else null. */
  async payloads(number: number, hashes: readonly (Uint8Array | null)[]): Promise<(Bytes | null)[]> {
    const found: (Bytes | null)[] = hashes.map(() => null);
    for (let place = 0; place < this.#places.length; place += 1) {
      const isWanted = hashes.some((hash, position) => hash !== null && found[position] === null);
      const payloads = isWanted ? await this.#payloadsAt(number, place) : null;
      for (const [position, payload] of (payloads ?? []).entries()) {
        const hash = hashes[position] ?? null;
        if (hash === null || payload === null || found[position] !== null) continue;
        if (equalBytes(sha256(payload), hash)) found[position] = payload;
      }
    }
    return found;
  }

  async hasBlob(hash: string): Promise<boolean> {
    const name = formatCopyName({ kind: 'blob', practice: this.practice, hash });
    for (const destination of this.#destinations) if (await destination.has(name)) return true;
    return false;
  }

  /**
   * Gives a document to `take`, from one destination after the other until its bytes are right to the last. Returns
   * false when none has it. `take` may be called again after it failed with COPY_DAMAGED.
   */
  async giveBlob(hash: string, take: (content: AsyncIterable<Bytes>) => Promise<void>): Promise<boolean> {
    const name = formatCopyName({ kind: 'blob', practice: this.practice, hash });
    for (const destination of this.#destinations) {
      // Who takes the bytes may wrap the error that ends them: what counts is where it came from.
      const reading = { hasFailed: false };
      try {
        if (!(await destination.has(name))) continue;
        await take(checkedStream(destination, name, { hash, reading }));
        return true;
      } catch (cause) {
        if (!(reading.hasFailed || isOfPlace(cause))) throw cause;
      }
    }
    return false;
  }

  async #tile(number: number, root: Uint8Array): Promise<Bytes | null> {
    for (const { destination, place } of this.#places) {
      const tile = await readBytes(destination, { kind: 'tile', level: 0, ...place, number });
      const isTile = tile?.length === hashTileBytes;
      if (isTile && equalBytes(tileRoot(encodeNodes(tile, nodeHash)), root)) return tile;
    }
    return null;
  }

  /** Where an index of the bundle files its entries, by position: what the first that can be read says. */
  async #streamsOf(number: number): Promise<ReadonlyMap<number, Bytes>> {
    for (const { destination, place } of this.#places) {
      const index = await readBytes(destination, { kind: 'index', level: 0, ...place, number });
      const records = index === null ? null : parsedOrNull(index, parseStreamIndex);
      if (records !== null) return new Map(records.map((record) => [record.index % bundleSize, record.stream]));
    }
    return new Map();
  }

  async #payloadsAt(number: number, place: number): Promise<(Bytes | null)[] | null> {
    if (this.#payloads.number !== number) this.#payloads = { number, found: [] };
    const known = this.#payloads.found[place];
    if (known !== undefined) return known;
    const payloads = await this.#readPayloads(number, place);
    this.#payloads.found[place] = payloads;
    return payloads;
  }

  async #readPayloads(number: number, position: number): Promise<(Bytes | null)[] | null> {
    const found = this.#places[position];
    if (found === undefined) return null;
    const object = await readBytes(found.destination, { kind: 'payload', ...found.place, number });
    return object === null ? null : parsedOrNull(object, parsePayloadBundle);
  }
}

/** Entries that one place gives for positions of a bundle, right or not: those of the bundle, then those of tails. */
async function candidatesAt(
  { destination, place }: Place,
  number: number,
): Promise<[position: number, entry: Bytes][]> {
  const object = await readBytes(destination, { kind: 'entries', ...place, number });
  const bundle = object === null ? null : parsedOrNull(object, parseEntryBundle);
  const tails = await tailItemsOf(destination, place, number);
  return [
    ...(bundle ?? []).entries(),
    ...tails.map(({ index, entry }): [number, Bytes] => [index % bundleSize, entry]),
  ];
}

function isLeafAt(tile: Bytes, position: number, leaf: Uint8Array): boolean {
  return equalBytes(tile.subarray(position * 32, position * 32 + 32), leaf);
}

async function readBytes(destination: Destination, name: CopyName): Promise<Bytes | null> {
  const object = await readObject(destination, formatCopyName(name));
  return object instanceof Uint8Array ? object : null;
}

function parsedOrNull<Value>(bytes: Bytes, parse: (bytes: Bytes) => Value): Value | null {
  try {
    return parse(bytes);
  } catch {
    return null;
  }
}

async function* checkedStream(
  destination: Destination,
  name: string,
  { hash, reading }: { hash: string; reading: { hasFailed: boolean } },
): AsyncGenerator<Bytes> {
  const hasher = createHash('sha256');
  try {
    for await (const piece of destination.stream(name)) {
      hasher.update(piece);
      yield piece;
    }
    if (hasher.digest('hex') !== hash)
      throw new CopyError('COPY_DAMAGED', 'A document has other bytes', { fields: { name } });
  } catch (cause) {
    reading.hasFailed = true;
    throw cause;
  }
}

/** True for what another destination may do better. */
function isOfPlace(cause: unknown): boolean {
  const codes = ['COPY_DAMAGED', 'COPY_NOT_FOUND', 'COPY_DISK_ERROR', 'COPY_IO_FAILED', 'COPY_FORBIDDEN'];
  return cause instanceof CopyError && codes.includes(cause.code);
}
