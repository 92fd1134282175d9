import { formatCopyName } from '@serment/core/copy/names';
import type { CaptureChange } from './capture-source.ts';
import { type CopyError, systemToCopyError } from './copy-error.ts';
import type { Destination } from './destination.ts';
import { writeEdition, writeMarker } from './edition.ts';
import { nameOrNull } from './held.ts';
import { PracticeLane } from './practice-lane.ts';
import type { CopyStatus, PublisherOptions } from './publisher.ts';
import { Retry } from './retry.ts';

const practicesAtOnce = 4;
const widestGap = 1_000_000;

/** Everything that goes to one destination; a slow or dead one holds back no other. */
export class Lane {
  readonly #destination: Destination;
  readonly #options: PublisherOptions;
  readonly #practices = new Map<string, PracticeLane>();
  readonly #queue: (() => void)[] = [];
  readonly #accounts: Retry;
  readonly #looking: Retry;
  #running = 0;
  #isStopped = false;
  #isReady = false;
  /** Of the source, when its account data was last put here. */
  #sequence: number | null = null;
  #preparing: Promise<void> | null = null;

  constructor(destination: Destination, options: PublisherOptions) {
    this.#destination = destination;
    this.#options = options;
    this.#looking = new Retry(() => this.#findPractices(), this.#report);
    this.#accounts = new Retry(() => this.#publishAccounts(), this.#report);
  }

  wake(change: CaptureChange): void {
    if (this.#isStopped) return;
    if (change.kind === 'accounts') this.#accounts.want();
    else this.#practice(change.practice).want(change.kind);
  }

  /** Looks at the source for itself: practices, heads, accounts. */
  look(): void {
    if (this.#isStopped) return;
    this.#looking.want();
    this.#accounts.want();
  }

  status(practice: string): CopyStatus {
    const known = this.#practices.get(practice);
    if (known !== undefined) return known.status();
    const failure = this.#looking.failure;
    return {
      name: this.#destination.name,
      kind: this.#destination.kind,
      size: 0,
      publishedAt: null,
      lagMs: null,
      state: failure === null ? 'behind' : 'failing',
      error: failure?.code ?? null,
      hint: failure?.hint ?? null,
    };
  }

  async settled(): Promise<void> {
    this.look();
    await this.#looking.idle();
    for (const practice of this.#practices.values()) practice.want('entries');
    await Promise.all([this.#accounts.idle(), ...[...this.#practices.values()].map((practice) => practice.idle())]);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    const parts = [this.#looking, this.#accounts, ...this.#practices.values()];
    await Promise.all(parts.map((part) => part.stop()));
    await this.#destination.close();
  }

  /** Makes the destination fit for writing, or throws why it is not: before each publish, since disks come and go. */
  async #ready(): Promise<void> {
    if (this.#isReady) return this.#destination.check();
    await this.#destination.prepare();
    await writeMarker(this.#destination);
    if (this.#options.formatFolder !== undefined) await writeEdition(this.#destination, this.#options.formatFolder);
    await this.#destination.settle('host/');
    this.#isReady = true;
  }

  async #findPractices(): Promise<void> {
    for (const practice of await this.#options.source.practices()) this.#practice(practice).wantIfBehind();
  }

  async #publishAccounts(): Promise<void> {
    await this.#readyOnce();
    const accounts = await this.#options.source.accounts();
    if (accounts === null) return;
    if (this.#sequence === accounts.sequence) return;
    // The server cannot open what is sealed to its host, so what stands there proves nothing to it: each start adds one.
    const sequence = await this.#nextSequence(accounts.sequence);
    await this.#destination.put(formatCopyName({ kind: 'host', sequence }), await accounts.seal());
    this.#sequence = accounts.sequence;
  }

  /** After every name that a writer can have reached: one far beyond was planted, and what it holds does not open. */
  async #nextSequence(least: number): Promise<number> {
    const taken: number[] = [];
    for await (const text of this.#destination.list('host/')) {
      const name = nameOrNull(text);
      if (name?.kind === 'host') taken.push(name.sequence);
    }
    let next = least;
    for (const sequence of taken.sort((left, right) => left - right)) {
      if (sequence - next > widestGap) break;
      next = Math.max(next, sequence + 1);
    }
    return next;
  }

  #practice(practice: string): PracticeLane {
    let lane = this.#practices.get(practice);
    if (lane === undefined) {
      lane = new PracticeLane({
        practice,
        destination: this.#destination,
        publisher: this.#options,
        ready: () => this.#readyOnce(),
        turn: (work) => this.#turn(work),
        report: this.#report,
      });
      this.#practices.set(practice, lane);
    }
    return lane;
  }

  /** Practices that start together prepare the destination once. */
  #readyOnce(): Promise<void> {
    if (this.#isReady) return this.#ready();
    this.#preparing ??= this.#ready().finally(() => {
      this.#preparing = null;
    });
    return this.#preparing;
  }

  /** Bounds how many practices are published at once, so that memory does not follow their number. */
  async #turn(work: () => Promise<void>): Promise<void> {
    while (this.#running >= practicesAtOnce) await new Promise<void>((resolve) => this.#queue.push(resolve));
    this.#running += 1;
    try {
      await work();
    } finally {
      this.#running -= 1;
      this.#queue.shift()?.();
    }
  }

  readonly #report = (cause: unknown): CopyError => {
    const error = systemToCopyError(cause);
    this.#options.log?.({
      level: 'warn',
      code: error.code,
      destination: this.#destination.name,
      message: error.message,
      hint: error.hint,
      cause: error.cause,
    });
    return error;
  };
}
