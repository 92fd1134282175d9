import { type Bytes, concatBytes } from '../bytes.ts';
import { decodeCanonical, encodeCanonical } from '../cbor.ts';
import { CoreError } from '../error.ts';
import { makeShape, orNull } from './shape.ts';

export interface StreamHead {
  readonly index: number;
  readonly id: Bytes;
  /** Of this entry, hence of every one in the stream: one stream has one. Null in the streams of governance and host. */
  readonly compartment: string | null;
}

const streamSizeBytes = 16;
const idSizeBytes = 32;
const recordSizeBytes = streamSizeBytes + 8 + idSizeBytes + 4;
const shape = makeShape('CBOR_INVALID');

/** The last entry of each stream, packed: under 200 bytes a stream, for vaults of a hundred thousand. */
export class StreamHeads {
  readonly #slots = new Map<string, number>();
  #indexes = new Float64Array(64);
  #ids: Bytes = new Uint8Array(64 * idSizeBytes);
  /** Numbers of `#names`. */
  #compartments = new Uint32Array(64);
  readonly #names: (string | null)[] = [];
  readonly #numbers = new Map<string | null, number>();

  /** Reads what `encode` wrote. Throws CBOR_INVALID for another length or a stream named twice. */
  static parse(encoded: Uint8Array): StreamHeads {
    const heads = new StreamHeads();
    const [nameItems, records] = shape.array(decodeCanonical(encoded), 2);
    const names = shape.array(nameItems).map((name) => orNull(name, (item) => shape.text(item)));
    const bytes = shape.bytes(records, 0, Number.MAX_SAFE_INTEGER);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let start = 0; start + recordSizeBytes <= bytes.length; start += recordSizeBytes) {
      const idStart = start + streamSizeBytes + 8;
      const compartment = names[view.getUint32(idStart + idSizeBytes)];
      if (compartment === undefined) throw notHeads();
      const index = Number(view.getBigUint64(start + streamSizeBytes));
      const id = new Uint8Array(bytes.subarray(idStart, idStart + idSizeBytes));
      heads.set(bytes.subarray(start, start + streamSizeBytes), { index, id, compartment });
    }
    if (heads.size !== bytes.length / recordSizeBytes) throw notHeads();
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
    this.#compartments[slot] = this.#numberOf(head.compartment);
  }

  /** Each stream once, in the order in which they began. */
  *entries(): Generator<[stream: Bytes, head: StreamHead]> {
    for (const [key, slot] of this.#slots) yield [streamOf(key), this.#read(slot)];
  }

  encode(): Bytes {
    const bytes = new Uint8Array(this.size * recordSizeBytes);
    const view = new DataView(bytes.buffer);
    let start = 0;
    for (const [stream, { index, id, compartment }] of this.entries()) {
      bytes.set(stream, start);
      view.setBigUint64(start + streamSizeBytes, BigInt(index));
      bytes.set(id, start + streamSizeBytes + 8);
      view.setUint32(start + streamSizeBytes + 8 + idSizeBytes, this.#numberOf(compartment));
      start += recordSizeBytes;
    }
    return encodeCanonical([this.#names, bytes]);
  }

  #read(slot: number): StreamHead {
    const id = this.#ids.slice(slot * idSizeBytes, (slot + 1) * idSizeBytes);
    return { index: this.#indexes[slot] ?? 0, id, compartment: this.#names[this.#compartments[slot] ?? 0] ?? null };
  }

  #numberOf(compartment: string | null): number {
    const known = this.#numbers.get(compartment);
    if (known !== undefined) return known;
    const number = this.#names.push(compartment) - 1;
    this.#numbers.set(compartment, number);
    return number;
  }

  #grow(): void {
    const indexes = new Float64Array(this.#indexes.length * 2);
    indexes.set(this.#indexes);
    this.#indexes = indexes;
    this.#ids = concatBytes(this.#ids, new Uint8Array(this.#ids.length));
    const compartments = new Uint32Array(this.#compartments.length * 2);
    compartments.set(this.#compartments);
    this.#compartments = compartments;
  }
}

/** One character a byte: the engine keeps such text in as many bytes, half of what hexadecimal takes. */
function keyOf(stream: Uint8Array): string {
  return String.fromCharCode(...stream);
}

function streamOf(key: string): Bytes {
  return Uint8Array.from(key, (character) => character.charCodeAt(0));
}

function notHeads(): CoreError {
  return new CoreError('CBOR_INVALID', 'Not a list of stream heads');
}
