import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { root } from './web-build.ts';

interface BrowserTestOptions {
  readonly chromium: string;
  readonly signal: AbortSignal;
  /** Where Playwright tells how it goes: `stderr` leaves standard output to the caller. */
  readonly output?: 'stdout' | 'stderr';
}

/** One flow as Playwright ran it. */
export interface Flow {
  /** Its spec's path within e2e/. */
  readonly file: string;
  readonly title: string;
  /** `unsteady` passed on a second try only: a fault that is still to be found. */
  readonly end: 'passed' | 'unsteady' | 'failed' | 'skipped';
  /** What it noted of itself as it went: a kind, and what. */
  readonly notes: readonly { readonly type: string; readonly description: string }[];
  /** What went wrong: the first line of each, what was looked for and found, and where in which file. */
  readonly errors: readonly string[];
}

/** What a run of flows came to. */
export interface FlowReport {
  readonly flows: readonly Flow[];
  /** What went wrong outside any flow, such as a spec that does not load. */
  readonly errors: readonly string[];
}

/** Runs specs of e2e/ with Playwright on the given Chromium. A run that left no report, or failed beside it, says so in `errors`. */
export async function runBrowserTests(files: readonly string[], options: BrowserTestOptions): Promise<FlowReport> {
  const folder = mkdtempSync(join(tmpdir(), 'serment-playwright-'));
  const path = join(folder, 'report.json');
  try {
    const code = await runPlaywright(files, path, options);
    const report = readReport(path);
    const isTold = report.errors.length > 0 || report.flows.some(({ end }) => end === 'failed');
    return code === 0 || isTold ? report : { ...report, errors: [`Playwright ended with ${code ?? 'a signal'}`] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runPlaywright(files: readonly string[], report: string, options: BrowserTestOptions): Promise<number | null> {
  const { chromium, signal, output = 'stdout' } = options;
  const cli = join(root, 'node_modules/@playwright/test/cli.js');
  // One flow that a hand marked to run alone would pass for all of its spec.
  const args = ['test', '--config', 'e2e/playwright.config.ts', '--forbid-only', ...files];
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: root,
    env: { ...process.env, CHROMIUM_PATH: chromium, SERMENT_PLAYWRIGHT_REPORT: report },
    stdio: ['ignore', output === 'stdout' ? 'inherit' : 2, 'inherit'],
  });
  // Playwright takes SIGINT as "close browsers, run teardowns, report"; any other signal would leave them behind.
  const interrupt = () => child.kill('SIGINT');
  signal.addEventListener('abort', interrupt, { once: true });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      signal.removeEventListener('abort', interrupt);
      resolve(code);
    });
  });
}

/** Reads Playwright's JSON report. What is not understood is an error, never a pass. */
export function readReport(path: string): FlowReport {
  let report: unknown;
  try {
    report = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return { flows: [], errors: ['Playwright left no report'] };
  }
  return { flows: flowsOf(report), errors: list(report, 'errors').map(shortError) };
}

/** A file is a suite, and so is each `describe` in it. */
function flowsOf(suite: unknown): Flow[] {
  const own = list(suite, 'specs').flatMap((spec) =>
    list(spec, 'tests').map((test) => ({
      file: text(spec, 'file'),
      title: text(spec, 'title'),
      end: endOf(test),
      notes: list(test, 'annotations').map((note) => ({
        type: text(note, 'type'),
        description: text(note, 'description'),
      })),
      errors: list(test, 'results').flatMap((result) => list(result, 'errors').map(shortError)),
    })),
  );
  return [...own, ...list(suite, 'suites').flatMap(flowsOf)];
}

function endOf(test: unknown): Flow['end'] {
  const status = text(test, 'status');
  if (status === 'skipped') return 'skipped';
  if (status === 'flaky') return 'unsteady';
  // A flow that is expected to fail, and does, has passed for Playwright alone.
  const results = list(test, 'results');
  const isPassed = results.length > 0 && results.every((result) => text(result, 'status') === 'passed');
  return status === 'expected' && isPassed ? 'passed' : 'failed';
}

/** One line that says where to look, for a run whose long report is no more at hand. */
function shortError(error: unknown): string {
  const [first = '', ...rest] = stripVTControlCharacters(text(error, 'message')).split('\n');
  const telling = rest.filter((line) => /^(Locator|Expected|Received)\b/.test(line));
  const place = field(error, 'location');
  const line = field(place, 'line');
  const where = typeof line === 'number' ? [`at ${basename(text(place, 'file'))}:${line}`] : [];
  return [first, ...telling, ...where].join(', ');
}

function text(value: unknown, name: string): string {
  const found = field(value, name);
  return typeof found === 'string' ? found : '';
}

function list(value: unknown, name: string): unknown[] {
  const found = field(value, name);
  return Array.isArray(found) ? found : [];
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
