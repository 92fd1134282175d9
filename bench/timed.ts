import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** How long the work takes, ms. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** Everything of the file system that holds this folder is on the disk when it returns. */
export function syncOf(folder: string): Promise<unknown> {
  return run('sync', ['-f', folder]);
}
