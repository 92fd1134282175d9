import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Bench, type Figure, median } from './bench.ts';
import type { StepOptions } from './copy-step.ts';
import { GrowingJournal, type JournalShape } from './growing-journal.ts';
import { makePractice } from './make-practice.ts';
import { type BenchVault, openBenchVault } from './make-vault.ts';
import { findRivals, type Rival } from './rival.ts';
import { runCopyStep } from './run-copy-step.ts';
import { syncOf, timed } from './timed.ts';

const run = promisify(execFile);
const steps = ['publish', 'restore', 'verify', 'verify again'] as const;
const filesPerFolder = 200;

type Step = (typeof steps)[number];

/** What is kept by all, and what is measured of it. */
interface Scene {
  readonly name: string;
  readonly unit: 'MB/s' | 'items/s';
  readonly count: number;
  readonly shape: Omit<JournalShape, 'onSealed'>;
}

const documentsOf = (count: number): Scene => ({
  ...{ name: 'documents', unit: 'MB/s', count },
  shape: { payloadBytes: 64, documentBytes: 8 * 2 ** 20, entriesPerDocument: 1 },
});
const itemsOf = (count: number): Scene => ({
  ...{ name: 'small entries', unit: 'items/s', count },
  shape: { payloadBytes: 2048, documentBytes: 0, entriesPerDocument: 1 },
});

/** How many times the better of the two it takes. */
const bars: Readonly<Record<string, Readonly<Partial<Record<Step, number>>>>> = {
  documents: { publish: 1, restore: 1, verify: 3, 'verify again': 3 },
  'small entries': { publish: 4, restore: 4, 'verify again': 8 },
};

