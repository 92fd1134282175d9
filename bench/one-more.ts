import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { signCheckpoint } from '@serment/core/journal/checkpoint';
import { folderDestination } from '@serment/store/copy/folder';
import { openCopy } from '@serment/store/copy/open-copy';
import { startPublisher } from '@serment/store/copy/publisher';
import { type Bench, type Figure, median } from './bench.ts';
import { entriesPerPatient, makeSyntheticVault, patientStream } from './make-copy.ts';
import { findRivals, type Rival } from './rival.ts';

const run = promisify(execFile);
const itemBytes = 1096;
const growthLabel = 'one new entry: the larger vault against the smaller';
const newLabel = 'one new entry: against the better of the two';
const patientLabel = 'one patient: against the better of the two';

export const oneMore: Bench = {
  name: 'one-more',
  title: 'One new entry, and one patient, of a large vault, against restic and Borg',
  method: `A vault of 200 000 synthetic entries of ${itemBytes} sealed bytes, ${entriesPerPatient} to a patient, stands in a copy, and
as many files of as many bytes, a folder to a patient, in a repository of restic and of Borg. Then one entry, or one file,
comes: the time is until it is in the copy under a signed checkpoint, on the disk (Serment, the publisher running), or until
the backup has ended. *One patient* is read whole, from the system's cache (Serment: hashes and inclusion checked), or
restored alone. The smaller vault has 20 000 entries. A ratio is of times, theirs over Serment's.`,
  bars: { [growthLabel]: { most: 1.3 }, [newLabel]: { least: 10 }, [patientLabel]: { least: 100 } },
  async run({ quick, progress }) {
    const folder = await mkdtemp(join(tmpdir(), 'serment-bench-more-'));
    try {
      const [small, large] = quick ? [2_000, 20_000] : [20_000, 200_000];
      const rounds = quick ? 20 : 100;
      progress(`Serment: a vault of ${small}, then of ${large}`);
      const few = await ownTimes(join(folder, 'few'), small, rounds);
      const many = await ownTimes(join(folder, 'many'), large, rounds);
      const files = join(folder, 'files');
      progress(`${large} files`);
      await makeFiles(files, large);
      const others = await findRivals(join(folder, 'caches'));
      const theirs: Times[] = [];
      for (const rival of others) {
        progress(`${rival.name}: all of it, then one more`);
        theirs.push(await rivalTimes(rival, { folder, files, rounds: quick ? 1 : 5 }));
      }
      const best = (part: keyof Times) => Math.min(...theirs.map((times) => times[part]));
      const of = (part: keyof Times, what: string): Figure[] => [
        { label: `${what}: Serment`, value: many[part], unit: 'ms' },
        ...others.map(({ name }, place) => ({
          label: `${what}: ${name}`,
          value: theirs[place]?.[part] ?? Number.NaN,
          unit: 'ms',
        })),
      ];
      return [
        ...of('added', 'one new entry'),
        { label: newLabel, value: best('added') / many.added, unit: '×' },
        { label: growthLabel, value: many.added / few.added, unit: '×' },
        ...of('patient', 'one patient'),
        { label: patientLabel, value: best('patient') / many.patient, unit: '×' },
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** Medians, in milliseconds. */
interface Times {
  readonly added: number;
  readonly patient: number;
}

async function ownTimes(folder: string, size: number, rounds: number): Promise<Times> {
  const vault = await makeSyntheticVault(size);
  const destination = folderDestination({ path: folder });
  let copied: (size: number) => void = () => undefined;
  const publisher = startPublisher({
    source: vault.source,
    destinations: [destination],
    signCheckpoint: (checkpoint) => signCheckpoint(checkpoint, vault.host),
    onStatus: (practice) => copied(publisher.status(practice)[0]?.size ?? 0),
  });
  await publisher.settled();
  const added: number[] = [];
  // Of both, the first half only warms code and caches.
  for (let round = 0; round < 2 * rounds; round += 1) {
    const wanted = size + round + 1;
    const isCopied = new Promise<void>((resolve) => {
      copied = (held) => held >= wanted && resolve();
    });
    const startedAt = performance.now();
    await vault.grow();
    await isCopied;
    if (round >= rounds) added.push(performance.now() - startedAt);
  }
  await publisher.stop();
  const reading = folderDestination({ path: folder });
  const copy = await openCopy(reading, vault.practice);
  const patient: number[] = [];
  for (let round = 0; round < 2 * rounds; round += 1) {
    const startedAt = performance.now();
    const { items, findings } = await copy.readStream(patientStream(1));
    if (items.length < entriesPerPatient || findings.length > 0) throw new RangeError(`${items.length} entries`);
    if (round >= rounds) patient.push(performance.now() - startedAt);
  }
  await reading.close();
  return { added: median(added), patient: median(patient) };
}

async function makeFiles(files: string, count: number): Promise<void> {
  for (let file = 0; file < count; file += 1) {
    const folder = join(files, String(Math.floor(file / entriesPerPatient)));
    if (file % entriesPerPatient === 0) await mkdir(folder, { recursive: true });
    await writeFile(join(folder, String(file)), crypto.getRandomValues(new Uint8Array(itemBytes)));
  }
  await run('sync', ['-f', files]);
}

async function rivalTimes(
  rival: Rival,
  { folder, files, rounds }: { folder: string; files: string; rounds: number },
): Promise<Times> {
  const repository = join(folder, rival.name);
  await rival.init(repository);
  await rival.backup(repository, files, 'first');
  const [added, patient]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    const path = join(files, '1', `${rival.name}-${round}`);
    await writeFile(path, crypto.getRandomValues(new Uint8Array(itemBytes)));
    const startedAt = performance.now();
    await rival.backup(repository, files, `more-${round}`);
    await run('sync', ['-f', folder]);
    const addedAt = performance.now();
    const to = join(folder, `${rival.name}-out-${round}`);
    await rival.restore(repository, { archive: `more-${round}`, files, only: '1', to });
    patient.push(performance.now() - addedAt);
    added.push(addedAt - startedAt);
  }
  return { added: median(added), patient: median(patient) };
}
