import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where proofs of copies work. */
export interface CopiesScene {
  readonly folder: string;
  readonly isQuick: boolean;
  remove(): Promise<void>;
}

export async function makeCopiesScene(isQuick: boolean): Promise<CopiesScene> {
  const folder = await mkdtemp(join(tmpdir(), 'serment-prove-'));
  return { folder, isQuick, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }) };
}
