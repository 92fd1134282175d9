import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { checkpointSigner } from '@serment/core/journal/checkpoint';
import type { Signer } from '@serment/core/signature';
import type { Receipt } from '@serment/core/wire/append';
import { byteaArray, inPractice } from '../database-scope.ts';
import { StoreError } from '../error.ts';
import type { Database } from '../postgres/connect.ts';
import type { GroupWriter } from './group-writer.ts';
import { type PlannedEntry, planRequest, type Request, streamsOf } from './plan.ts';
import {
  emptyState,
  forgetOldest,
  isAt,
  loadState,
  type PracticeState,
  readHead,
  remember,
  type StreamEnd,
  saveGovernance,
  streamEnds,
} from './practice-state.ts';
import type { Tile } from './tiles.ts';

export interface Appended {
  readonly receipts: readonly Receipt[];
  /** Size and signed note of a checkpoint that holds them. */
  readonly size: number;
  readonly note: string;
}

export interface AppenderOptions {
  readonly database: Database;
  readonly writer: GroupWriter;
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

/** A group on its way to the disk. */
interface Flight {
  readonly state: PracticeState;
  /** Size of the journal with the group. */
  readonly size: number;
  readonly accepted: readonly { readonly work: Work; readonly planned: readonly PlannedEntry[] }[];
  readonly refused: readonly { readonly work: Work; readonly reason: unknown }[];
  readonly hasEntries: boolean;
  readonly written: Promise<boolean>;
  /** Signed at the first call, while the database writes; released only once it has: a root that never was must not be told. */
  readonly note: () => Promise<string>;
  isLanded: boolean;
}

const maxGroupEntries = 512;
const maxGroupBytes = 4_194_304;
const maxAttempts = 6;
const saveEvery = 4096;
// One group is being written while the next is checked and on its way.
const maxFlights = 2;
const minSplit = 4;

/**
 * Appends to one practice: requests that wait share one transaction (group commit). The state is kept in memory, ahead
 * of the disk by the groups in flight, and guarded by the head's size and root in the database; whatever goes wrong, it
 * is dropped and read again. Nobody is answered, refused included, before what the answer stands on is durable.
 */
export class Appender {
  readonly #practice: Bytes;
  readonly #options: AppenderOptions;
  readonly #queue: Work[] = [];
  readonly #flights: Flight[] = [];
  #state: PracticeState | null = null;
  #loading: Promise<PracticeState | null> | null = null;
  #running: Promise<void> | null = null;
  #wake: (() => void) | null = null;
  #noteSigner: { readonly fence: number; readonly sign: ReturnType<typeof checkpointSigner> } | null = null;
  #committedSize = 0;
  #savedSize = 0;
  /** When the head was last compared with the database's, ms. */
  #comparedAt = Number.NEGATIVE_INFINITY;
  #comparing: Promise<void> | null = null;
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
   * with their first receipts. Throws what `planRequest` and `GroupWriter.write` throw, PRACTICE_UNKNOWN, JOURNAL_DAMAGED.
   */
  append(request: Request): Promise<Appended> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ request, resolve, reject, attempts: 0 });
      this.#wake?.();
      this.#start();
    });
  }

  /** The state with all groups in flight; null when there is no such practice. */
  async state(): Promise<PracticeState | null> {
    if (this.#state !== null) return this.#state;
    this.#loading ??= loadState(this.#options.database, this.#practice).finally(() => {
      this.#loading = null;
    });
    const loaded = await this.#loading;
    if (this.#state === null && loaded !== null) {
      this.#state = loaded;
      this.#committedSize = loaded.frontier.size;
    }
    return this.#state;
  }

  /** Forgets the state when another instance has moved the head. */
  async refresh(): Promise<void> {
    const head = await this.#head();
    if (!this.isIdle || this.#state === null) return;
    if (head?.size !== this.#state.frontier.size || !isAt(this.#state, head)) this.#state = null;
  }

  /** As `refresh`, unless it was done in the last `maxAgeMs`: what is then read is no older. Calls that overlap share one. */
  async refreshAfter(maxAgeMs: number): Promise<void> {
    const now = performance.now();
    if (this.#state === null || now - this.#comparedAt < maxAgeMs) return;
    this.#comparing ??= this.refresh().finally(() => {
      this.#comparing = null;
    });
    await this.#comparing;
    this.#comparedAt = now;
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
    while (this.#queue.length > 0 || this.#flights.length > 0) {
      const oldest = this.#flights[0];
      // Requests that were answered together come back together: those still being checked join the group.
      if (oldest === undefined) await this.#options.writer.turn();
      if (this.#queue.length > 0 && this.#flights.length < maxFlights) await this.#begin(this.#takeGroup());
      else if (oldest?.isLanded) await this.#finish(oldest);
      else if (oldest !== undefined) await this.#event();
    }
  }

  /** The next request, or the landing of a group. */
  async #event(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = null;
  }

  #takeGroup(): Work[] {
    if (this.#alone > 0) {
      this.#alone -= 1;
      return this.#queue.splice(0, 1);
    }
    let entries = 0;
    let sizeBytes = 0;
    let count = 0;
    // Two halves follow each other: while one is written, the answers of the other bring the next requests.
    const share =
      this.#flights.length === 0 && this.#queue.length >= minSplit ? this.#queue.length / 2 : this.#queue.length;
    for (const { request } of this.#queue) {
      if (count > 0 && (count >= share || entries >= maxGroupEntries || sizeBytes >= maxGroupBytes)) break;
      count += 1;
      entries += 'host' in request ? request.host.length : request.length;
      if (!('host' in request)) for (const { payload } of request) sizeBytes += payload?.length ?? 0;
    }
    return this.#queue.splice(0, count);
  }

  /** Authorizes a group on top of those in flight and sends it off. */
  async #begin(works: readonly Work[]): Promise<void> {
    const { database, signer, clock, writer } = this.#options;
    let state: PracticeState;
    let ends: ReadonlyMap<string, StreamEnd>;
    try {
      state = (await this.state()) ?? emptyState(this.#practice);
      ends = await streamEnds(database, state, streamsOf(works.map(({ request }) => request)));
    } catch (cause) {
      this.#retry(works, cause);
      return;
    }
    const size = state.frontier.size;
    const before = state.roots.get(size) ?? state.frontier.root();
    if (size === 0) this.#committedSize = 0;
    const context = { database, signer, clock, committedSize: this.#committedSize, ends };
    const tiles: Tile[] = [];
    const [accepted, refused]: [Flight['accepted'][number][], Flight['refused'][number][]] = [[], []];
    for (const work of works) {
      try {
        accepted.push({ work, planned: await planRequest(state, work.request, context, (tile) => tiles.push(tile)) });
      } catch (reason) {
        refused.push({ work, reason });
      }
    }
    const after = state.frontier.size;
    if (after === 0) return refuseAll(refused);
    const root = state.frontier.root();
    remember(state.roots, after, root);
    this.#state = state;
    const entries = accepted.flatMap(({ planned }) => planned);
    const hasEntries = entries.length > 0;
    let signed: Promise<string> | null = null;
    const note = () => (signed ??= this.#sign(state, { size: after, root }));
    const written = hasEntries
      ? writer.write({ practice: this.#practice, size, before, root, entries, tiles }, () =>
          note().catch(() => undefined),
        )
      : (this.#flights.at(-1)?.written ?? Promise.resolve(true));
    const flight = { state, size: after, accepted, refused, hasEntries, written, note, isLanded: false };
    const land = () => {
      flight.isLanded = true;
      this.#wake?.();
    };
    written.then(land, land);
    this.#flights.push(flight);
  }

  #sign({ fence }: PracticeState, head: { size: number; root: Bytes }): Promise<string> {
    if (this.#noteSigner?.fence !== fence) {
      const sign = checkpointSigner({ practice: this.#practice, fence }, this.#options.signer);
      this.#noteSigner = { fence, sign };
    }
    return this.#noteSigner.sign(head);
  }

  async #finish(flight: Flight): Promise<void> {
    let note: string;
    try {
      if (!(await flight.written)) throw new HeadMoved();
      note = await flight.note();
    } catch (cause) {
      return this.#fail(cause);
    }
    this.#flights.shift();
    const { size, accepted, refused, state } = flight;
    this.#committedSize = size;
    if (flight.hasEntries) this.#options.onCommit(this.#practice, { size, note });
    for (const { work, planned } of accepted) {
      const receipts = planned.map(({ index, entry }) => ({ index, receivedAt: entry.receivedAt }));
      work.resolve({ receipts, size, note });
    }
    if (this.#flights.length === 0) forgetOldest(state);
    if (refused.length > 0) await this.#settleRefusals(flight, note);
    if (size - this.#savedSize >= saveEvery && this.#flights.length === 0) await this.#save(state);
  }

  /** What is in flight stands on what failed: all of it is planned again. */
  async #fail(cause: unknown): Promise<void> {
    const flights = this.#flights.splice(0);
    await Promise.allSettled(flights.map(({ written }) => written));
    this.#state = null;
    const [first, ...others] = flights.map(({ accepted, refused }) =>
      [...accepted, ...refused].map(({ work }) => work),
    );
    this.#retry(others.flat(), new HeadMoved());
    this.#retry(first ?? [], cause);
  }

  async #save(state: PracticeState): Promise<void> {
    this.#savedSize = state.frontier.size;
    // A projection that could not be kept costs the next start some time, and nothing else.
    await saveGovernance(this.#options.database, state).catch(() => undefined);
  }

  /** A refused request may have been accepted before, or refused for a state that another instance has overtaken. */
  async #settleRefusals({ refused, state, size }: Flight, note: string): Promise<void> {
    try {
      const head = await this.#head();
      const isOvertaken = head === null || !isAt(state, head);
      if (isOvertaken) this.#state = null;
      for (const { work, reason } of refused) {
        const receipts = isOvertaken ? null : await this.#knownReceipts(work.request);
        if (receipts !== null) work.resolve({ receipts, size, note });
        else if (isOvertaken) this.#retry([work], new HeadMoved());
        else work.reject(reason);
      }
    } catch (cause) {
      for (const { work } of refused) work.reject(cause);
    }
  }

  #head() {
    return inPractice(this.#options.database, this.#practice, (sql) => readHead(sql, this.#practice));
  }

  /** Receipts of a request whose entries all stand in the journal; null when one does not. */
  async #knownReceipts(request: Request): Promise<Receipt[] | null> {
    if ('host' in request) return null;
    const practice = this.#practice;
    const ids = request.map(({ statement }) => statement.id);
    const streams = request.map(({ statement }) => statement.header.stream);
    const rows = await inPractice(
      this.#options.database,
      practice,
      (sql) => sql<{ index: number; received_at: number; entry_id: Bytes }[]>`
        SELECT index, received_at, entry_id FROM serment.entries
        WHERE practice = ${practice} AND stream = ANY(${byteaArray(streams)}::bytea[])
        AND entry_id = ANY(${byteaArray(ids)}::bytea[])`,
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

function refuseAll(refused: Flight['refused']): void {
  for (const { work, reason } of refused) {
    const isGenesis = !('host' in work.request) && work.request[0]?.statement.header.kind === 'genesis';
    work.reject(isGenesis ? reason : new StoreError('PRACTICE_UNKNOWN', 'No such practice'));
  }
}

/** Another instance appended first. */
class HeadMoved extends Error {}

function contended(): StoreError {
  return new StoreError('DATABASE_UNAVAILABLE', 'Too many servers append to this practice at once', {
    hint: 'Send the request again.',
  });
}
