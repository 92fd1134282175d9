import { randomInt, randomUUID } from 'node:crypto';
import { hexToBytes } from '@serment/core/bytes';
import { CodedError } from '@serment/core/error';
import type { Body } from '@serment/core/journal/body';
import { parseEntry } from '@serment/core/journal/entry';
import type { PendingDrill } from '@serment/core/wire/drill';
import { keepDrill } from '@serment/store/alerts/proofs';
import { endRun, planRun } from '@serment/store/console/drill-runs';
import { comparedToLive, type DrillResult } from '@serment/store/copy/drill';
import { clearScratch } from '@serment/store/copy/scratch-store';
import {
  type DrillAttempt,
  DrillGivenUp,
  DrillPostponed,
  type DrillQueue,
  type DrillTask,
} from '@serment/store/drill-queue';
import { readEntries, readRootAt } from '@serment/store/journal/read';
import type { Store } from '@serment/store/store';
import type { FastifyBaseLogger } from 'fastify';
import type { Drills } from '../app-context.ts';
import type { CopyJob } from './copies.ts';
import { runDrillProcess } from './drill-process.ts';
import { type DrillWindow, nightAt, slotOf, weekOf } from './drill-schedule.ts';

export interface DrillJobOptions {
  readonly store: Store;
  readonly queue: DrillQueue;
  readonly copies: Pick<CopyJob, 'places' | 'held'>;
  readonly window: DrillWindow;
  /** Where scratch databases are made: this server's own, or one that others use too. */
  readonly scratchDir: string;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly log: FastifyBaseLogger;
}

export interface DrillJob extends Drills {
  /** Adds what is due by now. Called by itself every minute. */
  plan(): Promise<void>;
  /** Ends the drill that runs, which is run again later, and destroys its scratch database. */
  stop(): Promise<void>;
}

const lookEveryMs = 60_000;
/** From when on a practice is drilled: there is something to lose, and it did not begin in the middle of a night. */
const firstAfterMs = 12 * 3_600_000;

/**
 * Every night each practice from each destination, and every week one of them, drawn by lot, to an instant in the past.
 * What a killed server left is destroyed first. A night that was missed is made up for once a server runs again.
 */
export async function startDrills(options: DrillJobOptions): Promise<DrillJob> {
  const cleared = await clearScratch(options.scratchDir);
  if (cleared > 0) options.log.warn({ cleared }, 'drills that were killed had left scratch databases');
  const planner = new DrillPlanner(options);
  const stopping = new AbortController();
  let running: Promise<unknown> = Promise.resolve();
  await options.queue.work((task, attempt) => {
    const run = runTask(task, { ...attempt, signal: AbortSignal.any([attempt.signal, stopping.signal]) }, options);
    running = run.catch(() => undefined);
    return run;
  });
  const plan = () => planner.plan().catch((err: unknown) => options.log.warn({ err }, 'drills could not be planned'));
  const timer = setInterval(plan, lookEveryMs);
  timer.unref();
  return {
    plan: () => planner.plan(),
    pending: (practice) => options.queue.pending(practice),
    overview: () => options.queue.overview(),
    forget: (destination) => options.queue.drop(destination),
    async ask(practice, destination) {
      if (!options.copies.held(destination).includes(practice)) return false;
      const pending = await options.queue.pending(practice);
      const isOpen = (one: PendingDrill) =>
        one.destination === destination && one.at === null && one.state !== 'given-up';
      if (pending.some(isOpen)) return true;
      await options.queue.add(`asked ${randomUUID()}`, { practice, destination, at: null, isAsked: true });
      return true;
    },
    async stop() {
      clearInterval(timer);
      stopping.abort();
      await running;
      await options.queue.stop();
    },
  };
}

class DrillPlanner {
  readonly #options: DrillJobOptions;
  readonly #created = new Map<string, number>();
  /** Of the night under way: what was added needs no second look. */
  #added = { night: '', names: new Set<string>() };

  constructor(options: DrillJobOptions) {
    this.#options = options;
  }

