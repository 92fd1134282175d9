// One step of the copy's life in a process of its own, so that its memory is told apart: publish, verify or restore.
import { readFile } from 'node:fs/promises';
import { bundleSize } from '@serment/core/copy/names';
import { signCheckpoint } from '@serment/core/journal/checkpoint';
import { folderDestination } from '@serment/store/copy/folder';
import { startPublisher } from '@serment/store/copy/publisher';
import { restoreCopy } from '@serment/store/copy/restore';
import { keepHeapSmall } from '@serment/store/copy/small-heap';
import { verifyCopy } from '@serment/store/copy/verify';
import { StateFolder } from '@serment/store/copy/verify-state';
import { openDatabase } from '@serment/store/postgres/connect';
import { createRestoreSink } from '@serment/store/restore-into';
import { openStoreIn } from './make-vault.ts';

export interface StepOptions {
  readonly step: 'publish' | 'verify' | 'verify again' | 'restore';
  /** Of the vault. */
  readonly folder: string;
  /** What is published, or the empty one that is restored into. */
  readonly databaseUrl: string;
  readonly copyFolder: string;
  /** Of the restored vault. */
  readonly blobsName: string;
  /** Where a verification keeps what it judged, and one that reads again finds it; null to keep nothing. */
  readonly stateFolder: string | null;
}

export interface StepResult {
  /** Of the step alone: a server that copies, and a host that restores, have started long before. */
  readonly ms: number;
  readonly peakBytes: number;
}

const steps = { publish, verify, 'verify again': verify, restore };

async function publish({ folder, databaseUrl, copyFolder }: StepOptions): Promise<number> {
  const store = await openStoreIn(folder, databaseUrl);
  const startedAt = performance.now();
  const publisher = startPublisher({
    source: store.capture,
    destinations: [folderDestination({ path: copyFolder })],
    signCheckpoint: (checkpoint) => signCheckpoint(checkpoint, store.hostKeys.signer),
  });
  await publisher.settled();
  const states = (await store.capture.practices()).flatMap((practice) => publisher.status(practice));
  await publisher.stop();
  const ms = performance.now() - startedAt;
  await store.close();
  if (states.some(({ state }) => state !== 'current'))
    throw new RangeError(`The copy is not current: ${states[0]?.error}`);
  return ms;
}

async function verify({ step, copyFolder, stateFolder }: StepOptions): Promise<number> {
  keepHeapSmall();
  const startedAt = performance.now();
  const destination = folderDestination({ path: copyFolder });
  const state = stateFolder === null ? null : await StateFolder.open(stateFolder);
  const isAgain = step === 'verify again';
  const report = await verifyCopy(destination, { ...(state === null ? {} : { state }), isReread: isAgain });
  // Entries of no full bundle stand in tails, which are judged each time.
  const isInBundles = report.practices.some(({ size }) => size >= bundleSize);
  const kind = isAgain && isInBundles ? 'reread' : 'full';
  if (report.kind !== kind) throw new RangeError(`The copy was verified ${report.kind}`);
  await destination.close();
  if (report.damages > 0) throw new RangeError(`The copy has damages: ${report.findings[0]?.code}`);
  return performance.now() - startedAt;
}

async function restore({ folder, databaseUrl, copyFolder, blobsName }: StepOptions): Promise<number> {
  keepHeapSmall();
  const store = await openStoreIn(folder, databaseUrl, blobsName);
  const { database, blobs, capture } = store;
  const owner = openDatabase({ url: databaseUrl, maxConnections: 1 });
  await owner`SELECT 1`;
  const startedAt = performance.now();
  const destination = folderDestination({ path: copyFolder });
  const sink = createRestoreSink({ database, owner, blobs, capture, clock: Date.now, openAccounts: null });
  const report = await restoreCopy({ destinations: [destination], sink });
  await destination.close();
  const ms = performance.now() - startedAt;
  await owner.end();
  await store.close();
  if (report.findings.length > 0) throw new RangeError(`The restore lost something: ${report.findings[0]?.code}`);
  return ms;
}

/** Greatest resident size of this process; both sources are in kilobytes. */
async function peakBytes(): Promise<number> {
  // On Linux `maxRSS` begins at the size of the process that started this one, and says nothing when that is larger.
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return (peak === undefined ? process.resourceUsage().maxRSS : Number(peak)) * 1024;
}

if (import.meta.main) {
  const options: StepOptions = JSON.parse(process.argv[2] ?? '{}');
  const ms = await steps[options.step](options);
  const result: StepResult = { ms, peakBytes: await peakBytes() };
  process.stdout.write(JSON.stringify(result));
}
