import { createHash } from 'node:crypto';
import { bytesToHex } from '@serment/core/bytes';
import { maxQueueTold, type QueuedDrill } from '@serment/core/wire/console';
import { type PendingDrill, pendingDrillStates } from '@serment/core/wire/drill';
import { jsonBoolean, jsonCount, jsonHex, jsonNullOr, jsonOneOf, jsonText, parseObject } from '@serment/core/wire/json';
import { type JobWithMetadata, PgBoss } from 'pg-boss';
import { databaseError } from './database-scope.ts';
import { ensureRole } from './migrate.ts';
import { openDatabase } from './postgres/connect.ts';

/** The schema and the role of the queue, which sees nothing of practices, as theirs see nothing of it. */
export const jobsRole = 'serment_jobs';
const schema = 'serment_jobs';
const queue = 'drill';

/** One practice (in hexadecimal) to restore from one destination. */
export interface DrillTask {
  readonly practice: string;
  readonly destination: string;
  /** The instant to restore, milliseconds since 1970; null for the newest state. */
  readonly at: number | null;
  /** Whether a person waits for it. */
  readonly isAsked: boolean;
}

/** The same of any task; one that is done has the number of its `drill` entry. */
export type DrillTaskState = PendingDrill | DoneDrill;

interface DoneDrill extends Pick<PendingDrill, 'destination' | 'at' | 'since'> {
  readonly state: 'done';
  readonly entry: number;
}

/** What is not done, of all practices: the first of each state, those that run first. */
export interface QueueOverview {
  readonly waiting: number;
  readonly running: number;
  /** Of each practice and destination, the last task, where it was given up. */
  readonly givenUp: number;
  readonly drills: readonly QueuedDrill[];
}

export interface DrillQueueOptions {
  /** Of the schema's owner, or of a superuser: the queue is served under a role that may less. */
  readonly databaseUrl: string;
  readonly onError: (error: unknown) => void;
  /** Between the tries of one task, seconds. */
  readonly retrySeconds?: number;
}

/** Runs a task; answers with the number of its entry. What it throws has it tried again, but DrillGivenUp, or the last time. */
export type DrillWorker = (task: DrillTask, attempt: DrillAttempt) => Promise<number>;

export interface DrillAttempt {
  readonly isLast: boolean;
  /** Aborted once the task counts as not run. */
  readonly signal: AbortSignal;
}

/** Thrown by a worker whose task is not to be tried again; `code` is what people are told. */
export class DrillGivenUp extends Error {
  readonly code: string;

  constructor(code: string) {
    super('The drill will not be run');
    this.code = code;
  }
}

/** Thrown by a worker whose task is to be tried later; `code` is what people are told. */
export class DrillPostponed extends Error {
  readonly code: string;

  constructor(code: string) {
    super('The drill could not be run');
    this.code = code;
  }
}

const tries = { retryLimit: 4, retrySeconds: 300 };
const pollSeconds = 5;
const heartbeatSeconds = 60;
const daySeconds = 86_400;
/** Of what was done: a task of a night, or of a week, is known until it cannot be asked for again. */
const keptSeconds = 15 * daySeconds;
const maxConnections = 2;

/**
 * Opens the queue of drills in a database, bringing its schema up to date. Every instance of an installation has it open
 * on the same database, and one task runs at a time among all of them. Throws what `openDatabase` throws, and
 * DATABASE_UNAVAILABLE.
 */
export async function openDrillQueue(options: DrillQueueOptions): Promise<DrillQueue> {
  try {
    const role = await install(options);
    const boss = new PgBoss({
      ...connectionOf(options.databaseUrl, role),
      ...{ schema, migrate: false, createSchema: false, schedule: false, reindex: false, registerInstance: false },
    });
    boss.on('error', options.onError);
    await boss.start();
    return new DrillQueue(boss);
  } catch (cause) {
    throw databaseError(cause);
  }
}

