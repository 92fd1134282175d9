import { mkdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { StoreError } from '../error.ts';
import { chooseAccount } from './account.ts';
import { findBinaries } from './binaries.ts';
import { ensureCluster, superuser } from './cluster.ts';
import { dataFolderError, recordFormat, refuseUnfitData } from './data-folder.ts';
import { takeOwnership } from './owner-lock.ts';
import { type PostmasterExit, startPostmaster, stopPostmaster, stopStrays } from './postmaster.ts';
import { openServerLog } from './server-log.ts';
import { clearSocketFolder, findSocketFolder, openSocketFolder } from './socket-folder.ts';

export interface EmbeddedPostgres {
  /** For `openDatabase`, `pg` and every client of libpq: `postgres://user@localhost/database?host=<folder of the socket>`. */
  readonly url: string;
  readonly socketDir: string;
  readonly pid: number;
  /** Such as "18.4". */
  readonly version: string;
  /** Settles when the server ends, be it by `stop()` or on its own. */
  readonly exited: Promise<PostmasterExit>;
  /** Stops the server and gives the data folder up. Further calls answer with the first one. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Made if absent. Holds `postgres/` (the cluster), `logs/`, `serment.json` and the owner's lock. */
  readonly dataDir: string;
  /** Receives the server's log, line by line, within half a second. */
  readonly onLog?: (line: string) => void;
  /** Gives the start up; a server that is already running is stopped with `stop()`. */
  readonly signal?: AbortSignal;
}

/**
 * Starts the PostgreSQL shipped with Serment in a data folder, made on the first start, and answers once it accepts
 * connections. Throws a StoreError whose hint says what to do: DATA_IN_USE, DATA_NEWER, DATA_OLDER, DATA_DAMAGED,
 * DATA_NOT_WRITABLE, DISK_FULL, DATABASE_BINARIES_MISSING, DATABASE_BINARIES_UNUSABLE, DATABASE_ACCOUNT,
 * DATABASE_INIT_FAILED, DATABASE_START_FAILED; or the signal's reason.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  options.signal?.throwIfAborted();
  try {
    return await start(options);
  } catch (cause) {
    options.signal?.throwIfAborted();
    throw dataFolderError(cause);
  }
}

/** The address of the PostgreSQL that another process serves this data folder with. */
export async function findRunningUrl(dataDir: string): Promise<string> {
  const folder = await realpath(dataDir);
  return urlOf(await findSocketFolder(folder, path.join(folder, 'postgres')));
}

/** Ends what a server that died left running in a data folder. False, and nothing is done, while one that lives has it. */
export async function clearLeftover(dataDir: string): Promise<boolean> {
  const folder = await realpath(dataDir);
  const clusterDir = path.join(folder, 'postgres');
  try {
    const lock = await takeOwnership(folder);
    try {
      await stopStrays(clusterDir);
      await clearSocketFolder(folder, clusterDir);
    } finally {
      await lock.release();
    }
    return true;
  } catch (cause) {
    if (cause instanceof StoreError && cause.code === 'DATA_IN_USE') return false;
    throw cause;
  }
}

function urlOf(socketDir: string): string {
  return `postgres://${superuser}@localhost/postgres?host=${encodeURIComponent(socketDir)}`;
}

async function start({ dataDir: asked, onLog, signal }: EmbeddedOptions): Promise<EmbeddedPostgres> {
  await mkdir(asked, { recursive: true, mode: 0o700 });
  const dataDir = await realpath(asked);
  const clusterDir = path.join(dataDir, 'postgres');
  const account = await chooseAccount(clusterDir);
  const binaries = await findBinaries(account);
  await refuseUnfitData(dataDir, binaries.version);

  const undo = new AsyncDisposableStack();
  try {
    const lock = await takeOwnership(dataDir, signal);
    undo.defer(() => lock.release());
    await stopStrays(clusterDir);
    await ensureCluster(dataDir, binaries, account, signal);
    await recordFormat(dataDir);
    const log = openServerLog(path.join(dataDir, 'logs'), onLog);
    undo.defer(() => log.close());
    const socket = await openSocketFolder(dataDir, clusterDir);
    undo.defer(() => socket.remove());
    const postmaster = await startPostmaster({ clusterDir, binaries, account, log, signal });
    undo.defer(() => stopPostmaster(clusterDir, postmaster));
    let stopping: Promise<void> | null = null;
    return {
      url: urlOf(socket.folder),
      socketDir: socket.folder,
      pid: postmaster.pid,
      version: binaries.version,
      exited: postmaster.exited,
      stop() {
        stopping ??= undo.disposeAsync();
        return stopping;
      },
    };
  } catch (cause) {
    await undo.disposeAsync();
    throw cause;
  }
}
