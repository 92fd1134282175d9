/** Calls `onIdle` once nobody has touched anything for `delayMs`. */
export class IdleLock {
  readonly #delayMs: number;
  readonly #onIdle: () => void;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #touchedAt = 0;

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
    this.#touchedAt = Date.now();
  }

  /** Timers stop while a computer sleeps: what counts is the clock when they go on. */
  #wait(delayMs: number): void {
    this.#timer = setTimeout(() => {
      const left = this.#touchedAt + this.#delayMs - Date.now();
      if (left > 0) {
        this.#wait(left);
        return;
      }
      this.#timer = null;
      this.#onIdle();
    }, delayMs);
  }
}
