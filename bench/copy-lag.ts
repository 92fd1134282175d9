import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bytesToHex } from '@serment/core/bytes';
import { signCheckpoint } from '@serment/core/journal/checkpoint';
import type { SentEntry } from '@serment/core/wire/append';
import { CopyError } from '@serment/store/copy/copy-error';
import type { Destination } from '@serment/store/copy/destination';
import { folderDestination } from '@serment/store/copy/folder';
import { type Publisher, startPublisher } from '@serment/store/copy/publisher';
import { s3Destination } from '@serment/store/copy/s3/s3';
import { Store as Bucket } from '../packages/store/test/copy/s3-fixture.ts';
import { type Bench, type Figure, median, percentile } from './bench.ts';
import { type MadePractice, makePractice, signedChain } from './make-practice.ts';
import { type BenchVault, openBenchVault } from './make-vault.ts';

const practiceCount = 50;
const savesPerSecond = 200;
const payloadBytes = 2048;
const warmSeconds = 3;
/** 1 500 saves a day of eight hours. */
const savesPerHour = 188;
const writersAtOnce = 8;

export const copyLag: Bench = {
  name: 'copy-lag',
  title: 'How far a copy is behind',
  method: `${savesPerSecond} saves a second, each one really signed entry with ${payloadBytes} sealed bytes, at even intervals over
${practiceCount} practices, through the store that the server calls, with the production publisher in the same process as in
the server's. The lag of a save is the time from its acknowledgement until the copy says that it holds it under a signed
checkpoint; the first ${warmSeconds} seconds do not count. Ceph is its S3 gateway over one disk, on this machine. *Cut*: the folder
answers nothing while each practice saves what it saves in an hour (${savesPerHour}), as fast as ${writersAtOnce} writers can;
then it answers again, and the rate is of all that was missing, the wait before the next try included. The time of one
save while it is cut is compared with that of as many saves before.`,
  bars: {
    'folder: 99th percentile': { most: 1000 },
    'Ceph: 99th percentile': { most: 3000 },
    'a save while the copy is cut, against before': { most: 1.1 },
  },
  async run({ quick, progress }) {
    const seconds = quick ? 5 : 20;
    const place = await (await Bucket.start()).place({ name: 'Ceph' });
    const folder = await mkdtemp(join(tmpdir(), 'serment-bench-lag-'));
    try {
      return [
        ...(await lagOf('folder', folderDestination({ path: join(folder, 'even') }), { seconds, progress })),
        ...(await lagOf('Ceph', s3Destination(place), { seconds, progress })),
        ...(await cutOf(join(folder, 'cut'), { share: quick ? 0.2 : 1, progress })),
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

interface Writer {
  readonly made: MadePractice;
  readonly chain: readonly SentEntry[];
}

/** Practices of a vault, each with so many saves that are signed and not sent. */
async function makeWriters(vault: BenchVault, saves: number): Promise<Writer[]> {
  const writers: Writer[] = [];
  for (let number = 0; number < practiceCount; number += 1) {
    const made = await makePractice(`lag ${number}`, 1, vault.host);
    writers.push({ made, chain: await Array.fromAsync(signedChain(made, { device: 0, count: saves, payloadBytes })) });
  }
  return writers;
}

function publisherOf(vault: BenchVault, destination: Destination, onStatus: (practice: string) => void): Publisher {
  const { capture, hostKeys } = vault.store;
  return startPublisher({
    source: capture,
    destinations: [destination],
    signCheckpoint: (checkpoint) => signCheckpoint(checkpoint, hostKeys.signer),
    onStatus,
  });
}

async function lagOf(
  label: string,
  destination: Destination,
  { seconds, progress }: { seconds: number; progress: (line: string) => void },
): Promise<Figure[]> {
  const vault = await openBenchVault();
  try {
    progress(`${label}: making ${practiceCount} practices`);
    const saves = savesPerSecond * (seconds + warmSeconds);
    const writers = await makeWriters(vault, Math.ceil(saves / practiceCount));
    const waiting = new Waiting();
    const publisher = publisherOf(vault, destination, (practice) =>
      waiting.take(practice, publisher.status(practice)[0]?.size ?? 0),
    );
    await publisher.settled();
    progress(`${label}: ${savesPerSecond} saves a second for ${seconds + warmSeconds} s`);
    const startedAt = performance.now();
    const sent: Promise<void>[] = [];
    for (let save = 0; save < saves; save += 1) {
      const dueAt = startedAt + (save * 1000) / savesPerSecond;
      if (dueAt > performance.now()) await sleep(dueAt - performance.now());
      const writer = writers[save % practiceCount];
      const entry = writer?.chain[Math.floor(save / practiceCount)];
      if (writer === undefined || entry === undefined) throw new RangeError('A save for each turn');
      const counts = save >= savesPerSecond * warmSeconds;
      sent.push(sendOne(vault, { writer, entry, counts }, waiting));
    }
    await Promise.all(sent);
    const rate = saves / ((performance.now() - startedAt) / 1000);
    await publisher.settled();
    await publisher.stop();
    if (waiting.count > 0) throw new RangeError(`${waiting.count} saves were never told as copied`);
    return [
      { label: `${label}: median`, value: median(waiting.lags), unit: 'ms' },
      { label: `${label}: 99th percentile`, value: percentile(waiting.lags, 0.99), unit: 'ms' },
      { label: `${label}: saves`, value: rate, unit: '/s' },
    ];
  } finally {
    await vault.close();
  }
}

async function sendOne(
  vault: BenchVault,
  { writer, entry, counts }: { writer: Writer; entry: SentEntry; counts: boolean },
  waiting: Waiting,
): Promise<void> {
  const { receipts } = await vault.store.append(writer.made.practice, [entry]);
  const [receipt] = receipts;
  if (receipt === undefined) throw new RangeError('A receipt for each entry');
  if (counts) waiting.add(bytesToHex(writer.made.practice), receipt.index);
}

/** Acknowledged saves that no copy is known to hold. */
class Waiting {
  readonly lags: number[] = [];
  readonly #sizes = new Map<string, number>();
  readonly #saves = new Map<string, Map<number, number>>();

  get count(): number {
    return [...this.#saves.values()].reduce((sum, saves) => sum + saves.size, 0);
  }

  add(practice: string, index: number): void {
    // Told before its writer heard of it.
    if (index < (this.#sizes.get(practice) ?? 0)) this.lags.push(0);
    else this.#savesOf(practice).set(index, performance.now());
  }

  take(practice: string, size: number): void {
    this.#sizes.set(practice, size);
    const saves = this.#savesOf(practice);
    for (const [index, since] of saves) {
      if (index >= size) continue;
      saves.delete(index);
      this.lags.push(performance.now() - since);
    }
  }

  #savesOf(practice: string): Map<number, number> {
    const saves = this.#saves.get(practice) ?? new Map<number, number>();
    this.#saves.set(practice, saves);
    return saves;
  }
}

async function cutOf(
  path: string,
  { share, progress }: { share: number; progress: (line: string) => void },
): Promise<Figure[]> {
  const vault = await openBenchVault();
  try {
    const saves = Math.round(savesPerHour * share);
    progress(`cut: making ${practiceCount} practices`);
    const writers = await makeWriters(vault, 3 * saves);
    const line = { isCut: false };
    const publisher = publisherOf(vault, cutBy(folderDestination({ path }), line), () => undefined);
    progress(`cut: ${saves} saves of each practice before, and while nothing answers`);
    // Code that ran little is slower: the first round only warms it.
    await saveAll(vault, writers, [0, saves]);
    const before = await saveAll(vault, writers, [saves, 2 * saves]);
    await publisher.settled();
    line.isCut = true;
    const during = await saveAll(vault, writers, [2 * saves, 3 * saves]);
    const missing = writers.length * saves;
    const practices = writers.map(({ made }) => bytesToHex(made.practice));
    const isCurrent = () => practices.every((practice) => publisher.status(practice)[0]?.state === 'current');
    if (isCurrent()) throw new RangeError('The cut copy says that it holds everything');
    line.isCut = false;
    const backAt = performance.now();
    while (!isCurrent()) await sleep(5);
    const caughtUpMs = performance.now() - backAt;
    await publisher.stop();
    return [
      { label: 'a save while the copy is cut', value: median(during), unit: 'ms' },
      { label: 'a save while the copy is cut, against before', value: median(during) / median(before), unit: '×' },
      { label: 'entries missing after the cut', value: missing, unit: 'entries' },
      { label: 'caught up', value: (missing * 1000) / caughtUpMs, unit: '/s' },
      { label: 'caught up after', value: caughtUpMs, unit: 'ms' },
    ];
  } finally {
    await vault.close();
  }
}

/** Saves from so many writers at once, practices in turn; the time of each. */
async function saveAll(vault: BenchVault, writers: readonly Writer[], [from, to]: [number, number]): Promise<number[]> {
  const times: number[] = [];
  const work = writers.flatMap((writer) => [{ writer, next: from }]);
  const one = async () => {
    for (let turn = work.shift(); turn !== undefined; turn = work.shift()) {
      const entry = turn.writer.chain[turn.next];
      if (entry === undefined) throw new RangeError('A save for each turn');
      const startedAt = performance.now();
      await vault.store.append(turn.writer.made.practice, [entry]);
      times.push(performance.now() - startedAt);
      if (turn.next + 1 < to) work.push({ writer: turn.writer, next: turn.next + 1 });
    }
  };
  await Promise.all(Array.from({ length: writersAtOnce }, one));
  return times;
}

/** The destination, of which nothing is to be had while the line is cut. */
function cutBy(destination: Destination, line: { readonly isCut: boolean }): Destination {
  return new Proxy(destination, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        if (line.isCut && name !== 'close') throw new CopyError('COPY_UNREACHABLE', 'The line is cut');
        return Reflect.apply(value, target, args);
      };
    },
  });
}
