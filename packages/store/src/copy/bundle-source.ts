import { createHash } from 'node:crypto';
import { type Bytes, equalBytes } from '@serment/core/bytes';
import { parseEntryBundle, parsePayloadBundle } from '@serment/core/copy/bundle';
import { bundleSize, formatCopyName } from '@serment/core/copy/names';
import { sha256 } from '@serment/core/hash';
import { readObject } from './bundle-check.ts';
import { CopyError } from './copy-error.ts';
import { bundleRoot, listFences } from './copy-state.ts';
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

  /** The entries of a bundle that hash to `root`; null when no place has them. */
  async entries(number: number, root: Uint8Array): Promise<Bytes[] | null> {
    for (const { destination, place } of this.#places) {
      const object = await readObject(destination, formatCopyName({ kind: 'entries', ...place, number }));
      if (!(object instanceof Uint8Array)) continue;
      const found = bundleRoot(object);
      if (found !== null && equalBytes(found, root)) return parseEntryBundle(object);
    }
    return null;
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
    const object = await readObject(found.destination, formatCopyName({ kind: 'payload', ...found.place, number }));
    if (!(object instanceof Uint8Array)) return null;
    try {
      return parsePayloadBundle(object);
    } catch {
      return null;
    }
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
