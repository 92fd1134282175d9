import { ServerError } from './error.ts';

export interface ThrottleOptions {
  readonly limit: number;
  readonly windowMs: number;
  readonly clock: () => number;
}

const maxNames = 20_000;

/** At most so many tries for each name in a window of time, in memory. */
export class Throttle {
  readonly #options: ThrottleOptions;
  readonly #tries = new Map<string, { count: number; until: number }>();

  constructor(options: ThrottleOptions) {
    this.#options = options;
  }

  /** Counts a try. Throws THROTTLED, with the seconds to wait. */
  count(name: string): void {
    const { limit, windowMs, clock } = this.#options;
    const now = clock();
    const known = this.#tries.get(name);
    const current = known !== undefined && known.until > now ? known : { count: 0, until: now + windowMs };
    current.count += 1;
    if (known !== current) this.#add(name, current, now);
    if (current.count <= limit) return;
    throw new ServerError('THROTTLED', 'Too many tries', {
      fields: { seconds: Math.ceil((current.until - now) / 1000) },
    });
  }

  /** Forgets the tries of a name that succeeded. */
  clear(name: string): void {
    this.#tries.delete(name);
  }

  #add(name: string, current: { count: number; until: number }, now: number): void {
    if (this.#tries.size >= maxNames) {
      for (const [other, { until }] of this.#tries) if (until <= now) this.#tries.delete(other);
      // Full of live names: somebody makes them up. The oldest go, so that memory stays bounded.
      for (const other of this.#tries.keys()) {
        if (this.#tries.size < maxNames) break;
        this.#tries.delete(other);
      }
    }
    this.#tries.set(name, current);
  }
}
