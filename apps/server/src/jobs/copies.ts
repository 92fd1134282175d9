import { mkdir } from 'node:fs/promises';
import { signCheckpoint } from '@serment/core/journal/checkpoint';
import { isSameDisk } from '@serment/store/copy/file-system';
import { type CopyPlace, openPlace } from '@serment/store/copy/places';
import { startPublisher } from '@serment/store/copy/publisher';
import type { Store } from '@serment/store/store';
import type { FastifyBaseLogger } from 'fastify';
import type { Copies } from '../app-context.ts';
import { CopyReadings } from '../copy-readings.ts';
import { Verifications } from './verifications.ts';

export interface CopyJobOptions {
  readonly store: Store;
  readonly dataDir: string;
  readonly copies: readonly CopyPlace[];
  /** Folder of the format's documents, which every copy carries. */
  readonly formatDir: string;
  readonly log: FastifyBaseLogger;
}

export interface CopyJob extends Copies {
  readonly places: readonly CopyPlace[];
  /** Practices, in hexadecimal, that the copy of that name holds entries of. */
  held(copy: string): readonly string[];
  /** What is verified now, and how much a person asked for besides. */
  verifying(): ReturnType<Verifications['underWay']>;
  /** Copies what is pending, once, then ends. */
  stop(): Promise<void>;
}

const notVerified = { verifiedAt: null, verifiedSize: null, verifiedFindings: null };

/** Publishes to every copy from now on. One that cannot be written is retried, and its state tells. */
export async function startCopies({ store, dataDir, copies, formatDir, log }: CopyJobOptions): Promise<CopyJob> {
  const listeners = new Set<(practice: string) => void>();
  const practices = new Set<string>();
  const tell = (practice: string) => {
    for (const listener of listeners) listener(practice);
  };
  const sameDisk = await Promise.all(copies.map((place) => standsWith(dataDir, place)));
  const publisher = startPublisher({
    source: store.capture,
    destinations: await Promise.all(copies.map((place) => openPlace(place))),
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
  const reading = new CopyReadings({
    places: copies,
    clock: Date.now,
    sizeOf: (practice, copy) => publisher.status(practice).find(({ name }) => name === copy)?.size ?? 0,
  });
  const heldAt = (position: number) =>
    [...practices].filter((practice) => (publisher.status(practice)[position]?.size ?? 0) > 0);
  const verifications = new Verifications({
    copies,
    held: (place) => heldAt(copies.indexOf(place)),
    onVerified: tell,
    clock: Date.now,
    log,
  });
  return {
    places: copies,
    reading,
    held: (copy) => heldAt(copies.findIndex(({ name }) => name === copy)),
    status: (practice) =>
      publisher.status(practice).map(({ name, kind, size, publishedAt, lagMs, state, error }, position) => {
        const place = copies[position];
        const proof = (place && verifications.of(place, practice)) ?? notVerified;
        return { name, kind, sameDisk: sameDisk[position] ?? false, size, publishedAt, lagMs, state, error, ...proof };
      }),
    verifying: () => verifications.underWay(),
    verify(practice, copy) {
      const place = copies[publisher.status(practice).findIndex(({ name, size }) => name === copy && size > 0)];
      if (place === undefined) return false;
      verifications.ask(place, practice);
      return true;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async stop() {
      verifications.stop();
      await reading.close();
      await publisher.stop();
    },
  };
}

/** A folder that is not there yet is made, so that the first copy needs no other step. */
async function standsWith(dataDir: string, place: CopyPlace): Promise<boolean> {
  if (place.kind === 's3') return false;
  const { path } = place;
  try {
    await mkdir(path, { recursive: true, mode: 0o750 });
    return await isSameDisk(dataDir, path);
  } catch {
    // Unreachable now: the copy's own state says so. Until it is known, no copy passes for a distant one.
    return true;
  }
}
