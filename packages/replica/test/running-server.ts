import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { makeDataFolder } from '../../store/test/made-data.ts';

/** A server process on a PostgreSQL and folders of its own. */
export interface RunningServer {
  readonly url: string;
  readonly dataDir: string;
  readonly copyDir: string;
  readonly hostKeyFile: string;
  /** Stops it in order; its folders stay until `remove`. */
  stop(): Promise<void>;
  /** Starts it again on the same folders and port. */
  restart(): Promise<void>;
  remove(): Promise<void>;
}

const main = join(import.meta.dirname, '../../../apps/server/src/main.ts');
const startTimeoutMs = 60_000;
const stopTimeoutMs = 20_000;

export async function startRunningServer(): Promise<RunningServer> {
  const folder = await mkdtemp(join(tmpdir(), 'serment-replica-'));
  const [dataDir, copyDir, hostKeyFile] = [join(folder, 'data'), join(folder, 'copy'), join(folder, 'host.key')];
  const start = (port: string) =>
    launch(['--data', dataDir, '--copy', copyDir, '--host-key-out', hostKeyFile, '--port', port]);
  await makeDataFolder(dataDir);
  let { child, url } = await start('0');
  return {
    url,
    dataDir,
    copyDir,
    hostKeyFile,
    stop: () => stopped(child),
    async restart() {
      ({ child, url } = await start(new URL(url).port));
    },
    async remove() {
      await stopped(child);
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function launch(args: readonly string[]): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LOG_LEVEL: 'error' },
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    log = (log + chunk).slice(-8000);
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), startTimeoutMs);
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const url = /^ready (http:\/\/\S+)$/.exec(line)?.[1];
      if (url !== undefined) return { child, url };
    }
  } finally {
    clearTimeout(timer);
  }
  throw new Error(`The server did not start: ${log}`);
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
  await exited;
  clearTimeout(timer);
}
