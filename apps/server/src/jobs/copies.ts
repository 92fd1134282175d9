import { mkdir } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { signCheckpoint } from '@serment/core/journal/checkpoint';
import { isSameDisk } from '@serment/store/copy/file-system';
import { folderDestination } from '@serment/store/copy/folder';
import { startPublisher } from '@serment/store/copy/publisher';
import type { Store } from '@serment/store/store';
import type { FastifyBaseLogger } from 'fastify';
import type { Copies } from '../app-context.ts';

export interface CopyJobOptions {
  readonly store: Store;
  readonly dataDir: string;
  readonly copyDirs: readonly string[];
  /** Folder of the format's documents, which every copy carries. */
  readonly formatDir: string;
  readonly log: FastifyBaseLogger;
}

export interface CopyJob extends Copies {
  /** Copies what is pending, once, then ends. */
  stop(): Promise<void>;
}

/** Publishes to every copy folder from now on. A folder that cannot be written is retried, and its state tells. */
export async function startCopies({ store, dataDir, copyDirs, formatDir, log }: CopyJobOptions): Promise<CopyJob> {
  const listeners = new Set<(practice: string) => void>();
  const folders = copyDirs.map((path) => resolve(path));
  const sameDisk = await Promise.all(folders.map((path) => standsWith(dataDir, path)));
  const publisher = startPublisher({
    source: store.capture,
    destinations: folders.map((path) => folderDestination({ path, name: basename(path) })),
    signCheckpoint: (checkpoint) => signCheckpoint(checkpoint, store.hostKeys.signer),
    formatFolder: formatDir,
    onStatus(practice) {
      for (const listener of listeners) listener(practice);
    },
    log({ level, code, destination, message, cause }) {
      log[level]({ code, destination, err: cause }, message);
    },
  });
  return {
    status: (practice) =>
      publisher.status(practice).map(({ name, kind, size, publishedAt, lagMs, state, error }, place) => {
        const proof = { verifiedAt: null, verifiedSize: null, verifiedFindings: null };
        return { name, kind, sameDisk: sameDisk[place] ?? false, size, publishedAt, lagMs, state, error, ...proof };
      }),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: () => publisher.stop(),
  };
}

/** A folder that is not there yet is made, so that the first copy needs no other step. */
async function standsWith(dataDir: string, path: string): Promise<boolean> {
  try {
    await mkdir(path, { recursive: true, mode: 0o750 });
    return await isSameDisk(dataDir, path);
  } catch {
    // Unreachable now: the copy's own state says so. Until it is known, no copy passes for a distant one.
    return true;
  }
}
