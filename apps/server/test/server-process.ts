import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface ServerProcess {
  readonly child: ChildProcess;
  readonly url: string;
  /** Everything printed on stdout so far. */
  readonly output: () => string;
  stop(signal: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

const main = join(import.meta.dirname, '../src/main.ts');

/** Starts the server as a process and waits until it serves. */
export async function startProcess(args: readonly string[]): Promise<ServerProcess> {
  const child = spawnMain(args);
  let output = '';
  const exited = exitOf(child);
  const lines = createInterface({ input: child.stdout ?? process.stdin });
  const ready = new Promise<string>((resolve) => {
    lines.on('line', (line) => {
      output += `${line}\n`;
      const url = /^ready (\S+)$/.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
  const url = await Promise.race([
    ready,
    exited.then(({ code }) => {
      throw new Error(`The server ended with ${code}`);
    }),
  ]);
  return {
    child,
    url,
    output: () => output,
    async stop(signal) {
      child.kill(signal);
      return exited;
    },
  };
}

/** Runs the server until it ends by itself; answers with its exit code and what it said. */
export async function runToEnd(
  args: readonly string[],
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawnMain(args);
  const said = { stdout: '', stderr: '' };
  child.stdout?.on('data', (data) => {
    said.stdout += data;
  });
  child.stderr?.on('data', (data) => {
    said.stderr += data;
  });
  const { code } = await exitOf(child);
  return { code, ...said };
}

function spawnMain(args: readonly string[]): ChildProcess {
  const env = { ...process.env, LOG_LEVEL: 'fatal', DATABASE_URL: '' };
  return spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
}

function exitOf(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}
