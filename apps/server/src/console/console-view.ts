import { type Bytes, bytesToHex } from '@serment/core/bytes';
import type {
  AlertsView,
  DrillCalendar,
  DrillNight,
  HostOverview,
  JobsView,
  PracticeDetail,
} from '@serment/core/wire/console';
import { listAlerts } from '@serment/store/alerts/alert-log';
import { type AlertLanguage, describeAlert } from '@serment/store/alerts/alert-text';
import { listDisks } from '@serment/store/console/disks';
import { listNights, listRunsAbout, weighCopies } from '@serment/store/console/drill-runs';
import { listActs } from '@serment/store/console/operator-acts';
import { readSamples, type SampleStep } from '@serment/store/console/samples';
import type { Store } from '@serment/store/store';
import { writer } from '../alerts/message.ts';
import type { Drills } from '../app-context.ts';
import type { AlertJob } from '../jobs/alerts.ts';
import type { CopyJob } from '../jobs/copies.ts';
import { type DrillWindow, nightAt } from '../jobs/drill-schedule.ts';
import type { ServerHealth } from '../server-health.ts';
import { ConsolePractices } from './console-practices.ts';
import { copyOverview, retiredCopy } from './copy-overview.ts';

export interface ConsoleViewOptions {
  readonly store: Store;
  readonly copies: Pick<CopyJob, 'places' | 'retired' | 'status' | 'verifying'>;
  readonly drills: Drills | null;
  /** When trial restorations are run, by the host's clock on the wall: its nights, and its hours. */
  readonly window: DrillWindow;
  readonly alerts: Pick<AlertJob, 'lockEnds'>;
  readonly health: ServerHealth;
  readonly version: string;
  readonly clock: () => number;
}

const dayMs = 86_400_000;
/** How far back a practice's page looks, by how far apart its samples stand. */
const spans: Readonly<Record<SampleStep, number>> = { 5: 2 * dayMs, 60: 30 * dayMs, 1440: 3 * 365 * dayMs };
const calendarDays = 92;
const overToldMs = 7 * dayMs;
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
    const { store, copies, drills, alerts, health, version, clock } = this.#options;
    const now = clock();
    const all = await this.practices.all();
    const bytes = await this.#weigh();
    const [queue, disks] = [await drills?.overview(), await listDisks(store.database, now)];
    const [names, ends] = [new Set(['', ...copies.places.map(({ name }) => name)]), alerts.lockEnds()];
    return {
      ...{ version, started: this.#started, time: now, ...(await health.read()) },
      memoryBytes: process.memoryUsage.rss(),
      practices: all.length,
      entries: all.reduce((sum, one) => sum + one.entries, 0),
      bytes: all.reduce((sum, one) => sum + one.bytes, 0),
      suspended: all.filter(({ suspended }) => suspended !== null).length,
      copies: copies.places.map((place) => {
        const seen = { bytes: bytes.get(place.name) ?? null, lockEnds: ends.get(place.name) ?? null };
        return copyOverview(place, all, seen);
      }),
      retired: copies.retired.map(retiredCopy),
      // What was measured of a copy that was retired since is of no use.
      disks: disks.filter(({ name }) => names.has(name)),
      lastNight: await this.#lastNight(),
      ...{ waiting: (queue?.waiting ?? 0) + (queue?.running ?? 0), givenUp: queue?.givenUp ?? 0 },
    };
  }

  async calendar(): Promise<DrillCalendar> {
    const { store, window, clock } = this.#options;
    const time = clock();
    const { name: night, from } = nightAt(time, window);
    const isOver = time > from + window.minutes * 60_000;
    const since = nightAt(time - calendarDays * dayMs, window).name;
    return { time, night, isOver, nights: await listNights(store.database, since) };
  }

  /** What is wrong, and what was lately, in the words of the messages that tell it. */
  async alerts(language: AlertLanguage): Promise<AlertsView> {
    const { store, window, clock } = this.#options;
    const time = clock();
    const when = writer({ language, timeZone: window.timeZone });
    const alerts = (await listAlerts(store.database, time, overToldMs)).map((one) => {
      const { alert, cause, since, cleared, acknowledged, acknowledgedBy } = one;
      return { alert, cause, ...describeAlert(one, language, when), since, cleared, acknowledged, acknowledgedBy };
    });
    return { time, alerts };
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
