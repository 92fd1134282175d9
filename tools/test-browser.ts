import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tally } from './test.ts';
import { root } from './web-build.ts';

type BrowserTestOptions = { readonly chromium: string; readonly signal: AbortSignal };

/** Runs the flows of e2e/ with Playwright on the given Chromium. A run that leaves no report counts as one failure. */
export async function runBrowserTests(files: readonly string[], options: BrowserTestOptions): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), 'serment-playwright-'));
  const report = join(folder, 'report.json');
  try {
    const env = { ...process.env, CHROMIUM_PATH: options.chromium, SERMENT_PLAYWRIGHT_REPORT: report };
    const code = await runPlaywright(files, env, options.signal);
    const tally = readReport(report);
    return code !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runPlaywright(files: readonly string[], env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number | null> {
  const cli = join(root, 'node_modules/@playwright/test/cli.js');
  const child = spawn(process.execPath, [cli, 'test', '--config', 'e2e/playwright.config.ts', ...files], {
    cwd: root,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
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

/** Reads Playwright's JSON report. A flow that passed only on a second try counts as a failure. */
export function readReport(path: string): Tally {
  let report: unknown;
  try {
    report = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const stats = field(report, 'stats');
  const errors = field(report, 'errors');
  const count = (name: string) => {
    const value = field(stats, name);
    return typeof value === 'number' ? value : 0;
  };
  return {
    passed: count('expected'),
    failed: count('unexpected') + count('flaky') + (Array.isArray(errors) ? errors.length : 0),
    skipped: count('skipped'),
  };
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
