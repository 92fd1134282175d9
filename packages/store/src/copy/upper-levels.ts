import { bundleSize, formatCopyName, indexFanOut } from '@serment/core/copy/names';
import { encodeNodes, tileRoot } from '@serment/core/copy/nodes';
import { mergeStreamIndexes } from '@serment/core/copy/stream-index';
import { nodeHash } from '@serment/core/journal/tree';
import type { Destination } from './destination.ts';
import { type Held, levelOf } from './held.ts';

export interface FencePlace {
  readonly practice: string;
  readonly fence: number;
}

// Each stays open until its barrier: a vault that is copied for the first time completes thousands at once.
const objectsPerBarrier = 64;

/** Writes the higher tiles and stream indexes that `bundles` full bundles complete and the destination lacks. */
export async function writeUpperLevels(
  destination: Destination,
  place: FencePlace,
  held: Held,
  bundles: number,
): Promise<void> {
  for (let level = 1; bundleSize ** level <= bundles; level += 1)
    await writeLevel(destination, levelOf(held.tiles, level), Math.floor(bundles / bundleSize ** level), (number) => ({
      name: formatCopyName({ kind: 'tile', ...place, level, number }),
      content: hashTile(destination, place, level, number),
    }));
  for (let level = 1; indexFanOut ** level <= bundles; level += 1)
    await writeLevel(
      destination,
      levelOf(held.indexes, level),
      Math.floor(bundles / indexFanOut ** level),
      (number) => ({
        name: formatCopyName({ kind: 'index', ...place, level, number }),
        content: Promise.resolve(mergedIndex(destination, place, level, number)),
      }),
    );
}

/** The merge of the sixteen indexes under this one, as a stream. */
export function mergedIndex(
  destination: Destination,
  place: FencePlace,
  level: number,
  number: number,
): AsyncIterable<Uint8Array> {
  const children = Array.from({ length: indexFanOut }, (_, child) =>
    destination.stream(
      formatCopyName({ kind: 'index', ...place, level: level - 1, number: number * indexFanOut + child }),
    ),
  );
  return mergeStreamIndexes(children);
}

/** Root of a full tile of any level. */
export async function rootOfTile(
  destination: Destination,
  place: FencePlace,
  level: number,
  number: number,
): Promise<Uint8Array> {
  if (level === 0) return tileRoot(await destination.get(formatCopyName({ kind: 'nodes', ...place, number })));
  const tile = await destination.get(formatCopyName({ kind: 'tile', ...place, level, number }));
  return tileRoot(encodeNodes(tile, nodeHash));
}

async function hashTile(
  destination: Destination,
  place: FencePlace,
  level: number,
  number: number,
): Promise<Uint8Array> {
  const tile = new Uint8Array(bundleSize * 32);
  for (let child = 0; child < bundleSize; child += 1)
    tile.set(await rootOfTile(destination, place, level - 1, number * bundleSize + child), child * 32);
  return tile;
}

async function writeLevel(
  destination: Destination,
  numbers: Set<number>,
  count: number,
  object: (number: number) => { name: string; content: Promise<Uint8Array | AsyncIterable<Uint8Array>> },
): Promise<void> {
  const missing: number[] = [];
  for (let number = 0; number < count; number += 1) if (!numbers.has(number)) missing.push(number);
  for (let start = 0; start < missing.length; start += objectsPerBarrier) {
    const part = missing.slice(start, start + objectsPerBarrier);
    const batch = destination.batch();
    try {
      for (const number of part) {
        const { name, content } = object(number);
        await batch.put(name, await content);
      }
      await batch.commit();
    } finally {
      await batch.abandon();
    }
    for (const number of part) numbers.add(number);
  }
}
