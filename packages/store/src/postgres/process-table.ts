import { execFile } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** When the process started, in the system's own terms, or null when it does not run (a zombie does not). */
export async function processStart(pid: number): Promise<string | null> {
  if (process.platform === 'linux') {
    const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
    if (line === null) return null;
    // The second field is the program's name in brackets and may hold anything; the state follows, then 18 numbers.
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
  }
  const { stdout } = await run('ps', ['-o', 'lstart=', '-p', String(pid)], {
    env: { LC_ALL: 'C', PATH: process.env.PATH },
  }).catch(() => ({ stdout: '' }));
  return stdout.trim() || null;
}

/**
 * The live PostgreSQL processes that work in `clusterDir`, the leader (named by postmaster.pid) first. On Linux they
 * are told by their working directory, so a reused pid is never taken for one; elsewhere only the leader is found.
 */
export async function postgresProcesses(clusterDir: string): Promise<{ leader: number | null; pids: number[] }> {
  const recorded = await recordedLeader(clusterDir);
  if (process.platform === 'linux') {
    const folder = await stat(clusterDir).catch(() => null);
    if (folder === null) return { leader: null, pids: [] };
    const pids: number[] = [];
    for (const entry of await readdir('/proc')) {
      if (!/^\d+$/.test(entry)) continue;
      const program = await readFile(`/proc/${entry}/comm`, 'utf8').catch(() => '');
      if (program.trim() !== 'postgres') continue;
      const cwd = await stat(`/proc/${entry}/cwd`).catch(() => null);
      if (cwd !== null && cwd.ino === folder.ino && cwd.dev === folder.dev) pids.push(Number(entry));
    }
    const leader = recorded !== null && pids.includes(recorded) ? recorded : null;
    return { leader, pids };
  }
  if (recorded === null) return { leader: null, pids: [] };
  const { stdout } = await run('ps', ['-o', 'comm=', '-p', String(recorded)]).catch(() => ({ stdout: '' }));
  return path.basename(stdout.trim()) === 'postgres'
    ? { leader: recorded, pids: [recorded] }
    : { leader: null, pids: [] };
}

/** The pid on the first line of postmaster.pid. */
export async function recordedLeader(clusterDir: string): Promise<number | null> {
  const text = await readFile(path.join(clusterDir, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(text.split('\n')[0]);
  return Number.isSafeInteger(pid) && pid > 1 ? pid : null;
}
