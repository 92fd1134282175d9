import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import type { Tally } from './test.ts';
import { root } from './web-build.ts';

/** Longest life of one test file, in milliseconds: a test that hangs is a failure, not a wait. */
const fileTimeoutMs = 300_000;

type NodeTestOptions = { readonly concurrency: number; readonly signal: AbortSignal };

/** Runs test files with Node's own runner, each in its process, and prints what happens as it goes. */
export async function runNodeTests(files: readonly string[], options: NodeTestOptions): Promise<Tally> {
  const tally = { passed: 0, failed: 0, skipped: 0 };
  const events = run({
    files: files.map((file) => join(root, file)),
    concurrency: options.concurrency,
    timeout: fileTimeoutMs,
    signal: options.signal,
    cwd: root,
  });
  events.on('test:summary', (summary) => {
    // Only the summary of the whole run names no file.
    if (summary.file !== undefined) return;
    const { tests, passed, skipped, todo } = summary.counts;
    Object.assign(tally, { passed, failed: tests - passed - skipped - todo, skipped: skipped + todo });
    if (!summary.success && tally.failed === 0) tally.failed = 1;
  });
  await pipeline(events, new spec(), process.stdout, { end: false });
  return tally;
}
