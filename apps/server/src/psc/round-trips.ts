import { createHash, randomBytes } from 'node:crypto';
import { type Bytes, equalSecret } from '@serment/core/bytes';
import { ExpiringMap } from '../expiring-map.ts';

interface Trip<Value> {
  readonly value: Value;
  /** SHA-256 of what this browser's cookie holds. */
  readonly browserHash: Bytes;
}

const tripMs = 5 * 60_000;

/**
 * What waits here while a browser is away at the provider, in memory: each comes back once, within five minutes, in the
 * browser that left.
 */
export class RoundTrips<Value> {
  readonly #trips: ExpiringMap<Trip<Value>>;

  constructor(clock: () => number) {
    this.#trips = new ExpiringMap(clock);
  }

  /** Keeps a value under a new `state` of 64 hexadecimal digits, which the provider must give back. */
  leave(browser: string, value: Value): string {
    const state = randomBytes(32).toString('hex');
    this.#trips.put(state, { value, browserHash: hash(browser) }, tripMs);
    return state;
  }

  /** The value left under that state; null when there is none, or no longer, or for another browser. Serves once. */
  comeBack(state: string, browser: string | null): Value | null {
    // Whoever shows a state from elsewhere has stolen it: it serves nobody any more.
    const trip = this.#trips.take(state);
    if (trip === null || browser === null) return null;
    return equalSecret(hash(browser), trip.browserHash) ? trip.value : null;
  }
}

function hash(text: string): Bytes {
  return new Uint8Array(createHash('sha256').update(text).digest());
}
