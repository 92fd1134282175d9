import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { signCheckpoint } from '@serment/core/journal/checkpoint';
import type { Signer } from '@serment/core/signer';
import type { Receipt } from '@serment/core/wire/append';
import { inPractice } from '../database-scope.ts';
import { StoreError } from '../error.ts';
import type { Database } from '../postgres/connect.ts';
import { type PlannedEntry, planRequest, type Request } from './plan.ts';
import { emptyState, loadState, type PracticeState, readHead, remember, saveGovernance } from './practice-state.ts';
import type { Tile } from './tiles.ts';
import { writeGroup } from './write-group.ts';

export interface Appended {
  readonly receipts: readonly Receipt[];
  /** Size and signed note of a checkpoint that holds them. */
  readonly size: number;
  readonly note: string;
}

export interface AppenderOptions {
  readonly database: Database;
  readonly signer: Signer;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Told after each durable commit. Must not throw. */
  readonly onCommit: (practice: Bytes, checkpoint: { size: number; note: string }) => void;
}

interface Work {
  readonly request: Request;
  readonly resolve: (appended: Appended) => void;
  readonly reject: (reason: unknown) => void;
  attempts: number;
}

const maxGroupEntries = 512;
const maxGroupBytes = 4_194_304;
const maxAttempts = 6;
const saveEvery = 4096;

/**
 * Appends to one practice: requests that wait share one transaction (group commit). The state is kept in memory and
 * guarded by the head's size in the database; whatever goes wrong, it is dropped and read again.
 */
export class Appender {
  readonly #practice: Bytes;
  readonly #options: AppenderOptions;
  readonly #queue: Work[] = [];
  #state: PracticeState | null = null;
  #loading: Promise<PracticeState | null> | null = null;
  #running: Promise<void> | null = null;
  #savedSize = 0;
  /** After a failure that may be one request's own, the next ones are written each alone. */
  #alone = 0;

  constructor(practice: Bytes, options: AppenderOptions) {
    this.#practice = practice;
    this.#options = options;
  }

  get isIdle(): boolean {
    return this.#running === null;
  }

