import { fencePath } from '@serment/core/copy/names';
import { listFences } from '../copy-state.ts';
import { deleteCoveredTails } from '../covered-tails.ts';
import { nameOrNull, type TailRange } from '../held.ts';
import { provenCheckpoint } from '../proven-checkpoint.ts';
import { Bucket } from './bucket.ts';
import { dayMs, type S3Place } from './place.ts';
import { s3Destination } from './s3.ts';
import { Versions } from './versions.ts';

export interface EraserReport {
  /** Tails that were deleted, and what they weighed. */
  readonly erased: number;
  readonly erasedBytes: number;
  /** Whose lock has not ended, by their date. */
  readonly locked: number;
  /** Whose lock has ended, and that stay: no bundle was read back that holds the same, or the store refused. */
  readonly kept: number;
}

/**
 * Deletes tails whose lock has ended and that a bundle covers which was read back (docs/format/copy.md, Publishing), and
 * nothing else. Throws what keeps the store from being reached.
 */
export async function eraseTails(
  place: S3Place,
  onProgress: (tails: number) => void = () => undefined,
): Promise<EraserReport> {
  const bucket = new Bucket(place);
  const destination = s3Destination(place);
  const versions = new Versions(bucket);
  const report = { erased: 0, erasedBytes: 0, locked: 0, kept: 0 };
  try {
    await bucket.assertLocked();
    for (const practice of await destination.listFolders('')) {
      if (!/^[0-9a-f]{64}$/.test(practice)) continue;
      for (const fence of await listFences(destination, practice)) {
        const due = new Map<TailRange, number>();
        for await (const { name: text, first } of versions.list(`${fencePath(practice, fence)}/tail/`)) {
          const name = nameOrNull(text);
          if (name?.kind !== 'tail' || first === null) continue;
          if (first.writtenAt > bucket.now() - place.tailLockDays * dayMs) report.locked += 1;
          else due.set({ from: name.from, to: name.to }, first.size);
        }
        if (due.size === 0) continue;
        const checkpointed = await provenCheckpoint(destination, { practice, fence });
        const kept = new Set(
          await deleteCoveredTails(destination, { practice, fence }, { tails: [...due.keys()], checkpointed }),
        );
        for (const [tail, size] of due) {
          if (kept.has(tail)) report.kept += 1;
          else report.erased += 1;
          if (!kept.has(tail)) report.erasedBytes += size;
        }
        onProgress(report.erased);
      }
    }
    return report;
  } finally {
    bucket.close();
    await destination.close();
  }
}
