import { type Bytes, bytesToHex } from '@serment/core/bytes';
import type { PresenceEvent } from '@serment/core/wire/presence';

/** Who sends a beat, or hears those of others. */
export interface PresentAuthor {
  readonly practice: Bytes;
  readonly author: Bytes;
}

interface KeptBeat extends PresentAuthor {
  readonly beat: Bytes;
  readonly at: number;
}

interface PresenceLine extends PresentAuthor {
  readonly hear: (event: PresenceEvent) => void;
}

/** How long a beat counts: the readers' time, so that nobody is given what they would not show. */
const keptMs = 75_000;
/** A line that is cut comes back within this, or its author left. */
const graceMs = 2000;
const maxAuthors = 64;
const maxBeats = 10_000;

/** Relays beats between the devices of each practice (docs/format/wire.md, Presence), from memory alone. */
export class Presences {
  readonly #clock: () => number;
  /** By practice and author, the oldest first. */
  readonly #beats = new Map<string, KeptBeat>();
  /** By practice. */
  readonly #lines = new Map<string, Set<PresenceLine>>();
  readonly #leaving = new Map<string, NodeJS.Timeout>();
  #forgetting: NodeJS.Timeout | undefined;

  /** A clock that nobody sets, in milliseconds. */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
  }

  /** Gives a beat to the practice's other authors, and keeps it for those who come. */
  take(from: PresentAuthor, beat: Bytes): void {
    const name = nameOf(from);
    this.#beats.delete(name);
    this.#beats.set(name, { practice: from.practice, author: from.author, beat, at: this.#clock() });
    this.#forgetOld();
    this.#tell(from, { author: from.author, beat, ageMs: 0 });
  }

  /** Opens a line, which is told first of who is there already. Returns what ends it. */
  open(line: PresenceLine): () => void {
    const name = nameOf(line);
    clearTimeout(this.#leaving.get(name));
    this.#leaving.delete(name);
    const practice = bytesToHex(line.practice);
    const lines = this.#lines.get(practice) ?? new Set();
    this.#lines.set(practice, lines.add(line));
    for (const { author, beat, at } of this.#present(practice))
      if (bytesToHex(author) !== bytesToHex(line.author))
        line.hear({ author, beat, ageMs: Math.round(this.#clock() - at) });
    return () => {
      lines.delete(line);
      if (lines.size === 0) this.#lines.delete(practice);
      if (![...lines].some((other) => nameOf(other) === name)) this.#leaveSoon(name, line);
    };
  }

  /** Forgets what counts no more, and what is too many; then again when the next one is over. */
  #forgetOld(): void {
    const now = this.#clock();
    for (const [name, { at }] of this.#beats) {
      if (now - at < keptMs && this.#beats.size <= maxBeats) break;
      this.#beats.delete(name);
    }
    clearTimeout(this.#forgetting);
    const [oldest] = this.#beats.values();
    if (oldest !== undefined) this.#forgetting = setTimeout(() => this.#forgetOld(), oldest.at + keptMs - now).unref();
  }

  /** The last ones of a practice, as many as are kept of one. */
  #present(practice: string): KeptBeat[] {
    const now = this.#clock();
    // A timer may be late.
    const own = [...this.#beats].filter(([name, { at }]) => name.startsWith(practice) && now - at < keptMs);
    return own.slice(-maxAuthors).map(([, beat]) => beat);
  }

  #leaveSoon(name: string, { practice, author }: PresentAuthor): void {
    clearTimeout(this.#leaving.get(name));
    const timer = setTimeout(() => {
      this.#leaving.delete(name);
      if (this.#beats.delete(name)) this.#tell({ practice, author }, { author, beat: null, ageMs: 0 });
    }, graceMs);
    // A server that stops waits for nobody.
    this.#leaving.set(name, timer.unref());
  }

  #tell(from: PresentAuthor, event: PresenceEvent): void {
    for (const line of this.#lines.get(bytesToHex(from.practice)) ?? [])
      if (nameOf(line) !== nameOf(from)) line.hear(event);
  }
}

function nameOf({ practice, author }: PresentAuthor): string {
  return `${bytesToHex(practice)}/${bytesToHex(author)}`;
}
