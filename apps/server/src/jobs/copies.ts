import { mkdir } from 'node:fs/promises';
import { signCheckpoint } from '@serment/core/journal/checkpoint';
import { isSameDisk } from '@serment/store/copy/file-system';
import { type CopyPlace, openPlace } from '@serment/store/copy/places';
import { type CopyStatus as PublishedStatus, type Publisher, startPublisher } from '@serment/store/copy/publisher';
import type { Retirement } from '@serment/store/retired-copies';
import type { Store } from '@serment/store/store';
import type { FastifyBaseLogger } from 'fastify';
import type { Copies } from '../app-context.ts';
import { CopyReadings } from '../copy-readings.ts';
import { Verifications } from './verifications.ts';

export interface CopyJobOptions {
  readonly store: Store;
  readonly dataDir: string;
  /** Those of the start; more may be added. */
  readonly copies: readonly CopyPlace[];
  /** Folder of the format's documents, which every copy carries. */
  readonly formatDir: string;
  readonly log: FastifyBaseLogger;
}

export interface CopyJob extends Copies {
  /** Those that are written now, in the order of the host's file. */
  readonly places: readonly CopyPlace[];
  /** Those of the host's file that are not, since when and by whom. */
  readonly retired: readonly RetiredPlace[];
  /** Practices, in hexadecimal, that the copy of that name holds entries of. */
  held(copy: string): readonly string[];
  /** What is verified now, and how much a person asked for besides. */
  verifying(): ReturnType<Verifications['underWay']>;
  /** Takes up which copies are retired: called by itself every few seconds, for other instances retire them too. */
  follow(): Promise<void>;
  /** Publishes to one more copy from now on, whose name and place are no other's. */
  add(place: CopyPlace): Promise<void>;
  /** Copies what is pending, once, then ends. */
  stop(): Promise<void>;
}

export interface RetiredPlace extends Retirement {
  readonly place: CopyPlace;
}

/** A copy that is written. */
interface Written {
  readonly publisher: Publisher;
  readonly sameDisk: boolean;
}

const followEveryMs = 5000;
const notVerified = { verifiedAt: null, verifiedSize: null, verifiedFindings: null };

/** Publishes from now on to every copy that is not retired. One that cannot be written is retried, and its state tells. */
export async function startCopies(options: CopyJobOptions): Promise<CopyJob> {
  const writer = new CopyWriter(options);
  await writer.follow();
  return writer;
}

class CopyWriter implements CopyJob {
  readonly reading: CopyReadings;
  readonly #options: CopyJobOptions;
  readonly #known: CopyPlace[];
  readonly #written = new Map<CopyPlace, Written>();
  readonly #listeners = new Set<(practice: string) => void>();
  /** Every one that some copy was looked at for. */
  readonly #practices = new Set<string>();
  readonly #verifications: Verifications;
  readonly #timer: NodeJS.Timeout;
  /** Publishers that copy what was pending when their copy was retired. */
  readonly #ending = new Map<CopyPlace, Promise<void>>();
  #retired: readonly Retirement[] = [];
  #following: Promise<void> | null = null;

