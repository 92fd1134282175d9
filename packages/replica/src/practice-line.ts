import type { RestoredStatus } from '@serment/core/wire/status';
import type { ReplicaError } from './error.ts';
import { type SessionEnd, sessionEndOf } from './session-end.ts';

interface PracticeLineParts {
  readonly clock: () => number;
  /** Whether the host stands at a state that it was restored to and no member accepted. */
  readonly askRestored: () => Promise<RestoredStatus | null>;
  readonly onChange: () => void;
  readonly onEnd: (end: SessionEnd) => void;
}

/** How the line to the host stands, and what the host was found to be. */
export class PracticeLine {
  readonly #parts: PracticeLineParts;
  #isOnline = false;
  #isFailing = false;
  #syncs = 0;
  #lastSyncAt: number | null = null;
  #restored: RestoredStatus | null = null;
  #hostLie: string | null = null;

  constructor(parts: PracticeLineParts) {
    this.#parts = parts;
  }

  get isOnline(): boolean {
    return this.#isOnline;
  }

  /** True when the host is reached and answers with errors: the line is not what is wrong. */
  get isFailing(): boolean {
    return this.#isFailing;
  }

  get isSyncing(): boolean {
    return this.#syncs > 0;
  }

  get lastSyncAt(): number | null {
    return this.#lastSyncAt;
  }

  get restored(): RestoredStatus | null {
    return this.#restored;
  }

  /** The finding when the host's history does not hold together; nothing more is taken from it. */
  get hostLie(): string | null {
    return this.#hostLie;
  }

  /** Counts a synchronisation as under way until it ended, well or not. */
  async during<Result>(sync: () => Promise<Result>): Promise<Result> {
    this.#syncs += 1;
    try {
      return await sync();
    } finally {
      this.#syncs -= 1;
      this.#parts.onChange();
    }
  }

  /** Throws UNREACHABLE and the like. */
  async followRestored(): Promise<void> {
    this.#restored = await this.#parts.askRestored();
  }

  takeSynced(): void {
    this.#lastSyncAt = this.#parts.clock();
    this.setOnline(true);
  }

  setOnline(isOnline: boolean): void {
    if (this.#isOnline === isOnline && !(isOnline && this.#isFailing)) return;
    this.#isOnline = isOnline;
    if (isOnline) this.#isFailing = false;
    this.#parts.onChange();
  }

  takeError(error: ReplicaError): void {
    const end = sessionEndOf(error, this.#parts.clock());
    if (end !== null) this.#parts.onEnd(end);
    if (error.code === 'HOST_LIES') this.#hostLie = String(error.fields.finding ?? error.code);
    if (error.code === 'UNREACHABLE' || error.code === 'SERVER_FAILED') {
      this.#isOnline = false;
      this.#isFailing = error.code === 'SERVER_FAILED';
    }
    this.#parts.onChange();
  }
}
