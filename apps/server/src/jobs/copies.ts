import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { signCheckpoint } from '@serment/core/journal/checkpoint';
import { isSameDisk } from '@serment/store/copy/file-system';
import { startPublisher } from '@serment/store/copy/publisher';
import type { Store } from '@serment/store/store';
import type { FastifyBaseLogger } from 'fastify';
import type { Copies } from '../app-context.ts';
import { type DestinationSource, folderSource, openDestination } from './destination-source.ts';
import { Verifications } from './verifications.ts';

export interface CopyJobOptions {
  readonly store: Store;
  readonly dataDir: string;
  readonly copyDirs: readonly string[];
  /** Folder of the format's documents, which every copy carries. */
  readonly formatDir: string;
  readonly log: FastifyBaseLogger;
}

export interface CopyJob extends Copies {
  readonly destinations: readonly DestinationSource[];
  /** Practices, in hexadecimal, that a destination holds entries of. */
  held(destination: string): readonly string[];
  /** Copies what is pending, once, then ends. */
  stop(): Promise<void>;
}

const notVerified = { verifiedAt: null, verifiedSize: null, verifiedFindings: null };

/** Publishes to every copy folder from now on. A folder that cannot be written is retried, and its state tells. */
export async function startCopies({ store, dataDir, copyDirs, formatDir, log }: CopyJobOptions): Promise<CopyJob> {
  const listeners = new Set<(practice: string) => void>();
  const practices = new Set<string>();
  const tell = (practice: string) => {
    for (const listener of listeners) listener(practice);
  };
  const folders = copyDirs.map((path) => resolve(path));
  const destinations = folders.map(folderSource);
  const sameDisk = await Promise.all(folders.map((path) => standsWith(dataDir, path)));
  const publisher = startPublisher({
    source: store.capture,
    destinations: destinations.map(openDestination),
    signCheckpoint: (checkpoint) => signCheckpoint(checkpoint, store.hostKeys.signer),
    formatFolder: formatDir,
    onStatus(practice) {
      practices.add(practice);
      tell(practice);
    },
    log({ level, code, destination, message, cause }) {
      log[level]({ code, destination, err: cause }, message);
    },
  });
  const heldAt = (place: number) =>
    [...practices].filter((practice) => (publisher.status(practice)[place]?.size ?? 0) > 0);
  const verifications = new Verifications({
    folders,
    held: (folder) => heldAt(folders.indexOf(folder)),
    onVerified: tell,
    clock: Date.now,
    log,
  });
  return {
    destinations,
    held: (destination) => heldAt(destinations.findIndex(({ name }) => name === destination)),
    status: (practice) =>
      publisher.status(practice).map(({ name, kind, size, publishedAt, lagMs, state, error }, place) => {
        const proof = verifications.of(folders[place] ?? '', practice) ?? notVerified;
        return { name, kind, sameDisk: sameDisk[place] ?? false, size, publishedAt, lagMs, state, error, ...proof };
      }),
    verify(practice, copy) {
      const place = publisher.status(practice).findIndex(({ name, size }) => name === copy && size > 0);
      const folder = folders[place];
      if (folder === undefined) return false;
      verifications.ask(folder, practice);
      return true;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop() {
      verifications.stop();
      return publisher.stop();
    },
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
