import { stat, statfs } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Observation } from '@serment/store/alerts/alert';
import { addDiskSample, fullAt } from '@serment/store/alerts/disk-samples';
import type { Database } from '@serment/store/postgres/connect';

export interface DiskPlace {
  /** Empty for the data folder, else a copy's. */
  readonly name: string;
  readonly path: string;
}

export interface DiskWatchOptions {
  readonly database: Database;
  readonly places: () => readonly DiskPlace[];
  /** Raised when a disk will be full within that long. */
  readonly boundMs: number;
  /** Of a folder: its disk, and its room; tests give their own. */
  readonly measure?: (path: string) => Promise<DiskRoom>;
}

export interface DiskRoom {
  readonly disk: string;
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** A network disk that is gone may never answer. */
const answerMs = 5000;
/** Under a twentieth, or under 10 GiB on a large disk, it is told whatever the rate. */
const [lowPart, lowBytes] = [0.05, 10 * 2 ** 30];
/** What is told stays told until the forecast is half as long again: a rate wavers. */
const easedBy = 1.5;

/** How soon disks are full: of the data folder, and of the copies in folders. Places on one disk are told once. */
export class DiskWatch {
  readonly #options: DiskWatchOptions;
  /** Places whose disk has not answered yet: it is not asked again meanwhile. */
  readonly #silent = new Set<string>();

  constructor(options: DiskWatchOptions) {
    this.#options = options;
  }

  /** `open`: places that are told now. */
  async look(now: number, open: ReadonlySet<string>): Promise<Observation[]> {
    const { database, places, boundMs } = this.#options;
    const found: Observation[] = [];
    const seen = new Set<string>();
    for (const { name, path } of places()) {
      const room = await this.#room(path);
      if (room === null || seen.has(room.disk)) continue;
      seen.add(room.disk);
      const samples = await addDiskSample(database, name, { at: now, ...room });
      const full = fullAt(samples);
      const ease = open.has(name) ? easedBy : 1;
      const isLow = room.freeBytes < Math.min(room.totalBytes * lowPart, lowBytes) * ease;
      const isSoon = full !== null && full - now < boundMs * ease;
      if (isLow || isSoon)
        found.push({ cause: 'disk-full', subject: name, practices: [], since: now, code: null, at: full, entry: null });
    }
    return found;
  }

  /** Null for a disk that does not answer: the copy's own state tells that. */
  async #room(path: string): Promise<DiskRoom | null> {
    if (this.#silent.has(path)) return null;
    const { measure = measureDisk } = this.#options;
    this.#silent.add(path);
    const asked = measure(path)
      .catch(() => null)
      .finally(() => this.#silent.delete(path));
    return Promise.race([asked, delay(answerMs, null, { ref: false })]);
  }
}

async function measureDisk(path: string): Promise<DiskRoom> {
  const [{ dev }, { bsize, blocks, bavail }] = await Promise.all([stat(path), statfs(path)]);
  return { disk: String(dev), freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}
