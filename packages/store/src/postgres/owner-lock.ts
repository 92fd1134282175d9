import { mkdir, open, readdir, readFile, readlink, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StoreError } from '../error.ts';
import { processStart } from './process-table.ts';

export interface OwnerLock {
  /** Gives the folder up. May be called twice. */
  release(): Promise<void>;
}

interface Owner {
  readonly pid: number;
  readonly started: string;
  /** Where a pid means something: one boot of one machine, in one pid namespace. */
  readonly scope: string;
  readonly released: boolean;
}

const beatMs = 1000;
const silenceMs = 8000;
const name = /^owner\.(\d{1,15})\.lock$/;

/**
 * Makes this process the one Serment server of `dataDir`. Throws DATA_IN_USE while another one lives.
 *
 * Locks are numbered. Taking one is creating the number after the greatest, which one process alone can do, and the
 * greatest is never removed, so a dead owner's lock is succeeded without a moment when two believe they hold it.
 * An owner is known by its pid and start time; from another machine or container, by whether its file is still touched.
 */
export async function takeOwnership(dataDir: string, signal?: AbortSignal): Promise<OwnerLock> {
  while (true) {
    signal?.throwIfAborted();
    const last = Math.max(0, ...(await generations(dataDir)));
    if (last > 0 && (await isHeld(lockFile(dataDir, last), signal))) throw inUse();
    const mine = last + 1;
    const file = lockFile(dataDir, mine);
    if (!(await create(file))) continue;
    const others = await generations(dataDir);
    if (Math.max(...others) > mine) {
      // The list read first was old: others came and went since.
      await rm(file, { force: true });
      continue;
    }
    for (const other of others) if (other < mine) await rm(lockFile(dataDir, other), { force: true });
    return hold(file);
  }
}

export function inUse(): StoreError {
  return new StoreError('DATA_IN_USE', 'Another Serment server uses this data folder', {
    hint: 'Stop the other server first, or give this one a data folder of its own (--data).',
  });
}

async function hold(file: string): Promise<OwnerLock> {
  const beat = setInterval(() => {
    const now = new Date();
    // A missed beat needs no report: the pid speaks for this process on its own machine.
    utimes(file, now, now).catch(() => undefined);
  }, beatMs);
  beat.unref();
  let released = false;
  return {
    async release() {
      if (released) return;
      released = true;
      clearInterval(beat);
      // Kept and marked rather than removed: the greatest number must stay.
      await writeFile(`${file}.new`, JSON.stringify(await self(true)), { mode: 0o600 })
        .then(() => rename(`${file}.new`, file))
        .catch(() => undefined);
    },
  };
}

async function create(file: string): Promise<boolean> {
  await mkdir(path.dirname(file), { recursive: true });
  const owner = JSON.stringify(await self(false));
  try {
    const handle = await open(file, 'wx', 0o600);
    try {
      await handle.writeFile(owner);
    } finally {
      await handle.close();
    }
    return true;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') return false;
    throw cause;
  }
}

async function isHeld(file: string, signal: AbortSignal | undefined): Promise<boolean> {
  const owner = parseOwner(await readFile(file, 'utf8').catch(() => ''));
  if (owner?.released) return false;
  if (owner !== null && owner.scope === (await scope())) return (await processStart(owner.pid)) === owner.started;
  const touched = async () => (await stat(file).catch(() => null))?.mtimeMs;
  const first = await touched();
  for (let waitedMs = 0; waitedMs < silenceMs; waitedMs += 500) {
    await delay(500, undefined, { signal });
    if ((await touched()) !== first) return true;
  }
  return false;
}

function parseOwner(text: string): Owner | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return null;
    if (!('pid' in value && 'started' in value && 'scope' in value && 'released' in value)) return null;
    const { pid, started, scope, released } = value;
    if (typeof pid !== 'number' || typeof started !== 'string' || typeof scope !== 'string') return null;
    return { pid, started, scope, released: released === true };
  } catch {
    return null;
  }
}

async function self(released: boolean): Promise<Owner> {
  return { pid: process.pid, started: (await processStart(process.pid)) ?? '', scope: await scope(), released };
}

async function scope(): Promise<string> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => hostname());
  return `${boot.trim()} ${await readlink('/proc/self/ns/pid').catch(() => '')}`;
}

async function generations(dataDir: string): Promise<number[]> {
  const files = await readdir(dataDir);
  return files.flatMap((file) => {
    const number = name.exec(file)?.[1];
    return number === undefined ? [] : [Number(number)];
  });
}

function lockFile(dataDir: string, generation: number): string {
  return path.join(dataDir, `owner.${generation}.lock`);
}
