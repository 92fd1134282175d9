/** What a figure must reach; a figure without one is told for information. */
export interface Bar {
  readonly least?: number;
  readonly most?: number;
  /** What the platform itself reaches in the same run bounds it: below `least` over `share`, the bar is out of reach. */
  readonly within?: { readonly label: string; readonly share: number };
}

export interface Figure {
  readonly label: string;
  readonly value: number;
  /** Such as `MB/s`, `ms`, `/s`; `×` for a ratio. */
  readonly unit: string;
}

export interface BenchOptions {
  /** Fewer rounds of smaller work: for trying a change, never for the record. */
  readonly quick: boolean;
  /** Tells how far the run is, to the person who waits. */
  readonly progress: (line: string) => void;
}

export interface Bench {
  /** As on the command line. */
  readonly name: string;
  readonly title: string;
  /** How it is measured and what the baseline does, for the record. */
  readonly method: string;
  /** By the figure's label. */
  readonly bars: Readonly<Record<string, Bar>>;
  run(options: BenchOptions): Promise<readonly Figure[]>;
}

/**
 * Runs every variant once in each round, so that a machine that slows down slows all, and backwards in every other one,
 * so that none always follows the same. Times in milliseconds.
 */
export async function interleave<Name extends string>(
  variants: Readonly<Record<Name, () => unknown>>,
  options: { readonly rounds: number; readonly warmups?: number },
): Promise<Record<Name, number[]>> {
  const names = Object.keys(variants) as Name[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  const warmups = options.warmups ?? 1;
  for (let round = 0; round < warmups + options.rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const startedAt = performance.now();
      await variants[name]();
      if (round >= warmups) times[name].push(performance.now() - startedAt);
    }
  }
  return times;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** The least value that this share of all does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** Median of the ratios of one round each: what was slow for both does not count. */
export function medianRatio(numerators: readonly number[], denominators: readonly number[]): number {
  return median(numerators.map((value, round) => value / (denominators[round] ?? Number.NaN)));
}
