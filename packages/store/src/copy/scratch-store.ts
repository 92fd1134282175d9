import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFolderBlobs } from '../blob/folder-blobs.ts';
import { loadOrCreateHostKeys } from '../host-keys.ts';
import { startEmbeddedPostgres } from '../postgres/embedded.ts';
import { createRestoreSink } from '../restore-into.ts';
import { openStore } from '../store.ts';
import type { RestoreSink } from './restore-sink.ts';

/**
 * An empty PostgreSQL and blob store of its own for a drill, under `parent` (a folder on a disk with room for the whole
 * vault; by default the system's temporary one). Closing the sink destroys it.
 */
export async function openScratchStore(parent = tmpdir()): Promise<RestoreSink> {
  const folder = await mkdtemp(join(parent, 'serment-drill-'));
  const undo = new AsyncDisposableStack();
  try {
    undo.defer(() => rm(folder, { recursive: true, force: true }));
    const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'data') });
    undo.defer(() => postgres.stop());
    const blobs = await createFolderBlobs(join(folder, 'blobs'));
    // Keys of no vault: a drill signs nothing with them, and account data stays sealed.
    const hostKeys = await loadOrCreateHostKeys(join(folder, 'host.key'), async () => 'drill');
    const store = await openStore({ databaseUrl: postgres.url, blobs, hostKeys });
    undo.defer(() => store.close());
    const { database, capture, clock } = store;
    const sink = createRestoreSink({ database, blobs, capture, clock, openAccounts: null });
    const closeSink = sink.close.bind(sink);
    sink.close = async () => {
      await closeSink();
      await undo.disposeAsync();
    };
    return sink;
  } catch (cause) {
    await undo.disposeAsync();
    throw cause;
  }
}
