import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { sha256 } from '@serment/core/hash';
import { encodeStatement, signedMessage } from '@serment/core/journal/entry';
import { encodeHeader } from '@serment/core/journal/header';
import type { SentEntry } from '@serment/core/wire/append';
import { type Database, openDatabase } from '@serment/store/postgres/connect';
import type { TestPractice } from '../packages/core/test/journal/practice-fixture.ts';
import type { TestSigner } from '../packages/core/test/journal/signer.ts';
import { openTestVault, type TestVault } from '../packages/store/test/test-vault.ts';

export interface AppendFigure {
  readonly name: string;
  /** Entries appended a second: verified, authorized, signed for, durable. Median of the rounds. */
  readonly perSecond: number;
  /** Plain INSERTs a second of the same bytes by as many connections, on the same PostgreSQL. */
  readonly plainPerSecond: number;
  /** Median of the rounds' own ratios: the two are measured in turn, so that a slow moment hits both. */
  readonly ratio: number;
}

export interface AppendBenchOptions {
  readonly rounds?: number;
  /** Entries of each writer in a round. */
  readonly entries?: number;
  readonly payloadBytes?: number;
}

interface Writer {
  readonly practice: TestPractice;
  readonly entries: SentEntry[];
}

const writerCount = 8;

/** Appends a second against plain INSERTs, for one writer, eight on one practice, eight practices. */
export async function measureAppends(options: AppendBenchOptions = {}): Promise<AppendFigure[]> {
  const { rounds = 8, entries = 150, payloadBytes = 1024 } = options;
  const vault = await openTestVault();
  const plain = openDatabase({ url: vault.postgres.url, maxConnections: writerCount });
  try {
    await makePlainTable(plain);
    const count = rounds * entries + entries;
    const payload = crypto.getRandomValues(new Uint8Array(payloadBytes));
    const settings: [string, Writer[]][] = [
      ['one writer', await sharedWriters(vault, { name: 'one', writers: 1, count, payload })],
      [
        'eight writers on one practice',
        await sharedWriters(vault, { name: 'eight', writers: writerCount, count, payload }),
      ],
      ['eight practices', await apartWriters(vault, { count, payload })],
    ];
    const figures: AppendFigure[] = [];
    for (const [name, writers] of settings)
      figures.push(await compare(vault, plain, { name, writers, rounds, entries }));
    return figures;
  } finally {
    await plain.end();
    await vault.close();
  }
}

interface Comparison {
  readonly name: string;
  readonly writers: readonly Writer[];
  readonly rounds: number;
  readonly entries: number;
}

async function compare(
  vault: TestVault,
  plain: Database,
  { name, writers, rounds, entries }: Comparison,
): Promise<AppendFigure> {
  const samples: { own: number; plain: number }[] = [];
  // The first round warms both and is not counted.
  for (let round = 0; round <= rounds; round += 1) {
    const parts = writers.map(({ practice, entries: all }) => ({ practice, part: all.splice(0, entries) }));
    const plainRate = await rate(entries * writers.length, () =>
      Promise.all(parts.map(({ part }) => insertPlain(plain, part))),
    );
    const own = await rate(entries * writers.length, () =>
      Promise.all(parts.map(({ practice, part }) => appendAll(vault, practice, part))),
    );
    if (round > 0) samples.push({ own, plain: plainRate });
  }
  return {
    name,
    perSecond: median(samples.map(({ own }) => own)),
    plainPerSecond: median(samples.map((sample) => sample.plain)),
    ratio: median(samples.map((sample) => sample.own / sample.plain)),
  };
}

async function appendAll(
  { store }: TestVault,
  { practice }: TestPractice,
  entries: readonly SentEntry[],
): Promise<void> {
  for (const entry of entries) await store.append(practice, [entry]);
}

async function insertPlain(plain: Database, entries: readonly SentEntry[]): Promise<void> {
  const practice = crypto.getRandomValues(new Uint8Array(32));
  for (const [index, { statement, payload }] of entries.entries())
    await plain`INSERT INTO plain (practice, index, entry, payload) VALUES (${practice}, ${index}, ${statement}, ${payload})`;
}

async function makePlainTable(plain: Database): Promise<void> {
  await plain
    .unsafe(
      `CREATE TABLE plain (practice bytea, index bigint, entry bytea, payload bytea, PRIMARY KEY (practice, index));
       ALTER TABLE plain ALTER entry SET STORAGE EXTERNAL; ALTER TABLE plain ALTER payload SET STORAGE EXTERNAL`,
    )
    .simple();
}

interface Load {
  readonly count: number;
  readonly payload: Bytes;
}

async function sharedWriters(
  vault: TestVault,
  { name, writers, ...load }: Load & { name: string; writers: number },
): Promise<Writer[]> {
  const { practice, devices } = await vault.createShared(name, writers);
  return Promise.all(devices.map(async (device) => ({ practice, entries: await signAhead(practice, device, load) })));
}

async function apartWriters(vault: TestVault, load: Load): Promise<Writer[]> {
  const writers: Writer[] = [];
  for (let place = 0; place < writerCount; place += 1) {
    const practice = await vault.createPractice(`apart ${place}`);
    writers.push({ practice, entries: await signAhead(practice, practice.device, load) });
  }
  return writers;
}

/** A device's entries, each on the one before: signing is the client's work and is not measured. */
async function signAhead(practice: TestPractice, device: TestSigner, { count, payload }: Load): Promise<SentEntry[]> {
  const payloadHash = sha256(payload);
  const stream = practice.random(16);
  const seen = practice.head();
  let prev = practice.state.authors.get(bytesToHex(device.author))?.last ?? null;
  const entries: SentEntry[] = [];
  for (let place = 0; place < count; place += 1) {
    const headerBytes = encodeHeader({
      ...{
        format: 1,
        practice: practice.practice,
        kind: 'records',
        author: device.author,
        stream,
        compartment: 'admin',
      },
      ...{ epoch: 1, base: null, prev, seen, time: Date.now(), blobs: [], body: { kind: 'records', binding: false } },
    });
    const signature = await device.sign(signedMessage(headerBytes, payloadHash));
    const statement = encodeStatement({ headerBytes, payloadHash, signature });
    prev = sha256(statement);
    entries.push({ statement, payload });
  }
  return entries;
}

async function rate(count: number, run: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await run();
  return count / ((performance.now() - started) / 1000);
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}

if (import.meta.main)
  for (const { name, perSecond, plainPerSecond, ratio } of await measureAppends())
    console.log(
      `${name}: ${perSecond.toFixed(0)} appends/s, ${plainPerSecond.toFixed(0)} plain INSERTs/s, ratio ${ratio.toFixed(2)}`,
    );