/** Makes the schema and the queue, as their owner, and what their role may do. Answers with the role to serve under. */
async function install({ databaseUrl, onError, retrySeconds = tries.retrySeconds }: DrillQueueOptions) {
  const owner = openDatabase({ url: databaseUrl, applicationName: 'serment-schema', maxConnections: 1 });
  try {
    const role = await ensureRole(owner, jobsRole);
    const boss = new PgBoss({
      ...connectionOf(databaseUrl, null),
      ...{ schema, supervise: false, schedule: false, registerInstance: false },
    });
    boss.on('error', onError);
    await boss.start();
    try {
      const limits = {
        ...{ retryLimit: tries.retryLimit, retryDelay: retrySeconds, heartbeatSeconds },
        ...{ expireInSeconds: daySeconds - 1, retentionSeconds: keptSeconds, deleteAfterSeconds: keptSeconds },
      };
      await boss.createQueue(queue, { policy: 'singleton', ...limits });
      await boss.updateQueue(queue, limits);
    } finally {
      await boss.stop({ graceful: false });
    }
    if (role !== null) await owner.unsafe(grants).simple();
    return role;
  } finally {
    await owner.end({ timeout: 5 });
  }
}

const grants = `
  GRANT USAGE ON SCHEMA ${schema} TO ${jobsRole};
  REVOKE ALL ON ALL TABLES IN SCHEMA ${schema} FROM ${jobsRole};
  GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${jobsRole};`;

function connectionOf(databaseUrl: string, role: string | null) {
  return {
    connectionString: databaseUrl,
    application_name: 'serment-jobs',
    max: maxConnections,
    ...(role === null ? {} : { options: `-c role=${role}` }),
  };
}

/** What is to be restored for a drill, in the order in which it is. */
export class DrillQueue {
  readonly #boss: PgBoss;
  #worker: string | null = null;

  constructor(boss: PgBoss) {
    this.#boss = boss;
  }

  /**
   * Adds a task under a name of its own; answers with its id. One of that name that was added in the last two weeks, by
   * whichever instance, stays the only one.
   */
  async add(name: string, task: DrillTask): Promise<string> {
    const id = idOf(name);
    try {
      await this.#boss.send(queue, task, { id, priority: task.isAsked ? 1 : 0 });
    } catch (cause) {
      throw databaseError(cause);
    }
    this.#wake();
    return id;
  }

  /** Runs what comes, one task after the other, until `stop`. */
  async work(run: DrillWorker): Promise<void> {
    const options = { includeMetadata: true, batchSize: 1, pollingIntervalSeconds: pollSeconds } as const;
    this.#worker = await this.#boss.work(queue, options, async (jobs) => {
      const [job] = jobs;
      if (job === undefined) return null;
      const attempt = { isLast: job.retryCount >= job.retryLimit, signal: job.signal };
      try {
        return { entry: await run(parseTask(job.data), attempt) };
      } catch (cause) {
        if (cause instanceof DrillGivenUp) return { code: cause.code };
        throw cause;
      } finally {
        // The next one follows at once.
        this.#wake();
      }
    });
  }

  /** What is not done yet of a practice; of what was given up, the last task of a destination that no later one followed. */
  async pending(practice: string): Promise<PendingDrill[]> {
    const states = (await this.#find({ data: { practice } })).map(stateOf);
    const last = new Map(states.map((state) => [state.destination, state]));
    return states.flatMap((state) => {
      if (state.state === 'done' || (state.state === 'given-up' && last.get(state.destination) !== state)) return [];
      return [state];
    });
  }

  /** How a task stands; null when there is none of that id any more. */
  async state(id: string): Promise<DrillTaskState | null> {
    const [job] = await this.#find({ id });
    return job === undefined ? null : stateOf(job);
  }

  /** What is not done of all practices: how many, and the first of each state. */
  async overview(): Promise<QueueOverview> {
    try {
      const { rows } = await this.#boss.getDb().executeSql(openTasks, [queue, maxQueueTold]);
      const drills = rows.map(queuedOf);
      const total = (state: PendingDrill['state']) => Number(rows.find((row) => row.state === state)?.total ?? 0);
      return { drills, waiting: total('waiting'), running: total('running'), givenUp: total('given-up') };
    } catch (cause) {
      throw databaseError(cause);
    }
  }

  /** Forgets every task of a destination but one that runs. */
  async drop(destination: string): Promise<void> {
    const jobs = await this.#find({ data: { destination } });
    const ids = jobs.flatMap(({ id, state }) => (state === 'active' ? [] : [id]));
    if (ids.length > 0) await this.#boss.deleteJob(queue, ids);
  }

  /** Whether some server runs a task now. */
  async isBusy(): Promise<boolean> {
    const stats = await this.#boss.getQueueStats(queue, { force: true });
    return stats.some(({ activeCount }) => activeCount > 0);
  }

  /** Gives up what runs: it is tried again later, here or by another instance. */
  async stop(): Promise<void> {
    await this.#boss.stop({ graceful: false });
  }

  #wake(): void {
    if (this.#worker !== null) this.#boss.notifyWorker(this.#worker);
  }

  async #find(what: { readonly id: string } | { readonly data: object }): Promise<JobWithMetadata[]> {
    try {
      return await this.#boss.findJobs(queue, what);
    } catch (cause) {
      throw databaseError(cause);
    }
  }
}

