import { CodedError } from '@serment/core/error';
import { type PracticeAlert, parseAlerts } from '@serment/core/wire/alert';
import type { CopyStatus } from '@serment/core/wire/status';
import { parseCheckpointEvent, parseCopies } from '@serment/core/wire/status';
import { ReplicaError } from './error.ts';
import type { ServerEvent } from './server-events.ts';
import type { Transport } from './transport.ts';

export interface FollowerParts {
  readonly transport: Pick<Transport, 'copies' | 'events'>;
  /** Whether this device has read the journal as far as that checkpoint. */
  readonly isKnown: (note: string) => boolean;
  /** Called when the line is up, and each time the journal may have grown. */
  readonly onJournal: () => Promise<void>;
  readonly onCopies: (copies: readonly CopyStatus[]) => void;
  /** What the host says is wrong, whole. */
  readonly onAlerts: (alerts: readonly PracticeAlert[]) => void;
  /** Data of a `presence` event; never fails for what the host says. */
  readonly onPresence: (data: string) => Promise<void>;
  readonly onLine: (isOnline: boolean) => void;
  /** True at each word of the line, false when it ends: the host is not told that a device left whose line it never had. */
  readonly onListening: (isListening: boolean) => void;
  readonly onError: (error: ReplicaError) => void;
}

const firstRetryMs = 500;
const lastRetryMs = 15_000;
/** The host writes an entry for what is read: what was asked for is shown before that entry is looked at. */
const gatherMs = 80;

/** Keeps the server's event line open and comes back after every cut, more slowly each time. */
export class Follower {
  readonly #parts: FollowerParts;
  #stopped: AbortController | null = null;
  #wake: (() => void) | null = null;

  constructor(parts: FollowerParts) {
    this.#parts = parts;
  }

  start(): void {
    if (this.#stopped !== null) return;
    const stopped = new AbortController();
    this.#stopped = stopped;
    void this.#run(stopped.signal);
  }

  stop(): void {
    this.#stopped?.abort();
    this.#stopped = null;
    this.#wake?.();
  }

  /** Tries again now instead of at the end of the pause. */
  retry(): void {
    this.#wake?.();
  }

  async #run(signal: AbortSignal): Promise<void> {
    let retryMs = firstRetryMs;
    while (!signal.aborted) {
      try {
        await this.#parts.onJournal();
        this.#parts.onCopies(await this.#parts.transport.copies());
        this.#parts.onLine(true);
        for await (const event of this.#parts.transport.events(signal)) {
          retryMs = firstRetryMs;
          this.#parts.onListening(true);
          await this.#take(event, signal);
        }
      } catch (error) {
        if (!(error instanceof CodedError)) throw error;
        if (error instanceof ReplicaError) this.#parts.onError(error);
      }
      if (signal.aborted) return;
      this.#parts.onListening(false);
      this.#parts.onLine(false);
      await this.#pause(retryMs);
      retryMs = Math.min(retryMs * 2, lastRetryMs);
    }
  }

  async #take({ event, data }: ServerEvent, signal: AbortSignal): Promise<void> {
    if (event === 'copies') this.#parts.onCopies(parseCopies(data));
    if (event === 'alerts') this.#parts.onAlerts(parseAlerts(data));
    if (event === 'presence') await this.#parts.onPresence(data);
    if (event !== 'checkpoint') return;
    const { note } = parseCheckpointEvent(data);
    if (this.#parts.isKnown(note)) return;
    await this.#pause(gatherMs);
    if (signal.aborted || this.#parts.isKnown(note)) return;
    await this.#parts.onJournal();
  }

  #pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#wake = null;
        resolve();
      };
      const timer = setTimeout(done, delayMs);
      this.#wake = done;
    });
  }
}
