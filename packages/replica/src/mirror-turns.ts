/** Work on one image of the journal, one at a time. */
export class MirrorTurns<Report> {
  #running: Promise<unknown> | null = null;
  #next: Promise<Report> | null = null;

  /** Begins once nothing else runs, at once where nothing does. */
  async take<Result>(work: () => Promise<Result>): Promise<Result> {
    while (this.#running !== null) await this.#running.then(ignore, ignore);
    const running = work().finally(() => {
      this.#running = null;
    });
    this.#running = running;
    return running;
  }

  /** As `take`; who asks while something runs is given one more, the same for all who wait. */
  share(work: () => Promise<Report>): Promise<Report> {
    if (this.#running === null) return this.take(work);
    // The one under way may have asked before what its caller knows of.
    this.#next ??= this.#running.then(ignore, ignore).then(() => {
      this.#next = null;
      return this.take(work);
    });
    return this.#next;
  }
}

function ignore(): void {
  // The caller of that one is told.
}
