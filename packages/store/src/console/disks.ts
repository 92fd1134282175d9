import type { DiskOverview } from '@serment/core/wire/console';
import { type DiskSample, fullAt } from '../alerts/disk-samples.ts';
import { asHost } from '../database-scope.ts';
import type { Database } from '../postgres/connect.ts';

/** A disk that was not measured for that long is no more. */
const staleMs = 6 * 3_600_000;

/** The room of each disk that is measured, by its last sample, and when it is full. */
export async function listDisks(database: Database, now: number): Promise<DiskOverview[]> {
  const rows = await asHost(
    database,
    (sql) => sql<(DiskSample & { disk: string })[]>`
      SELECT disk, at, free AS "freeBytes", total AS "totalBytes" FROM serment.disk_samples ORDER BY disk, at`,
  );
  const disks = Map.groupBy(rows, ({ disk }) => disk);
  return [...disks].flatMap(([name, samples]) => {
    const last = samples.at(-1);
    if (last === undefined || last.at < now - staleMs) return [];
    return [{ name, freeBytes: last.freeBytes, totalBytes: last.totalBytes, fullAt: fullAt(samples) }];
  });
}
