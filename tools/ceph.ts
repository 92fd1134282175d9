import './require-node-24.js';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const startMs = 120_000;
const stepMs = 60_000;
const programs = ['ceph-mon', 'ceph-osd', 'radosgw', 'radosgw-admin', 'ceph', 'ceph-authtool', 'monmaptool'];

/** A store with Object Lock that tests talk to: Ceph's S3 gateway over one monitor and one disk, on this machine alone. */
export interface Ceph {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Its configuration, for `addUser` and `startGateway`. */
  readonly conf: string;
}

export interface Gateway {
  readonly endpoint: string;
  /** Ends it; what was acknowledged stays, and another one on the same port gives it. */
  stop(): Promise<void>;
}

export const cephAdvice =
  'Ceph is not installed: apt-get install --no-install-recommends radosgw ceph-mon ceph-osd ceph-common';

export function isCephInstalled(): boolean {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin'];
  return programs.every((program) => folders.some((folder) => existsSync(join(folder, program))));
}

/**
 * One store for all test files of a run: the first that asks starts it, in a process of its own, which ends it and
 * removes its folder when the runner has ended.
 */
export async function sharedCeph(): Promise<Ceph> {
  if (!isCephInstalled()) throw new Error(cephAdvice);
  // A test file that somebody runs by itself has no runner above it.
  const owner = process.env.NODE_TEST_CONTEXT === undefined ? process.pid : process.ppid;
  const folder = join(tmpdir(), `serment-ceph-${owner}`);
  const isFirst = await mkdir(folder).then(
    () => true,
    () => false,
  );
  if (isFirst) {
    const log = await open(join(folder, 'holder.log'), 'w');
    const args = [import.meta.filename, folder, String(owner)];
    spawn(process.execPath, args, { detached: true, stdio: ['ignore', log.fd, log.fd] }).unref();
    await log.close();
  }
  const answer = (name: string) => readFile(join(folder, name), 'utf8').catch(() => null);
  const found = await until(startMs, async () => (await answer('ready.json')) ?? ((await answer('failed')) && 'null'));
  const ceph: Ceph | null = JSON.parse(found ?? 'null');
  if (ceph !== null) return ceph;
  throw new Error(`Ceph did not start: ${(await answer('failed')) ?? `not within ${startMs / 1000} s`}`);
}

/** Another account of the store, with rights on nothing of the others'. */
export async function addUser({ conf }: Ceph, name: string): Promise<{ accessKeyId: string; secretAccessKey: string }> {
  const keys = { accessKeyId: `${name}access`, secretAccessKey: randomUUID() };
  const { accessKeyId, secretAccessKey } = keys;
  await run('radosgw-admin', [
    ...['-c', conf, 'user', 'create', '--uid', name, '--display-name', name],
    ...['--access-key', accessKeyId, '--secret-key', secretAccessKey],
  ]);
  return keys;
}

/** One more gateway to the same store, on that port or any free one. */
export async function startGateway(conf: string, wanted: number | null = null): Promise<Gateway> {
  const port = wanted ?? (await freePort());
  const folder = join(conf, '..', `gateway-${port}-${randomUUID().slice(0, 8)}`);
  await mkdir(folder);
  const child = daemon('radosgw', [
    ...['-f', '-c', conf, '-n', 'client.rgw', '--rgw-data', folder, '--log-file', join(folder, 'log')],
    ...['--admin-socket', join(folder, 'asok'), '--pid-file', join(folder, 'pid')],
    `--rgw-frontends=beast endpoint=127.0.0.1:${port} tcp_nodelay=1`,
  ]);
  const endpoint = `http://127.0.0.1:${port}`;
  const isUp = await until(
    stepMs,
    async () => (await fetch(endpoint).catch(() => null)) ?? (child.exitCode !== null || null),
  );
  if (!(isUp instanceof Response)) throw new Error('The gateway did not start');
  return { endpoint, stop: () => end(child) };
}

/** Starts everything in a folder. Returns how to reach it and what ends it. */
async function startCeph(folder: string): Promise<{ ceph: Ceph; stop: () => Promise<void> }> {
  const started: ChildProcess[] = [];
  const stop = async () => {
    for (const child of started.reverse()) await end(child);
  };
  try {
    const conf = await writeConfiguration(folder);
    const keyring = join(folder, 'keyring');
    started.push(daemon('ceph-mon', ['-f', '-c', conf, '-i', 'a']));
    await addDisk(conf, join(folder, 'osd'));
    started.push(daemon('ceph-osd', ['-f', '-c', conf, '-i', '0', '--keyring', join(folder, 'osd/keyring')]));
    await until(stepMs, async () => {
      const { stdout } = await run('ceph', ['-c', conf, 'osd', 'stat', '--keyring', keyring], { timeout: 5000 });
      return stdout.includes('1 up') || null;
    });
    const gateway = await startGateway(conf);
    const reach = { endpoint: gateway.endpoint, conf };
    const keys = await addUser({ ...reach, accessKeyId: '', secretAccessKey: '' }, 'owner');
    return {
      ceph: { ...reach, ...keys },
      async stop() {
        await gateway.stop();
        await stop();
      },
    };
  } catch (cause) {
    await stop();
    throw cause;
  }
}

