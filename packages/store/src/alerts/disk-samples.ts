import { asHost } from '../database-scope.ts';
import type { Database } from '../postgres/connect.ts';

/** How much room a disk had. */
export interface DiskSample {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly freeBytes: number;
  readonly totalBytes: number;
}

const keptMs = 30 * 86_400_000;
const everyMs = 3_600_000;

/** Keeps one sample of a disk an hour, for a month, and answers with those there are, oldest first, the given one last. */
export async function addDiskSample(database: Database, disk: string, sample: DiskSample): Promise<DiskSample[]> {
  const { at, freeBytes, totalBytes } = sample;
  return asHost(database, async (sql) => {
    await sql`DELETE FROM serment.disk_samples WHERE disk = ${disk} AND at < ${at - keptMs}`;
    const kept = await sql<DiskSample[]>`
      SELECT at, free AS "freeBytes", total AS "totalBytes" FROM serment.disk_samples
      WHERE disk = ${disk} AND at < ${at} ORDER BY at`;
    if (at - (kept.at(-1)?.at ?? 0) >= everyMs)
      await sql`
        INSERT INTO serment.disk_samples (disk, at, free, total) VALUES (${disk}, ${at}, ${freeBytes}, ${totalBytes})
        ON CONFLICT (disk, at) DO NOTHING`;
    return [...kept, sample];
  });
}

const learnMs = 24 * 3_600_000;
const rateMs = 7 * 24 * 3_600_000;

/**
 * When a disk will be full at the rate of the last week, milliseconds since 1970; null when it does not fill, or when
 * less than a day of it is known. The rate is the median of the slopes between samples half of that time apart (after
 * Theil and Sen), which a night's scratch database or one large import does not move.
 */
export function fullAt(samples: readonly DiskSample[]): number | null {
  const last = samples.at(-1);
  if (last === undefined) return null;
  // A disk that was made larger, or replaced, begins anew.
  const same = samples.filter(({ at, totalBytes }) => at >= last.at - rateMs && totalBytes === last.totalBytes);
  const spanMs = last.at - (same[0]?.at ?? last.at);
  if (spanMs < learnMs) return null;
  const slopes: number[] = [];
  let later = 0;
  for (const from of same) {
    while (later < same.length && (same[later]?.at ?? 0) - from.at < spanMs / 2) later += 1;
    const to = same[later];
    if (to === undefined) break;
    slopes.push((from.freeBytes - to.freeBytes) / (to.at - from.at));
  }
  slopes.sort((left, right) => left - right);
  const bytesPerMs = slopes[Math.floor(slopes.length / 2)] ?? 0;
  return bytesPerMs <= 0 ? null : Math.round(last.at + last.freeBytes / bytesPerMs);
}
