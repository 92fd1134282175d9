import { mkdir, mkdtemp, readdir, rm, stat, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFolderBlobs } from '../blob/folder-blobs.ts';
import { loadOrCreateHostKeys } from '../host-keys.ts';
import { openDatabase } from '../postgres/connect.ts';
import { clearLeftover, startEmbeddedPostgres } from '../postgres/embedded.ts';
import { createRestoreSink } from '../restore-into.ts';
import { openStore } from '../store.ts';
import { CopyError } from './copy-error.ts';
import type { RestoreSink } from './restore-sink.ts';

export interface ScratchOptions {
  /** A folder, made if absent, on a disk with room for the whole vault; by default the system's temporary one. */
  readonly parent?: string | undefined;
  /** What the copy weighs that will be restored there. */
  readonly copyBytes: number;
}

const prefix = 'serment-drill-';
/** How long it takes at most from the folder's making to its database's. */
const beginsWithinMs = 60_000;
/** An empty cluster with the log that a restore writes meanwhile. */
const emptyBytes = 192 * 1024 * 1024;
/** Sealed bytes do not shrink in a database, whose rows, indexes and log stand beside them. */
const growth = 2.5;

/** Room that a drill of a copy of so many bytes needs on the disk of its scratch folder, in bytes. */
export function scratchBytes(copyBytes: number): number {
  return emptyBytes + Math.ceil(copyBytes * growth);
}

/**
 * An empty PostgreSQL and blob store of its own for a drill. Closing the sink destroys it, also in the
 * middle of a restore, which then fails. Throws SCRATCH_TOO_SMALL where
 * the disk has not the room, and what `startEmbeddedPostgres` throws.
 */
export async function openScratchStore({ parent = tmpdir(), copyBytes }: ScratchOptions): Promise<RestoreSink> {
  await mkdir(parent, { recursive: true, mode: 0o700 });
  const { bavail, bsize } = await statfs(parent);
  const [free, needed] = [bavail * bsize, scratchBytes(copyBytes)];
  if (free < needed)
    throw new CopyError('SCRATCH_TOO_SMALL', 'The disk has no room to restore the copy for a drill', {
      fields: { free, needed },
      hint: 'Free space there, or give drills a folder on another disk.',
    });
  const folder = await mkdtemp(join(parent, prefix));
  const undo = new AsyncDisposableStack();
  try {
    undo.defer(() => rm(folder, { recursive: true, force: true }));
    const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'data') });
    undo.defer(() => postgres.stop());
    const blobs = await createFolderBlobs(join(folder, 'blobs'));
    // Keys of no vault: a drill signs nothing with them, and account data stays sealed.
    const hostKeys = await loadOrCreateHostKeys(join(folder, 'host.key'), async () => 'drill');
    const store = await openStore({ databaseUrl: postgres.url, blobs, hostKeys });
    undo.defer(() => store.close());
    const { database, capture, clock } = store;
    const owner = openDatabase({ url: postgres.url, applicationName: 'serment-restore', maxConnections: 1 });
    undo.defer(() => owner.end({ timeout: 5 }));
    const sink = createRestoreSink({ database, owner, blobs, capture, clock, openAccounts: null });
    let closing: Promise<void> | null = null;
    // Once, whoever asks: nobody is told that it is done before it is.
    sink.close = () => {
      closing ??= undo.disposeAsync();
      return closing;
    };
    return sink;
  } catch (cause) {
    await undo.disposeAsync();
    throw cause;
  }
}

/**
 * Destroys what drills that were killed left under a folder, their database's processes included. One that runs now, of
 * whichever process, is left alone. Answers with how many there were.
 */
export async function clearScratch(parent: string): Promise<number> {
  const names = await readdir(parent).catch(() => []);
  let cleared = 0;
  for (const name of names.filter((one) => one.startsWith(prefix))) {
    const folder = join(parent, name);
    if (!(await isLeft(folder))) continue;
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    cleared += 1;
  }
  return cleared;
}

async function isLeft(folder: string): Promise<boolean> {
  try {
    return await clearLeftover(join(folder, 'data'));
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw cause;
    // Another process may be making it.
    const made = (await stat(folder).catch(() => null))?.mtimeMs ?? 0;
    return Date.now() - made > beginsWithinMs;
  }
}
