import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, jsonOption } from '../command.ts';
import { CliError } from '../error.ts';
import { exits } from '../failure.ts';

export const benchCommand: Command = {
  name: 'bench',
  summary: 'measure this machine: medians and ratios of one run',
  description:
    'Measures sealing, appends, copies, verification, restore and opening on this machine, and prints medians and ratios.',
  operands: { label: 'NAME…', help: 'what to measure; all when left out', least: 0, most: Number.POSITIVE_INFINITY },
  options: [
    { name: 'quick', help: 'fewer rounds of smaller work: to try a change' },
    { name: 'record', help: 'all of them, and write docs/benchmarks.md anew' },
    jsonOption,
  ],
  exits: [
    [0, 'measured'],
    [1, 'a figure misses its bar'],
    [2, 'usage'],
    [3, 'the benchmark is not in this installation'],
  ],
  safe: 'Nothing but temporary folders was written',
  async run(given) {
    const program = join(import.meta.dirname, '../../../../bench/main.ts');
    if (!existsSync(program))
      throw new CliError('PROGRAM_MISSING', 'The benchmark is not in this installation', {
        hint: 'Run it from a clone of Serment.',
      });
    const flags = ['quick', 'record', 'json'].filter((name) => given.has(name)).map((name) => `--${name}`);
    const child = spawn(process.execPath, [program, ...given.operands, ...flags], { stdio: 'inherit' });
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => resolve(code ?? exits.findings));
    });
  },
};
