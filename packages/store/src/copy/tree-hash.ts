import { hash } from 'node:crypto';
import { bundleSize } from '@serment/core/copy/names';

const path = Buffer.alloc(65);
path[0] = 1;

/**
 * As core's `rootThroughTile`, given only the leaf beside instead of the whole tile, and without an allocation for each
 * hash; what it returns holds until the next call.
 */
export function fastRootThroughTile(
  position: number,
  leaf: Uint8Array,
  beside: { sibling: Uint8Array; nodes: Uint8Array },
): Uint8Array {
  let place = position;
  path.set(leaf, ownOffset(place));
  path.set(beside.sibling, 34 - ownOffset(place));
  // A digest as a string is what Node makes four times faster than one as bytes.
  let digest = hash('sha256', path, 'binary');
  let start = 0;
  for (let count = bundleSize / 2; count > 1; count /= 2) {
    place >>>= 1;
    const sibling = start + (place ^ 1) * 32;
    path.write(digest, ownOffset(place), 32, 'latin1');
    path.set(beside.nodes.subarray(sibling, sibling + 32), 34 - ownOffset(place));
    digest = hash('sha256', path, 'binary');
    start += count * 32;
  }
  path.write(digest, 33, 32, 'latin1');
  return path.subarray(33, 65);
}

function ownOffset(place: number): number {
  return place % 2 === 0 ? 1 : 33;
}
