import { join } from 'node:path';
import { type Bench, type Figure, median } from './bench.ts';
import type { StepOptions, StepResult } from './copy-step.ts';
import { GrowingJournal } from './growing-journal.ts';
import { makePractice } from './make-practice.ts';
import { type BenchVault, openBenchVault } from './make-vault.ts';
import { runCopyStep } from './run-copy-step.ts';

const steps = ['publish', 'verify', 'restore'] as const;
const growth = 4;
const payloadBytes = 2048;
const documentBytes = 1_048_576;
const entriesPerDocument = 500;

export const copy: Bench = {
  name: 'copy',
  title: 'Publishing, verifying and restoring a copy',
  method: `A vault of ${payloadBytes}-byte payloads, really signed, with a document of 1 MiB every ${entriesPerDocument}
entries, is copied into an empty folder, verified from the folder alone (every hash, signature and right), and restored into
an empty PostgreSQL and blob folder, each in a process of its own; then again once it has grown ${growth} times. Speeds are of
the larger vault's entries, payloads and documents, without the start of the process. Memory is the greatest
resident size of the process; its bar says that it does not follow the vault.`,
  bars: Object.fromEntries(steps.map((step) => [`${step}: memory, vault × ${growth}`, { most: 1.5 }])),
  async run({ quick, progress }) {
    const vault = await openBenchVault();
    try {
      const made = await makePractice('copied', 1, vault.host);
      const journal = new GrowingJournal(vault, made, { payloadBytes, documentBytes, entriesPerDocument });
      const small = quick ? 5_000 : 12_500;
      const figures: Figure[] = [];
      const before = new Map<Step, StepResult>();
      for (const entries of [small, small * growth]) {
        progress(`growing the vault to ${entries} entries`);
        await journal.growTo(entries);
        for (const step of steps) {
          progress(`${step}, ${entries} entries`);
          const result = await runStep(vault, { step, entries, rounds: quick ? 1 : 3 });
          const smaller = before.get(step);
          before.set(step, result);
          if (smaller !== undefined) figures.push(...stepFigures(step, smaller, result, journal.bytes));
        }
      }
      return figures;
    } finally {
      await vault.close();
    }
  },
};

type Step = (typeof steps)[number];

function stepFigures(step: Step, smaller: StepResult, larger: StepResult, bytes: number): Figure[] {
  return [
    { label: `${step}: speed`, value: bytes / 1000 / larger.ms, unit: 'MB/s' },
    { label: `${step}: memory`, value: larger.peakBytes / 2 ** 20, unit: 'MiB' },
    { label: `${step}: memory, vault × ${growth}`, value: larger.peakBytes / smaller.peakBytes, unit: '×' },
  ];
}

/** The step several times, each in a fresh process and place: median time, greatest memory. */
async function runStep(
  vault: BenchVault,
  { step, entries, rounds }: { step: Step; entries: number; rounds: number },
): Promise<StepResult> {
  const results: StepResult[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const options: StepOptions = {
      step,
      folder: vault.folder,
      databaseUrl: step === 'restore' ? await vault.freshDatabase() : vault.databaseUrl,
      // Every publish goes into a new folder; what follows reads the first.
      copyFolder: join(vault.folder, `copy-${entries}-${step === 'publish' ? round : 0}`),
      blobsName: `restored-${entries}-${round}`,
      stateFolder: null,
    };
    results.push(await runCopyStep(options));
  }
  return {
    ms: median(results.map(({ ms }) => ms)),
    peakBytes: Math.max(...results.map(({ peakBytes }) => peakBytes)),
  };
}
