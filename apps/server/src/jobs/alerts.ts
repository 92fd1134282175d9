import { setTimeout as delay } from 'node:timers/promises';
import { bytesToHex } from '@serment/core/bytes';
import { type AlertCause, type PracticeAlert, practiceAlertCauses } from '@serment/core/wire/alert';
import type { Alert, Observation } from '@serment/store/alerts/alert';
import { listAlerts, listFailingChannels, takeLook } from '@serment/store/alerts/alert-log';
import { keepVerification, listProofs } from '@serment/store/alerts/proofs';
import type { CopyPlace } from '@serment/store/copy/places';
import { asHost } from '@serment/store/database-scope';
import type { Store } from '@serment/store/store';
import type { FastifyBaseLogger } from 'fastify';
import type { AlertConfig } from '../alerts/alert-config.ts';
import { AnomalyWatch } from '../alerts/anomaly-watch.ts';
import { CertificateWatch, type ServedCertificate } from '../alerts/certificate-watch.ts';
import { CopyWatch } from '../alerts/copy-watch.ts';
import { DiskWatch } from '../alerts/disk-watch.ts';
import { LockWatch } from '../alerts/lock-watch.ts';
import { openChannel } from '../alerts/open-channel.ts';
import { AlertSender } from '../alerts/sender.ts';
import { WitnessWatch } from '../alerts/witness-watch.ts';
import type { Alerts } from '../app-context.ts';
import type { Sms } from '../sms/sms.ts';
import type { CopyJob } from './copies.ts';

export interface AlertJobOptions {
  readonly store: Store;
  readonly dataDir: string;
  readonly copies: Pick<CopyJob, 'places' | 'status' | 'held'>;
  readonly config: AlertConfig;
  readonly certificates: readonly ServedCertificate[];
  readonly sms: Sms;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly log: FastifyBaseLogger;
}

export interface AlertJob extends Alerts {
  /** Looks at everything now, and sends what is to be said. Called by itself every minute. */
  look(): Promise<void>;
  /** When the first lock of each bucket ends, of those that were looked at last. */
  lockEnds(): ReadonlyMap<string, number>;
  stop(): Promise<void>;
}

const lookEveryMs = 60_000;
/** After something that may be unusual: what follows it at once is looked at with it. */
const soonMs = 1000;
const leaveMs = 5000;
/** A channel that failed that often in a row, over a quarter of an hour, is told of on the others. */
const failuresTold = 4;
/** How soon it must be before the practices themselves are told, who can do no more than ask. */
const practiceMs = 3 * 86_400_000;

/** Looks every minute at what may be wrong with this host, and tells whom `--alerts` names. */
export function startAlerts(options: AlertJobOptions): AlertJob {
  let soon: NodeJS.Timeout | null = null;
  const onSuspicion = () => {
    soon ??= setTimeout(again, soonMs).unref();
  };
  const watcher = new AlertWatcher({ ...options, onSuspicion });
  let running: Promise<void> | null = null;
  const look = () => {
    running ??= watcher.look().finally(() => {
      running = null;
    });
    return running;
  };
  const again = () => {
    soon = null;
    return look().catch((err: unknown) => options.log.warn({ err }, 'alerts could not be looked at'));
  };
  const timer = setInterval(again, lookEveryMs);
  timer.unref();
  void again();
  return {
    look,
    open: () => watcher.open,
    of: (practice) => watcher.of(practice),
    lockEnds: () => watcher.locks.ends(),
    noteRevoked: (practice, author) => watcher.anomalies.noteRevoked(practice, author),
    noteOtherHistory: (practice, author) => watcher.anomalies.noteOtherHistory(practice, author),
    isAnnounced: (practice, author) => watcher.anomalies.isAnnounced(practice, author),
    noteAnnounced: (practice, author) => watcher.anomalies.noteAnnounced(practice, author),
    onChange: (listener) => watcher.onChange(listener),
    async stop() {
      clearInterval(timer);
      if (soon !== null) clearTimeout(soon);
      // A channel that hangs holds back no stop: what it was sent is sent again after the next start, under its id.
      await Promise.race([running?.catch(() => undefined), delay(leaveMs, null, { ref: false })]);
    },
  };
}

class AlertWatcher {
  readonly #options: AlertJobOptions;
  readonly #since: number;
  readonly #copies: CopyWatch;
  readonly #disks: DiskWatch;
  readonly #certificates: CertificateWatch;
  readonly locks: LockWatch;
  readonly #witnesses: WitnessWatch;
  readonly anomalies: AnomalyWatch;
  readonly #sender: AlertSender;
  readonly #listeners = new Set<() => void>();
  /** By practice and copy: when the verification that is kept was. */
  readonly #kept = new Map<string, number>();
  /** By part of what is looked at. */
  readonly #found = new Map<string, readonly Observation[]>();
  #told = '';
  #isBegun = false;
  open: readonly Alert[] = [];

