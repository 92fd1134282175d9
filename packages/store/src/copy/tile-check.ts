import { equalBytes } from '@serment/core/bytes';
import type { CborValue } from '@serment/core/cbor';
import { bundleSize, formatCopyName } from '@serment/core/copy/names';
import { encodeNodes, hashTileBytes, tileRoot } from '@serment/core/copy/nodes';
import { sha256 } from '@serment/core/hash';
import { nodeHash } from '@serment/core/journal/tree';
import { readObject } from './bundle-check.ts';
import { makeFinding } from './finding.ts';
import type { JudgedBytes } from './judged-bytes.ts';
import type { VerifyContext } from './verify-practice.ts';
import { shape } from './verify-state.ts';

interface Level {
  readonly tile: Uint8Array;
  filled: number;
  number: number;
  /** False once a hash below could not be recomputed. */
  isWhole: boolean;
}

/** Recomputes the hash tiles above level 0 while bundles go by; memory is one tile a level. */
export class TileCheck {
  readonly #context: VerifyContext;
  readonly #judged: JudgedBytes;
  readonly #levels: Level[] = [];
  #parent: { number: number; tile: Uint8Array | null } | null = null;

  constructor(context: VerifyContext, judged: JudgedBytes) {
    this.#context = context;
    this.#judged = judged;
  }

  toCbor(): CborValue {
    return this.#levels.map(({ tile, filled, number, isWhole }) => [tile.slice(), filled, number, isWhole]);
  }

  /** Goes on where `toCbor` was called. Throws CBOR_INVALID. */
  resume(item: CborValue | undefined): void {
    for (const level of shape.array(item)) {
      const [tile, filled, number, isWhole] = shape.array(level, 4);
      this.#levels.push({
        tile: shape.bytes(tile, hashTileBytes),
        ...{ filled: shape.uint(filled, 0, bundleSize - 1), number: shape.uint(number), isWhole: shape.flag(isWhole) },
      });
    }
  }

  /** What the stored tile of level 1 says is the root of this bundle; null when there is none to read. */
  async parentOf(bundle: number): Promise<Uint8Array | null> {
    const number = Math.floor(bundle / bundleSize);
    if (this.#parent?.number !== number) this.#parent = { number, tile: await this.#read(1, number) };
    const start = (bundle % bundleSize) * 32;
    return this.#parent.tile?.subarray(start, start + 32) ?? null;
  }

  async add(root: Uint8Array | null): Promise<void> {
    await this.#add(0, root);
  }

  async #add(index: number, hash: Uint8Array | null): Promise<void> {
    const level = this.#levelOf(index);
    if (hash === null) level.isWhole = false;
    else level.tile.set(hash, level.filled * 32);
    level.filled += 1;
    if (level.filled < bundleSize) return;
    const isRight = await this.#compare(index + 1, level);
    const root = isRight ? tileRoot(encodeNodes(level.tile, nodeHash)).slice() : null;
    level.filled = 0;
    level.number += 1;
    level.isWhole = true;
    await this.#add(index + 1, root);
  }

  #levelOf(index: number): Level {
    const known = this.#levels[index];
    if (known !== undefined) return known;
    const level: Level = { tile: new Uint8Array(hashTileBytes), filled: 0, number: 0, isWhole: true };
    this.#levels[index] = level;
    return level;
  }

  /** True when the recomputed tile can be relied on. */
  async #compare(level: number, { tile, number, isWhole }: Level): Promise<boolean> {
    const name = formatCopyName({ kind: 'tile', ...this.#context.place, level, number });
    const stored = await readObject(this.#context.destination, name);
    this.#context.onProgress({ objects: 1, bytes: stored instanceof Uint8Array ? stored.length : 0 });
    const reach = {
      practice: this.#context.place.practice,
      from: number * bundleSize ** (level + 1),
      to: (number + 1) * bundleSize ** (level + 1),
    };
    if (stored === null) this.#context.find(makeFinding('TILE_MISSING', name, reach));
    else if (!(stored instanceof Uint8Array)) this.#context.find(makeFinding('TILE_DAMAGED', name, reach, stored.code));
    else if (isWhole && !equalBytes(stored, tile)) this.#context.find(makeFinding('TILE_DAMAGED', name, reach));
    else this.#judged.add(sha256(stored));
    return isWhole;
  }

  async #read(level: number, number: number): Promise<Uint8Array | null> {
    const name = formatCopyName({ kind: 'tile', ...this.#context.place, level, number });
    const object = await readObject(this.#context.destination, name);
    return object instanceof Uint8Array && object.length === hashTileBytes ? object : null;
  }
}
