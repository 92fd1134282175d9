import { type Bytes, concatBytes } from '../bytes.ts';
import { CoreError } from '../error.ts';

export interface StreamHead {
  readonly index: number;
  readonly id: Bytes;
}

const streamSizeBytes = 16;
const idSizeBytes = 32;
const recordSizeBytes = streamSizeBytes + 8 + idSizeBytes;

/** The last entry of each stream, packed: under 200 bytes a stream, for vaults of a hundred thousand. */
export class StreamHeads {
  readonly #slots = new Map<string, number>();
  #indexes = new Float64Array(64);
  #ids: Bytes = new Uint8Array(64 * idSizeBytes);

  /** Reads what `encode` wrote. Throws CBOR_INVALID for another length or a stream named twice. */
  static parse(bytes: Uint8Array): StreamHeads {
    const heads = new StreamHeads();
    const count = bytes.length / recordSizeBytes;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let start = 0; start + recordSizeBytes <= bytes.length; start += recordSizeBytes) {
      const idStart = start + streamSizeBytes + 8;
      const index = Number(view.getBigUint64(start + streamSizeBytes));
      const id = new Uint8Array(bytes.subarray(idStart, idStart + idSizeBytes));
      heads.set(bytes.subarray(start, start + streamSizeBytes), { index, id });
    }
    if (heads.size !== count) throw new CoreError('CBOR_INVALID', 'Not a list of stream heads');
    return heads;
  }

  get size(): number {
    return this.#slots.size;
  }

  get(stream: Uint8Array): StreamHead | null {
    const slot = this.#slots.get(keyOf(stream));
    return slot === undefined ? null : this.#read(slot);
  }

  set(stream: Uint8Array, head: StreamHead): void {
    const key = keyOf(stream);
    const slot = this.#slots.get(key) ?? this.#slots.size;
    if (slot === this.#indexes.length) this.#grow();
    this.#slots.set(key, slot);
    this.#indexes[slot] = head.index;
    this.#ids.set(head.id, slot * idSizeBytes);
  }

  /** Each stream once, in the order in which they began. */
  *entries(): Generator<[stream: Bytes, head: StreamHead]> {
    for (const [key, slot] of this.#slots) yield [streamOf(key), this.#read(slot)];
  }

  encode(): Bytes {
    const bytes = new Uint8Array(this.size * recordSizeBytes);
    const view = new DataView(bytes.buffer);
    let start = 0;
    for (const [stream, { index, id }] of this.entries()) {
      bytes.set(stream, start);
      view.setBigUint64(start + streamSizeBytes, BigInt(index));
      bytes.set(id, start + streamSizeBytes + 8);
      start += recordSizeBytes;
    }
    return bytes;
  }

  #read(slot: number): StreamHead {
    return { index: this.#indexes[slot] ?? 0, id: this.#ids.slice(slot * idSizeBytes, (slot + 1) * idSizeBytes) };
  }

  #grow(): void {
    const indexes = new Float64Array(this.#indexes.length * 2);
    indexes.set(this.#indexes);
    this.#indexes = indexes;
    this.#ids = concatBytes(this.#ids, new Uint8Array(this.#ids.length));
  }
}

/** One character a byte: the engine keeps such text in as many bytes, half of what hexadecimal takes. */
function keyOf(stream: Uint8Array): string {
  return String.fromCharCode(...stream);
}

function streamOf(key: string): Bytes {
  return Uint8Array.from(key, (character) => character.charCodeAt(0));
}
