import type { Bytes } from '@serment/core/bytes';
import type { Cache } from './cache.ts';

/** Of one entry, by its number. */
export function entryPlace(index: number): string {
  return `payload/${index}`;
}

/** Of entries of a stream, by its id in hexadecimal. */
export function packPlace(stream: string): string {
  return `payloads/${stream}`;
}

/** Both kinds of places. */
const prefix = 'payload';

/** The sealed payloads that a device keeps, each in its place. Its places are read once: what is not here costs no disk. */
export class KeptPayloads {
  readonly #cache: Cache;
  /** On their way to the disk: nobody who reads waits for it. */
  readonly #putting = new Map<string, { readonly bytes: Bytes; readonly done: Promise<void> }>();
  /** Null until the cache was asked. */
  #places: Promise<Set<string>> | null = null;

  constructor(cache: Cache) {
    this.#cache = cache;
  }

  async has(place: string): Promise<boolean> {
    return (await this.#known()).has(place);
  }

  async get(place: string): Promise<Uint8Array | null> {
    const putting = this.#putting.get(place);
    if (putting !== undefined) return putting.bytes;
    return (await this.has(place)) ? this.#cache.get(place) : null;
  }

  /** Together; on this device when it returns. */
  async put(values: readonly (readonly [place: string, bytes: Bytes])[]): Promise<void> {
    if (values.length === 0) return;
    await this.#cache.putMany(values);
    const places = await this.#known();
    for (const [place] of values) places.add(place);
  }

  /** The same, in its time: `settled` tells. What waits for a place comes after what is on its way there. */
  async putSoon(place: string, bytes: Bytes): Promise<void> {
    const places = await this.#known();
    const before = this.#putting.get(place)?.done ?? Promise.resolve();
    const done = before.then(() => this.#cache.put(place, bytes));
    const putting = { bytes, done };
    this.#putting.set(place, putting);
    places.add(place);
    const gone = () => this.#putting.get(place) === putting && this.#putting.delete(place);
    // What failed is not here: it comes again from the host.
    done.then(gone, () => gone() && places.delete(place));
  }

  /** Once it returns, what was put is on this device. Throws what the cache throws. */
  async settled(): Promise<void> {
    await Promise.all([...this.#putting.values()].map(({ done }) => done));
  }

  async delete(places: readonly string[]): Promise<void> {
    await this.settled();
    const known = await this.#known();
    for (const place of places) if (known.delete(place)) await this.#cache.delete(place);
  }

  async clear(): Promise<void> {
    await this.delete([...(await this.#known())]);
  }

  #known(): Promise<Set<string>> {
    this.#places ??= this.#cache.keys(prefix).then(
      (keys) => new Set(keys),
      (error: unknown) => {
        this.#places = null;
        throw error;
      },
    );
    return this.#places;
  }
}
