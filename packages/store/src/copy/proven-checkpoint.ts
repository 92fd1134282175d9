import type { Destination } from './destination.ts';
import { statesOfFence } from './open-copy.ts';
import type { FencePlace } from './upper-levels.ts';

/** The size that the greatest checkpoint object commits which hashes right and which the host signed; 0 for none. */
export async function provenCheckpoint(destination: Destination, place: FencePlace): Promise<number> {
  for await (const { opened, isSigned } of statesOfFence([destination], place, ['checkpoint']))
    if (isSigned) return opened.state.size;
  return 0;
}
