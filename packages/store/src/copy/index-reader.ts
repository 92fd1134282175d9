import { type Bytes, compareBytes } from '@serment/core/bytes';
import { parseEntryBundle } from '@serment/core/copy/bundle';
import { readEntryPlace } from '@serment/core/copy/entry-place';
import { bundleSize, formatCopyName, indexFanOut } from '@serment/core/copy/names';
import {
  encodeBundleIndex,
  type IndexRecord,
  indexRecordBytes,
  parseIndexRecord,
  parseStreamIndex,
} from '@serment/core/copy/stream-index';
import { CoreError } from '@serment/core/error';
import { readObject } from './bundle-check.ts';
import type { Destination } from './destination.ts';
import type { FencePlace } from './upper-levels.ts';

// What one read brings anyway: bisecting further than this would cost more calls than it saves bytes.
const blockRecords = 100;

interface IndexObject {
  readonly name: string;
  readonly records: number;
  /** Recomputed, when the object is missing. */
  readonly bytes: Bytes | null;
}

/** Finds the records of a stream in the highest stream indexes that exist over a number of full bundles. */
export class IndexReader {
  readonly #destination: Destination;
  readonly #place: FencePlace;
  readonly #bundles: number;
  #objects: Promise<readonly IndexObject[]> | null = null;
  /** Of the bundle whose entry was looked for last. */
  #bundle: { readonly number: number; readonly records: readonly IndexRecord[] } | null = null;

  constructor(destination: Destination, place: FencePlace, bundles: number) {
    this.#destination = destination;
    this.#place = place;
    this.#bundles = bundles;
  }

  /** In the order of the entries. Parts of the index that are damaged give what they can. */
  async find(stream: Bytes): Promise<IndexRecord[]> {
    this.#objects ??= this.#cover();
    const records: IndexRecord[] = [];
    const block = new Uint8Array(blockRecords * indexRecordBytes);
    for (const object of await this.#objects) records.push(...(await this.#findIn(object, stream, block)));
    return records;
  }

  /** Where entry `index` of a full bundle is; null for one that no index lists. */
  async recordAt(index: number): Promise<IndexRecord | null> {
    const number = Math.floor(index / bundleSize);
    if (this.#bundle?.number !== number) this.#bundle = { number, records: await this.#recordsOf(number) };
    return this.#bundle.records.find((record) => record.index === index) ?? null;
  }

  async #recordsOf(number: number): Promise<readonly IndexRecord[]> {
    const name = formatCopyName({ kind: 'index', ...this.#place, level: 0, number });
    const object = await readObject(this.#destination, name);
    try {
      if (object instanceof Uint8Array) return parseStreamIndex(object);
    } catch (cause) {
      if (!(cause instanceof CoreError)) throw cause;
    }
    return parseStreamIndex((await this.#recompute(number)).bytes ?? new Uint8Array(0));
  }

  async #findIn(object: IndexObject, stream: Bytes, block: Bytes): Promise<IndexRecord[]> {
    let low = 0;
    let high = object.records;
    const key = block.subarray(0, 16);
    while (high - low > blockRecords) {
      const middle = (low + high) >>> 1;
      const reading = this.#readInto(object, middle * indexRecordBytes, key);
      if (reading instanceof Promise) await reading;
      if (compareBytes(key, stream) < 0) low = middle + 1;
      else high = middle;
    }
    const result: IndexRecord[] = [];
    for (let start = low; start < object.records; start += blockRecords) {
      const found = block.subarray(0, Math.min(blockRecords, object.records - start) * indexRecordBytes);
      const reading = this.#readInto(object, start * indexRecordBytes, found);
      if (reading instanceof Promise) await reading;
      for (let offset = 0; offset < found.length; offset += indexRecordBytes) {
        const order = compareKey(found, offset, stream);
        if (order > 0) return result;
        if (order === 0) result.push(parseIndexRecord(found, offset));
      }
    }
    return result;
  }

  async #cover(): Promise<IndexObject[]> {
    const objects: IndexObject[] = [];
    for (let bundle = 0; bundle < this.#bundles; ) {
      let level = 0;
      while (this.#fits(bundle, level + 1)) level += 1;
      let object = await this.#object(level, bundle);
      while (object === null && level > 0) {
        level -= 1;
        object = await this.#object(level, bundle);
      }
      object ??= await this.#recompute(bundle);
      objects.push(object);
      bundle += indexFanOut ** level;
    }
    return objects;
  }

  #fits(bundle: number, level: number): boolean {
    const width = indexFanOut ** level;
    return bundle % width === 0 && bundle + width <= this.#bundles;
  }

  async #object(level: number, bundle: number): Promise<IndexObject | null> {
    const name = formatCopyName({ kind: 'index', ...this.#place, level, number: bundle / indexFanOut ** level });
    const size = await this.#destination.size(name);
    return size === null ? null : { name, records: Math.floor(size / indexRecordBytes), bytes: null };
  }

  #readInto({ name, bytes }: IndexObject, offset: number, target: Bytes): void | Promise<void> {
    if (bytes === null) return this.#destination.readInto(name, offset, target);
    target.set(bytes.subarray(offset, offset + target.length));
  }

  /** Out of the bundle itself; a bundle that cannot be read gives no record. */
  async #recompute(number: number): Promise<IndexObject> {
    const [entries, payloads] = await Promise.all(
      (['entries', 'payload'] as const).map((kind) =>
        readObject(this.#destination, formatCopyName({ kind, ...this.#place, number })),
      ),
    );
    let bytes: Bytes = new Uint8Array(0);
    try {
      if (entries instanceof Uint8Array && payloads instanceof Uint8Array) {
        const streams = parseEntryBundle(entries).map((entry) => readEntryPlace(entry).stream);
        bytes = encodeBundleIndex({ number, streams, entries, payloads });
      }
    } catch (cause) {
      if (!(cause instanceof CoreError)) throw cause;
    }
    return { name: '', records: bytes.length / indexRecordBytes, bytes };
  }
}

function compareKey(records: Uint8Array, offset: number, stream: Uint8Array): number {
  for (let place = 0; place < 16; place += 1) {
    const difference = (records[offset + place] ?? 0) - (stream[place] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
