import type { CopyError } from './copy-error.ts';

const firstDelayMs = 200;
const lastDelayMs = 15_000;

/**
 * Work that is wanted again and again: one run at a time, a want during a run gives one more run, a failure is tried
 * again after a growing delay until it succeeds.
 */
export class Retry {
  readonly #work: () => Promise<void>;
  readonly #report: (cause: unknown) => CopyError;
  #isWanted = false;
  #isStopped = false;
  #running: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #attempts = 0;
  failure: CopyError | null = null;

  constructor(work: () => Promise<void>, report: (cause: unknown) => CopyError) {
    this.#work = work;
    this.#report = report;
  }

  get isBusy(): boolean {
    return this.#isWanted || this.#running !== null || this.#timer !== null;
  }

  want(): void {
    this.#isWanted = true;
    // A failing disk is not asked more often because more is written.
    if (this.#running === null && this.#timer === null) this.#start();
  }

  /** Resolves once nothing is wanted, or once the last run failed. */
  async idle(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  /** Lets a run end, runs once more what is wanted, and tries nothing again. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#timer !== null) this.#isWanted = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#running === null && this.#isWanted) this.#start();
    await this.idle();
  }

  #start(): void {
    this.#running = this.#run();
  }

  async #run(): Promise<void> {
    try {
      while (this.#isWanted && this.#timer === null) await this.#runOnce();
    } finally {
      // Not in a later microtask: a want in between would find a run that has already looked.
      this.#running = null;
    }
  }

  async #runOnce(): Promise<void> {
    this.#isWanted = false;
    try {
      await this.#work();
      this.#attempts = 0;
      this.failure = null;
    } catch (cause) {
      this.failure = this.#report(cause);
      if (this.#isStopped) return;
      this.#later();
    }
  }

  #later(): void {
    const delayMs = Math.min(lastDelayMs, firstDelayMs * 2 ** this.#attempts);
    this.#attempts += 1;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.want();
    }, delayMs);
    this.#timer.unref();
  }
}
