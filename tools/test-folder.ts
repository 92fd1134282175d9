import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';

/** What all that runs at once writes at most, twice over. */
const neededBytes = 4 * 2 ** 30;
const memory = '/dev/shm';

/**
 * A folder for what tests write, theirs for as long as they run: in memory where the machine has enough of it, since each
 * commit of a database waits for its disk. What a killed program wrote is there all the same.
 */
export function makeTestFolder(): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(join(hasMemory() ? memory : tmpdir(), 'serment-run-'));
  // As the system's own: PostgreSQL's account, which is not root, goes through it.
  chmodSync(folder, 0o711);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

function hasMemory(): boolean {
  try {
    const { bavail, bsize } = statfsSync(memory);
    return Math.min(bavail * bsize, freemem()) >= neededBytes;
  } catch {
    return false;
  }
}
