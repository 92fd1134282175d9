import { markerName } from '@serment/core/copy/names';
import { nameOrNull } from '../held.ts';
import { Bucket } from './bucket.ts';
import { lockMsOf, type S3Place } from './place.ts';
import { notLocked } from './s3-error.ts';
import { Versions } from './versions.ts';

/** The shortest lock among some objects that are live. */
export interface LockSample {
  /** When it ends, milliseconds since 1970; 0 for an object without a lock. */
  readonly endsAt: number;
  /** Which part of its whole length is left, 1 at most. */
  readonly left: number;
}

const objectsOfPractice = 4;

/**
 * Looks at the locks of the oldest bundles and documents of some practices (in hexadecimal): what a keeper that stopped
 * leaves to end. Null where there is none yet. Throws what keeps the store from being reached.
 */
export async function sampleLocks(place: S3Place, practices: readonly string[]): Promise<LockSample | null> {
  const bucket = new Bucket(place);
  try {
    await bucket.assertLocked();
    const versions = new Versions(bucket);
    let shortest: LockSample | null = null;
    for (const practice of practices) {
      let seen = 0;
      for await (const { name: text, first } of versions.list(`${practice}/`)) {
        const name = nameOrNull(text);
        if (first === null || name === null || name.kind === 'tail' || name.kind === 'draft') continue;
        const endsAt = await bucket.lockedUntil(text, first.id);
        const left = Math.max(0, endsAt - bucket.now()) / lockMsOf(place, name);
        if (shortest === null || left < shortest.left) shortest = { endsAt, left };
        seen += 1;
        if (seen === objectsOfPractice) break;
      }
    }
    return shortest;
  } finally {
    bucket.close();
  }
}

/** Throws COPY_NOT_LOCKED where a marker that was just written stands there without its lock: some stores take no notice of one. */
export async function assertMarkerLocked(place: S3Place): Promise<void> {
  const bucket = new Bucket(place);
  try {
    const { first } = await new Versions(bucket).ask(markerName);
    if (first === null || (await bucket.lockedUntil(markerName, first.id)) <= bucket.now()) throw notLocked();
  } finally {
    bucket.close();
  }
}