function stateOf({ data, state, createdOn, startedOn, output }: JobWithMetadata): DrillTaskState {
  const { destination, at } = parseTask(data);
  const said = new Map<string, unknown>(Object.entries(output ?? {}));
  const entry = said.get('entry');
  if (state === 'completed' && typeof entry === 'number')
    return { destination, at, state: 'done', since: startedOn.getTime(), entry };
  const isRunning = state === 'active';
  const code = said.get('code');
  return {
    ...{ destination, at },
    state: isRunning ? 'running' : state === 'created' || state === 'retry' ? 'waiting' : 'given-up',
    since: (isRunning ? startedOn : createdOn).getTime(),
    code: typeof code === 'string' ? code : null,
  };
}

/** Of the queue named $1, at most $2 of each state. */
const openTasks = `
  WITH tasks AS (SELECT data, created_on, started_on, output, CASE WHEN state = 'active' THEN 'running'
      WHEN state IN ('created', 'retry') THEN 'waiting' WHEN state = 'completed' AND output ? 'entry' THEN 'done'
      ELSE 'given-up' END AS state,
      row_number() OVER (PARTITION BY data->>'practice', data->>'destination' ORDER BY created_on DESC) AS place
    FROM ${schema}.job WHERE name = $1),
  open AS (SELECT *, count(*) OVER (PARTITION BY state) AS total,
      row_number() OVER (PARTITION BY state ORDER BY created_on) AS rank
    FROM tasks WHERE state IN ('running', 'waiting') OR (state = 'given-up' AND place = 1))
  SELECT data, state, total, output->>'code' AS code,
    floor(extract(epoch FROM CASE WHEN state = 'running' THEN started_on ELSE created_on END) * 1000) AS since
  FROM open WHERE rank <= $2 ORDER BY state = 'running' DESC, state = 'given-up' DESC, created_on`;

function queuedOf({ data, state, since, code }: Record<string, unknown>): QueuedDrill {
  const { practice, destination, at, isAsked } = parseTask(data);
  return {
    ...{ practice, destination, at, isAsked, since: Number(since), code: typeof code === 'string' ? code : null },
    state: jsonOneOf(pendingDrillStates)(state),
  };
}

function parseTask(data: unknown): DrillTask {
  const of = parseObject(data, ['practice', 'destination', 'at', 'isAsked']);
  return {
    practice: bytesToHex(jsonHex(of('practice'), 32)),
    destination: jsonText(of('destination')),
    at: jsonNullOr(of('at'), jsonCount),
    isAsked: jsonBoolean(of('isAsked')),
  };
}

/** The same id for the same name: a UUID (RFC 9562, version 8) of its hash. */
function idOf(name: string): string {
  const bytes = new Uint8Array(createHash('sha256').update(name).digest().subarray(0, 16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytesToHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
