import type { Bar, Bench, Figure } from './bench.ts';
import type { Machine } from './machine.ts';

export interface BenchResult {
  readonly bench: Bench;
  readonly figures: readonly Figure[];
  readonly seconds: number;
  /** Of the machine over the bench's last minute; what the bench itself takes is about 2. */
  readonly load: number;
}

export interface Line extends Figure {
  readonly bar: Bar | null;
  /** Null where there is no bar, or one out of reach. */
  readonly holds: boolean | null;
  readonly isOutOfReach: boolean;
}

export function linesOf({ bench, figures }: BenchResult): Line[] {
  return figures.map((figure) => {
    const bar = bench.bars[figure.label] ?? null;
    const isOutOfReach = bar !== null && !isHeld(figure.value, bar) && !isReachable(bar, figures);
    return { ...figure, bar, isOutOfReach, holds: bar === null || isOutOfReach ? null : isHeld(figure.value, bar) };
  });
}

export function asJson(machine: Machine, results: readonly BenchResult[]): string {
  const benches = results.map((result) => ({
    name: result.bench.name,
    seconds: result.seconds,
    load: result.load,
    figures: linesOf(result),
  }));
  return JSON.stringify({ machine, benches }, null, 2);
}

export function asText(result: BenchResult): string {
  const rows = linesOf(result).map((line) => [line.label, format(line), barText(line), verdict(line)] as const);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const text = rows.map(([label, value, bar, holds]) =>
    [label.padEnd(widths[0] ?? 0), value.padStart(widths[1] ?? 0), bar.padStart(widths[2] ?? 0), holds]
      .join('  ')
      .trimEnd(),
  );
  return [
    `${result.bench.title}  (${result.bench.name}, ${result.seconds.toFixed(0)} s, load ${result.load.toFixed(1)})`,
    ...text,
    '',
  ].join('\n');
}

export function machineText({ cpu, cores, memoryGb, system, node, postgres, chromium, load }: Machine): string {
  const versions = `Node ${node}, PostgreSQL ${postgres}, ${chromium}`;
  return `${cores} × ${cpu}, ${memoryGb} GB, ${system}; ${versions}; load ${load.toFixed(1)} at the start`;
}

/**
 * The document with the sections of these results in the place of those that `before` holds, in the order of `titles`. A
 * section whose title is none of them goes.
 */
export function asDocument(before: string, { machine, results, titles }: Recording): string {
  const sections = new Map(
    before
      .split(/^(?=## )/m)
      .slice(1)
      .map((section) => [section.slice('## '.length, section.indexOf('\n')), section.trimEnd()]),
  );
  for (const result of results) sections.set(result.bench.title, asSection(machine, result));
  const all = titles.flatMap((title) => sections.get(title) ?? []);
  return `${[head, ...all].join('\n\n')}\n`;
}

export interface Recording {
  readonly machine: Machine;
  readonly results: readonly BenchResult[];
  readonly titles: readonly string[];
}

const head = `# Benchmarks

Written by \`npm run bench -- --record\`: every figure of a section is of the one run that it names. Variants that are compared
run in turn, round after round, and a ratio is the median of the ratios of each round. Nothing here is a test: figures move
with the machine and with what else it does: a bench alone loads it by about 2, and what is more took time from it. The
commands below measure again without writing.`;

function asSection(machine: Machine, result: BenchResult): string {
  const { bench, load } = result;
  const rows = linesOf(result).map(
    (line) => `| ${line.label} | ${format(line)} | ${barText(line)} | ${verdict(line)} |`,
  );
  const table = ['| figure | median | bar | |', '|---|---:|---:|---|', ...rows].join('\n');
  const date = new Date().toISOString().slice(0, 10);
  const run = `\`npm run bench -- ${bench.name}\` on ${date}, load ${load.toFixed(1)} at its end. ${machineText(machine)}.`;
  return `## ${bench.title}\n\n${bench.method}\n\n${run}\n\n${table}`;
}

/** Whether a figure is within its bar. */
export function isHeld(value: number, { least, most }: Bar): boolean {
  return (least === undefined || value >= least) && (most === undefined || value <= most);
}

function isReachable({ least = 0, within }: Bar, figures: readonly Figure[]): boolean {
  if (within === undefined) return true;
  const platform = figures.find(({ label }) => label === within.label);
  return platform === undefined || platform.value * within.share >= least;
}

/** With as many digits as say something. */
export function format({ value, unit }: Figure): string {
  const digits = unit === '×' || Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0;
  return `${value.toFixed(digits)} ${unit}`;
}

function barText({ bar, unit }: Line): string {
  if (bar === null) return '';
  const parts: string[] = [];
  if (bar.least !== undefined) parts.push(`≥ ${bar.least} ${unit}`);
  if (bar.most !== undefined) parts.push(`≤ ${bar.most} ${unit}`);
  return parts.join(', ');
}

function verdict({ holds, isOutOfReach }: Line): string {
  if (isOutOfReach) return 'out of reach';
  return holds === null ? '' : holds ? 'holds' : 'MISSED';
}
