import type { CopyError } from './copy-error.ts';
import type { Destination } from './destination.ts';
import { PracticeCopy } from './practice-copy.ts';
import type { CopyStatus, PublisherOptions } from './publisher.ts';
import { Retry } from './retry.ts';

export interface PracticeLaneOptions {
  readonly practice: string;
  readonly destination: Destination;
  readonly publisher: PublisherOptions;
  /** Throws what keeps the destination from being written to. */
  readonly ready: () => Promise<void>;
  /** Runs a piece of work when its turn comes among all practices of the destination. */
  readonly turn: (work: () => Promise<void>) => Promise<void>;
  readonly report: (cause: unknown) => CopyError;
}

/** Keeps one practice up to date at one destination, and knows how late it is. */
export class PracticeLane {
  readonly #options: PracticeLaneOptions;
  readonly #retry: Retry;
  readonly #now: () => number;
  readonly #wanted = { entries: true, drafts: true };
  readonly #provenBlobs = new Set<string>();
  #copy: PracticeCopy | null = null;
  #size = 0;
  #publishedAt: number | null = null;
  #hasLooked = false;
  /** When the oldest commit that is not copied was heard of. */
  #behindSince: number | null = null;

  constructor(options: PracticeLaneOptions) {
    this.#options = options;
    this.#now = options.publisher.now ?? Date.now;
    this.#retry = new Retry(
      () => options.turn(() => this.#publish()),
      (cause) => this.#fail(cause),
    );
  }

  want(kind: 'entries' | 'drafts'): void {
    this.#wanted[kind] = true;
    this.#behindSince ??= this.#now();
    this.#retry.want();
  }

  /** After a possible loss of notices: looks at the head, and publishes only when something is new. */
  wantIfBehind(): void {
    if (this.#retry.isBusy) return;
    this.#wanted.entries = true;
    this.#retry.want();
  }

  idle(): Promise<void> {
    return this.#retry.idle();
  }

  stop(): Promise<void> {
    return this.#retry.stop();
  }

  status(): CopyStatus {
    const { destination } = this.#options;
    const failure = this.#retry.failure ?? this.#copy?.failure ?? null;
    const isBehind = this.#behindSince !== null || !this.#hasLooked;
    return {
      name: destination.name,
      kind: destination.kind,
      size: this.#size,
      publishedAt: this.#publishedAt,
      lagMs: this.#behindSince === null ? (this.#hasLooked ? 0 : null) : Math.max(0, this.#now() - this.#behindSince),
      state: failure !== null ? 'failing' : isBehind ? 'behind' : 'current',
      error: failure?.code ?? null,
      hint: failure?.hint ?? null,
    };
  }

  async #publish(): Promise<void> {
    const { practice, destination, publisher, ready } = this.#options;
    const wanted = { ...this.#wanted };
    this.#wanted.entries = false;
    this.#wanted.drafts = false;
    // Commits from here on may be missed by the head that is read now: they are late from now, not from before.
    const startedAt = this.#now();
    try {
      await ready();
      const head = await publisher.source.head(practice);
      if (head === null) return;
      if (this.#copy?.fence !== head.fence)
        this.#copy = await PracticeCopy.attach({
          ...{ ...publisher, practice, destination, fence: head.fence },
          provenBlobs: this.#provenBlobs,
        });
      const copy = this.#copy;
      const isNew = head.size > copy.size;
      if (isNew) this.#behindSince ??= startedAt;
      if (wanted.drafts) await copy.publishDrafts();
      await copy.publish(head);
      this.#settle({ size: head.size, startedAt, isNew: isNew || this.#publishedAt === null });
      if (isNew && destination.deletesTails) await copy.deleteCoveredTails();
    } catch (cause) {
      this.#copy = null;
      this.#wanted.entries = true;
      this.#wanted.drafts ||= wanted.drafts;
      throw cause;
    }
  }

  #settle(published: { size: number; startedAt: number; isNew: boolean }): void {
    this.#size = published.size;
    const hadLooked = this.#hasLooked;
    this.#hasLooked = true;
    this.#behindSince = this.#wanted.entries || this.#wanted.drafts ? published.startedAt : null;
    if (published.isNew) this.#publishedAt = this.#now();
    if (published.isNew || !hadLooked || this.#retry.failure !== null) this.#changed();
  }

  #fail(cause: unknown): CopyError {
    this.#behindSince ??= this.#now();
    const error = this.#options.report(cause);
    if (this.#retry.failure?.code !== error.code) queueMicrotask(() => this.#changed());
    return error;
  }

  #changed(): void {
    this.#options.publisher.onStatus?.(this.#options.practice);
  }
}
