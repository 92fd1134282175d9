/** How long an act that is not taken back waits, so that it can be. */
export const delayMs = 10_000;

/** Something a person asked for that is done once they had the time to think again (signing, sending). */
export interface DelayedAct {
  /** One act at a time of each: the key of the draft that it is of. */
  readonly key: string;
  /** `Patient/…` */
  readonly patient: string;
  /** The patient's name, for the place that shows it. */
  readonly who: string;
  /** This device's clock, ms. */
  readonly until: number;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  /** Why it failed; null otherwise. */
  readonly error: unknown;
}

type Asked = Pick<DelayedAct, 'key' | 'patient' | 'who'>;

/**
 * Acts that wait behind an undo, in this window's memory alone: a window that closes, or a practice that is locked, does
 * none of them, and what they would have done is a draft still.
 */
export class Delayed {
  #acts: readonly DelayedAct[] = [];
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly current = (): readonly DelayedAct[] => this.#acts;

  /** Does `run` in a while, unless it is cancelled. */
  add(asked: Asked, run: () => Promise<void>): void {
    this.cancel(asked.key);
    this.#put({ ...asked, until: Date.now() + delayMs, state: 'waiting', error: null });
    this.#timers.set(
      asked.key,
      setTimeout(() => void this.#run(asked.key, run), delayMs),
    );
  }

  /** Takes an act back that was not done, or forgets one that was. */
  cancel(key: string): void {
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    this.#set(this.#acts.filter((act) => act.key !== key));
  }

  /** Nobody is there any more: nothing is done. */
  clear(): void {
    for (const key of this.#timers.keys()) clearTimeout(this.#timers.get(key));
    this.#timers.clear();
    this.#set([]);
  }

  async #run(key: string, run: () => Promise<void>): Promise<void> {
    const act = this.#acts.find((one) => one.key === key);
    if (act === undefined) return;
    this.#timers.delete(key);
    this.#put({ ...act, state: 'running' });
    try {
      await run();
      this.#change(key, { state: 'done' });
    } catch (error) {
      this.#change(key, { state: 'failed', error });
    }
  }

  #change(key: string, change: Pick<DelayedAct, 'state'> & Partial<DelayedAct>): void {
    this.#set(this.#acts.map((act) => (act.key === key ? { ...act, ...change } : act)));
  }

  #put(act: DelayedAct): void {
    this.#set([...this.#acts.filter(({ key }) => key !== act.key), act]);
  }

  #set(acts: readonly DelayedAct[]): void {
    this.#acts = acts;
    for (const listener of this.#listeners) listener();
  }
}
