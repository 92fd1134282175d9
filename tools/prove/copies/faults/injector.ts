import { appendFileSync } from 'node:fs';
import { type Fault, type Kind, kindsAt, type Write } from './kinds.ts';
import { type Losses, Unsynced } from './unsynced.ts';
import { realDelay, virtualTime } from './virtual-time.ts';

const latencyMs = 30_000;
const settleMs = 50;
/** A machine with much to do opens no connection sooner. */
const longestSettleMs = 5000;
const jumpMs = 6 * 3_600_000;
const losses: Partial<Record<Kind, Losses>> = {
  'power-cut': { bytes: true, names: true, removals: true },
  'names-kept': { bytes: true, names: false, removals: false },
  'removals-kept': { bytes: true, names: true, removals: false },
};

/** What one run did and what befell it. */
export interface Seen {
  readonly writes: readonly Write[];
  /** What the fault befell; null when so many writes never came. */
  readonly fired: string | null;
}

export interface InjectorOptions {
  /** Null to count alone. */
  readonly fault: Fault | null;
  /** An absent folder on the file system of what is written. */
  readonly keep: string;
  /** Told, in a line, what a fault befalls, before the process may end of it. */
  readonly firedFile: string;
}

/** What is to be done about a write: nothing, or what its kind asks of the one that carries it out. */
export type Verdict = 'pass' | 'error' | 'short' | 'unanswered' | 'full' | 'killed-done';

/** Counts the calls that write, in the order in which they begin, and has one of them go wrong. */
class Injector {
  unsynced = new Unsynced('');
  /** Connections to the database that are being opened. */
  opening = 0;
  #options: InjectorOptions | null = null;
  #writes: Write[] = [];
  #counts = { files: 0, database: 0 };
  #fired: string | null = null;
  #isFull = false;

  begin(options: InjectorOptions): void {
    this.#options = options;
    this.#writes = [];
    this.#counts = { files: 0, database: 0 };
    this.#fired = null;
    this.#isFull = false;
    this.unsynced = new Unsynced(options.keep);
    this.unsynced.begin();
  }

  get isOn(): boolean {
    return this.#options !== null;
  }

  /** There is room again, and the next writes are as ever. */
  clear(): void {
    this.#isFull = false;
  }

  end(): Seen {
    this.#options = null;
    virtualTime.reset();
    return { writes: this.#writes, fired: this.#fired };
  }

  /** Asked before each write. Returns once it may go on, in the way that the verdict says; a crash does not return. */
  async verdict(write: Write, needsRoom: boolean): Promise<Verdict> {
    if (this.#options === null) return 'pass';
    this.#writes.push(write);
    const { fault } = this.#options;
    this.#counts[write.isDatabase ? 'database' : 'files'] += 1;
    const isIt =
      fault?.isDatabase === write.isDatabase && fault.at === this.#counts[write.isDatabase ? 'database' : 'files'];
    if (!isIt) return this.#isFull && needsRoom ? 'full' : 'pass';
    const { kind } = fault;
    if (!kindsAt(write).includes(kind)) return 'pass';
    this.#fired = write.call;
    appendFileSync(this.#options.firedFile, `${write.call}\n`);
    if (kind === 'latency') await this.#pass(fault.isReal === true);
    else if (kind === 'clock-ahead') virtualTime.jump(jumpMs);
    else if (kind === 'clock-back') virtualTime.jump(-jumpMs);
    else if (kind === 'full') this.#isFull = true;
    else if (kind === 'error' || kind === 'short' || kind === 'unanswered' || kind === 'killed-done') return kind;
    else crash(losses[kind] ?? null, this.unsynced);
    return kind === 'full' ? 'full' : 'pass';
  }

  /** What else is under way, a connection that is being opened for one, gets its time as well: the 30 s are this call's. */
  async #pass(isReal: boolean): Promise<void> {
    if (isReal) return realDelay(latencyMs);
    const end = performance.now() + longestSettleMs;
    do await realDelay(settleMs);
    while (this.opening > 0 && performance.now() < end);
    await virtualTime.pass(latencyMs);
  }
}

export const injector = new Injector();

/** Ends this process here and now, and leaves the disk as a crash might. */
export function crash(lost: Losses | null, unsynced: Unsynced): never {
  if (lost !== null) unsynced.lose(lost);
  process.kill(process.pid, 'SIGKILL');
  // Nothing of this process goes on while the signal is under way.
  while (true) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}
