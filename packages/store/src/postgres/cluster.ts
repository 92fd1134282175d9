import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmod, chown, lchown, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { StoreError } from '../error.ts';
import type { Account } from './account.ts';
import { type Binaries, cleanEnvironment } from './binaries.ts';
import { damaged, diskError, notWritable, syncFolder, writeDurably } from './data-folder.ts';

const run = promisify(execFile);
const unfinished = 'postgres.init-';

/** The superuser of the embedded cluster. */
export const superuser = 'serment';

/**
 * How a program started in the cluster's folder is told where the cluster is. As root the folder may lie where the
 * PostgreSQL account cannot go (root's own home): the working directory is entered while still root, and this name
 * leads to it without passing through its parents. So the data stays in the folder that was asked for.
 */
export function clusterArgument(clusterDir: string, account: Account | null): string {
  return account === null ? clusterDir : '/proc/self/cwd';
}

/**
 * Makes the cluster in `dataDir/postgres` unless it is there. It is made under another name and renamed once whole and
 * on the disk, so an interrupted first start leaves nothing that a later one could take for data.
 */
export async function ensureCluster(
  dataDir: string,
  binaries: Binaries,
  account: Account | null,
  signal?: AbortSignal,
): Promise<void> {
  const clusterDir = path.join(dataDir, 'postgres');
  for (const name of await readdir(dataDir)) {
    if (name.startsWith(unfinished)) await rm(path.join(dataDir, name), { recursive: true, force: true });
  }
  const files = await readdir(clusterDir).catch((): string[] => []);
  if (files.includes('PG_VERSION')) {
    await settleOwner(clusterDir, account);
    return;
  }
  if (files.length > 0) throw damaged('postgres/PG_VERSION');
  // Inside a folder that only this process enters: the account that initdb runs as is shared with other programs.
  const wrapper = path.join(dataDir, `${unfinished}${randomUUID()}`);
  const fresh = path.join(wrapper, 'cluster');
  try {
    await mkdir(wrapper, { mode: 0o700 });
    await mkdir(fresh, { mode: 0o700 });
    if (account !== null) await chown(fresh, account.initUid, account.gid);
    await initialize(fresh, binaries, account, signal);
    // The socket's folder is closed to everyone but PostgreSQL and root, who read the files anyway; no TCP at all.
    await writeDurably(path.join(fresh, 'pg_hba.conf'), 'local all all trust\n');
    if (account !== null) await giveTo(fresh, account);
    await rename(fresh, clusterDir);
    await syncFolder(dataDir);
  } finally {
    await rm(wrapper, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function initialize(
  folder: string,
  binaries: Binaries,
  account: Account | null,
  signal: AbortSignal | undefined,
): Promise<void> {
  const place = clusterArgument(folder, account);
  const choices = ['--encoding=UTF8', '--no-locale', '--data-checksums', '--auth=trust', `--username=${superuser}`];
  const ids = account === null ? {} : { uid: account.initUid, gid: account.gid };
  try {
    await run(binaries.initdb, ['-D', place, ...choices], {
      ...ids,
      cwd: folder,
      env: cleanEnvironment,
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (cause) {
    signal?.throwIfAborted();
    const said = cause instanceof Error && 'stderr' in cause && typeof cause.stderr === 'string' ? cause.stderr : '';
    const known = diskError(said, cause);
    if (known !== null) throw known;
    throw new StoreError('DATABASE_INIT_FAILED', 'PostgreSQL could not make its database', {
      cause,
      hint: 'Start again; if it fails again, the cause below says what PostgreSQL answered.',
    });
  }
}

/** A folder brought back by root (from an archive, say) belongs to root: PostgreSQL wants its own. */
async function settleOwner(clusterDir: string, account: Account | null): Promise<void> {
  const { uid } = await stat(clusterDir);
  if (account === null) {
    if (process.getuid !== undefined && uid !== process.getuid()) throw notWritable();
  } else if (uid !== account.uid) await giveTo(clusterDir, account);
  await chmod(clusterDir, 0o700);
}

/** The folder itself comes last: its owner tells whether the work was finished. */
async function giveTo(folder: string, account: Account): Promise<void> {
  const entries = await readdir(folder, { recursive: true });
  for (const entry of entries) await lchown(path.join(folder, entry), account.uid, account.gid);
  await lchown(folder, account.uid, account.gid);
}
