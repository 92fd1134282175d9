import './require-node-24.js';
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { chromiumAdvice, findChromium } from './chromium.ts';
import { type Flow, type FlowReport, runBrowserTests } from './test-browser.ts';
import { makeTestFolder } from './test-folder.ts';
import { runNodeTests } from './test-node.ts';
import { buildWebIfStale, root } from './web-build.ts';

/** What one runner found, or several added up. */
export type Tally = { readonly passed: number; readonly failed: number; readonly skipped: number };

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // No reason is given: Node's runner waits for ever on an abort whose reason is no error.
  process.on(signal, () => stop.abort());
}

// Every test file, and every command that one runs, loads the same modules: compiled once, they are read from here.
process.env.NODE_COMPILE_CACHE ??= join(root, 'node_modules/.cache/node-compile');
// What Playwright compiles stays from one run to the next, as it would in the folder that this run leaves.
process.env.PLAYWRIGHT_TRANSFORM_CACHE_DIR ??= join(root, 'node_modules/.cache/playwright');
const temporary = makeTestFolder();
process.env.TMPDIR = temporary.folder;
process.on('exit', () => temporary.remove());

/** Arguments are parts of paths: `npm test -- packages/core sealing` runs the files whose path holds one of them. */
const wanted = process.argv.slice(2);
const ignored = ['**/node_modules/**', '**/dist/**'];
// Those that run whole programs take longest: begun last, the end of the run would wait for one of them alone.
const nodeFiles = ['{tools,apps/cli}', '{packages,apps/!(cli),vectors,bench}'].flatMap((where) =>
  filesMatching(`${where}/**/*.test.ts`),
);
const browserFiles = filesMatching('e2e/**/*.spec.ts');

const tallies: Tally[] = [];
if (nodeFiles.length > 0)
  tallies.push(await runNodeTests(nodeFiles, { concurrency: concurrency(), signal: stop.signal }));
if (browserFiles.length > 0 && !stop.signal.aborted) tallies.push(await browserTests(browserFiles));
finish(tallies);

function filesMatching(pattern: string): string[] {
  const files = globSync(pattern, { cwd: root, exclude: ignored }).sort();
  return wanted.length === 0 ? files : files.filter((file) => wanted.some((part) => file.includes(part)));
}

function concurrency(): number {
  // Tests wait for disks, clocks and each other: one more than there are processors keeps these busy.
  return availableParallelism() + 1;
}

async function browserTests(files: readonly string[]): Promise<Tally> {
  const chromium = await findChromium();
  if (!chromium) return failed(chromiumAdvice);
  try {
    await buildWebIfStale();
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
  return tallyOf(await runBrowserTests(files, { chromium, signal: stop.signal }));
}

function tallyOf({ flows, errors }: FlowReport): Tally {
  const count = (end: Flow['end']) => flows.filter((flow) => flow.end === end).length;
  for (const { file, title, end, errors: lines } of flows) {
    if (end !== 'unsteady' && end !== 'failed') continue;
    const head = end === 'failed' ? 'Failed' : 'Passed on a second try only, a fault to find';
    process.stdout.write(`${head}: ${file} › ${title}\n${lines.map((line) => `  ${line}\n`).join('')}`);
  }
  return {
    passed: count('passed') + count('unsteady'),
    failed: count('failed') + errors.length,
    skipped: count('skipped'),
  };
}

function failed(reason: string): Tally {
  process.stderr.write(`${reason}\n`);
  return { passed: 0, failed: 1, skipped: 0 };
}

function finish(parts: readonly Tally[]): void {
  const sum = (count: (tally: Tally) => number) => parts.reduce((total, tally) => total + count(tally), 0);
  const [passed, failures, skipped] = [sum((t) => t.passed), sum((t) => t.failed), sum((t) => t.skipped)];
  if (stop.signal.aborted) process.stdout.write('Stopped before the end.\n');
  if (passed + failures === 0) process.stdout.write('No test ran.\n');
  // The last line is read by programs: nothing may follow it.
  process.stdout.write(`${passed} passed, ${failures} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
  process.exitCode = failures > 0 || passed === 0 || stop.signal.aborted ? 1 : 0;
}
