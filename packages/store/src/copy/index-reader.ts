import { type Bytes, compareBytes } from '@serment/core/bytes';
import { parseEntryBundle } from '@serment/core/copy/bundle';
import { readEntryPlace } from '@serment/core/copy/entry-place';
import { formatCopyName, indexFanOut } from '@serment/core/copy/names';
import {
  encodeBundleIndex,
  type IndexRecord,
  indexRecordBytes,
  parseIndexRecord,
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

  constructor(destination: Destination, place: FencePlace, bundles: number) {
    this.#destination = destination;
    this.#place = place;
    this.#bundles = bundles;
  }

  /** In the order of the entries. Parts of the index that are damaged give what they can. */
  async find(stream: Bytes): Promise<IndexRecord[]> {
    this.#objects ??= this.#cover();
    const records: IndexRecord[] = [];
    for (const object of await this.#objects) records.push(...(await this.#findIn(object, stream)));
    return records;
  }

  async #findIn({ name, records, bytes }: IndexObject, stream: Bytes): Promise<IndexRecord[]> {
    let low = 0;
    let high = records;
    while (high - low > blockRecords) {
      const middle = (low + high) >>> 1;
      const found = this.#read(name, bytes, middle * indexRecordBytes, 16);
      if (compareBytes(found instanceof Promise ? await found : found, stream) < 0) low = middle + 1;
      else high = middle;
    }
    const result: IndexRecord[] = [];
    for (let start = low; start < records; start += blockRecords) {
      const count = Math.min(blockRecords, records - start);
      const found = this.#read(name, bytes, start * indexRecordBytes, count * indexRecordBytes);
      const block = found instanceof Promise ? await found : found;
      for (let offset = 0; offset < block.length; offset += indexRecordBytes) {
        const order = compareBytes(block.subarray(offset, offset + 16), stream);
        if (order > 0) return result;
        if (order === 0) result.push(parseIndexRecord(block, offset));
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

  #read(name: string, bytes: Bytes | null, offset: number, length: number): Bytes | Promise<Bytes> {
    return bytes === null ? this.#destination.read(name, offset, length) : bytes.subarray(offset, offset + length);
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
