import { equalBytes } from '@serment/core/bytes';
import { parseEntryBundle, parsePayloadBundle } from '@serment/core/copy/bundle';
import { bundleSize, formatCopyName } from '@serment/core/copy/names';
import { encodeNodes, tileRoot } from '@serment/core/copy/nodes';
import { parseTail } from '@serment/core/copy/tail';
import { inParallel } from '@serment/core/in-parallel';
import { leafHash, nodeHash } from '@serment/core/journal/tree';
import { readObject, readRawBundle } from './bundle-check.ts';
import { CopyError } from './copy-error.ts';
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
    await inParallel(tails, destination.readsAtOnce, async (tail) => {
      const name = formatCopyName({ kind: 'tail', ...place, from: tail.from, to: tail.to });
      const isGone =
        bundle !== null && (await isCovered(destination, name, bundle, tail)) && (await isDeleted(destination, name));
      if (!isGone) kept.push(tail);
    });
  }
  return kept;
}

interface ReadBack {
  readonly entries: readonly Uint8Array[];
  readonly payloads: readonly (Uint8Array | null)[];
}

async function readBack(destination: Destination, place: FencePlace, number: number): Promise<ReadBack | null> {
  const raw = await readRawBundle(destination, place, number);
  const { entries: entryBytes, payload: payloadBytes, tile, nodes } = raw;
  try {
    if (!(entryBytes instanceof Uint8Array && payloadBytes instanceof Uint8Array)) return null;
    if (!(tile instanceof Uint8Array && nodes instanceof Uint8Array)) return null;
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

/** False when the place does not delete it, because it is locked for one. */
async function isDeleted(destination: Destination, name: string): Promise<boolean> {
  try {
    await destination.deleteTail(name);
    return true;
  } catch (cause) {
    if (cause instanceof CopyError && cause.code === 'COPY_DELETE_REFUSED') return false;
    throw cause;
  }
}

async function isCovered(destination: Destination, name: string, bundle: ReadBack, range: TailRange): Promise<boolean> {
  const bytes = await readObject(destination, name);
  try {
    if (!(bytes instanceof Uint8Array)) return false;
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
