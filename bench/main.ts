import { readFile, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { append } from './append.ts';
import { appendHttp } from './append-http.ts';
import type { Bench } from './bench.ts';
import { copy } from './copy.ts';
import { copyLag } from './copy-lag.ts';
import { dump } from './dump.ts';
import { firstSync } from './first-sync.ts';
import { lockedBytes } from './locked-bytes.ts';
import { describeMachine } from './machine.ts';
import { oneMore } from './one-more.ts';
import { openPatient } from './open-patient.ts';
import { patientRequests } from './patient-requests.ts';
import { practiceChromium } from './practice-chromium.ts';
import { asDocument, asJson, asText, type BenchResult, isHeld, machineText } from './report.ts';
import { rivals } from './rivals.ts';
import { sealChromium } from './seal-chromium.ts';
import { sealNode } from './seal-node.ts';
import { separatorSheets } from './separator-sheets.ts';
import { textSearch } from './text-search.ts';
import { web } from './web.ts';

const benches: readonly Bench[] = [
  sealNode,
  sealChromium,
  append,
  appendHttp,
  copy,
  rivals,
  dump,
  oneMore,
  copyLag,
  openPatient,
  patientRequests,
  lockedBytes,
  firstSync,
  practiceChromium,
  textSearch,
  separatorSheets,
  web,
];
const document = join(import.meta.dirname, '../docs/benchmarks.md');
const usage = `npm run bench [-- NAME…] [--json] [--quick] [--record]

Measures, prints medians and ratios of one run with their bars, and writes nothing.

  NAME…      ${benches.map(({ name }) => name).join(', ')} (default: all)
  --json     one JSON object on stdout
  --quick    fewer rounds of smaller work: to try a change
  --record   rewrite their sections of docs/benchmarks.md

Exit codes: 0 every bar holds, 1 one is missed, 2 usage.
`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(usage);
    return 0;
  }
  const asked = readArguments(args);
  if (asked === null) {
    process.stderr.write(usage);
    return 2;
  }
  const { names, json, quick, record } = asked;
  const machine = await describeMachine();
  if (!json) process.stdout.write(`${machineText(machine)}\n\n`);
  const results: BenchResult[] = [];
  for (const bench of benches.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const result = await runBench(bench, quick);
    results.push(result);
    if (!json) process.stdout.write(`${asText(result)}\n`);
  }
  if (json) process.stdout.write(`${asJson(machine, results)}\n`);
  if (record) {
    const titles = benches.map(({ title }) => title);
    await writeFile(document, asDocument(await readFile(document, 'utf8'), { machine, results, titles }));
  }
  return results.every(isWithinBars) ? 0 : 1;
}

function readArguments(args: readonly string[]) {
  const flag = { type: 'boolean', default: false } as const;
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: flag, quick: flag, record: flag },
    });
    const areKnown = positionals.every((name) => benches.some((bench) => bench.name === name));
    const isFit = !(values.record && values.quick);
    return areKnown && isFit ? { ...values, names: positionals } : null;
  } catch {
    return null;
  }
}

async function runBench(bench: Bench, quick: boolean): Promise<BenchResult> {
  const startedAt = performance.now();
  const progress = (line: string) => process.stderr.write(`${bench.name}: ${line}\n`);
  const figures = await bench.run({ quick, progress });
  const [load = 0] = loadavg();
  return { bench, figures, seconds: (performance.now() - startedAt) / 1000, load };
}

function isWithinBars({ bench, figures }: BenchResult): boolean {
  return Object.entries(bench.bars).every(([label, bar]) => {
    const figure = figures.find((one) => one.label === label);
    return figure !== undefined && isHeld(figure.value, bar);
  });
}
