import type { Destination } from './destination.ts';

/** How many objects a destination has of a practice, or of all, and what they weigh together. */
export interface CopyWeight {
  readonly objects: number;
  readonly bytes: number;
}

const atOnce = 32;

/** Weighs what stands under a practice's names (in hexadecimal), or the whole copy. Throws what the destination throws. */
export async function weighCopy(destination: Destination, practice?: string): Promise<CopyWeight> {
  let [objects, bytes] = [0, 0];
  let names: string[] = [];
  const weigh = async () => {
    for (const size of await Promise.all(names.map((name) => destination.size(name)))) {
      // One that was deleted meanwhile, as covered tails are, counts no more.
      if (size === null) continue;
      objects += 1;
      bytes += size;
    }
    names = [];
  };
  for await (const name of destination.list(practice ?? '')) if (names.push(name) === atOnce) await weigh();
  await weigh();
  return { objects, bytes };
}
