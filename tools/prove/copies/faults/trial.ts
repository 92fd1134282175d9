import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ChildAnswer, ChildOrder } from './child.ts';
import type { Seen } from './injector.ts';
import { type Fault, isCrash, type Kind, type Write } from './kinds.ts';
import { firedFile, type Operation, type Outcome, type Ran, readLines, readTold } from './operation.ts';
import type { FaultVault } from './vault.ts';

const longestMs = 90_000;
const here = (name: string) => join(import.meta.dirname, name);

/** Nothing fails, it is only slow, or the clock wrong. */
const harmless: ReadonlySet<Kind> = new Set(['latency', 'clock-ahead', 'clock-back']);

/** What one fault led to. */
export interface Trial {
  readonly operation: string;
  readonly fault: Fault | null;
  readonly write: Write | null;
  readonly hasFired: boolean;
  readonly outcome: Outcome;
  /** What is lost, unreported or said wrongly, a line each. */
  readonly wrong: readonly string[];
  readonly writes: readonly Write[];
}

/** Runs operations in a process of its own, which a fault may kill. */
export class Bench {
  readonly #vault: FaultVault;
  readonly #breaker: string | null;
  #child: ChildProcess | null = null;
  #number = 0;
  readonly #name: string;

  /** `breaker` is a module that breaks the product, loaded before it. */
  constructor(vault: FaultVault, { name, breaker = null }: { name: string; breaker?: string | null }) {
    this.#vault = vault;
    this.#name = name;
    this.#breaker = breaker;
  }

  /** One run with one fault, or none, and what is found after it. */
  async try(operation: Operation, fault: Fault | null, write: Write | null = null): Promise<Trial> {
    const folder = this.#vault.path(`${this.#name}-${this.#number++}`);
    const order = await operation.order(this.#vault, folder);
    try {
      const { outcome, seen } = await this.#run({ operation: operation.name, order, fault });
      const ran: Ran = { outcome, told: readTold(order), kind: fault?.kind ?? null };
      const hasFired = readLines(firedFile(order)).length === 1;
      const wrong = [...misled(ran), ...(await operation.check(order, ran, this.#vault).catch(thrown))];
      const writes = seen?.writes ?? [];
      return { operation: operation.name, fault, write, hasFired, outcome, wrong, writes };
    } finally {
      await operation.end(order, this.#vault);
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    }
  }

  async close(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null) return;
    const ended = once(child, 'exit');
    child.disconnect();
    await ended;
  }

  async #run(asked: ChildOrder): Promise<{ outcome: Outcome; seen: Seen | null }> {
    const child = await this.#started();
    return new Promise((resolve) => {
      const timer = setTimeout(() => child.kill('SIGKILL'), longestMs);
      const ended = (_: number | null, signal: string | null) => {
        clearTimeout(timer);
        this.#child = null;
        const isOwn = signal === 'SIGKILL' && asked.fault !== null && isCrash(asked.fault.kind);
        const failed = { end: 'failed' as const, code: null, message: `the process ended by itself (${signal})` };
        resolve({ outcome: isOwn ? { end: 'killed' } : failed, seen: null });
      };
      child.once('exit', ended);
      child.once('message', (answer: ChildAnswer) => {
        clearTimeout(timer);
        child.off('exit', ended);
        resolve(answer);
      });
      child.send(asked);
    });
  }

  async #started(): Promise<ChildProcess> {
    if (this.#child !== null) return this.#child;
    const breaking = this.#breaker === null ? [] : ['--import', this.#breaker];
    const child = fork(here('child.ts'), [], { execArgv: ['--import', here('install.ts'), ...breaking] });
    const ended = once(child, 'exit').then(() => {
      throw new Error('The process under test did not start');
    });
    await Promise.race([once(child, 'message'), ended]);
    // Its end is looked for by each run.
    ended.catch(() => undefined);
    this.#child = child;
    return child;
  }
}

/** What the run itself says is wrong: an end that nobody can understand, or none where there is one to be. */
function misled({ outcome, kind }: Ran): string[] {
  if (outcome.end === 'failed' && outcome.code === null) return [`ended without a code: ${outcome.message}`];
  if (outcome.end === 'failed' && (kind === null || harmless.has(kind)))
    return [`failed where nothing did: ${outcome.code}`];
  return [];
}

function thrown(cause: unknown): string[] {
  return [`could not be checked: ${cause instanceof Error ? cause.stack : String(cause)}`];
}
