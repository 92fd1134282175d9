import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { server as opaque, ready as opaqueReady } from '@serenity-kit/opaque';
import type { Bytes } from '@serment/core/bytes';
import { createFolderBlobs } from '@serment/store/blob/folder-blobs';
import { loadOrCreateHostKeys } from '@serment/store/host-keys';
import { readEntries } from '@serment/store/journal/read';
import { openDatabase } from '@serment/store/postgres/connect';
import { startEmbeddedPostgres } from '@serment/store/postgres/embedded';
import { openStore, type Store } from '@serment/store/store';
import type { PracticeHost } from './make-practice.ts';

const entriesAtOnce = 4096;

/** A store on an embedded PostgreSQL of its own, set up as `serment start` sets it up. */
export interface BenchVault {
  readonly folder: string;
  readonly databaseUrl: string;
  readonly store: Store;
  readonly host: PracticeHost;
  /** The address of a new, empty database of the same server. */
  freshDatabase(): Promise<string>;
  close(): Promise<void>;
}

export async function openBenchVault(): Promise<BenchVault> {
  const folder = await mkdtemp(join(tmpdir(), 'serment-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'data') });
  const store = await openStoreIn(folder, postgres.url);
  let fresh = 0;
  return {
    folder,
    databaseUrl: postgres.url,
    store,
    host: hostOf(store),
    async freshDatabase() {
      fresh += 1;
      const owner = openDatabase({ url: postgres.url, maxConnections: 1 });
      await owner.unsafe(`CREATE DATABASE fresh${fresh}`);
      await owner.end();
      return postgres.url.replace('/postgres?', `/fresh${fresh}?`);
    },
    async close() {
      await store.close();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The store of a vault folder, in any process. */
export async function openStoreIn(folder: string, databaseUrl: string, blobsName = 'blobs'): Promise<Store> {
  const hostKeys = await loadOrCreateHostKeys(join(folder, 'host.key'), async () => {
    await opaqueReady;
    return opaque.createSetup();
  });
  return openStore({ databaseUrl, hostKeys, blobs: await createFolderBlobs(join(folder, blobsName)) });
}

function hostOf(store: Store): PracticeHost {
  return {
    author: store.hostKeys.signer.author,
    create: (sent) => store.create(sent),
    append: (practice, sent) => store.append(practice, sent),
    async entries(practice) {
      const all: Bytes[] = [];
      while (true) {
        const read = await readEntries(store.database, practice, { from: all.length, limit: entriesAtOnce });
        if (read.length === 0) return all;
        all.push(...read);
      }
    },
  };
}
