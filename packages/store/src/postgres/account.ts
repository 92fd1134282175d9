import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { StoreError } from '../error.ts';

/** Who runs PostgreSQL when Serment runs as root, which PostgreSQL refuses. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
  /** An account named in /etc/passwd: `initdb` looks its user up there, the server does not. */
  readonly initUid: number;
}

/**
 * The lowest ids that no distribution gives out: above adduser's range and systemd-homed's, below systemd's dynamic
 * users, and under 65536 so that they also exist in a rootless container. Nothing has to be created on the machine.
 */
const privateIds = { first: 61_132, last: 61_183 };

/**
 * The account for the cluster at `clusterDir` (which may not exist yet), or null when this process is not root and runs
 * PostgreSQL as itself. Throws DATABASE_ACCOUNT where root cannot change to another user.
 */
export async function chooseAccount(clusterDir: string): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null;
  if (process.platform !== 'linux') {
    throw new StoreError('DATABASE_ACCOUNT', 'PostgreSQL does not run as root', {
      hint: 'Start Serment as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.',
    });
  }
  const users = await idsByName('/etc/passwd');
  const initUid = users.get('nobody') ?? users.get('postgres') ?? [...users.values()].find((uid) => uid > 0);
  if (initUid === undefined || initUid === 0) {
    throw new StoreError('DATABASE_ACCOUNT', 'No account other than root exists on this machine', {
      hint: 'Create one (for instance: useradd --system serment), or set DATABASE_URL to a PostgreSQL of your own.',
    });
  }
  const owner = await stat(clusterDir).catch(() => null);
  // A cluster made earlier by an ordinary user, or under another private id, keeps its owner.
  if (owner !== null && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid, initUid };
  const taken = new Set([...users.values(), ...(await idsByName('/etc/group')).values()]);
  for (let id = privateIds.first; id <= privateIds.last; id += 1) {
    if (!taken.has(id)) return { uid: id, gid: id, initUid };
  }
  throw new StoreError('DATABASE_ACCOUNT', 'No free user id for PostgreSQL', { fields: { ...privateIds } });
}

/** Whether `account` can reach and read `file`. Access lists are not looked at: a false no only costs a copy. */
export async function canReach(account: Account, file: string): Promise<boolean> {
  const granted = async (entry: string, needed: number) => {
    const { mode, uid, gid } = await stat(entry);
    const shift = uid === account.uid ? 6 : gid === account.gid ? 3 : 0;
    return ((mode >> shift) & needed) === needed;
  };
  if (!(await granted(file, 0o4))) return false;
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    if (!(await granted(folder, 0o1))) return false;
    if (folder === path.dirname(folder)) return true;
  }
}

/** Name to id, from a file of the passwd family (third field). */
async function idsByName(file: string): Promise<Map<string, number>> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const ids = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [name, , id] = line.split(':');
    if (name && id && /^\d+$/.test(id)) ids.set(name, Number(id));
  }
  return ids;
}
