import { bytesToHex } from '@serment/core/bytes';
import { comparedToLive, runDrill } from '@serment/store/copy/drill';
import type { RestoreSink } from '@serment/store/copy/restore-sink';
import { type WatchOptions, withEvent } from './watch.ts';
import { type Watched, writeWatched } from './watch-file.ts';

export interface DrillOptions extends Pick<WatchOptions, 'dir' | 'clock' | 'openCopy'> {
  /** An empty place to restore a copy of that many bytes into; closing it destroys it. */
  readonly openScratch: (copyBytes: number) => Promise<RestoreSink>;
  /** How often a copy is restored, ms. */
  readonly everyMs: number;
}

/** After a drill that came to no answer. */
const againMs = 3_600_000;

/**
 * Restores the copy that a practice is followed in, when that is due, and compares it with the head that this witness
 * knows (docs/format/witness.md, Drills). What is followed at a host alone has no copy here. Throws OUTPUT_UNWRITABLE.
 */
export async function drillWhenDue(watched: Watched, options: DrillOptions): Promise<Watched> {
  const { source, followed, drilled } = watched;
  const { dir, clock, everyMs, openCopy, openScratch } = options;
  const waitMs = drilled?.outcome === 'inconclusive' ? Math.min(everyMs, againMs) : everyMs;
  // Before a head is known, there is nothing to compare with.
  if (!('copy' in source) || followed.known === null || clock() - (drilled?.at ?? 0) < waitMs) return watched;
  const { size, root } = followed.known;
  const destination = await openCopy(source.copy);
  try {
    const practice = bytesToHex(followed.practice);
    const [result] = await runDrill({ destination, practice, openScratch });
    if (result === undefined) return watched;
    // What the copy holds beyond the known head is judged as a head, at the next look.
    const compared = result.size > size ? result : comparedToLive(result, result.size === size ? root : null);
    const { outcome, codes } = compared;
    const at = clock();
    const told = withEvent({ ...watched, drilled: { at, outcome, codes: [...codes] } }, outcome, { at });
    return await writeWatched(dir, told);
  } finally {
    await destination.close();
  }
}
