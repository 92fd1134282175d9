import { type Bytes, equalBytes } from '@serment/core/bytes';
import type { CborValue } from '@serment/core/cbor';
import { bundleSize, formatCopyName, indexFanOut } from '@serment/core/copy/names';
import { mergeStreamIndexes } from '@serment/core/copy/stream-index';
import type { CheckedBundle } from './bundle-check.ts';
import { CopyError, isOutOfReach } from './copy-error.ts';
import { makeFinding } from './finding.ts';
import { type JudgedBytes, tellingHash } from './judged-bytes.ts';
import type { VerifyContext } from './verify-practice.ts';
import { anyBytes, orNull, shape } from './verify-state.ts';

/** Merges the recomputed indexes again, level by level, and compares; memory is a piece of each merged file. */
export class IndexCheck {
  readonly #context: VerifyContext;
  readonly #judged: JudgedBytes;
  /** Of level 0, recomputed, since the last complete sixteen. */
  #recomputed: (Bytes | null)[] = [];
  /** Indexes that are not to be relied on, as `level/number`. */
  readonly #bad = new Set<string>();

  constructor(context: VerifyContext, judged: JudgedBytes) {
    this.#context = context;
    this.#judged = judged;
  }

  toCbor(): CborValue {
    return [this.#recomputed, [...this.#bad]];
  }

  /** Goes on where `toCbor` was called. Throws CBOR_INVALID. */
  resume(item: CborValue | undefined): void {
    const [recomputed, bad] = shape.array(item, 2);
    this.#recomputed = shape.array(recomputed).map((index) => orNull(index, anyBytes));
    for (const name of shape.array(bad)) this.#bad.add(shape.text(name));
  }

  async add(bundle: CheckedBundle): Promise<void> {
    this.#recomputed.push(bundle.index);
    if (this.#recomputed.length < indexFanOut) return;
    const recomputed = this.#recomputed;
    this.#recomputed = [];
    let number = Math.floor(bundle.number / indexFanOut);
    await this.#check(1, number, recomputed.every((index) => index !== null) ? recomputed.map(onePiece) : null);
    for (let level = 2; (number + 1) % indexFanOut === 0; level += 1) {
      number = Math.floor(number / indexFanOut);
      const children = Array.from({ length: indexFanOut }, (_, child) => number * indexFanOut + child);
      const isReliable = children.every((child) => !this.#bad.has(`${level - 1}/${child}`));
      const streams = children.map((child) => this.#context.destination.stream(this.#name(level - 1, child)));
      await this.#check(level, number, isReliable ? streams : null);
      for (const child of children) this.#bad.delete(`${level - 1}/${child}`);
    }
  }

  async #check(level: number, number: number, children: readonly AsyncIterable<Uint8Array>[] | null): Promise<void> {
    const { destination, place, find } = this.#context;
    const name = this.#name(level, number);
    const size = await destination.size(name);
    this.#context.onProgress({ objects: 1, bytes: size ?? 0 });
    const entries = bundleSize * indexFanOut ** level;
    const reach = { practice: place.practice, from: number * entries, to: (number + 1) * entries };
    if (size !== null && children === null) this.#bad.add(`${level}/${number}`);
    if (size !== null && (children === null || (await this.#isSame(name, mergeStreamIndexes(children))))) return;
    this.#bad.add(`${level}/${number}`);
    find(makeFinding(size === null ? 'INDEX_MISSING' : 'INDEX_DAMAGED', name, reach));
  }

  async #isSame(name: string, merged: AsyncIterable<Uint8Array>): Promise<boolean> {
    try {
      const own = tellingHash(this.#context.destination.stream(name), (hash) => this.#judged.add(hash));
      return await isSameStream(own, merged);
    } catch (cause) {
      if (cause instanceof CopyError && !isOutOfReach(cause)) return false;
      throw cause;
    }
  }

  #name(level: number, number: number): string {
    return formatCopyName({ kind: 'index', ...this.#context.place, level, number });
  }
}

async function* onePiece(bytes: Bytes | null): AsyncGenerator<Uint8Array> {
  if (bytes !== null && bytes.length > 0) yield bytes;
}

export async function isSameStream(
  left: AsyncIterable<Uint8Array>,
  right: AsyncIterable<Uint8Array>,
): Promise<boolean> {
  const rights = right[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array(0);
  for await (const piece of left) {
    for (let offset = 0; offset < piece.length; ) {
      if (rest.length === 0) {
        const next = await rights.next();
        if (next.done === true) return false;
        rest = next.value;
      }
      const length = Math.min(rest.length, piece.length - offset);
      if (!equalBytes(rest.subarray(0, length), piece.subarray(offset, offset + length))) {
        await rights.return?.();
        return false;
      }
      rest = rest.subarray(length);
      offset += length;
    }
  }
  return rest.length === 0 && (await rights.next()).done === true;
}
