import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderDestination } from '@serment/store/copy/folder';
import { type OpenedCopy, openCopy } from '@serment/store/copy/open-copy';
import { type Bench, interleave, median, medianRatio } from './bench.ts';
import { entriesPerPatient, makeSyntheticVault, patientStream, writeSyntheticCopy } from './make-copy.ts';

const small = 10_000;
const large = 1_000_000;
const largeLabel = `one of ${large} entries`;
const ratioLabel = `one of ${large} entries against one of ${small}`;

/** Patients read in a row for the reading that is not warm: they have no bundle in common. */
const strangers = 20;

export const openPatient: Bench = {
  name: 'open-patient',
  title: 'Opening one patient from a folder copy',
  method: `A copy of synthetic entries, 200 for each patient and as far apart as they can be, written by the production
publisher; signatures of entries stand for real ones, since reading checks hashes. Opening reads the index, then every
entry and payload of the patient's stream, and checks each payload's hash and each entry's inclusion under the signed
checkpoint. *Warm* is the same patient again: files are open and in the system's cache, and inner hashes of the last 256
bundles in memory, checked with the rest. *Others in turn* opens patients that have no bundle in common, from the
system's cache, with files to open.`,
  bars: { [`${largeLabel}, warm`]: { most: 10 }, [`${ratioLabel}, warm`]: { most: 1.5 } },
  async run({ quick, progress }) {
    const folder = await mkdtemp(join(tmpdir(), 'serment-bench-copy-'));
    try {
      progress(`writing a copy of ${small} entries, and one of ${large}`);
      const few = await openSynthetic(join(folder, 'few'), small);
      const many = await openSynthetic(join(folder, 'many'), large);
      progress('opening');
      const rounds = quick ? 40 : 200;
      const warm = await interleave({ few: () => few.read(1), many: () => many.read(1) }, { rounds, warmups: 20 });
      const cool = await interleave(
        { few: () => few.readOther(), many: () => many.readOther() },
        { rounds: strangers * 4, warmups: strangers },
      );
      await Promise.all([few.close(), many.close()]);
      return [
        { label: `${largeLabel}, warm`, value: median(warm.many), unit: 'ms' },
        { label: `one of ${small} entries, warm`, value: median(warm.few), unit: 'ms' },
        { label: `${ratioLabel}, warm`, value: medianRatio(warm.many, warm.few), unit: '×' },
        { label: `${largeLabel}, others in turn`, value: median(cool.many), unit: 'ms' },
        { label: `one of ${small} entries, others in turn`, value: median(cool.few), unit: 'ms' },
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function openSynthetic(folder: string, size: number) {
  const vault = await makeSyntheticVault(size);
  await writeSyntheticCopy(vault, folderDestination({ path: folder }));
  const destination = folderDestination({ path: folder });
  const copy = await openCopy(destination, vault.practice);
  let turn = 0;
  return {
    read: (patient: number) => readWhole(copy, patient),
    readOther: () => {
      turn = (turn + 1) % strangers;
      return readWhole(copy, 1 + Math.floor((turn * (vault.patients - 1)) / strangers));
    },
    close: () => destination.close(),
  };
}

async function readWhole(copy: OpenedCopy, patient: number): Promise<void> {
  const { items, findings } = await copy.readStream(patientStream(patient));
  if (items.length !== entriesPerPatient || findings.length > 0)
    throw new RangeError(`${items.length} entries and ${findings.length} findings`);
}
