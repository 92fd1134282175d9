import { setPriority } from 'node:os';
import { runDrill } from '@serment/store/copy/drill';
import type { RestoreSink } from '@serment/store/copy/restore-sink';
import { openScratchStore } from '@serment/store/copy/scratch-store';
import { openDestination } from './destination-source.ts';
import { encodeDrillResult, parseDrillOrder } from './drill-process.ts';

// A process of its own: a restore takes a core, and memory of its own, while the server must go on answering. It gives
// way to the server, and so does the database that it starts.
setPriority(10);
const { source, practice, at, scratchDir } = parseDrillOrder(process.argv[2] ?? '');
let scratch: Promise<RestoreSink> | null = null;
// Ended by who started it, be it by its death: a drill that nobody waits for leaves nothing behind.
process.stdin.resume().once('end', async () => {
  const sink = await scratch?.catch(() => null);
  await sink?.close().catch(() => undefined);
  process.exit(1);
});
const [result] = await runDrill({
  destination: openDestination(source),
  practice,
  ...(at === null ? {} : { at }),
  openScratch: (copyBytes) => {
    scratch = openScratchStore({ parent: scratchDir, copyBytes });
    return scratch;
  },
});
if (result !== undefined) process.stdout.write(`${encodeDrillResult(result)}\n`);
process.exit(0);
