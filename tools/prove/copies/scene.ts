import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Measures, makeMeasures } from '../measured.ts';

/** Where proofs of copies work. */
export interface CopiesScene extends Measures {
  readonly folder: string;
  remove(): Promise<void>;
}

export async function makeCopiesScene(isQuick: boolean): Promise<CopiesScene> {
  const folder = await mkdtemp(join(tmpdir(), 'serment-prove-'));
  return {
    ...makeMeasures(isQuick),
    folder,
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}