  constructor(options: AlertJobOptions & { readonly onSuspicion: () => void }) {
    const { store, dataDir, copies, config, certificates, sms, clock, log } = options;
    const { bounds, channels, language, timeZone } = config;
    const { database } = store;
    const folders = () => copies.places.flatMap((place) => (place.kind === 'folder' ? [place] : []));
    const buckets = () => copies.places.filter((place): place is Bucketed => place.kind === 's3');
    this.#options = options;
    this.#since = clock();
    this.#copies = new CopyWatch(bounds);
    this.#disks = new DiskWatch({
      ...{ database, boundMs: bounds.diskMs, places: () => [{ name: '', path: dataDir }, ...folders()] },
    });
    this.#certificates = new CertificateWatch(certificates, bounds.certificateMs);
    this.locks = new LockWatch(buckets);
    this.#witnesses = new WitnessWatch(store);
    this.anomalies = new AnomalyWatch(store, { clock, onSuspicion: options.onSuspicion });
    this.#sender = new AlertSender({
      ...{ database, clock, log, style: { language, timeZone } },
      channels: channels.map((channel) => openChannel(channel, sms)),
    });
  }

  async look(): Promise<void> {
    const { store, config, clock } = this.#options;
    const now = clock();
    // After a restart, what was told is known before anything is looked at.
    if (!this.#isBegun) this.open = await listAlerts(store.database, now, 0);
    this.#isBegun = true;
    const observations = await this.#observe(now);
    const look = { observations, now, watchingSince: this.#since, plan: config.plan };
    this.open = await takeLook(store.database, look);
    this.#tell();
    await this.#sender.send();
  }

  of(practice: string): PracticeAlert[] {
    const now = this.#options.clock();
    return this.open.flatMap(({ cause, subject, practices, since, at, entry }) => {
      const told = practiceAlertCauses.find((one) => one === cause);
      const isTheirs = practices.length === 0 || practices.includes(practice);
      if (told === undefined || !isTheirs) return [];
      // A disk that is nearly full, and does not fill, is the host's own matter.
      const isDated = told === 'disk-full' || told === 'certificate-ends';
      const isSoon = !isDated || (at !== null && at - now < practiceMs);
      const isOfCopy = (told === 'disk-full' && subject !== '') || told === 'lock-short';
      return isSoon ? [{ cause: told, copy: isOfCopy ? subject : null, since, at, entry }] : [];
    });
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #observe(now: number): Promise<Observation[]> {
    const { copies, config } = this.#options;
    const told = (cause: AlertCause) =>
      new Set(this.open.flatMap((alert) => (alert.cause === cause ? [alert.subject] : [])));
    const open = new Set(this.open.map(({ cause, subject }) => `${cause} ${subject}`));
    const found = [
      await this.#from('copies', () => this.#copiesAt(now, told('copy-failing'))),
      await this.#from('disks', () => this.#disks.look(now, told('disk-full'))),
      await this.#from('certificates', () => this.#certificates.look(now)),
      await this.#from('locks', async () => this.locks.look(now, (copy) => copies.held(copy))),
      await this.#from('witnesses', () => this.#witnesses.look(now)),
      await this.#from('channels', () => this.#failingChannels(config)),
      await this.#from('anomalies', () => this.anomalies.look(now, open)),
    ];
    return found.flat();
  }

  /** What cannot be looked at holds back nothing else, and stands as it was found last. */
  async #from(source: string, look: () => Promise<readonly Observation[]>): Promise<readonly Observation[]> {
    try {
      const found = await look();
      this.#found.set(source, found);
      return found;
    } catch (err) {
      this.#options.log.warn({ err, source }, 'a part of what may be wrong could not be looked at');
      return this.#found.get(source) ?? [];
    }
  }

  async #copiesAt(now: number, failing: ReadonlySet<string>): Promise<readonly Observation[]> {
    const statuses = await this.#statuses(now);
    const proofs = await listProofs(this.#options.store.database);
    return this.#copies.look({ statuses, proofs, now, failing });
  }

  /** How each practice's copies stand; what their last verification found is kept. */
  async #statuses(now: number) {
    const { store, copies } = this.#options;
    const rows = await asHost(
      store.database,
      (sql) => sql<{ practice: Uint8Array }[]>`SELECT practice FROM serment.practices ORDER BY practice`,
    );
    const statuses = new Map(rows.map(({ practice }) => [bytesToHex(practice), copies.status(bytesToHex(practice))]));
    for (const [practice, list] of statuses)
      for (const { name: copy, size, verifiedAt, verifiedFindings } of list) {
        const key = `${practice} ${copy}`;
        if (size === 0 || this.#kept.get(key) === (verifiedAt ?? 0)) continue;
        const verification = { since: now, verifiedAt, findings: verifiedFindings ?? 0 };
        await keepVerification(store.database, { practice, copy }, verification);
        this.#kept.set(key, verifiedAt ?? 0);
      }
    return statuses;
  }

  async #failingChannels({ channels }: AlertConfig): Promise<Observation[]> {
    const failing = await listFailingChannels(this.#options.store.database);
    return failing.flatMap(({ channel, failures, since, code }) => {
      const isTold = failures >= failuresTold && channels.some(({ name }) => name === channel);
      return isTold
        ? [{ cause: 'channel-failing' as const, subject: channel, practices: [], since, code, at: null, entry: null }]
        : [];
    });
  }

  #tell(): void {
    const told = this.open
      .map(({ alert, times, at, practiceCount }) => `${alert} ${times} ${at} ${practiceCount}`)
      .join();
    if (told === this.#told) return;
    this.#told = told;
    for (const listener of this.#listeners) listener();
  }
}

type Bucketed = Extract<CopyPlace, { kind: 's3' }>;
