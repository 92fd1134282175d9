import './require-node-24.js';
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { buildWebIfStale, root } from './web-build.ts';

const firstPort = 4400;
const firstConsolePort = 4500;
const signalRepeatMs = 1000;

const extra = process.argv.slice(2);
if (!extra.includes('--help')) {
  process.stderr.write('Checking the web application…\n');
  try {
    if ((await buildWebIfStale()) === 'built') process.stderr.write('Web application built.\n');
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
runCli(['start', ...(await defaultsFor(extra)), ...extra]);

/** The options a clone starts with, less those given on the command line. */
async function defaultsFor(given: readonly string[]): Promise<string[]> {
  const has = (option: string) => given.some((argument) => argument === option || argument.startsWith(`${option}=`));
  const defaults: string[] = [];
  if (!has('--data')) defaults.push('--data', join(root, 'data'));
  if (!has('--copy')) defaults.push('--copy', join(root, 'copy'));
  if (has('--help')) return defaults;
  if (!has('--port')) defaults.push('--port', String(await freePortFrom(firstPort)));
  if (!has('--console-port')) defaults.push('--console-port', String(await freePortFrom(firstConsolePort)));
  return defaults;
}

async function freePortFrom(first: number): Promise<number> {
  for (let port = first; port < first + 100; port++) {
    if (await isFree(port)) {
      if (port !== first) process.stderr.write(`Port ${first} is in use: this one starts on ${port}.\n`);
      return port;
    }
  }
  throw new Error(`No free port between ${first} and ${first + 99}: choose one with --port.`);
}

async function isFree(port: number): Promise<boolean> {
  // Both loopback families: a server on ::1 alone would still take the browser's `localhost`.
  for (const host of ['127.0.0.1', '::1']) {
    const code = await new Promise<string | null>((resolve) => {
      const probe = createServer();
      probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'));
      probe.listen({ port, host }, () => probe.close(() => resolve(null)));
    });
    if (code === 'EADDRINUSE' || code === 'EACCES') return false;
  }
  return true;
}

function runCli(args: readonly string[]): void {
  // A session of its own: Ctrl-C would otherwise reach the server and its database at the same instant as the
  // command that stops them in order. Each signal is passed on once, npm and the terminal both sending it.
  const child = spawn(process.execPath, [join(root, 'apps/cli/src/main.ts'), ...args], {
    stdio: 'inherit',
    detached: true,
  });
  let lastSignalAt = -signalRepeatMs;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (performance.now() - lastSignalAt < signalRepeatMs) return;
      lastSignalAt = performance.now();
      child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
    });
  }
  child.once('error', (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  });
  child.once('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}
