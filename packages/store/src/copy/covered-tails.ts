import { equalBytes } from '@serment/core/bytes';
import { parseEntryBundle, parsePayloadBundle } from '@serment/core/copy/bundle';
import { bundleSize, formatCopyName } from '@serment/core/copy/names';
import { encodeNodes, tileRoot } from '@serment/core/copy/nodes';
import { parseTail } from '@serment/core/copy/tail';
import { leafHash, nodeHash } from '@serment/core/journal/tree';
import type { Destination } from './destination.ts';
import type { TailRange } from './held.ts';
import type { FencePlace } from './upper-levels.ts';

/**
 * Deletes each tail under `checkpointed`, the size of a checkpoint that was written here or read back, once bundle, payloads and tile have been read back and hold the same
 * bytes. Returns the tails that stay. A damaged tail or bundle deletes nothing: verify names it.
 */
export async function deleteCoveredTails(
  destination: Destination,
  place: FencePlace,
  held: { tails: readonly TailRange[]; checkpointed: number },
): Promise<TailRange[]> {
  const kept: TailRange[] = [];
  const tailsByBundle = new Map<number, TailRange[]>();
  for (const tail of held.tails) {
    const number = Math.floor(tail.from / bundleSize);
    if ((number + 1) * bundleSize > held.checkpointed) kept.push(tail);
    else tailsByBundle.set(number, [...(tailsByBundle.get(number) ?? []), tail]);
  }
  for (const [number, tails] of tailsByBundle) {
    const bundle = await readBack(destination, place, number);
    for (const tail of tails) {
      const name = formatCopyName({ kind: 'tail', ...place, from: tail.from, to: tail.to });
      if (bundle !== null && (await isCovered(destination, name, bundle, tail))) await destination.deleteTail(name);
      else kept.push(tail);
    }
  }
  return kept;
}

interface ReadBack {
  readonly entries: readonly Uint8Array[];
  readonly payloads: readonly (Uint8Array | null)[];
}

async function readBack(destination: Destination, place: FencePlace, number: number): Promise<ReadBack | null> {
  const entryBytes = await destination.get(formatCopyName({ kind: 'entries', ...place, number }));
  const payloadBytes = await destination.get(formatCopyName({ kind: 'payload', ...place, number }));
  const tile = await destination.get(formatCopyName({ kind: 'tile', ...place, level: 0, number }));
  const nodes = await destination.get(formatCopyName({ kind: 'nodes', ...place, number }));
  try {
    const entries = parseEntryBundle(entryBytes);
    const payloads = parsePayloadBundle(payloadBytes);
    const isTileRight = entries.every((entry, position) =>
      equalBytes(leafHash(entry), tile.subarray(position * 32, position * 32 + 32)),
    );
    if (!(isTileRight && equalBytes(tileRoot(encodeNodes(tile, nodeHash)), tileRoot(nodes)))) return null;
    return { entries, payloads };
  } catch {
    return null;
  }
}

async function isCovered(destination: Destination, name: string, bundle: ReadBack, range: TailRange): Promise<boolean> {
  const bytes = await destination.get(name);
  try {
    const tail = parseTail(bytes);
    return tail.items.every(({ entry, payload }, position) => {
      const place = (range.from % bundleSize) + position;
      return isSame(entry, bundle.entries[place]) && isSame(payload, bundle.payloads[place]);
    });
  } catch {
    return false;
  }
}

function isSame(left: Uint8Array | null | undefined, right: Uint8Array | null | undefined): boolean {
  if (left === null || left === undefined) return left === right;
  return right !== null && right !== undefined && equalBytes(left, right);
}
