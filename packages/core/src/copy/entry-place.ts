import type { Bytes } from '../bytes.ts';
import { CoreError } from '../error.ts';

/** What a copy needs of an entry to file it and its payload. */
export interface EntryPlace {
  readonly receivedAt: number;
  readonly stream: Bytes;
  readonly payloadHash: Bytes | null;
  /** Hashes of its documents. */
  readonly blobs: readonly Bytes[];
}

/**
 * Reads only the place of an entry that was checked when it was accepted: a hundred times cheaper than parsing it.
 * Throws COPY_OBJECT_INVALID when the bytes do not begin as an entry of docs/format/journal.md does.
 */
export function readEntryPlace(entry: Uint8Array): EntryPlace {
  const reader = new HeadReader(entry);
  reader.expect(4, 4);
  const receivedAt = reader.head(0);
  const headerBytes = reader.head(2);
  const headerEnd = reader.offset + headerBytes;
  reader.expect(4, 13);
  reader.expect(0, 1);
  reader.bytesOrNull(32);
  reader.text();
  reader.bytes(32);
  const stream = reader.bytes(16);
  const blobs = readBlobs(reader);
  reader.offset = headerEnd;
  return { receivedAt, stream, payloadHash: reader.bytesOrNull(32), blobs };
}

/** Of the items after the stream: compartment, epoch, base, prev, seen, time, then the documents. */
function readBlobs(reader: HeadReader): Bytes[] {
  if (!reader.isNull()) reader.text();
  reader.head(0);
  reader.bytesOrNull(32);
  reader.bytesOrNull(32);
  if (!reader.isNull()) {
    reader.expect(4, 2);
    reader.head(0);
    reader.bytes(32);
  }
  reader.head(0);
  const blobs: Bytes[] = [];
  for (let left = reader.head(4); left > 0; left -= 1) {
    reader.expect(4, 2);
    blobs.push(reader.bytes(32));
    reader.head(0);
  }
  return blobs;
}

const copyOf = Uint8Array.prototype.slice;

/** Reads CBOR heads (RFC 8949 section 3) one after the other. */
class HeadReader {
  readonly #bytes: Uint8Array;
  offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  head(major: number): number {
    const first = this.#bytes[this.offset] ?? 0xff;
    if (first >>> 5 !== major) throw invalid();
    this.offset += 1;
    const short = first & 0x1f;
    if (short < 24) return short;
    if (short > 27) throw invalid();
    let value = 0;
    for (let count = 1 << (short - 24); count > 0; count -= 1) {
      const next = this.#bytes[this.offset];
      if (next === undefined) throw invalid();
      value = value * 256 + next;
      this.offset += 1;
    }
    if (!Number.isSafeInteger(value)) throw invalid();
    return value;
  }

  expect(major: number, value: number): void {
    if (this.head(major) !== value) throw invalid();
  }

  bytes(size: number): Bytes {
    this.expect(2, size);
    const start = this.offset;
    this.offset += size;
    if (this.offset > this.#bytes.length) throw invalid();
    // A copy, where that of a Buffer's `slice` would be a window.
    return copyOf.call(this.#bytes, start, this.offset) as Bytes;
  }

  bytesOrNull(size: number): Bytes | null {
    return this.isNull() ? null : this.bytes(size);
  }

  /** Passes over a text. */
  text(): void {
    const size = this.head(3);
    this.offset += size;
  }

  /** Passes over a null, if it is one. */
  isNull(): boolean {
    const isNull = this.#bytes[this.offset] === 0xf6;
    if (isNull) this.offset += 1;
    return isNull;
  }
}

function invalid(): CoreError {
  return new CoreError('COPY_OBJECT_INVALID', 'Not an entry');
}
