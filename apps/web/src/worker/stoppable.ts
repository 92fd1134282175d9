/** Long work of which there is one at a time, and which a person may stop. */
export class Stoppable {
  #working: AbortController | null = null;

  /** Null when `stop`, or another work, came meanwhile. */
  async run<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result | null> {
    this.#working?.abort();
    const working = new AbortController();
    this.#working = working;
    try {
      return await work(working.signal);
    } catch (error) {
      if (!working.signal.aborted) throw error;
      return null;
    } finally {
      if (this.#working === working) this.#working = null;
    }
  }

  stop(): void {
    this.#working?.abort();
  }
}
