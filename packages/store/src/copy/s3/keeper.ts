import { type CopyName, fencePath } from '@serment/core/copy/names';
import { inParallel } from '@serment/core/in-parallel';
import { CopyError, isOutOfReach } from '../copy-error.ts';
import { nameOrNull } from '../held.ts';
import { provenCheckpoint } from '../proven-checkpoint.ts';
import { Bucket } from './bucket.ts';
import { lockMsOf, type S3Place } from './place.ts';
import { s3Destination } from './s3.ts';
import { type Named, Versions } from './versions.ts';

export interface KeeperReport {
  /** Objects that are live, and what they weigh. */
  readonly live: number;
  readonly liveBytes: number;
  /** Left to their locks: covered tails, drafts and account data that were replaced. */
  readonly passed: number;
  readonly passedBytes: number;
  /** Locks that were made longer. */
  readonly lengthened: number;
  /** The lock of a live object that ends first, once all were lengthened, ms since 1970; null when there is none. */
  readonly endsFirst: number | null;
  readonly alarms: readonly LockAlarm[];
}

/** A lock that was found with less than half of its time, or that the store did not lengthen. */
export interface LockAlarm {
  readonly code: 'LOCK_SHORT' | 'LOCK_MISSING' | 'LOCK_REFUSED';
  readonly object: string;
  /** As it was found, ms since 1970; 0 for none. */
  readonly lockedUntil: number;
}

// Lengthened at three quarters, a keeper that runs twice in a quarter of the time never meets a half.
const lengthenUnder = 0.75;
const alarmUnder = 0.5;
const headsAtOnce = 16;

/**
 * Lengthens the locks of what is still live, each to the place's own length from now and no further. A draft or account
 * data is live until it was replaced for as long as a lock lasts, so that a name that was planted ends no lock unseen.
 * Throws what keeps the store from being reached.
 */
export async function keepLocks(
  place: S3Place,
  onProgress: (objects: number) => void = () => undefined,
): Promise<KeeperReport> {
  const bucket = new Bucket(place);
  try {
    await bucket.assertLocked();
    const run = new KeeperRun(place, bucket);
    let objects = 0;
    await inParallel(withNext(new Versions(bucket).list('')), headsAtOnce, async ([named, next]) => {
      await run.keep(named, next);
      objects += 1;
      onProgress(objects);
    });
    return run.report();
  } finally {
    bucket.close();
  }
}

class KeeperRun {
  readonly #place: S3Place;
  readonly #bucket: Bucket;
  readonly #alarms: LockAlarm[] = [];
  /** By fence: up to where bundles cover tails. */
  readonly #covered = new Map<string, Promise<number>>();
  readonly #counts = { live: 0, liveBytes: 0, passed: 0, passedBytes: 0, lengthened: 0 };
  #endsFirst: number | null = null;

  constructor(place: S3Place, bucket: Bucket) {
    this.#place = place;
    this.#bucket = bucket;
  }

  async keep({ name: text, first }: Named, next: Named | null): Promise<void> {
    const name = nameOrNull(text);
    if (name === null || first === null) return;
    if (!(await this.#isLive(name, next))) {
      this.#counts.passed += 1;
      this.#counts.passedBytes += first.size;
      return;
    }
    this.#counts.live += 1;
    this.#counts.liveBytes += first.size;
    const wholeMs = lockMsOf(this.#place, name);
    const now = this.#bucket.now();
    try {
      const lockedUntil = await this.#bucket.lockedUntil(text, first.id);
      const left = lockedUntil - now;
      if (left < wholeMs * alarmUnder)
        this.#alarms.push({ code: lockedUntil === 0 ? 'LOCK_MISSING' : 'LOCK_SHORT', object: text, lockedUntil });
      const isDue = left < wholeMs * lengthenUnder;
      const ends = isDue && (await this.#lengthen(text, first.id, now + wholeMs)) ? now + wholeMs : lockedUntil;
      this.#endsFirst = Math.min(this.#endsFirst ?? ends, ends);
    } catch (cause) {
      // A tail that the eraser has taken meanwhile.
      if (!(cause instanceof CopyError && cause.code === 'COPY_NOT_FOUND')) throw cause;
    }
  }

  report(): KeeperReport {
    const alarms = this.#alarms.sort((left, right) => left.object.localeCompare(right.object));
    return { ...this.#counts, endsFirst: this.#endsFirst, alarms };
  }

  async #lengthen(name: string, version: string, until: number): Promise<boolean> {
    try {
      await this.#bucket.lengthen(name, version, until);
    } catch (cause) {
      if (!(cause instanceof CopyError) || isOutOfReach(cause) || cause.code === 'COPY_NOT_FOUND') throw cause;
      this.#alarms.push({ code: 'LOCK_REFUSED', object: name, lockedUntil: until });
      return false;
    }
    this.#counts.lengthened += 1;
    return true;
  }

  async #isLive(name: CopyName, next: Named | null): Promise<boolean> {
    if (name.kind === 'tail') return name.to > (await this.#coveredUpTo(name));
    if (name.kind !== 'draft' && name.kind !== 'host') return true;
    const later = next === null ? null : nameOrNull(next.name);
    const isReplaced =
      (name.kind === 'host' && later?.kind === 'host') ||
      (name.kind === 'draft' &&
        later?.kind === 'draft' &&
        later.slot === name.slot &&
        later.practice === name.practice);
    const replacedAt = next?.first?.writtenAt ?? Number.POSITIVE_INFINITY;
    return !(isReplaced && replacedAt < this.#bucket.now() - lockMsOf(this.#place, name));
  }

  #coveredUpTo({ practice, fence }: { practice: string; fence: number }): Promise<number> {
    const path = fencePath(practice, fence);
    const known = this.#covered.get(path);
    if (known !== undefined) return known;
    const destination = s3Destination(this.#place);
    const covered = provenCheckpoint(destination, { practice, fence }).finally(() => destination.close());
    this.#covered.set(path, covered);
    return covered;
  }
}

/** Each name that has a version, with the one after it. */
async function* withNext(names: AsyncIterable<Named>): AsyncGenerator<[Named, Named | null]> {
  let held: Named | null = null;
  for await (const named of names) {
    if (named.first === null) continue;
    if (held !== null) yield [held, named];
    held = named;
  }
  if (held !== null) yield [held, null];
}
