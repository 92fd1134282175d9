import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Outcome, Proof } from '../proof.ts';
import { type Kind, kinds, kindsAt, type Write } from './faults/kinds.ts';
import type { Operation } from './faults/operation.ts';
import { operations } from './faults/operations.ts';
import { Bench, type Trial } from './faults/trial.ts';
import { FaultVault } from './faults/vault.ts';
import type { CopiesScene } from './scene.ts';

const benches = 2;
/** Chances that a fault is given where a run, whose parts overlap, came to fewer calls than the first one. */
const chances = 3;

/** A fault that is to be tried. */
interface Planned {
  readonly operation: Operation;
  readonly write: Write;
  readonly at: number;
  readonly kind: Kind;
  /** Of a latency: by the machine's clock. */
  readonly isReal?: boolean;
}

export interface FaultsTried {
  readonly trials: readonly Trial[];
  /** Calls that write, by operation. */
  readonly writes: ReadonlyMap<string, number>;
}

export interface FaultsOptions {
  /** Where everything happens: an empty folder. */
  readonly folder: string;
  readonly operations: readonly Operation[];
  /** False for one kind of fault at each write, in turn, and not all. */
  readonly isWhole: boolean;
  /** One write of as many is gone wrong at: each, unless said. */
  readonly oneOf?: number;
  /** A module that breaks the product. */
  readonly breaker?: string | null;
}

/** Every call that writes of these operations goes wrong, one after the other, in each way. */
export async function tryFaults({ folder, breaker = null, ...options }: FaultsOptions): Promise<FaultsTried> {
  const vault = await FaultVault.make(folder);
  const all = Array.from({ length: benches }, (_, place) => new Bench(vault, { name: `bench${place}`, breaker }));
  const [first] = all;
  try {
    const trials: Trial[] = [];
    const plan: Planned[] = [];
    const writes = new Map<string, number>();
    for (const operation of options.operations) {
      const trial = await first?.try(operation, null);
      if (trial === undefined) continue;
      trials.push(trial);
      const planned = planOf(operation, trial.writes, options);
      writes.set(operation.name, new Set(planned.map(({ write }) => write)).size);
      plan.push(...planned);
    }
    const work = plan.values();
    await Promise.all(all.map((bench) => workOff(bench, work, trials)));
    return { trials, writes };
  } finally {
    await Promise.all(all.map((bench) => bench.close()));
    await vault.close();
  }
}

async function workOff(bench: Bench, work: Iterator<Planned>, trials: Trial[]): Promise<void> {
  for (let next = work.next(); next.done !== true; next = work.next()) {
    const { operation, write, at, kind, isReal = false } = next.value;
    const fault = { isDatabase: write.isDatabase, at, kind, isReal };
    let trial = await bench.try(operation, fault, write);
    for (let chance = 1; chance < chances && !trial.hasFired; chance += 1)
      trial = await bench.try(operation, fault, write);
    trials.push(trial);
  }
}

function planOf(
  operation: Operation,
  writes: readonly Write[],
  { isWhole, oneOf = 1 }: Pick<FaultsOptions, 'isWhole' | 'oneOf'>,
): Planned[] {
  const counts = { files: 0, database: 0 };
  let [place, turn] = [0, 0];
  const planned = writes.flatMap((write): Planned[] => {
    counts[write.isDatabase ? 'database' : 'files'] += 1;
    if (!write.changes) return [];
    place += 1;
    if (place % oneOf !== 0) return [];
    const at = counts[write.isDatabase ? 'database' : 'files'];
    const fitting = kindsAt(write);
    const inTurn = kinds.slice(turn % kinds.length).find((kind) => fitting.includes(kind)) ?? 'error';
    turn = kinds.indexOf(inTurn) + 1;
    return (isWhole ? fitting : [inTurn]).map((kind) => ({ operation, write, at, kind }));
  });
  const latencies = planned.filter(({ kind }) => kind === 'latency');
  const middle = latencies[latencies.length >> 1];
  return isWhole && middle !== undefined ? [{ ...middle, isReal: true }, ...planned] : planned;
}

/** One proof for each operation, so that one can be run alone. */
export const faultsProofs: readonly Proof<CopiesScene>[] = operations.map((operation) => ({
  name: `faults at every write: ${operation.name}`,
  bar: 'nothing acknowledged missing, nothing found that was not reported, every planned fault injected',
  async run(scene) {
    const folder = await faultsFolder();
    try {
      return judge(await tryFaults({ folder, operations: [operation], isWhole: !scene.isQuick }));
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  },
}));

/** In memory where there is such a disk: what would be lost is known from what was synced, and no disk has to be waited for. */
export async function faultsFolder(): Promise<string> {
  const name = 'serment-faults-';
  return mkdtemp(join('/dev/shm', name)).catch(() => mkdtemp(join(tmpdir(), name)));
}

/** Counts what was injected, and tells what it led to. */
export function judge({ trials, writes }: FaultsTried): Outcome {
  const injected = trials.filter(({ fault, hasFired }) => fault !== null && hasFired);
  const missed = trials.filter(({ fault, hasFired }) => fault !== null && !hasFired);
  const bad = trials.filter(({ wrong }) => wrong.length > 0);
  const parts = [...writes].map(([name, count]) => {
    const own = injected.filter(({ operation }) => operation === name).length;
    return `${name} ${own} at ${count} writes`;
  });
  const byKind = kinds.map((kind) => `${kind} ${injected.filter(({ fault }) => fault?.kind === kind).length}`);
  const ends = ['done', 'failed', 'killed'].map((end) => injected.filter(({ outcome }) => outcome.end === end).length);
  return {
    figure:
      `${injected.length} faults: ${parts.join(', ')}; by kind: ${byKind.join(', ')}; ` +
      `${ends[0]} runs went on to their end, ${ends[1]} said what failed, ${ends[2]} were killed; ` +
      `${bad.length} lost or hid something, ${missed.length} could not be injected`,
    holds: bad.length === 0 && missed.length === 0 && injected.length > 0,
    details: [...bad.slice(0, 20).flatMap(describe), ...missed.slice(0, 10).flatMap(describe)],
  };
}

function describe({ operation, fault, write, outcome, wrong, hasFired }: Trial): string[] {
  const where =
    fault === null ? 'no fault' : `${fault.kind} at ${fault.isDatabase ? 'round trip' : 'file call'} ${fault.at}`;
  const end = outcome.end === 'failed' ? `failed with ${outcome.code}` : outcome.end;
  const head = `${operation}, ${where} (${write?.call ?? ''}): ${hasFired || fault === null ? end : 'not injected'}`;
  return [head, ...wrong.slice(0, 3).map((line) => `  ${line.slice(0, 600)}`)];
}
