import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { openDatabase } from '../../src/postgres/connect.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/postgres/embedded.ts';
import { stopStrays } from '../../src/postgres/postmaster.ts';

const cleanups = new WeakMap<TestContext, AsyncDisposableStack>();

/** Undone after the test, last first. */
export function cleanup(t: TestContext): AsyncDisposableStack {
  const known = cleanups.get(t);
  if (known !== undefined) return known;
  const stack = new AsyncDisposableStack();
  cleanups.set(t, stack);
  t.after(() => stack.disposeAsync());
  return stack;
}

/** A data folder (not yet made) that goes away after the test, with any server left in it. */
export async function temporaryDataDir(t: TestContext, ...below: string[]): Promise<string> {
  const parent = await mkdtemp(path.join(tmpdir(), 'serment-test-'));
  const dataDir = path.join(parent, ...below, 'data');
  cleanup(t).defer(async () => {
    const found = await stat(dataDir).catch(() => null);
    if (found?.isDirectory()) await stopStrays(path.join(dataDir, 'postgres'));
    await rm(parent, { recursive: true, force: true });
  });
  return dataDir;
}

export async function started(t: TestContext, dataDir: string): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir });
  cleanup(t).defer(() => server.stop());
  return server;
}

/** Runs one statement on a connection of its own. */
export async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const sql = openDatabase({ url, maxConnections: 1 });
  try {
    return [...(await sql.unsafe(text))];
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** Starts serve.ts and answers with the line it prints. */
export async function serve(
  t: TestContext,
  dataDir: string,
): Promise<{ child: ChildProcess; said: Record<string, unknown> }> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'serve.ts'), dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  cleanup(t).defer(() => killed(child));
  for await (const line of createInterface({ input: child.stdout })) return { child, said: JSON.parse(line) };
  throw new Error('serve.ts ended without a word');
}

export function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGKILL');
  return gone;
}

/** As root: what only root can show is tested where root runs the tests. */
export const isRoot = process.getuid?.() === 0;
