import { createHash, randomBytes } from 'node:crypto';
import { type Bytes, equalSecret } from '@serment/core/bytes';

interface Trip<Value> {
  readonly value: Value;
  /** SHA-256 of what this browser's cookie holds. */
  readonly browserHash: Bytes;
  readonly expires: number;
}

const tripMs = 5 * 60_000;
const maxTrips = 5000;

/**
 * What waits here while a browser is away at the provider, in memory: each comes back once, within five minutes, in the
 * browser that left.
 */
export class RoundTrips<Value> {
  readonly #clock: () => number;
  readonly #trips = new Map<string, Trip<Value>>();

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Keeps a value under a new `state` of 64 hexadecimal digits, which the provider must give back. */
  leave(browser: string, value: Value): string {
    const now = this.#clock();
    for (const [state, { expires }] of this.#trips) {
      if (expires >= now && this.#trips.size < maxTrips) break;
      this.#trips.delete(state);
    }
    const state = randomBytes(32).toString('hex');
    this.#trips.set(state, { value, browserHash: hash(browser), expires: now + tripMs });
    return state;
  }

  /** The value left under that state; null when there is none, or no longer, or for another browser. Serves once. */
  comeBack(state: string, browser: string | null): Value | null {
    const trip = this.#trips.get(state);
    // Whoever shows a state from elsewhere has stolen it: it serves nobody any more.
    this.#trips.delete(state);
    if (trip === undefined || trip.expires < this.#clock() || browser === null) return null;
    return equalSecret(hash(browser), trip.browserHash) ? trip.value : null;
  }
}

function hash(text: string): Bytes {
  return new Uint8Array(createHash('sha256').update(text).digest());
}
