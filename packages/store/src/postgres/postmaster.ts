import { type ChildProcess, spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { totalmem } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StoreError } from '../error.ts';
import type { Account } from './account.ts';
import { type Binaries, cleanEnvironment } from './binaries.ts';
import { clusterArgument } from './cluster.ts';
import { damaged, diskError } from './data-folder.ts';
import { inUse } from './owner-lock.ts';
import { postgresProcesses, recordedLeader } from './process-table.ts';
import type { ServerLog } from './server-log.ts';

export interface PostmasterExit {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface Postmaster {
  readonly pid: number;
  readonly exited: Promise<PostmasterExit>;
  /** Does nothing once the process has ended: its pid may be another's by then. */
  kill(signal: NodeJS.Signals): void;
}

interface Launch {
  readonly clusterDir: string;
  readonly binaries: Binaries;
  readonly account: Account | null;
  readonly log: ServerLog;
  readonly signal?: AbortSignal | undefined;
}

/** Connections the embedded server accepts: the pools of all processes together must stay 5 below. */
export const embeddedMaxConnections = 60;

const fastStopMs = 20_000;
const immediateStopMs = 5000;

/** What PostgreSQL says at its start of a cluster that lacks or fails a part. */
const damage =
  /could not find the database system|could not locate a valid checkpoint|invalid checkpoint|invalid page|incorrect checksum|could not open file "(global|pg_)/i;

/**
 * Starts the server and answers once it accepts connections. Recovery after a crash may be long and is not bounded:
 * cutting it short gains nothing. Throws DISK_FULL, DATA_NOT_WRITABLE, DATA_DAMAGED, DATABASE_START_FAILED.
 */
export async function startPostmaster(launch: Launch): Promise<Postmaster> {
  for (let tries = 0; ; tries += 1) {
    const postmaster = await spawnPostmaster(launch);
    try {
      if (await isReady(launch, postmaster)) return postmaster;
    } catch (cause) {
      await stopPostmaster(launch.clusterDir, postmaster);
      throw cause;
    }
    // Processes of a killed server can hold its shared memory for a moment after they cannot be seen any more.
    if (tries < 20 && /pre-existing shared memory block/.test(launch.log.recent().slice(-2000))) {
      await delay(250, undefined, { signal: launch.signal });
      continue;
    }
    throw startError(launch.log);
  }
}

/** Asks for a fast shutdown (open transactions are rolled back), then for an immediate one, then insists. */
export async function stopPostmaster(clusterDir: string, postmaster: Postmaster): Promise<void> {
  const steps = [
    ['SIGINT', fastStopMs],
    ['SIGQUIT', immediateStopMs],
    ['SIGKILL', immediateStopMs],
  ] as const;
  for (const [name, waitMs] of steps) {
    postmaster.kill(name);
    const waiting = new AbortController();
    const left = delay(waitMs, false, { signal: waiting.signal }).catch(() => false);
    const gone = await Promise.race([postmaster.exited.then(() => true), left]);
    waiting.abort();
    if (gone) break;
  }
  await stopStrays(clusterDir);
}

/**
 * Stops a PostgreSQL left in the folder by a Serment that died, so that this one starts its own. To be called by the
 * folder's owner only. Throws DATA_IN_USE if it does not go.
 */
export async function stopStrays(clusterDir: string): Promise<void> {
  const isClear = async (waitMs: number) => {
    const end = Date.now() + waitMs;
    while ((await postgresProcesses(clusterDir)).pids.length > 0) {
      if (Date.now() > end) return false;
      await delay(50);
    }
    return true;
  };
  const { leader, pids } = await postgresProcesses(clusterDir);
  if (pids.length > 0) {
    if (leader !== null) signalTo(leader, 'SIGINT');
    if (leader === null || !(await isClear(fastStopMs))) {
      for (const name of ['SIGQUIT', 'SIGKILL'] as const) {
        for (const pid of (await postgresProcesses(clusterDir)).pids) signalTo(pid, name);
        if (await isClear(immediateStopMs)) break;
      }
    }
    if (!(await isClear(0))) throw inUse();
  }
  // A pid used again by another program, or that of a killed server nobody has waited for, makes PostgreSQL refuse.
  const recorded = await recordedLeader(clusterDir);
  if (recorded !== null && isRunning(recorded)) await rm(path.join(clusterDir, 'postmaster.pid'), { force: true });
  await rm(path.join(clusterDir, '.s.PGSQL.5432.lock'), { force: true });
}

function settings(): Record<string, string> {
  const memory = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
  const megabytes = Math.floor(memory / 16 / 1024 / 1024);
  return {
    // On the command line these win over any file: an acknowledged entry is on the disk, whatever was edited.
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    listen_addresses: '',
    unix_socket_directories: '.',
    unix_socket_permissions: '0700',
    port: '5432',
    max_connections: String(embeddedMaxConnections),
    shared_buffers: `${Math.min(256, Math.max(32, megabytes))}MB`,
    max_wal_size: '1GB',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    logging_collector: 'off',
    log_checkpoints: 'off',
    // Neither statements nor the values that break a constraint go to a log.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    cluster_name: 'serment',
  };
}

async function spawnPostmaster(launch: Launch): Promise<Postmaster> {
  const { clusterDir, binaries, account, log } = launch;
  const args = Object.entries(settings()).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // A group of its own: Ctrl-C in a terminal reaches Serment, which then stops PostgreSQL after its own work.
  const child = spawn(binaries.postgres, ['-D', clusterArgument(clusterDir, account), ...args], {
    cwd: clusterDir,
    env: cleanEnvironment,
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    ...(account === null ? {} : { uid: account.uid, gid: account.gid }),
  });
  const exited = new Promise<PostmasterExit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  await spawned(child);
  if (child.pid === undefined) throw new StoreError('DATABASE_START_FAILED', 'PostgreSQL could not be started');
  return {
    pid: child.pid,
    exited,
    kill: (signal) => {
      child.kill(signal);
    },
  };
}

function spawned(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) => {
      reject(
        new StoreError('DATABASE_START_FAILED', 'PostgreSQL could not be started', {
          cause,
          hint: 'A container must let root change user (CAP_SETUID); otherwise start Serment as an ordinary user.',
        }),
      );
    });
  });
}

/** True once connections are accepted, false if the server ended instead. */
async function isReady({ clusterDir, signal }: Launch, { pid, exited }: Postmaster): Promise<boolean> {
  let ended = false;
  exited.then(() => {
    ended = true;
  });
  while (true) {
    if (ended) return false;
    const lines = (await readFile(path.join(clusterDir, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
    if (Number(lines[0]) === pid && lines[7]?.trim() === 'ready') return true;
    await delay(20, undefined, { signal });
  }
}

function startError(log: ServerLog): StoreError {
  const said = log.recent();
  const known = diskError(said);
  if (known !== null) return known;
  if (damage.test(said)) return damaged('postgres');
  const fatal = said.split('\n').findLast((line) => /FATAL|PANIC/.test(line));
  return new StoreError('DATABASE_START_FAILED', 'PostgreSQL did not start', {
    fields: { answer: (fatal ?? '').slice(0, 300) },
    hint: `Its log says why: ${path.join('logs', path.basename(log.file))} in the data folder.`,
  });
}

function signalTo(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone already, which is what the signal asks for.
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