  /**
   * Appends all or none of a request; answers once it is durable. A request whose entries all stand already is answered
   * with their first receipts. Throws what `planRequest` and `writeGroup` throw, PRACTICE_UNKNOWN, JOURNAL_DAMAGED.
   */
  append(request: Request): Promise<Appended> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ request, resolve, reject, attempts: 0 });
      this.#start();
    });
  }

  /** The state after the last commit or, while one is under way, after it; null when there is no such practice. */
  async state(): Promise<PracticeState | null> {
    if (this.#state !== null) return this.#state;
    this.#loading ??= loadState(this.#options.database, this.#practice).finally(() => {
      this.#loading = null;
    });
    const loaded = await this.#loading;
    if (loaded !== null) this.#state ??= loaded;
    return this.#state;
  }

  /** Forgets the state when another instance has moved the head. */
  async refresh(): Promise<void> {
    const { database } = this.#options;
    const head = await inPractice(database, this.#practice, (sql) => readHead(sql, this.#practice));
    if (this.isIdle && this.#state !== null && head?.size !== this.#state.frontier.size) this.#state = null;
  }

  /** Waits for what is under way, then keeps the projection for the next start. */
  async close(): Promise<void> {
    while (this.#running !== null) await this.#running;
    const state = this.#state;
    if (state === null || state.frontier.size === this.#savedSize) return;
    await saveGovernance(this.#options.database, state);
    this.#savedSize = state.frontier.size;
  }

  #start(): void {
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
      // What came in while the last group was being answered.
      if (this.#queue.length > 0) this.#start();
    });
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0) {
      const works = this.#takeGroup();
      try {
        await this.#commit(works);
      } catch (cause) {
        this.#state = null;
        this.#retry(works, cause);
      }
    }
  }

  #takeGroup(): Work[] {
    if (this.#alone > 0) {
      this.#alone -= 1;
      return this.#queue.splice(0, 1);
    }
    let entries = 0;
    let sizeBytes = 0;
    let count = 0;
    for (const { request } of this.#queue) {
      if (count > 0 && (entries >= maxGroupEntries || sizeBytes >= maxGroupBytes)) break;
      count += 1;
      entries += 'host' in request ? request.host.length : request.length;
      if (!('host' in request)) for (const { payload } of request) sizeBytes += payload?.length ?? 0;
    }
    return this.#queue.splice(0, count);
  }

  async #commit(works: readonly Work[]): Promise<void> {
    const { database, signer, clock, onCommit } = this.#options;
    const state = (await this.state()) ?? emptyState(this.#practice);
    const size = state.frontier.size;
    const entries: PlannedEntry[] = [];
    const tiles: Tile[] = [];
    const answers: (() => void)[] = [];
    const refusals: { work: Work; reason: unknown }[] = [];
    const accepted: { work: Work; planned: readonly PlannedEntry[] }[] = [];
    for (const work of works) {
      try {
        const context = { database, signer, clock, committedSize: size };
        const planned = await planRequest(state, work.request, context, (tile) => tiles.push(tile));
        accepted.push({ work, planned });
        entries.push(...planned);
      } catch (reason) {
        refusals.push({ work, reason });
      }
    }
    const after = state.frontier.size;
    if (after === 0) return this.#refuseAll(refusals);
    const root = state.frontier.root();
    const [note] = await Promise.all([
      // Signed while the group is written, released only once it is: a root that never was must not be told.
      signCheckpoint({ practice: this.#practice, fence: state.fence, size: after, root }, signer),
      entries.length === 0 || this.#write({ practice: this.#practice, size, root, entries, tiles }),
    ]);
    this.#state = state;
    remember(state.roots, after, root);
    for (const { work, planned } of accepted) {
      const receipts = planned.map(({ index, entry }) => ({ index, receivedAt: entry.receivedAt }));
      answers.push(() => work.resolve({ receipts, size: after, note }));
    }
    if (entries.length > 0) onCommit(this.#practice, { size: after, note });
    for (const answer of answers) answer();
    if (refusals.length > 0) await this.#settleRefusals(refusals, { size: after, note });
    if (after - this.#savedSize >= saveEvery) await this.#save(state);
  }

  async #write(group: Parameters<typeof writeGroup>[1]): Promise<void> {
    if (!(await writeGroup(this.#options.database, group))) throw new HeadMoved();
  }

  async #save(state: PracticeState): Promise<void> {
    this.#savedSize = state.frontier.size;
    // A projection that could not be kept costs the next start some time, and nothing else.
    await saveGovernance(this.#options.database, state).catch(() => undefined);
  }

  /** A refused request may have been accepted before, or refused for a state that another instance has overtaken. */
  async #settleRefusals(
    refusals: readonly { work: Work; reason: unknown }[],
    at: { size: number; note: string },
  ): Promise<void> {
    try {
      const { database } = this.#options;
      const head = await inPractice(database, this.#practice, (sql) => readHead(sql, this.#practice));
      if (head?.size !== at.size) this.#state = null;
      for (const { work, reason } of refusals) {
        const receipts = await this.#knownReceipts(work.request);
        if (receipts !== null && head?.size === at.size) work.resolve({ receipts, ...at });
        else if (head?.size !== at.size) this.#retry([work], new HeadMoved());
        else work.reject(reason);
      }
    } catch (cause) {
      for (const { work } of refusals) work.reject(cause);
    }
  }

  #refuseAll(refusals: readonly { work: Work; reason: unknown }[]): void {
    for (const { work, reason } of refusals) {
      const isAbsent = 'host' in work.request || work.request[0]?.statement.header.kind !== 'genesis';
      work.reject(isAbsent ? new StoreError('PRACTICE_UNKNOWN', 'No such practice') : reason);
    }
  }

  /** Receipts of a request whose entries all stand in the journal; null when one does not. */
  async #knownReceipts(request: Request): Promise<Receipt[] | null> {
    if ('host' in request) return null;
    const practice = this.#practice;
    const ids = request.map(({ statement }) => statement.id);
    const rows = await inPractice(
      this.#options.database,
      practice,
      (sql) => sql<{ index: number; received_at: number; entry_id: Bytes }[]>`
        SELECT index, received_at, entry_id FROM serment.entries
        WHERE practice = ${practice} AND entry_id IN ${sql(ids)}`,
    );
    const known = new Map(rows.map((row) => [bytesToHex(row.entry_id), row]));
    const receipts = ids.map((id) => known.get(bytesToHex(id)));
    return receipts.every((row) => row !== undefined)
      ? receipts.map((row) => ({ index: row.index, receivedAt: row.received_at }))
      : null;
  }

  /**
   * Puts requests back. After a lost connection the group may have been written: planning it again finds its entries
   * and answers with their receipts.
   */
  #retry(works: readonly Work[], cause: unknown): void {
    const again: Work[] = [];
    for (const work of works) {
      work.attempts += 1;
      const isTransient =
        cause instanceof HeadMoved || (cause instanceof StoreError && cause.code === 'DATABASE_UNAVAILABLE');
      const mayBeAnother = works.length > 1 && !(cause instanceof StoreError);
      const isFresh = work.attempts < (isTransient ? maxAttempts : 2);
      if (isFresh && (isTransient || mayBeAnother)) again.push(work);
      else work.reject(cause instanceof HeadMoved ? contended() : cause);
    }
    if (!(cause instanceof HeadMoved) && again.length > 1) this.#alone = again.length;
    this.#queue.unshift(...again);
  }
}

/** Another instance appended first. */
class HeadMoved extends Error {}

function contended(): StoreError {
  return new StoreError('DATABASE_UNAVAILABLE', 'Too many servers append to this practice at once', {
    hint: 'Send the request again.',
  });
}