async function writeConfiguration(folder: string): Promise<string> {
  const [conf, keyring, map] = ['ceph.conf', 'keyring', 'monmap'].map((name) => join(folder, name));
  const [first, second] = [await freePort(), await freePort()];
  const monitor = `[v2:127.0.0.1:${first},v1:127.0.0.1:${second}]`;
  const id = randomUUID();
  for (const part of ['mon', 'osd']) await mkdir(join(folder, part));
  await writeFile(conf ?? '', configuration(folder, { id, monitor }));
  const authorities = ['--cap', 'mon', 'allow *', '--cap', 'osd', 'allow *', '--cap', 'mgr', 'allow *'];
  await run('ceph-authtool', ['--create-keyring', keyring ?? '', '--gen-key', '-n', 'mon.', '--cap', 'mon', 'allow *']);
  for (const name of ['client.admin', 'client.rgw'])
    await run('ceph-authtool', [keyring ?? '', '--gen-key', '-n', name, ...authorities]);
  await run('monmaptool', ['--create', '--fsid', id, '--addv', 'a', monitor, map ?? '']);
  await run('ceph-mon', ['-c', conf ?? '', '--mkfs', '-i', 'a', '--monmap', map ?? '', '--keyring', keyring ?? '']);
  return conf ?? '';
}

async function addDisk(conf: string, folder: string): Promise<void> {
  const id = randomUUID();
  const { stdout } = await run('ceph-authtool', ['--gen-print-key']);
  const secret = stdout.trim();
  const adding = run('ceph', ['-c', conf, 'osd', 'new', id, '-i', '-'], { timeout: stepMs });
  adding.child.stdin?.end(JSON.stringify({ cephx_secret: secret }));
  await adding;
  const keyring = join(folder, 'keyring');
  await run('ceph-authtool', ['--create-keyring', keyring, '--name', 'osd.0', '--add-key', secret]);
  await run('ceph-osd', ['-c', conf, '-i', '0', '--keyring', keyring, '--mkfs', '--osd-uuid', id]);
}

function configuration(folder: string, { id, monitor }: { id: string; monitor: string }): string {
  return `[global]
fsid = ${id}
mon host = ${monitor}
public addr = 127.0.0.1
cluster addr = 127.0.0.1
keyring = ${folder}/keyring
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd crush chooseleaf type = 0
mon allow pool size one = true
mon data avail warn = 1
mon data avail crit = 1
mon data = ${folder}/mon
osd data = ${folder}/osd
osd objectstore = memstore
memstore device bytes = 2147483648
run dir = ${folder}
log file = ${folder}/$name.log
admin socket = ${folder}/$name.asok
pid file = ${folder}/$name.pid
`;
}

function daemon(program: string, args: readonly string[]): ChildProcess {
  const child = spawn(program, args, { stdio: 'ignore' });
  child.on('error', () => undefined);
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 3000);
  await ended;
  clearTimeout(late);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('No port')),
      );
    });
  });
}

/** The first answer that is not null, or null after that time. */
async function until<Answer>(ms: number, ask: () => Promise<Answer | null>): Promise<Answer | null> {
  const endsAt = performance.now() + ms;
  while (performance.now() < endsAt) {
    const answer = await ask().catch(() => null);
    if (answer !== null) return answer;
    await sleep(100);
  }
  return null;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Holds a store for as long as its owner lives, or, without one, until it is interrupted. */
async function hold(folder: string, owner: number): Promise<void> {
  let isInterrupted = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      isInterrupted = true;
    });
  const told = async (name: string, text: string) => {
    await writeFile(join(folder, `${name}.new`), text);
    await rename(join(folder, `${name}.new`), join(folder, name));
    process.stdout.write(`${text}\n`);
  };
  let stop = (): Promise<void> => Promise.resolve();
  try {
    const started = await startCeph(folder);
    stop = started.stop;
    await told('ready.json', JSON.stringify(started.ceph));
  } catch (cause) {
    await told('failed', cause instanceof Error ? `${cause.stack}` : String(cause));
  }
  while (!isInterrupted && isAlive(owner)) await sleep(500);
  await stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

if (import.meta.main) {
  const [folder, owner] = process.argv.slice(2);
  await hold(folder ?? (await mkdtemp(join(tmpdir(), 'serment-ceph-'))), Number(owner ?? process.pid));
}
