import type { Bytes } from '@serment/core/bytes';
import { bundleSize, formatCopyName } from '@serment/core/copy/names';
import { parseEntry } from '@serment/core/journal/entry';
import type { HeadProofs } from '@serment/core/journal/followed';
import { governanceStream } from '@serment/core/journal/header';
import { consistencyProof, type HashReader } from '@serment/core/journal/proof';
import { Frontier, leafHash, nodeHash } from '@serment/core/journal/tree';
import { CopyError } from '@serment/store/copy/copy-error';
import type { Destination } from '@serment/store/copy/destination';
import { type OpenedState, openStates } from '@serment/store/copy/open-copy';

/** The newest head that a copy proves, and what it proves it with. */
export interface CopyHead {
  readonly note: string;
  readonly proofs: HeadProofs;
}

/** Throws COPY_PRACTICE_UNKNOWN where no state of that practice is proven, and as destinations do. */
export async function copyHead(destination: Destination, practice: string): Promise<CopyHead> {
  for await (const opened of openStates([destination], practice)) {
    const { copy } = opened;
    return {
      note: copy.checkpoint,
      proofs: {
        consistencyProof: async (from, to) =>
          from > to || to > copy.size ? null : consistencyProof(from, to, hashesOf(opened)),
        async governance() {
          const { items, findings } = await copy.readStream(governanceStream);
          return findings.length > 0 ? null : items.map(({ index, entry }) => ({ index, entry: parseEntry(entry) }));
        },
      },
    };
  }
  throw new CopyError('COPY_PRACTICE_UNKNOWN', 'The copy proves no state of this practice', { fields: { practice } });
}

/** Subtrees from the roots of full bundles, from a tile where they are smaller, and from the entries after them. */
function hashesOf({ state, destination }: OpenedState): HashReader {
  const { place, bundleRoots, tail } = state;
  const full = (bundleRoots.length / 32) * bundleSize;
  const read: HashReader = async (level, index) => {
    const [start, end] = [index * 2 ** level, (index + 1) * 2 ** level];
    if (start >= full) return folded(tail.slice(start - full, end - full).map(({ entry }) => leafHash(entry)));
    if (end > full) return nodeHash(await read(level - 1, 2 * index), await read(level - 1, 2 * index + 1));
    if (end - start >= bundleSize)
      return folded(hashesIn(bundleRoots.subarray((start / bundleSize) * 32, (end / bundleSize) * 32)));
    const number = Math.floor(start / bundleSize);
    const { practice, fence } = place;
    const name = formatCopyName({ kind: 'tile', practice, fence, level: 0, number });
    const within = start - number * bundleSize;
    return folded(hashesIn(await destination.read(name, within * 32, (end - start) * 32)));
  };
  return read;
}

function hashesIn(bytes: Uint8Array): Bytes[] {
  return Array.from({ length: bytes.length / 32 }, (_, place) => bytes.slice(place * 32, place * 32 + 32));
}

function folded(hashes: readonly Bytes[]): Bytes {
  const subtree = new Frontier();
  for (const hash of hashes) subtree.append(hash);
  return subtree.root();
}
