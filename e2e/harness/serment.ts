import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeDataFolder } from '../../packages/store/test/made-data.ts';

/** A running installation with folders of its own. */
export type Serment = {
  /** Lets an operator of the host enrol, from the host's own command line: the code that it gives. */
  addOperator(name: string): Promise<string>;
  readonly url: string;
  /** Where the host's console is served. */
  readonly consoleUrl: string;
  readonly dataFolder: string;
  readonly copyFolder: string;
  readonly pid: number;
  /** Loses the server's disk: what it held comes back from the copy in `from`, at the same address. */
  restore(from: string): Promise<void>;
  /** Stops the server and removes its folders. Throws if it had to be killed. */
  stop(): Promise<void>;
};

const run = promisify(execFile);
const readyTimeoutMs = 60_000;
const stopTimeoutMs = 20_000;
const cli = join(import.meta.dirname, '../../apps/cli/src/main.ts');

/** Options of `serment start`, whose files may stand in the installation's folder. */
export type StartOptions = (folder: string) => Promise<readonly string[]>;

/** Starts an empty installation through the command line and waits until it serves. `env` is added to its own. */
export async function startSerment(
  makeOptions: StartOptions = async () => [],
  env: Readonly<Record<string, string>> = {},
): Promise<Serment> {
  const folder = await mkdtemp(join(tmpdir(), 'serment-e2e-'));
  const options = await makeOptions(folder);
  const dataFolder = join(folder, 'data');
  // People read its name: what the copy is called.
  const copyFolder = join(folder, 'armoire');
  const hostKey = join(folder, 'host.key');
  const [port, consolePort] = [String(await freePort()), String(await freePort())];
  const ports = ['--port', port, '--console-port', consolePort];
  const args = ['start', '--data', dataFolder, ...ports, '--host-key-out', hostKey, ...options];
  const launch = (copy: string) =>
    spawn(process.execPath, [cli, ...args, '--copy', copy], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
  await makeDataFolder(dataFolder);
  let child = launch(copyFolder);
  try {
    const url = await readyUrl(child);
    return {
      consoleUrl: `http://localhost:${consolePort}`,
      ...{ url, dataFolder, copyFolder, pid: child.pid ?? 0, stop: () => stopAndRemove(child, folder) },
      async addOperator(name) {
        const { stdout } = await run(process.execPath, [cli, 'operator', 'add', name, '--data', dataFolder, '--json']);
        return String(JSON.parse(stdout).code);
      },
      async restore(from) {
        await stopChild(child);
        await rm(dataFolder, { recursive: true });
        await run(process.execPath, [cli, 'restore', '--from', from, '--data', dataFolder, '--host-key', hostKey]);
        child = launch(from);
        await readyUrl(child);
      },
    };
  } catch (error) {
    await stopAndRemove(child, folder).catch(() => undefined);
    throw error;
  }
}

/** A port of loopback that was free a moment ago. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No free port on loopback');
  return address.port;
}

function readyUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    let log = '';
    const fail = (what: string) => {
      clearTimeout(timer);
      reject(new Error(`${what}\n${output}${log}`));
    };
    const timer = setTimeout(() => fail(`No "ready" line within ${readyTimeoutMs} ms`), readyTimeoutMs);
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      output = (output + chunk).slice(-4000);
      const url = /^ready (http:\/\/\S+)$/m.exec(output)?.[1];
      if (!url) return;
      clearTimeout(timer);
      resolve(url);
    });
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      log = (log + chunk).slice(-4000);
    });
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code, signal) => fail(`serment start ended early (${signal ?? code})`));
  });
}

async function stopAndRemove(child: ChildProcess, folder: string): Promise<void> {
  const graceful = await stopChild(child);
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  if (!graceful) throw new Error(`serment start (pid ${child.pid}) ignored SIGTERM for ${stopTimeoutMs} ms`);
}

async function stopChild(child: ChildProcess): Promise<boolean> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return true;
  const ended = new Promise<true>((resolve) => child.once('exit', () => resolve(true)));
  child.kill('SIGTERM');
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), stopTimeoutMs);
  });
  const graceful = await Promise.race([ended, late]);
  clearTimeout(timer);
  if (!graceful) {
    child.kill('SIGKILL');
    await ended;
  }
  return graceful;
}
