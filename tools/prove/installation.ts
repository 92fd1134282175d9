import { type ChildProcess, spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { postgresProcesses } from '../../packages/store/src/postgres/process-table.ts';
import { root } from '../web-build.ts';

const cli = join(root, 'apps/cli/src/main.ts');
const longestRunMs = 300_000;
const readyMs = 90_000;

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line as scripts do. */
export async function serment(...args: readonly string[]): Promise<Ran> {
  const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  const timer = setTimeout(() => child.kill('SIGKILL'), longestRunMs);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  clearTimeout(timer);
  return { code, stdout: stdout(), stderr: stderr() };
}

/** The document of a command that must succeed. */
export async function done(...args: readonly string[]): Promise<Record<string, unknown>> {
  const ran = await serment(...args, '--json');
  if (ran.code !== 0) throw new Error(`serment ${args.join(' ')} ended with ${ran.code}\n${ran.stderr.slice(-2000)}`);
  return JSON.parse(ran.stdout);
}

/** A server started through the command line. */
export interface Serving {
  readonly url: string;
  /** What it wrote on stderr. */
  log(): string;
  /** True until its process has ended. */
  isRunning(): boolean;
  stop(): Promise<void>;
  /** Ends the server and every process of its PostgreSQL as a power cut would. */
  cut(): Promise<void>;
}

export async function serve(dataDir: string, ...options: readonly string[]): Promise<Serving> {
  const child = spawn(process.execPath, [cli, 'start', '--data', dataDir, '--port', '0', ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const url = await readyUrl(child, stdout, stderr);
  return {
    url,
    log: stderr,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 30_000);
      await ended;
      clearTimeout(timer);
    },
    async cut() {
      const { pids } = await postgresProcesses(join(dataDir, 'postgres'));
      for (const pid of [await ownerOf(dataDir), ...pids]) kill(pid);
      await ended;
      while ((await postgresProcesses(join(dataDir, 'postgres'))).pids.length > 0)
        await new Promise((resolve) => setTimeout(resolve, 20));
    },
  };
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // It ended by itself in between.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** The process that holds the data folder, as its last lock says. */
async function ownerOf(dataDir: string): Promise<number> {
  const locks = (await readdir(dataDir)).filter((name) => /^owner\.\d+\.lock$/.test(name));
  const numberOf = (name: string) => Number(name.split('.')[1]);
  const [last = ''] = locks.sort((left, right) => numberOf(right) - numberOf(left));
  const { pid } = JSON.parse(await readFile(join(dataDir, last), 'utf8')) as { pid: number };
  return pid;
}

function readyUrl(child: ChildProcess, stdout: () => string, stderr: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (what: string) => {
      clearTimeout(timer);
      reject(new Error(`${what}\n${stderr().slice(-2000)}`));
    };
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      fail('serment start was not ready in time');
    }, readyMs);
    child.stdout?.on('data', () => {
      const url = /^ready (http:\/\/\S+)$/m.exec(stdout())?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    });
    child.once('close', (code) => fail(`serment start ended with ${code}`));
  });
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  let text = '';
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
}
