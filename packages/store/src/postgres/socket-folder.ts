import { lstat, mkdtemp, readFile, readlink, rm, rmdir, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A folder through which clients reach the server's socket. */
export interface SocketFolder {
  readonly folder: string;
  remove(): Promise<void>;
}

/** sockaddr_un holds 104 bytes on macOS and 108 on Linux, the final zero included. */
const pathLimitBytes = 103;
const socketName = '.s.PGSQL.5432';

/**
 * The cluster's own folder, or a short link to it when the socket's path would be too long for the system. The link's
 * place is noted in `dataDir/socket-link`, so that the next start clears what a killed one left.
 */
export async function openSocketFolder(dataDir: string, clusterDir: string): Promise<SocketFolder> {
  const note = noteIn(dataDir);
  await removeNoted(note, clusterDir);
  if (fits(clusterDir)) return { folder: clusterDir, remove: () => Promise.resolve() };
  const base = fits(path.join(tmpdir(), 'serment-XXXXXX', 'pg')) ? tmpdir() : '/tmp';
  const link = path.join(await mkdtemp(path.join(base, 'serment-')), 'pg');
  await writeFile(note, link, { mode: 0o600 });
  await symlink(clusterDir, link);
  return { folder: link, remove: () => removeNoted(note, clusterDir) };
}

/** Where the server that runs now listens, as the one that opened the folder noted it. */
export async function findSocketFolder(dataDir: string, clusterDir: string): Promise<string> {
  return (await readFile(noteIn(dataDir), 'utf8').catch(() => null)) ?? clusterDir;
}

/** Removes the link that a server which died left. */
export function clearSocketFolder(dataDir: string, clusterDir: string): Promise<void> {
  return removeNoted(noteIn(dataDir), clusterDir);
}

function noteIn(dataDir: string): string {
  return path.join(dataDir, 'socket-link');
}

async function removeNoted(note: string, clusterDir: string): Promise<void> {
  const link = await readFile(note, 'utf8').catch(() => null);
  if (link === null) return;
  const parent = path.dirname(link);
  if (path.basename(link) === 'pg' && path.basename(parent).startsWith('serment-')) {
    const found = await lstat(link).catch(() => null);
    // The note could have been written by anyone who can write in the data folder: only our own link is removed.
    if (found?.isSymbolicLink() && (await readlink(link)) === clusterDir) await unlink(link);
    await rmdir(parent).catch(() => undefined);
  }
  await rm(note, { force: true });
}

function fits(folder: string): boolean {
  return Buffer.byteLength(path.join(folder, socketName)) <= pathLimitBytes;
}
