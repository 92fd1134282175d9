import { setPriority } from 'node:os';
import { createInterface } from 'node:readline';
import { runDrill } from '@serment/store/copy/drill';
import { openPlace } from '@serment/store/copy/places';
import type { RestoreSink } from '@serment/store/copy/restore-sink';
import { openScratchStore } from '@serment/store/copy/scratch-store';
import { keepHeapSmall } from '@serment/store/copy/small-heap';
import { type DrillOrder, encodeDrillResult } from './drill-process.ts';

// A process of its own: a restore takes a core, and memory of its own, while the server must go on answering. It gives
// way to the server, and so does the database that it starts.
setPriority(10);
keepHeapSmall();
let scratch: Promise<RestoreSink> | null = null;
const input = createInterface({ input: process.stdin });
// Ended by who started it, be it by its death: a drill that nobody waits for leaves nothing behind.
input.once('close', async () => {
  const sink = await scratch?.catch(() => null);
  await sink?.close().catch(() => undefined);
  process.exit(1);
});
input.once('line', async (line) => {
  const { place, practice, at, scratchDir }: DrillOrder = JSON.parse(line);
  const [result] = await runDrill({
    destination: await openPlace(place),
    practice,
    ...(at === null ? {} : { at }),
    openScratch: (copyBytes) => {
      scratch = openScratchStore({ parent: scratchDir, copyBytes });
      return scratch;
    },
  });
  if (result !== undefined) process.stdout.write(`${encodeDrillResult(result)}\n`);
  process.exit(0);
});
