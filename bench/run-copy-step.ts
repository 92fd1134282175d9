import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { StepOptions, StepResult } from './copy-step.ts';

const run = promisify(execFile);
const program = fileURLToPath(new URL('./copy-step.ts', import.meta.url));

/** One step in a fresh process. Throws what the step throws, with what it printed. */
export async function runCopyStep(options: StepOptions): Promise<StepResult> {
  const { stdout } = await run(process.execPath, [program, JSON.stringify(options)]);
  return JSON.parse(stdout);
}
