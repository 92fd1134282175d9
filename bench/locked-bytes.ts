import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hexToBytes } from '@serment/core/bytes';
import { signCheckpoint } from '@serment/core/journal/checkpoint';
import { Frontier, leafHash } from '@serment/core/journal/tree';
import { type FileSystem, nodeFileSystem } from '@serment/store/copy/file-system';
import { folderDestination } from '@serment/store/copy/folder';
import { startPublisher } from '@serment/store/copy/publisher';
import type { Bench } from './bench.ts';
import { makeSyntheticVault } from './make-copy.ts';

const savesPerDay = 1500;
const draftsPerSave = 4;
const draftBytes = 1200;
const tailLockDays = 14;
// The eraser comes once a day.
const eraserDays = 1;
const ratioLabel = 'locked bytes after a year against live ones';

export const lockedBytes: Bench = {
  name: 'locked-bytes',
  title: 'What a bucket keeps locked of a practice',
  method: `${savesPerDay} saves a day, each published by itself by the production publisher, which makes a tail of each;
what it writes is counted by the name it gets. From these days a year is computed: every object but tails and drafts is
live and kept locked, tails stay for ${tailLockDays} days and until the eraser comes, and each save had ${draftsPerSave} revisions of
a draft of ${draftBytes} bytes, each an object that is locked for ${tailLockDays} days and kept so for as many after the next came.
Documents are left out: they are copied once, and would only better the ratio.`,
  bars: { [ratioLabel]: { most: 3 } },
  async run({ quick, progress }) {
    const days = quick ? 1 : 4;
    const { tails, live } = await publishDays(days, progress);
    const perDay = { live: live / days, tails: tails / days, drafts: savesPerDay * draftsPerSave * draftBytes };
    const lockedAfter = (day: number) =>
      day * perDay.live +
      Math.min(day, tailLockDays + eraserDays) * perDay.tails +
      Math.min(day, 2 * tailLockDays) * perDay.drafts;
    const ratioAfter = (day: number) => lockedAfter(day) / (day * perDay.live);
    const month = ratioAfter(30);
    return [
      { label: 'live bytes of a year', value: (365 * perDay.live) / 1e6, unit: 'MB' },
      { label: 'locked bytes after a year', value: lockedAfter(365) / 1e6, unit: 'MB' },
      { label: ratioLabel, value: ratioAfter(365), unit: '×' },
      { label: 'the same after the first month', value: month, unit: '×' },
      { label: 'tails of a day against what they become', value: perDay.tails / perDay.live, unit: '×' },
    ];
  },
};

/** Bytes that days of saves write, by the name that they get. */
async function publishDays(days: number, progress: (line: string) => void): Promise<{ tails: number; live: number }> {
  const vault = await makeSyntheticVault(days * savesPerDay);
  const folder = await mkdtemp(join(tmpdir(), 'serment-bench-locked-'));
  const written = { tails: 0, live: 0 };
  const frontier = new Frontier();
  const head = async () => {
    const [size, root] = [frontier.size, frontier.root()];
    const checkpoint = { practice: hexToBytes(vault.practice), fence: 1, size, root };
    return { size, root, fence: 1, note: await signCheckpoint(checkpoint, vault.host) };
  };
  const publisher = startPublisher({
    source: { ...vault.source, head },
    destinations: [folderDestination({ path: folder, fileSystem: countingFileSystem(written) })],
    signCheckpoint: (checkpoint) => signCheckpoint(checkpoint, vault.host),
  });
  try {
    for await (const { index, entry } of vault.source.readRange(vault.practice, 0, days * savesPerDay)) {
      frontier.append(leafHash(entry));
      await publisher.settled();
      if (index % savesPerDay === 0) progress(`publishing day ${index / savesPerDay + 1} of ${days}`);
    }
    if (publisher.status(vault.practice)[0]?.state !== 'current') throw new RangeError('The copy is not current');
    return written;
  } finally {
    await publisher.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** A disk that waits for nothing, and counts what gets a name. */
function countingFileSystem(written: { tails: number; live: number }): FileSystem {
  return {
    ...nodeFileSystem,
    async createFile(path) {
      const file = await nodeFileSystem.createFile(path);
      return { write: (bytes) => file.write(bytes), close: () => file.close(), sync: () => Promise.resolve() };
    },
    async link(from, to) {
      await nodeFileSystem.link(from, to);
      written[to.includes('/tail/') ? 'tails' : 'live'] += (await stat(to)).size;
    },
    syncFolder: () => Promise.resolve(),
    syncFile: () => Promise.resolve(),
  };
}
