import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { makeDataFolder } from '../../../packages/store/test/made-data.ts';

const program = join(import.meta.dirname, '../src/main.ts');
const longestRunMs = 120_000;

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The document of `--json`. */
  json<Document = Record<string, unknown>>(): Document;
}

export interface Watching {
  /** Called with each line of stderr as it comes. */
  readonly onLine?: (line: string) => void;
  /** What a person answers to a line of stderr; null for a line that asks nothing. */
  readonly answer?: (line: string) => string | null | Promise<string | null>;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the command line as a process of its own. */
export function serment(args: readonly string[], watching: Watching = {}): Promise<Ran> {
  const { onLine, answer } = watching;
  const env = { ...process.env, SERMENT_DEBUG: '', ...watching.env };
  const child = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'pipe'], env });
  // Nobody answers: what is asked all the same is told so.
  if (answer === undefined) child.stdin.end();
  child.stdin.on('error', () => undefined);
  const told = async (line: string) => {
    onLine?.(line);
    const words = (await answer?.(line)) ?? null;
    if (words !== null) child.stdin.write(`${words}\n`);
  };
  const timer = setTimeout(() => child.kill('SIGKILL'), longestRunMs);
  let [stdout, stderr, line] = ['', '', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
    const lines = (line + chunk).split('\n');
    line = lines.pop() ?? '';
    for (const whole of lines) void told(whole);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code, stdout, stderr, json: () => JSON.parse(stdout) });
    });
  });
}

/** Runs and asserts that it was done. */
export async function done(args: readonly string[], watching: Watching = {}): Promise<Ran> {
  const ran = await serment(args, watching);
  if (ran.code !== 0) throw new Error(`serment ${args.join(' ')} ended with ${ran.code}\n${ran.stdout}${ran.stderr}`);
  return ran;
}

export interface Served {
  readonly url: string;
  stop(): Promise<void>;
  /** Ends the server and its database as a power cut would. */
  cut(): Promise<void>;
}

/** Starts a server through the command line, and waits until it serves. A folder that is not there is made beforehand. */
export async function serve(dataDir: string, options: readonly string[] = []): Promise<Served> {
  if (!existsSync(dataDir)) await makeDataFolder(dataDir);
  const args = [program, 'start', '--data', dataDir, '--port', '0', ...options];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const url = await readyUrl(child);
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 30_000);
      await ended;
      clearTimeout(timer);
    },
    async cut() {
      const postmaster = Number((await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0]);
      const server = await serverOf(dataDir);
      process.kill(server, 'SIGKILL');
      process.kill(postmaster, 'SIGKILL');
      await ended;
    },
  };
}

/** A folder that is gone after the test file. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'serment-cli-'));
  after(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** The process that holds the data folder, as its lock says. */
async function serverOf(dataDir: string): Promise<number> {
  const locks = globSync('owner.*.lock', { cwd: dataDir }).sort((left, right) => numberIn(right) - numberIn(left));
  const { pid } = JSON.parse(await readFile(join(dataDir, locks[0] ?? ''), 'utf8'));
  return pid;
}

function numberIn(lock: string): number {
  return Number(lock.split('.')[1]);
}

function readyUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let [output, log] = ['', ''];
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`Not ready within a minute\n${output}${log}`));
    }, 60_000);
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
      const url = /^ready (http:\/\/\S+)$/m.exec(output)?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    });
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      log = (log + chunk).slice(-4000);
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      reject(new Error(`serment start ended with ${code}\n${log}`));
    });
  });
}
