/** Calls `onIdle` once nobody has touched anything for `delayMs`. */
export class IdleLock {
  readonly #delayMs: number;
  readonly #onIdle: () => void;
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** By the clock, which goes on in a computer that sleeps, and by the time since the start, which nobody sets back. */
  #touchedAt = { clock: 0, steady: 0 };

  constructor(delayMs: number, onIdle: () => void) {
    this.#delayMs = delayMs;
    this.#onIdle = onIdle;
  }

  start(): void {
    this.stop();
    this.touch();
    this.#wait(this.#delayMs);
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  touch(): void {
    this.#touchedAt = { clock: Date.now(), steady: performance.now() };
  }

  /** Timers stop while a computer sleeps: what counts is how late it is when they go on. */
  #wait(delayMs: number): void {
    this.#timer = setTimeout(() => {
      const { clock, steady } = this.#touchedAt;
      const left = this.#delayMs - Math.max(Date.now() - clock, performance.now() - steady);
      if (left > 0) {
        this.#wait(left);
        return;
      }
      this.#timer = null;
      this.#onIdle();
    }, delayMs);
  }
}
