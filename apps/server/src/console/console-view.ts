import { type Bytes, bytesToHex } from '@serment/core/bytes';
import type { DrillCalendar, DrillNight, HostOverview, JobsView, PracticeDetail } from '@serment/core/wire/console';
import { listDisks } from '@serment/store/console/disks';
import { listNights, listRunsAbout, weighCopies } from '@serment/store/console/drill-runs';
import { listActs } from '@serment/store/console/operator-acts';
import { readSamples, type SampleStep } from '@serment/store/console/samples';
import type { Store } from '@serment/store/store';
import type { Drills } from '../app-context.ts';
import type { CopyJob } from '../jobs/copies.ts';
import type { ServerHealth } from '../server-health.ts';
import { ConsolePractices } from './console-practices.ts';
import { copyOverview } from './copy-overview.ts';

export interface ConsoleViewOptions {
  readonly store: Store;
  readonly copies: Pick<CopyJob, 'places' | 'status' | 'verifying'>;
  readonly drills: Drills | null;
  readonly health: ServerHealth;
  readonly version: string;
  readonly clock: () => number;
}

const dayMs = 86_400_000;
/** How far back a practice's page looks, by how far apart its samples stand. */
const spans: Readonly<Record<SampleStep, number>> = { 5: 2 * dayMs, 60: 30 * dayMs, 1440: 3 * 365 * dayMs };
const calendarDays = 92;
const runsTold = 60;
const actsTold = 100;
/** How long what changes slowly, and costs to read, is not read again. */
const weighedMs = 60_000;

/** What the console shows, and what figures for Prometheus are taken from. */
export class ConsoleView {
  readonly practices: ConsolePractices;
  readonly #options: ConsoleViewOptions;
  readonly #started: number;
  #weighed: { readonly at: number; readonly bytes: ReadonlyMap<string, number> } | null = null;

  constructor(options: ConsoleViewOptions) {
    this.#options = options;
    this.#started = options.clock();
    this.practices = new ConsolePractices(options);
  }

  async overview(): Promise<HostOverview> {
    const { store, copies, drills, health, version, clock } = this.#options;
    const now = clock();
    const all = await this.practices.all();
    const bytes = await this.#weigh();
    const [queue, disks] = [await drills?.overview(), await listDisks(store.database, now)];
    return {
      ...{ version, started: this.#started, time: now, ...(await health.read()) },
      memoryBytes: process.memoryUsage.rss(),
      practices: all.length,
      entries: all.reduce((sum, one) => sum + one.entries, 0),
      bytes: all.reduce((sum, one) => sum + one.bytes, 0),
      suspended: all.filter(({ suspended }) => suspended !== null).length,
      copies: copies.places.map((place) => copyOverview(place, all, bytes.get(place.name) ?? null)),
      disks,
      lastNight: await this.#lastNight(),
      ...{ waiting: (queue?.waiting ?? 0) + (queue?.running ?? 0), givenUp: queue?.givenUp ?? 0 },
    };
  }

  async calendar(): Promise<DrillCalendar> {
    const { store, drills, clock } = this.#options;
    const time = clock();
    const since = new Date(time - calendarDays * dayMs).toISOString().slice(0, 10);
    const { name: night, isOver } = drills?.night() ?? {
      name: new Date(time).toISOString().slice(0, 10),
      isOver: true,
    };
    return { time, night, isOver, nights: await listNights(store.database, since) };
  }

  async jobs(): Promise<JobsView> {
    const { copies, drills, clock } = this.#options;
    const { verifying, waiting } = copies.verifying();
    const queue = (await drills?.overview()) ?? { waiting: 0, running: 0, givenUp: 0, drills: [] };
    return { time: clock(), ...queue, verifying, verificationsWaiting: waiting };
  }

  /** Null when there is no such practice. */
  async practice(id: Bytes, step: SampleStep): Promise<PracticeDetail | null> {
    const { store, drills, clock } = this.#options;
    const name = bytesToHex(id);
    const practice = (await this.practices.all()).find((one) => bytesToHex(one.practice) === name);
    if (practice === undefined) return null;
    const time = clock();
    const { sizes, lags } = await readSamples(store.database, { practice: id, step, since: time - spans[step] });
    return {
      ...{ time, practice },
      sizes: sizes.map(({ at, entries, bytes }) => [at, entries, bytes]),
      lags: lags.map(({ copy, at, lagMs }) => [copy, at, lagMs]),
      drills: await listRunsAbout(store.database, name, runsTold),
      pending: (await drills?.pending(name)) ?? [],
      acts: await listActs(store.database, id, actsTold),
    };
  }

  /** The night that was over last, of all copies; null before the first. */
  async #lastNight(): Promise<DrillNight | null> {
    const { night, isOver, nights } = await this.calendar();
    const last = nights.filter((one) => isOver || one.night < night).at(-1)?.night;
    if (last === undefined) return null;
    const own = nights.filter((one) => one.night === last);
    const sum = (of: 'proven' | 'failed' | 'inconclusive' | 'open') => own.reduce((total, one) => total + one[of], 0);
    return {
      ...{ night: last, copy: '', proven: sum('proven'), failed: sum('failed') },
      ...{ inconclusive: sum('inconclusive'), open: sum('open') },
    };
  }

  async #weigh(): Promise<ReadonlyMap<string, number>> {
    if (this.#weighed === null || performance.now() - this.#weighed.at > weighedMs)
      this.#weighed = { at: performance.now(), bytes: await weighCopies(this.#options.store.database) };
    return this.#weighed.bytes;
  }
}
