import { bytesToHex } from '@serment/core/bytes';
import type { Observation } from '@serment/store/alerts/alert';
import { readCosignedTimes } from '@serment/store/cosignatures';
import type { Store } from '@serment/store/store';

const everyMs = 900_000;
/** As devices do (apps/web, shield). */
const staleMs = 36 * 3_600_000;
const shownDigits = 16;

/** Witnesses that signed once and do not any more: of one that never did, the practice's own devices tell. */
export class WitnessWatch {
  readonly #store: Store;
  #next = 0;
  #found: readonly Observation[] = [];

  constructor(store: Store) {
    this.#store = store;
  }

  async look(now: number): Promise<readonly Observation[]> {
    if (now >= this.#next) {
      this.#next = now + everyMs;
      this.#found = await this.#read(now);
    }
    return this.#found;
  }

  async #read(now: number): Promise<Observation[]> {
    const byWitness = new Map<string, { practices: string[]; since: number }>();
    for (const { practice, witness, time } of await readCosignedTimes(this.#store)) {
      if (now - time <= staleMs) continue;
      const key = bytesToHex(witness);
      // One that was let go is expected to be silent.
      const governance = await this.#store.governance(practice);
      if (governance?.witnesses.has(key) !== true) continue;
      const known = byWitness.get(key) ?? { practices: [], since: time };
      byWitness.set(key, {
        practices: [...known.practices, bytesToHex(practice)],
        since: Math.min(known.since, time),
      });
    }
    return [...byWitness].map(([key, { practices, since }]) => ({
      ...{
        cause: 'witness-silent',
        subject: key.slice(0, shownDigits),
        practices,
        since,
        code: null,
        at: null,
        entry: null,
      },
    }));
  }
}
