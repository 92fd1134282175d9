import { type Bytes, concatBytes, equalBytes } from '@serment/core/bytes';
import type { CborValue } from '@serment/core/cbor';
import { bundleSize, formatCopyName, indexFanOut } from '@serment/core/copy/names';
import { sha256, sha256Stream } from '@serment/core/hash';
import type { RawBundle } from './bundle-check.ts';
import type { FencePlace } from './upper-levels.ts';
import { shape } from './verify-state.ts';

const bitsPerByte = 8;

/**
 * What a verification has judged, byte for byte: one hash over the hash of each object, in the order of their reading. Read
 * again they give the same one, or some byte is another. Beside it a bit for each bundle, whether any of its entries names a
 * document.
 */
export class JudgedBytes {
  #chain: Bytes = new Uint8Array(32);
  #withDocuments = new Uint8Array(0);
  #bundles = 0;

  /** Hashes of the objects that come next: five of a bundle, one of a tile or an index above them. */
  add(...hashes: readonly Uint8Array[]): void {
    this.#chain = sha256(concatBytes(this.#chain, ...hashes));
  }

  /** Whether any entry of the next bundle names a document. */
  mark(hasDocument: boolean): void {
    const [byte, bit] = placeOf(this.#bundles);
    if (byte >= this.#withDocuments.length) {
      const longer = new Uint8Array(Math.max(byte + 1, 2 * this.#withDocuments.length));
      longer.set(this.#withDocuments);
      this.#withDocuments = longer;
    }
    if (hasDocument) this.#withDocuments[byte] = (this.#withDocuments[byte] ?? 0) | bit;
    this.#bundles += 1;
  }

  hasDocuments(bundle: number): boolean {
    const [byte, bit] = placeOf(bundle);
    return ((this.#withDocuments[byte] ?? 0) & bit) !== 0;
  }

  isSame(other: JudgedBytes): boolean {
    return equalBytes(this.#chain, other.#chain);
  }

  toCbor(): CborValue {
    const bytes = Math.ceil(this.#bundles / bitsPerByte);
    return [this.#chain, this.#withDocuments.slice(0, bytes), this.#bundles];
  }

  /** Goes on where `toCbor` was called. Throws CBOR_INVALID. */
  resume(item: CborValue | undefined): void {
    const [chain, withDocuments, bundles] = shape.array(item, 3);
    this.#chain = shape.bytes(chain, 32);
    this.#bundles = shape.uint(bundles);
    this.#withDocuments = shape.bytes(withDocuments, Math.ceil(this.#bundles / bitsPerByte));
  }
}

/** SHA-256 of the five objects of a bundle, of no bytes for one that was not given. */
export function hashObjects({ entries, payload, tile, nodes, index }: RawBundle): readonly Bytes[] {
  const objects = [entries, payload, tile, nodes, index];
  return objects.map((object) => sha256(object instanceof Uint8Array ? object : new Uint8Array(0)));
}

/** Whether all five objects of a bundle were given. */
export function isGiven(raw: RawBundle): raw is RawBundle & { readonly nodes: Bytes } {
  const { entries, payload, tile, nodes, index } = raw;
  return [entries, payload, tile, nodes, index].every((object) => object instanceof Uint8Array);
}

/** Names of the tiles and indexes above level 0 that end with a bundle, as their checks come to them. */
export function* endingWith(place: FencePlace, bundle: number): Generator<string> {
  for (const { kind, fanOut } of [
    { kind: 'tile', fanOut: bundleSize },
    { kind: 'index', fanOut: indexFanOut },
  ] as const) {
    let count = bundle + 1;
    for (let level = 1; count % fanOut === 0; level += 1) {
      count /= fanOut;
      yield formatCopyName({ kind, ...place, level, number: count - 1 });
    }
  }
}

/** Passes pieces on, and tells the SHA-256 of them all once the last was taken. */
export async function* tellingHash(
  pieces: AsyncIterable<Uint8Array>,
  tell: (hash: Bytes) => void,
): AsyncGenerator<Uint8Array> {
  const hasher = sha256Stream();
  for await (const piece of pieces) {
    hasher.update(piece);
    yield piece;
  }
  tell(hasher.digest());
}

function placeOf(bundle: number): [byte: number, bit: number] {
  return [Math.floor(bundle / bitsPerByte), 1 << (bundle % bitsPerByte)];
}