  async plan(): Promise<void> {
    const { window, copies, clock } = this.#options;
    const now = clock();
    const night = nightAt(now, window);
    if (this.#added.night !== night.name) this.#added = { night: night.name, names: new Set() };
    for (const { name: destination } of copies.places) {
      const old: string[] = [];
      for (const practice of copies.held(destination)) {
        const slot = slotOf(night, window, practice, destination);
        if ((await this.#createdAt(practice)) + firstAfterMs > slot) continue;
        old.push(practice);
        if (slot <= now) {
          const isNew = await this.#add(`night ${night.name} ${destination} ${practice}`, {
            ...{ practice, destination, at: null },
          });
          const planned = { night: night.name, practice, copy: destination, due: slot };
          if (isNew) await planRun(this.#options.store.database, planned);
        }
      }
      await this.#planWeek(`week ${weekOf(night)} ${destination}`, destination, old);
    }
  }

  async #planWeek(name: string, destination: string, practices: readonly string[]): Promise<void> {
    if (practices.length === 0) return;
    const practice = practices[randomInt(practices.length)] ?? '';
    const created = await this.#createdAt(practice);
    // Each hour of its life is as likely as any other.
    const hours = Math.floor((this.#options.clock() - created) / 3_600_000);
    await this.#add(name, { practice, destination, at: created + randomInt(Math.max(1, hours)) * 3_600_000 });
  }

  /** False for one that was added already, as far as this process knows. */
  async #add(name: string, task: Omit<DrillTask, 'isAsked'>): Promise<boolean> {
    if (this.#added.names.has(name)) return false;
    await this.#options.queue.add(name, { ...task, isAsked: false });
    this.#added.names.add(name);
    return true;
  }

  /** When its first entry was received. */
  async #createdAt(practice: string): Promise<number> {
    const known = this.#created.get(practice);
    if (known !== undefined) return known;
    const [first] = await readEntries(this.#options.store.database, hexToBytes(practice), { from: 0, limit: 1 });
    if (first === undefined) return Number.POSITIVE_INFINITY;
    const { receivedAt } = parseEntry(first);
    this.#created.set(practice, receivedAt);
    return receivedAt;
  }
}

/** Restores, compares with the live journal, and writes in it what came of it. Answers with the entry's number. */
async function runTask(task: DrillTask, { isLast, signal }: DrillAttempt, options: DrillJobOptions): Promise<number> {
  const { store, copies, scratchDir, window, clock, log } = options;
  const practice = hexToBytes(task.practice);
  const place = copies.places.find(({ name }) => name === task.destination);
  if (place === undefined) throw new DrillGivenUp('DESTINATION_UNKNOWN');
  const startedAt = clock();
  const ran = await runDrillProcess({ place, practice: task.practice, at: task.at, scratchDir }, signal);
  if (signal.aborted) throw new DrillPostponed('DRILL_STOPPED');
  const result = ran === null ? crashed(task, startedAt) : await compared({ ...ran, startedAt }, store);
  const { destination, outcome, codes, durationMs } = result;
  log.info({ destination, outcome, codes, durationMs }, 'a drill was run');
  // What kept it from an answer may be over soon; a person who asked is told at once.
  if (outcome === 'inconclusive' && !isLast && !task.isAsked) throw new DrillPostponed(codes[0] ?? 'UNKNOWN');
  if (outcome !== 'inconclusive') {
    const failed = outcome === 'failed' ? (codes[0] ?? 'UNKNOWN').slice(0, 64) : null;
    await keepDrill(store.database, { practice: task.practice, copy: destination }, { at: clock(), failed });
  }
  try {
    const { receipts } = await store.appendAsHost(practice, bodiesOf(result));
    await endRun(store.database, {
      ...{ night: nightAt(clock(), window).name, practice: task.practice, copy: destination, ended: clock() },
      ...{ isNightly: task.at === null && !task.isAsked, outcome, code: codes[0]?.slice(0, 64) ?? null, durationMs },
      bytes: result.copy?.bytes ?? null,
    });
    return receipts.at(-1)?.index ?? 0;
  } catch (cause) {
    // Such as a vault that was restored, which takes no entry before a member accepted it.
    if (cause instanceof CodedError) throw new (task.isAsked ? DrillGivenUp : DrillPostponed)(String(cause.code));
    throw cause;
  }
}

async function compared(result: DrillResult, store: Store): Promise<DrillResult> {
  return comparedToLive(result, await readRootAt(store.database, hexToBytes(result.practice), result.size));
}

function bodiesOf({ practice: _, copy, ...drill }: DrillResult): Body[] {
  const backup: Body[] = copy === null ? [] : [{ kind: 'backup', destination: drill.destination, ...copy }];
  return [...backup, { kind: 'drill', ...drill }];
}

/** The process ended without an answer, such as for want of memory. */
function crashed({ practice, destination, at }: DrillTask, startedAt: number): DrillResult {
  const none = { size: 0, root: new Uint8Array(32), entries: 0, blobs: 0, bytes: 0, clinical: 0, billing: 0 };
  return {
    ...{ practice, destination, at, startedAt, durationMs: 0, ...none, findings: 0 },
    ...{ outcome: 'inconclusive', codes: ['DRILL_CRASHED'], copy: null },
  };
}