  constructor(options: CopyJobOptions) {
    const { log } = options;
    this.#options = options;
    this.#known = [...options.copies];
    const places = () => this.places;
    this.reading = new CopyReadings({
      ...{ places, clock: Date.now },
      sizeOf: (practice, copy) => this.#statuses(practice).find(({ name }) => name === copy)?.size ?? 0,
    });
    this.#verifications = new Verifications({
      ...{ places, clock: Date.now, log },
      held: (place) => this.held(place.name),
      onVerified: (practice) => this.#tell(practice),
    });
    const follow = () =>
      this.follow().catch((err: unknown) => log.warn({ err }, 'which copies are retired could not be read'));
    this.#timer = setInterval(follow, followEveryMs);
    this.#timer.unref();
  }

  get places(): readonly CopyPlace[] {
    return this.#known.filter((place) => this.#written.has(place));
  }

  get retired(): readonly RetiredPlace[] {
    return this.#known.flatMap((place) => {
      const retirement = this.#retired.find(({ copy }) => copy === place.name);
      return retirement === undefined ? [] : [{ ...retirement, place }];
    });
  }

  held(copy: string): readonly string[] {
    const place = this.places.find(({ name }) => name === copy);
    const publisher = place && this.#written.get(place)?.publisher;
    if (publisher === undefined) return [];
    return [...this.#practices].filter((practice) => publisher.status(practice).some(({ size }) => size > 0));
  }

  status(practice: string): ReturnType<Copies['status']> {
    return this.#statuses(practice).map(({ place, sameDisk, ...status }) => {
      const { name, kind, size, publishedAt, lagMs, state, error } = status;
      const proof = this.#verifications.of(place, practice) ?? notVerified;
      return { name, kind, sameDisk, size, publishedAt, lagMs, state, error, ...proof };
    });
  }

  verifying(): ReturnType<Verifications['underWay']> {
    return this.#verifications.underWay();
  }

  verify(practice: string, copy: string): boolean {
    const place = this.#statuses(practice).find(({ name, size }) => name === copy && size > 0)?.place;
    if (place === undefined) return false;
    this.#verifications.ask(place, practice);
    return true;
  }

  onChange(listener: (practice: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  follow(): Promise<void> {
    // What is being read may be older than what the caller knows of.
    const before = this.#following ?? Promise.resolve();
    const following = before.catch(() => undefined).then(() => this.#take());
    this.#following = following;
    return following;
  }

  async add(place: CopyPlace): Promise<void> {
    this.#known.push(place);
    await this.follow();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#following?.catch(() => undefined);
    this.#verifications.stop();
    await this.reading.close();
    const publishers = [...this.#written.values()].map(({ publisher }) => publisher.stop());
    await Promise.all([...publishers, ...this.#ending.values()]);
  }

  async #take(): Promise<void> {
    this.#retired = await this.#options.store.retiredCopies.list();
    const isRetired = (place: CopyPlace) => this.#retired.some(({ copy }) => copy === place.name);
    let hasChanged = false;
    for (const place of this.#known) {
      const written = this.#written.get(place);
      // One that is put back waits until its last writer has ended: two of them would take each other's names.
      if ((written === undefined) === isRetired(place) || this.#ending.has(place)) continue;
      hasChanged = true;
      if (written === undefined) this.#written.set(place, await this.#begin(place));
      else this.#end(place, written);
    }
    if (hasChanged) for (const practice of this.#practices) this.#tell(practice);
  }

  async #begin(place: CopyPlace): Promise<Written> {
    const { store, dataDir, formatDir, log } = this.#options;
    const sameDisk = await standsWith(dataDir, place);
    const publisher = startPublisher({
      source: store.capture,
      destinations: [await openPlace(place)],
      signCheckpoint: (checkpoint) => signCheckpoint(checkpoint, store.hostKeys.signer),
      formatFolder: formatDir,
      onStatus: (practice) => {
        this.#practices.add(practice);
        this.#tell(practice);
      },
      log({ level, code, destination, message, cause }) {
        log[level]({ code, destination, err: cause }, message);
      },
    });
    return { publisher, sameDisk };
  }

  #end(place: CopyPlace, { publisher }: Written): void {
    this.#written.delete(place);
    const { log } = this.#options;
    const ending = publisher
      .stop()
      .catch((err: unknown) => log.warn({ err, destination: place.name }, 'a copy that is retired ended badly'))
      .finally(() => this.#ending.delete(place));
    this.#ending.set(place, ending);
  }

  #statuses(practice: string): (PublishedStatus & Pick<Written, 'sameDisk'> & { readonly place: CopyPlace })[] {
    return this.places.flatMap((place) => {
      const { publisher, sameDisk = false } = this.#written.get(place) ?? {};
      return (publisher?.status(practice) ?? []).map((status) => ({ ...status, sameDisk, place }));
    });
  }

  #tell(practice: string): void {
    for (const listener of this.#listeners) listener(practice);
  }
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
