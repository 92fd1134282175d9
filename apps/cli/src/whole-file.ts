import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { outputError } from './error.ts';

/**
 * Puts a text in the place of a file: for its owner alone, and on the disk whole when this returns; whenever it is cut,
 * what stood before stands. Throws OUTPUT_UNWRITABLE.
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  const written = `${path}.new`;
  try {
    await rm(written, { force: true });
    const handle = await open(written, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(written, path);
    const folder = await open(dirname(path), 'r');
    await folder.sync().finally(() => folder.close());
  } catch (cause) {
    throw outputError(cause);
  }
}
