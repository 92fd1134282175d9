import { execFile } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';
import { promisify } from 'node:util';
import { findBinaries } from '@serment/store/postgres/binaries';
import { findChromium } from '../tools/chromium.ts';

const run = promisify(execFile);

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
  readonly postgres: string;
  readonly chromium: string;
  /** Load over the last minute when the run began: other work on the machine makes its figures worse. */
  readonly load: number;
}

export async function describeMachine(): Promise<Machine> {
  const processors = cpus();
  return {
    cpu: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    postgres: (await findBinaries(null)).version,
    chromium: await chromiumVersion(),
    load: loadavg()[0] ?? 0,
  };
}

async function chromiumVersion(): Promise<string> {
  const path = await findChromium();
  return path === null ? 'none' : (await run(path, ['--version'])).stdout.trim();
}
