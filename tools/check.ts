import './require-node-24.js';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './web-build.ts';

type Step = { readonly name: string; readonly command: readonly string[] };

const bin = (name: string) => join(root, 'node_modules/.bin', name);

/** Everything a change must pass, quickest first; all run, so that one visit shows all there is to mend. */
const steps: readonly Step[] = [
  { name: 'boundaries', command: [process.execPath, 'tools/boundaries.ts'] },
  { name: 'lint', command: [bin('biome'), 'check', '--error-on-warnings', '.'] },
  { name: 'types', command: [bin('tsc'), '--noEmit', '-p', 'tsconfig.json'] },
  { name: 'dead files', command: [process.execPath, 'tools/dead-files.ts'] },
  { name: 'tests', command: [process.execPath, 'tools/test.ts'] },
];

const chosen = process.argv.includes('--no-tests') ? steps.filter((step) => step.name !== 'tests') : steps;
const failures: string[] = [];
for (const step of chosen) {
  process.stdout.write(`\n── ${step.name}\n`);
  const startedAt = performance.now();
  const passed = await runStep(step);
  process.stdout.write(`── ${step.name}: ${passed ? 'ok' : 'FAILED'}, ${seconds(performance.now() - startedAt)}\n`);
  if (!passed) failures.push(step.name);
}
process.stdout.write(failures.length === 0 ? '\nEverything holds.\n' : `\nFailed: ${failures.join(', ')}.\n`);
process.exitCode = failures.length === 0 ? 0 : 1;

function runStep(step: Step): Promise<boolean> {
  const [file = '', ...args] = step.command;
  const child = spawn(file, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  const relay = (signal: NodeJS.Signals) => child.kill(signal);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, relay);
  return new Promise((resolve) => {
    const finish = (passed: boolean) => {
      for (const signal of signals) process.off(signal, relay);
      resolve(passed);
    };
    child.once('error', (error) => {
      process.stderr.write(`${error.message}\n`);
      finish(false);
    });
    child.once('exit', (code) => finish(code === 0));
  });
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
