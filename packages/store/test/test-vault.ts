import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { server as opaque, ready as opaqueReady } from '@serenity-kit/opaque';
import type { Bytes } from '@serment/core/bytes';
import { encodeStatement, parseEntry, type Statement } from '@serment/core/journal/entry';
import type { SentEntry } from '@serment/core/wire/append';
import { type Draft, TestPractice } from '../../core/test/journal/practice-fixture.ts';
import { deterministicRandom, signerFromSeed, type TestSigner } from '../../core/test/journal/signer.ts';
import { createFolderBlobs } from '../src/blob/folder-blobs.ts';
import { type HostKeys, loadOrCreateHostKeys } from '../src/host-keys.ts';
import { readEntries } from '../src/journal/read.ts';
import { applicationRole } from '../src/migrate.ts';
import { type Database, openDatabase } from '../src/postgres/connect.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../src/postgres/embedded.ts';
import { openStore, openWriter, type Store } from '../src/store.ts';
import { makeDataFolder } from './made-data.ts';

export interface TestVault {
  readonly folder: string;
  readonly postgres: EmbeddedPostgres;
  readonly hostKeys: HostKeys;
  readonly store: Store;
  /** For a `GroupWriter` on the store's database. */
  readonly writer: Database;
  /** A new database of the same server, opened as another store. */
  openFresh(options?: { clock?: () => number; isShared?: boolean }): Promise<Store>;
  /** Closes this store too at the end. */
  adopt(store: Store): void;
  /** Another store on the same database. */
  openAgain(options?: { clock?: () => number; isShared?: boolean }): Promise<Store>;
  /** A practice whose genesis batch stands in the store. */
  createPractice(name: string, store?: Store): Promise<TestPractice>;
  /** The same with as many doctors' devices, the founder's first. */
  createShared(name: string, count: number, store?: Store): Promise<SharedPractice>;
  close(): Promise<void>;
}

export interface SharedPractice {
  readonly practice: TestPractice;
  readonly devices: readonly TestSigner[];
}

/** A store on an embedded PostgreSQL of its own, in a temporary folder. */
export async function openTestVault(): Promise<TestVault> {
  const folder = await mkdtemp(join(tmpdir(), 'serment-store-'));
  const dataDir = join(folder, 'data');
  await makeDataFolder(dataDir);
  const postgres = await startEmbeddedPostgres({ dataDir });
  const blobs = await createFolderBlobs(join(folder, 'blobs'));
  const hostKeys = await loadOrCreateHostKeys(join(folder, 'host.key'), makeOpaqueSetup);
  const opened: Store[] = [];
  const open = async (databaseUrl: string, options = {}) => {
    const store = await openStore({ databaseUrl, blobs, hostKeys, ...options });
    opened.push(store);
    return store;
  };
  const store = await open(postgres.url);
  const writer = openWriter(applicationRole, { databaseUrl: postgres.url });
  let databases = 0;
  return {
    folder,
    postgres,
    hostKeys,
    store,
    writer,
    async openFresh(options) {
      databases += 1;
      const owner = openDatabase({ url: postgres.url, maxConnections: 1 });
      await owner.unsafe(`CREATE DATABASE fresh${databases}`);
      await owner.end();
      return open(postgres.url.replace('/postgres?', `/fresh${databases}?`), options);
    },
    adopt: (store) => void opened.push(store),
    openAgain: (options) => open(postgres.url, options),
    createPractice: async (name, on = store) => (await createShared(hostKeys, on, { name, count: 1 })).practice,
    createShared: (name, count, on = store) => createShared(hostKeys, on, { name, count }),
    async close() {
      await Promise.all([...opened.map((one) => one.close()), writer.end()]);
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function makeOpaqueSetup(): Promise<string> {
  await opaqueReady;
  return opaque.createSetup();
}

/** A genesis batch that names this host, not sent yet. */
export async function makeTestPractice(name: string, hostKeys: HostKeys): Promise<TestPractice> {
  const random = deterministicRandom(name);
  let now = 1_780_000_000_000;
  const practice = new TestPractice({
    random,
    clock: () => (now += 1000),
    founder: random(16),
    device: await signerFromSeed(random(32)),
    kit: await signerFromSeed(random(32)),
    host: { ...hostKeys.signer, seed: new Uint8Array(32) },
    wrapBytes: 1850,
  });
  await practice.appendGenesisBatch();
  return practice;
}

async function createShared(
  hostKeys: HostKeys,
  store: Store,
  { name, count }: { name: string; count: number },
): Promise<SharedPractice> {
  const practice = await makeTestPractice(name, hostKeys);
  await store.create(practice.entries.map((entry) => sent(entry)));
  const from = practice.size;
  const devices = [practice.device];
  while (devices.length < count) devices.push((await practice.addMember('doctor', ['admin'])).device);
  if (count > 1)
    await store.append(
      practice.practice,
      practice.entries.slice(from).map((entry) => sent(entry)),
    );
  return { practice: await mirror(store, practice.practice, practice), devices };
}

/** What a client sends for a statement. */
export function sent(statement: Statement, payload: Bytes | null = null): SentEntry {
  return { statement: encodeStatement(statement), payload };
}

/** The same practice with the entries that the store has, its receipt times and host entries included. */
export async function mirror(store: Store, id: Bytes, like: TestPractice): Promise<TestPractice> {
  const copy = new TestPractice({
    random: like.random,
    clock: like.clock,
    founder: like.founder,
    device: like.device,
    kit: like.kit,
    host: like.host,
    wrapBytes: 1850,
  });
  await catchUp(store, copy, id);
  return copy;
}

/** Takes in what the store has and the practice does not. */
export async function catchUp(store: Store, practice: TestPractice, id = practice.practice): Promise<void> {
  while (true) {
    const entries = await readEntries(store.database, id, { from: practice.size, limit: 4096 });
    if (entries.length === 0) return;
    for (const bytes of entries) {
      const entry = parseEntry(bytes);
      practice.accept(entry, entry.receivedAt);
    }
  }
}

/** Signs a draft, sends it, and takes its entry in. */
export async function send(store: Store, practice: TestPractice, draft: Draft, payload: Bytes | null = null) {
  const statement = await practice.statement(draft);
  const appended = await store.append(practice.practice, [sent(statement, payload)]);
  await catchUp(store, practice);
  return { statement, ...appended };
}

/** Draft of a save with this payload. */
export function recordsDraft(practice: TestPractice, payloadHash: Bytes, more: Partial<Draft> = {}): Draft {
  return { signer: practice.device, body: { kind: 'records', binding: false }, payloadHash, ...more };
}
