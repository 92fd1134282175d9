import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAsHost } from '@serment/core/hostseal-open';
import { createFolderBlobs } from '@serment/store/blob/folder-blobs';
import type { RestoreSink } from '@serment/store/copy/restore-sink';
import { type HostKeys, loadOrCreateHostKeys } from '@serment/store/host-keys';
import { openDatabase } from '@serment/store/postgres/connect';
import { startEmbeddedPostgres } from '@serment/store/postgres/embedded';
import { createRestoreSink } from '@serment/store/restore-into';
import { openStore } from '@serment/store/store';

export interface RestoreTarget {
  readonly sink: RestoreSink;
  /** Stops the database; everything is on the disk then. */
  close(): Promise<void>;
}

/** A data folder, with its database running, into which copies are restored. `hostKeys` open account data. */
export async function openRestoreTarget(dataDir: string, hostKeys: HostKeys | null): Promise<RestoreTarget> {
  const undo = new AsyncDisposableStack();
  try {
    const postgres = await startEmbeddedPostgres({ dataDir });
    undo.defer(() => postgres.stop());
    const store = await openStore({
      databaseUrl: postgres.url,
      blobs: await createFolderBlobs(join(dataDir, 'blobs')),
      hostKeys: hostKeys ?? (await passingKeys()),
    });
    undo.defer(() => store.close());
    const { database, blobs, capture, clock } = store;
    const openAccounts = hostKeys === null ? null : openerOf(hostKeys);
    const owner = openDatabase({ url: postgres.url, applicationName: 'serment-restore', maxConnections: 1 });
    undo.defer(() => owner.end({ timeout: 5 }));
    const sink = createRestoreSink({ database, owner, blobs, capture, clock, openAccounts });
    const stack = undo.move();
    return { sink, close: () => stack.disposeAsync() };
  } catch (cause) {
    await undo.disposeAsync();
    throw cause;
  }
}

function openerOf({ sealSeed }: HostKeys) {
  return (sealed: Uint8Array) => openAsHost(sealSeed, sealed);
}

/** A store signs and answers passwords with keys; one that only takes a restore in needs none of its own. */
async function passingKeys(): Promise<HostKeys> {
  const folder = await mkdtemp(join(tmpdir(), 'serment-keys-'));
  try {
    return await loadOrCreateHostKeys(join(folder, 'host.key'), async () => 'none');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
