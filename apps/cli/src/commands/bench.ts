import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Command } from '../command.ts';
import { CliError } from '../error.ts';
import { exits } from '../failure.ts';

export const benchCommand: Command = {
  name: 'bench',
  summary: 'measure this machine: medians and ratios of one run',
  description:
    'Measures sealing, appends, copies, verification, restore and opening on this machine, and prints medians and ratios.\nArguments are handed on to the benchmark.',
  operands: { label: 'PART…', help: 'parts to measure; all when left out', least: 0, most: Number.POSITIVE_INFINITY },
  options: [{ name: 'json', help: 'print one JSON document on stdout; logs stay on stderr' }],
  exits: [
    [0, 'measured'],
    [1, 'a figure falls short of its bar'],
    [2, 'usage'],
    [3, 'the benchmark is not in this installation'],
  ],
  isOpenEnded: true,
  safe: 'Nothing but temporary folders was written',
  async run(given) {
    const program = fileURLToPath(new URL('../../../../bench/main.ts', import.meta.url));
    if (!existsSync(program))
      throw new CliError('PROGRAM_MISSING', 'The benchmark is not in this installation', {
        hint: 'Run it from a clone of Serment.',
      });
    const child = spawn(process.execPath, [program, ...given.operands], { stdio: 'inherit' });
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => resolve(code ?? exits.findings));
    });
  },
};