export const rivals: Bench = {
  name: 'rivals',
  title: 'A copy against restic and Borg',
  method: `The same sealed bytes, random, are kept by Serment as a vault of its own (journal in PostgreSQL, documents in a
folder; every entry really signed) and by restic and Borg as a folder of files, 200 to a folder: 64 documents of 8 MiB,
then 20 000 payloads of 2 KiB. Each is copied into an empty folder, restored from it (Serment: into an empty PostgreSQL and
an empty folder, every hash checked), and verified (Serment: every hash, inclusion, signature and right; restic
\`check --read-data\`; Borg \`check --verify-data\`), in rounds in which each has its turn, with \`sync\` of the file system in
the time of each. *Verify again* is the same verifier's next one of the same copy (\`serment verify --reread\`): every byte is read,
hashed and compared with what it judged before, which is what the two others do each time, and trees, signatures and rights,
which follow from those bytes and of which they have none, are not judged anew; it is compared with their verification, and the bar
of small entries stands there. Compression is off: what is sealed gets no smaller. *The disk* is \`cp\` of the same documents with the
same \`sync\`. What was written is deleted when all is measured. Serment's processes have started when its time begins, as a
server's have.`,
  bars: {
    'documents, publish: against the disk': { least: 0.8 },
    ...Object.fromEntries(
      Object.entries(bars).flatMap(([scene, of]) =>
        Object.entries(of).map(([step, least]) => [ratioLabel(scene, step), { least }]),
      ),
    ),
  },
  async run({ quick, progress }) {
    const folder = await mkdtemp(join(tmpdir(), 'serment-bench-rivals-'));
    try {
      const others = await findRivals(join(folder, 'caches'));
      const scenes = quick ? [documentsOf(16), itemsOf(4_000)] : [documentsOf(64), itemsOf(20_000)];
      const figures: Figure[] = [];
      for (const scene of scenes) figures.push(...(await measure(scene, { folder, others, quick, progress })));
      return figures;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

interface Run {
  readonly folder: string;
  readonly others: readonly Rival[];
  readonly quick: boolean;
  readonly progress: (line: string) => void;
}

async function measure(scene: Scene, { folder, others, quick, progress }: Run): Promise<Figure[]> {
  const vault = await openBenchVault();
  const place = join(folder, scene.name.replace(' ', '-'));
  const files = join(place, 'files');
  try {
    progress(`${scene.name}: making ${scene.count}`);
    await makeScene(scene, vault, files);
    await syncOf(folder);
    const rounds = quick ? 1 : 5;
    const size = scene.unit === 'MB/s' ? (scene.count * scene.shape.documentBytes) / 1000 : scene.count * 1000;
    const times = new Map<string, number[]>();
    for (const step of steps) {
      const variants = new Map<string, (round: number) => Promise<number>>([
        ['Serment', (round) => ownStep(vault, step, { place, round })],
        // What they verify is the same each time.
        ...(step === 'verify again' ? [] : others).map(
          (rival) => [rival.name, (round: number) => rivalStep(rival, step, { place, files, round })] as const,
        ),
      ]);
      if (scene.unit === 'MB/s' && step === 'publish')
        variants.set('the disk', (round) => plainCopy(files, join(place, `plain-${round}`)));
      for (let round = 0; round < rounds; round += 1) {
        progress(`${scene.name}: ${step}, round ${round + 1} of ${rounds}`);
        const names = [...variants.keys()];
        for (const name of round % 2 === 0 ? names : names.toReversed()) {
          const ms = (await variants.get(name)?.(round)) ?? Number.NaN;
          const key = `${step} ${name}`;
          times.set(key, [...(times.get(key) ?? []), ms]);
        }
      }
    }
    const speed = (step: Step, name: string) => size / median(times.get(`${step} ${name}`) ?? []);
    return steps.flatMap((step) => {
      const isAgain = step === 'verify again';
      const best = Math.max(...others.map(({ name }) => speed(isAgain ? 'verify' : step, name)));
      const own = speed(step, 'Serment');
      return [
        ...['Serment', ...(isAgain ? [] : others).map(({ name }) => name)].map((name) => ({
          label: `${scene.name}, ${step}: ${name}`,
          value: speed(step, name),
          unit: scene.unit,
        })),
        { label: ratioLabel(scene.name, step), value: own / best, unit: '×' },
        ...(times.has(`${step} the disk`)
          ? [
              { label: `${scene.name}, ${step}: the disk`, value: speed(step, 'the disk'), unit: scene.unit },
              { label: `${scene.name}, ${step}: against the disk`, value: own / speed(step, 'the disk'), unit: '×' },
            ]
          : []),
      ];
    });
  } finally {
    await vault.close();
  }
}

function ratioLabel(scene: string, step: string): string {
  return `${scene}, ${step}: against the better of the two`;
}

/** A vault of the scene, and beside it the same sealed bytes as files. */
async function makeScene({ name, count, shape }: Scene, vault: BenchVault, files: string): Promise<void> {
  const made = await makePractice(name, 1, vault.host);
  const kind = shape.documentBytes > 0 ? 'document' : 'payload';
  const journal = new GrowingJournal(vault, made, {
    ...shape,
    async onSealed(what, place, bytes) {
      if (what !== kind) return;
      const folder = join(files, String(Math.floor(place / filesPerFolder)));
      if (place % filesPerFolder === 0) await mkdir(folder, { recursive: true });
      await writeFile(join(folder, String(place)), bytes);
    },
  });
  await journal.growTo(count);
}

/** The copy and the places of one round; what reads a copy reads that of the first. */
async function ownStep(
  vault: BenchVault,
  step: Step,
  { place, round }: { place: string; round: number },
): Promise<number> {
  const options: StepOptions = {
    step,
    folder: vault.folder,
    databaseUrl: step === 'restore' ? await vault.freshDatabase() : vault.databaseUrl,
    copyFolder: join(place, `copy-${step === 'publish' ? round : 0}`),
    blobsName: `restored-${round}`,
    stateFolder: join(place, `state-${step === 'verify' ? round : 0}`),
  };
  const { ms } = await runCopyStep(options);
  return step.startsWith('verify') ? ms : ms + (await timed(() => syncOf(place)));
}

async function rivalStep(
  rival: Rival,
  step: Step,
  { place, files, round }: { place: string; files: string; round: number },
): Promise<number> {
  const repository = join(place, `${rival.name}-${step === 'publish' ? round : 0}`);
  if (step.startsWith('verify')) return timed(() => rival.verify(repository));
  if (step === 'publish') await rival.init(repository);
  return timed(async () => {
    if (step === 'publish') await rival.backup(repository, files, 'first');
    else await rival.restore(repository, { archive: 'first', files, to: join(place, `${rival.name}-out-${round}`) });
    await syncOf(place);
  });
}

function plainCopy(files: string, to: string): Promise<number> {
  return timed(async () => {
    await run('cp', ['--reflink=never', '-r', files, to]);
    await syncOf(files);
  });
}
