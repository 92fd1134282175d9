import { type Bytes, bytesToHex } from '../bytes.ts';
import { CoreError } from '../error.ts';
import { hostStream } from '../journal/header.ts';
import { absent, entryExtents, payloadExtents } from './bundle.ts';
import { bundleSize } from './names.ts';

export const indexRecordBytes = 40;
/** Bytes by which records are sorted: stream, then entry index, both big-endian. */
export const indexKeyBytes = 24;

/** Where one entry of a stream is, in the bundle that its index names. */
export interface IndexRecord {
  readonly stream: Bytes;
  readonly index: number;
  readonly entryOffset: number;
  readonly entrySize: number;
  readonly payloadOffset: number;
  /** null when the payload is not in the bundle. */
  readonly payloadSize: number | null;
}

/** `index/0/N`: the records of bundle N, sorted, without those of the host's stream. `streams[i]` is that of entry i. */
export function encodeBundleIndex(bundle: {
  number: number;
  streams: readonly Uint8Array[];
  entries: Uint8Array;
  payloads: Uint8Array;
}): Bytes {
  const entries = entryExtents(bundle.entries);
  const payloads = payloadExtents(bundle.payloads);
  const names = bundle.streams.map(bytesToHex);
  const hostName = bytesToHex(hostStream);
  // Those of one stream stay in their order.
  const order = [...names.keys()].filter((position) => names[position] !== hostName);
  order.sort((left, right) => compareText(names[left] ?? '', names[right] ?? ''));
  const index = new Uint8Array(order.length * indexRecordBytes);
  const view = new DataView(index.buffer);
  let at = 0;
  for (const position of order) {
    const [stream, entry, payload] = [bundle.streams[position], entries[position], payloads[position]];
    if (stream === undefined || entry === undefined || payload === undefined)
      throw invalid('A bundle has 256 entries, each with its stream');
    const number = bundle.number * bundleSize + position;
    index.set(stream, at);
    view.setUint32(at + 16, Math.floor(number / 2 ** 32));
    view.setUint32(at + 20, number % 2 ** 32);
    view.setUint32(at + 24, entry.offset);
    view.setUint32(at + 28, entry.size);
    view.setUint32(at + 32, payload.offset);
    view.setUint32(at + 36, payload.size);
    at += indexRecordBytes;
  }
  return index;
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Every record of a stream index. Throws COPY_OBJECT_INVALID when it is cut, out of order or twice the same. */
export function parseStreamIndex(bytes: Uint8Array): IndexRecord[] {
  if (bytes.length % indexRecordBytes !== 0) throw invalid('A stream index is cut');
  const records: IndexRecord[] = [];
  for (let offset = 0; offset < bytes.length; offset += indexRecordBytes) {
    if (offset > 0 && compareIndexKeys(bytes, offset - indexRecordBytes, bytes, offset) >= 0)
      throw invalid('A stream index is out of order');
    records.push(parseIndexRecord(bytes, offset));
  }
  return records;
}

export function parseIndexRecord(bytes: Uint8Array, offset = 0): IndexRecord {
  if (offset + indexRecordBytes > bytes.length) throw invalid('A stream index is cut');
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, indexRecordBytes);
  const index = view.getUint32(16) * 0x1_0000_0000 + view.getUint32(20);
  const payloadSize = view.getUint32(36);
  if (!Number.isSafeInteger(index)) throw invalid('A stream index names an entry that cannot be');
  return {
    stream: new Uint8Array(bytes.subarray(offset, offset + 16)),
    index,
    entryOffset: view.getUint32(24),
    entrySize: view.getUint32(28),
    payloadOffset: view.getUint32(32),
    payloadSize: payloadSize === absent ? null : payloadSize,
  };
}

/** Order of two records by stream and entry index, read in place. */
export function compareIndexKeys(left: Uint8Array, leftOffset: number, right: Uint8Array, rightOffset: number): number {
  for (let place = 0; place < indexKeyBytes; place += 1) {
    const difference = (left[leftOffset + place] ?? 0) - (right[rightOffset + place] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * Merges sorted indexes given as streams of bytes, in pieces of whole records. Memory is that of one piece of each.
 * Throws COPY_OBJECT_INVALID when one is cut, or out of order.
 */
export async function* mergeStreamIndexes(sources: readonly AsyncIterable<Uint8Array>[]): AsyncGenerator<Bytes> {
  const cursors = await Promise.all(sources.map((source) => openCursor(source)));
  let open = cursors.filter((cursor) => cursor !== null);
  let piece = new Uint8Array(indexRecordBytes * 1638);
  let filled = 0;
  while (open.length > 0) {
    let least = open[0];
    for (const cursor of open)
      if (least !== undefined && compareIndexKeys(cursor.bytes, cursor.offset, least.bytes, least.offset) < 0)
        least = cursor;
    if (least === undefined) break;
    if (filled > 0 && compareIndexKeys(piece, filled - indexRecordBytes, least.bytes, least.offset) >= 0)
      throw invalid('A stream index is out of order');
    piece.set(least.bytes.subarray(least.offset, least.offset + indexRecordBytes), filled);
    filled += indexRecordBytes;
    least.offset += indexRecordBytes;
    if (least.offset === least.bytes.length && !(await refill(least))) open = open.filter((cursor) => cursor !== least);
    if (filled === piece.length) {
      yield piece;
      piece = new Uint8Array(piece.length);
      filled = 0;
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
}

interface Cursor {
  readonly source: AsyncIterator<Uint8Array>;
  bytes: Uint8Array;
  offset: number;
}

async function openCursor(source: AsyncIterable<Uint8Array>): Promise<Cursor | null> {
  const cursor: Cursor = { source: source[Symbol.asyncIterator](), bytes: new Uint8Array(0), offset: 0 };
  return (await refill(cursor)) ? cursor : null;
}

async function refill(cursor: Cursor): Promise<boolean> {
  const parts: Uint8Array[] = [];
  let size = 0;
  while (size === 0 || size % indexRecordBytes !== 0) {
    const next = await cursor.source.next();
    if (next.done === true) break;
    size += next.value.length;
    // What is kept while more is asked for is a copy: whoever gave it may use its memory again.
    parts.push(size % indexRecordBytes === 0 ? next.value : next.value.slice());
  }
  if (size % indexRecordBytes !== 0) throw invalid('A stream index is cut');
  const first = parts[0];
  cursor.bytes = parts.length === 1 && first !== undefined ? first : joined(parts, size);
  cursor.offset = 0;
  return size > 0;
}

function joined(parts: readonly Uint8Array[], size: number): Bytes {
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

function invalid(message: string): CoreError {
  return new CoreError('COPY_OBJECT_INVALID', message);
}
