import type { Bytes } from '@serment/core/bytes';

/** Holds a whole tile, or the inner hashes of one: what is read by the piece is mostly that. */
export const blockBytes = 16_384;
const keptBlocks = 1024;

/** Pieces of objects that were read last: a patient's file asks for many that stand beside each other. */
export class Blocks {
  readonly #read: (name: string, from: number) => Promise<Bytes>;
  readonly #kept = new Map<string, Promise<Bytes>>();

  /** `read` gives up to `blockBytes` bytes from there, fewer at an object's end. */
  constructor(read: (name: string, from: number) => Promise<Bytes>) {
    this.#read = read;
  }

  /** Throws what `read` throws. */
  get(name: string, number: number): Promise<Bytes> {
    const key = `${number} ${name}`;
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const [oldest] = this.#kept.size < keptBlocks ? [] : this.#kept.keys();
    if (oldest !== undefined) this.#kept.delete(oldest);
    const reading = this.#read(name, number * blockBytes);
    this.#kept.set(key, reading);
    reading.catch(() => this.#kept.delete(key));
    return reading;
  }
}
