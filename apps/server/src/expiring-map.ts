const maxValues = 5000;

/** Values that wait in memory, each for its time, at most 5000: when too many come, the oldest make room. */
export class ExpiringMap<Value> {
  readonly #clock: () => number;
  readonly #values = new Map<string, { readonly value: Value; readonly expires: number }>();

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  put(name: string, value: Value, lifeMs: number): void {
    const now = this.#clock();
    for (const [other, { expires }] of this.#values) {
      if (expires >= now && this.#values.size < maxValues) break;
      this.#values.delete(other);
    }
    this.#values.set(name, { value, expires: now + lifeMs });
  }

  /** Null when there is none of that name, or no longer. */
  get(name: string): Value | null {
    const found = this.#values.get(name);
    return found === undefined || found.expires < this.#clock() ? null : found.value;
  }

  /** The same, and it is there no more: it serves once, right or wrong. */
  take(name: string): Value | null {
    const value = this.get(name);
    this.#values.delete(name);
    return value;
  }
}
