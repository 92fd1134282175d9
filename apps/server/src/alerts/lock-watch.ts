import type { Observation } from '@serment/store/alerts/alert';
import type { LockSample } from '@serment/store/copy/s3/lock-sample';
import type { S3Place } from '@serment/store/copy/s3/place';

const everyMs = 86_400_000;
/** A look that failed is made again sooner. */
const againMs = 3_600_000;
/** A keeper that runs lengthens at three quarters: it never meets a half. */
const leastLeft = 0.5;
const maxPractices = 8;

type Sample = (place: S3Place, practices: readonly string[]) => Promise<LockSample | null>;

interface Found {
  /** When it is to be looked at again. */
  readonly next: number;
  /** When the first lock ends of those that were looked at; null before the first look. */
  readonly endsAt: number | null;
  readonly short: { readonly at: number; readonly since: number } | null;
}

const unknown: Found = { next: 0, endsAt: null, short: null };

/** Whether the keeper of each bucket goes on lengthening its locks: some of them are looked at once a day. */
export class LockWatch {
  readonly #places: () => readonly S3Place[];
  readonly #sample: Sample;
  readonly #found = new Map<string, Found>();

  constructor(places: () => readonly S3Place[], sample: Sample = sampleOf) {
    this.#places = places;
    this.#sample = sample;
  }

  /** `held`: practices, in hexadecimal, that a copy has entries of. */
  look(now: number, held: (copy: string) => readonly string[]): Observation[] {
    const places = this.#places();
    for (const copy of this.#found.keys()) if (!places.some(({ name }) => name === copy)) this.#found.delete(copy);
    for (const place of places) {
      const known = this.#found.get(place.name) ?? unknown;
      const practices = held(place.name);
      if (known.next > now || practices.length === 0) continue;
      this.#found.set(place.name, { ...known, next: now + againMs });
      // Told at the next look: a slow store holds back no other alert.
      void this.#take(place, chosen(practices, now), now);
    }
    return [...this.#found].flatMap(([subject, { short }]) =>
      short === null
        ? []
        : [{ cause: 'lock-short' as const, subject, practices: [], code: null, entry: null, ...short }],
    );
  }

  /** When the first lock of each bucket ends, of those that were looked at last. */
  ends(): ReadonlyMap<string, number> {
    return new Map(
      [...this.#found].flatMap(([copy, { endsAt }]) => (endsAt === null ? [] : [[copy, endsAt] as const])),
    );
  }

  async #take(place: S3Place, practices: readonly string[], now: number): Promise<void> {
    const sample = await this.#sample(place, practices).catch(() => undefined);
    if (sample === undefined) return;
    const before = this.#found.get(place.name);
    // It was retired meanwhile.
    if (before === undefined) return;
    const isShort = sample !== null && sample.left < leastLeft;
    const short = isShort ? { at: sample.endsAt, since: before.short?.since ?? now } : null;
    this.#found.set(place.name, { next: now + everyMs, endsAt: sample?.endsAt ?? null, short });
  }
}

/** Others each day. */
function chosen(practices: readonly string[], now: number): string[] {
  const first = Math.floor(now / everyMs) * maxPractices;
  const count = Math.min(maxPractices, practices.length);
  return Array.from({ length: count }, (_, place) => practices[(first + place) % practices.length] ?? '');
}

/** Loaded where there is a bucket alone: what speaks to one is large. */
async function sampleOf(place: S3Place, practices: readonly string[]): Promise<LockSample | null> {
  const { sampleLocks } = await import('@serment/store/copy/s3/lock-sample');
  return sampleLocks(place, practices);
}
