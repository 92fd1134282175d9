import { type Bytes, joinBytes } from '@serment/core/bytes';

export interface CourtesyParts {
  /** ms */
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<void>;
}

/** After an answer its page is drawn and asks for more, and its reader often goes on to the next. */
const afterMs = 1_000;
const lookMs = 20;
/** What always steps back would never be done: an answer may hang, and one may go from file to file. */
const longestWaitMs = 2_000;
const longestMs = 10_000;

/** After so much work at a stretch, what came meanwhile is let in. */
const stretchMs = 8;
/** Parts are gathered so many at a stretch. */
const partsAtOnce = 64;

/** Lets long work that nobody waits for step back while somebody waits for an answer. */
export class Courtesy {
  readonly #parts: CourtesyParts;
  #waiting = 0;
  #answeredAt = Number.NEGATIVE_INFINITY;
  #pausedAt = Number.NEGATIVE_INFINITY;

  constructor(
    parts: CourtesyParts = {
      now: () => performance.now(),
      pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    },
  ) {
    this.#parts = parts;
  }

  /** Work that somebody waits for. */
  async serve<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    this.#waiting += 1;
    try {
      return await work();
    } finally {
      this.#waiting -= 1;
      this.#answeredAt = this.#parts.now();
    }
  }

  /** Between two steps of long work: waits while somebody does, and a moment longer, but ten seconds at most. */
  async giveWay(): Promise<void> {
    const { now, pause } = this.#parts;
    const begunAt = now();
    if (begunAt - this.#pausedAt > stretchMs) await pause(0);
    while (now() - begunAt < this.#patienceMs()) await pause(lookMs);
    this.#pausedAt = now();
  }

  /** How long a step may be put off, as it is now. */
  #patienceMs(): number {
    if (this.#parts.now() - this.#answeredAt < afterMs) return longestMs;
    return this.#waiting > 0 ? longestWaitMs : 0;
  }
}

/** All parts as one, made between other work. */
export async function gatherParts(parts: Iterable<Bytes>, giveWay?: () => Promise<void>): Promise<Bytes> {
  const gathered: Bytes[] = [];
  for (const part of parts) {
    gathered.push(part);
    if (gathered.length % partsAtOnce === 0) await giveWay?.();
  }
  return joinBytes(gathered);
}
