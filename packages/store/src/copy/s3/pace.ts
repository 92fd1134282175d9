/** Holds transfers back to a number of bytes a second; null for no limit. */
export class Pace {
  readonly #bytesPerSecond: number | null;
  /** When everything that was let through is paid for, by `performance.now`. */
  #paidAt = 0;

  constructor(bytesPerSecond: number | null) {
    this.#bytesPerSecond = bytesPerSecond;
  }

  /** Returns when so many bytes may go. */
  async take(bytes: number): Promise<void> {
    if (this.#bytesPerSecond === null) return;
    const now = performance.now();
    const startsAt = Math.max(now, this.#paidAt);
    this.#paidAt = startsAt + (bytes / this.#bytesPerSecond) * 1000;
    if (startsAt > now) await new Promise((resolve) => setTimeout(resolve, startsAt - now));
  }
}
