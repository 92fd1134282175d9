import { type Bytes, bytesToHex, concatBytes, hexToBytes } from '@serment/core/bytes';
import { sha256 } from '@serment/core/hash';
import type { Body, FetchedItem, Kind } from '@serment/core/journal/body';
import { signCheckpoint } from '@serment/core/journal/checkpoint';
import type { GovernanceState } from '@serment/core/journal/governance';
import type { SentEntry } from '@serment/core/wire/append';
import type { PracticeStatus } from '@serment/core/wire/status';
import type { BlobStore } from './blob/blob-store.ts';
import { Uploads } from './blob/uploads.ts';
import { createCapture } from './capture.ts';
import type { CaptureChange, CaptureSource } from './copy/capture-source.ts';
import { asHost, inPractice } from './database-scope.ts';
import { StoreError } from './error.ts';
import type { HostKeys } from './host-keys.ts';
import { type Appended, Appender } from './journal/appender.ts';
import { type CheckedEntry, checkSent } from './journal/check-sent.ts';
import { FetchTraces } from './journal/fetch-traces.ts';
import { GroupWriter } from './journal/group-writer.ts';
import { HeadNews } from './journal/head-news.ts';
import { type Head, readHead } from './journal/practice-state.ts';
import { migrate, type Roles } from './migrate.ts';
import { Operators } from './operators.ts';
import { type Database, openDatabase, refuseUnfitDatabase } from './postgres/connect.ts';
import { RetiredCopies } from './retired-copies.ts';
import { Sessions } from './sessions.ts';
import { sweepAlarms } from './sign-in/alarms.ts';
import { Codes } from './sign-in/codes.ts';
import { Suspensions } from './suspensions.ts';

export interface StoreOptions {
  /** Of the schema's owner, or of a superuser: requests are served under a role that may less. */
  readonly databaseUrl: string;
  readonly blobs: BlobStore;
  readonly hostKeys: HostKeys;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  /** True when other instances may serve the same database: heads are then announced with NOTIFY. */
  readonly isShared?: boolean;
  readonly maxConnections?: number;
}

/** What an author read or wrote, as the host counts it. */
export type Deed = { readonly practice: Bytes; readonly author: Bytes } & (
  | { readonly read: readonly FetchedItem[] }
  | { readonly wrote: readonly Kind[] }
);

export interface CheckpointNews {
  readonly practice: Bytes;
  readonly size: number;
  readonly note: string;
}

/** A sealed payload over this many bytes is stored as a blob (docs/format/sealing.md). */
const maxInlinePayloadBytes = 65_536;
const maxAppenders = 256;
const maxOperatorConnections = 2;
/** How long another instance's entries may go unseen. */
const maxStaleMs = 1000;

/**
 * Opens the journals of a database, bringing its schema up to date. Throws DATA_NEWER, DATA_DAMAGED, DATABASE_UNFIT,
 * DATABASE_UNAVAILABLE.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const owner = openDatabase({ url: options.databaseUrl, applicationName: 'serment-schema', maxConnections: 1 });
  let roles: Roles;
  try {
    await refuseUnfitDatabase(owner);
    roles = await migrate(owner);
  } finally {
    await owner.end();
  }
  const { application, operators } = roles;
  const { databaseUrl } = options;
  const store = new Store(
    {
      database: openAs(application, options),
      writer: openWriter(application, options),
      operators: openAs(operators, { databaseUrl, maxConnections: maxOperatorConnections }),
    },
    options,
  );
  await store.follow();
  return store;
}

/** Opens a pool that serves under the application's role. */
export function openAs(
  role: string | null,
  { databaseUrl, maxConnections = 10 }: Pick<StoreOptions, 'databaseUrl' | 'maxConnections'>,
): Database {
  const url = new URL(databaseUrl);
  // Sent with the connection's first message: RESET ROLE leads back to it, not to the owner.
  if (role !== null) url.searchParams.set('role', role);
  return openDatabase({ url: url.href, applicationName: 'serment', maxConnections });
}

/** Opens the connection of a `GroupWriter`, which appends to every practice and reads no entry. */
export function openWriter(role: string | null, { databaseUrl }: Pick<StoreOptions, 'databaseUrl'>): Database {
  const url = new URL(databaseUrl);
  // What row-level security knows it by.
  url.searchParams.set('serment.scope', 'append');
  // The statements of an append have one good plan, by index: making it anew each time costs more than what it does.
  url.searchParams.set('plan_cache_mode', 'force_generic_plan');
  for (const other of ['hashjoin', 'mergejoin', 'seqscan']) url.searchParams.set(`enable_${other}`, 'off');
  // One connection: a second one was slower with eight practices, whose statements then contend for the log.
  return openAs(role, { databaseUrl: url.href, maxConnections: 1 });
}

/** A pool for each role, and the connection that appends. */
interface Pools {
  readonly database: Database;
  readonly writer: Database;
  readonly operators: Database;
}

/** The journals of an installation and what stands beside them. */
export class Store {
  readonly database: Database;
  readonly uploads: Uploads;
  readonly sessions: Sessions;
  readonly codes: Codes;
  readonly suspensions: Suspensions;
  readonly retiredCopies: RetiredCopies;
  /** The host's operators, known by another role, over connections of their own. */
  readonly operators: Operators;
  readonly blobs: BlobStore;
  readonly hostKeys: HostKeys;
  readonly clock: () => number;
  /** What copies follow. */
  readonly capture: CaptureSource;
  readonly #appenders = new Map<string, Appender>();
  readonly #databases: readonly Database[];
  readonly #writer: GroupWriter;
  readonly #traces: FetchTraces;
  readonly #news: HeadNews | null;
  readonly #checkpointListeners = new Set<(news: CheckpointNews) => void>();
  readonly #changeListeners = new Set<(change: CaptureChange) => void>();
  readonly #deedListeners = new Set<(deed: Deed) => void>();

  constructor(
    { database, writer, operators }: Pools,
    { blobs, hostKeys, clock = Date.now, isShared = false }: StoreOptions,
  ) {
    this.database = database;
    this.#databases = [database, writer, operators];
    this.#writer = new GroupWriter(writer);
    this.blobs = blobs;
    this.hostKeys = hostKeys;
    this.clock = clock;
    this.uploads = new Uploads({ database, blobs, clock });
    this.sessions = new Sessions({ database, key: hostKeys.nonceKey, clock, isShared });
    this.suspensions = new Suspensions(database);
    this.retiredCopies = new RetiredCopies(database);
    this.codes = new Codes({ database, key: hostKeys.codeKey, clock });
    this.operators = new Operators({ database: operators, clock });
    this.#traces = new FetchTraces({
      database,
      appendAsHost: (practice, bodies) => this.appendAsHost(practice, bodies),
    });
    const onCommit = (listener: (change: CaptureChange) => void) => {
      this.#changeListeners.add(listener);
      return () => this.#changeListeners.delete(listener);
    };
    this.capture = createCapture({ database, blobs, hostKeys, clock, onCommit });
    this.#news = isShared ? new HeadNews(database) : null;
  }

  /** Follows the appends of other instances. */
  async follow(): Promise<void> {
    const follow = async (practice: Bytes) => {
      this.sessions.recheck(practice);
      await this.#appenders.get(bytesToHex(practice))?.refresh();
      const checkpoint = await this.checkpoint(practice);
      if (checkpoint !== null) this.#tell({ practice, ...checkpoint });
    };
    await this.#news?.follow(follow, async () => {
      for (const practice of [...this.#appenders.keys()]) await follow(hexToBytes(practice));
    });
  }

  /** Appends a genesis batch; the practice is named by its first entry. Throws as `append`, GENESIS_INCOMPLETE. */
  async create(sent: readonly SentEntry[]): Promise<Appended & { readonly practice: Bytes }> {
    const first = sent[0];
    if (first === undefined) throw new RangeError('A genesis batch has entries');
    const practice = sha256(first.statement);
    return { practice, ...(await this.append(practice, sent)) };
  }

  /**
   * Appends all or none; answers once it is durable, and a request sent again with its first receipts. Throws REFUSED
   * with the fields `refusal` and `position`, SIGNATURE_INVALID, PAYLOAD_MISMATCH, BLOB_MISSING, SEEN_FORK,
   * VAULT_RESTORED, PRACTICE_UNKNOWN, STORAGE_FULL, DATABASE_UNAVAILABLE, and CoreError for malformed statements.
   */
  async append(practice: Bytes, sent: readonly SentEntry[]): Promise<Appended> {
    const checked = await checkSent(sent);
    await this.#refuseMissing(practice, checked);
    const request = await Promise.all(checked.map((entry) => this.#setAside(practice, entry)));
    const appended = await this.#appender(practice).append(request);
    const author = checked[0]?.statement.header.author;
    if (author !== undefined)
      this.#tellDeed({ practice, author, wrote: checked.map(({ statement: { header } }) => header.kind) });
    const opens = checked.some(({ statement: { header } }) => header.kind === 'restore-ack' || header.kind === 'host');
    if (opens) await this.#traces.release(practice).catch(() => undefined);
    return appended;
  }

  /** Appends entries of the host. Throws VAULT_RESTORED, REFUSED while its members have not named this host. */
  appendAsHost(practice: Bytes, bodies: readonly Body[]): Promise<Appended> {
    return this.#appender(practice).append({ host: bodies });
  }

  /** Writes, durably, that `reader` is sent these items, for which it asked `sinceMs` ago. */
  traceFetch(practice: Bytes, reader: Bytes, items: readonly FetchedItem[], sinceMs = 0): Promise<void> {
    this.#tellDeed({ practice, author: reader, read: items });
    return this.#traces.write(practice, reader, items, sinceMs);
  }

  /**
   * Members, authors and keys as the entries have them; null when there is no such practice. What another instance
   * appended is in it within a second: who was revoked there is not served here, whatever news were lost.
   */
  async governance(practice: Bytes): Promise<GovernanceState | null> {
    const appender = this.#appender(practice);
    if (this.#news !== null) await appender.refreshAfter(maxStaleMs);
    const state = await appender.state();
    if (state === null) this.#appenders.delete(bytesToHex(practice));
    return state?.governance ?? null;
  }

  /** The practice whose id begins with `prefix`, at least 16 bytes: what a recovery kit knows of it. */
  async findPractice(prefix: Bytes): Promise<Bytes | null> {
    const first = concatBytes(prefix, new Uint8Array(32 - prefix.length));
    const last = concatBytes(prefix, new Uint8Array(32 - prefix.length).fill(0xff));
    const rows = await asHost(
      this.database,
      (sql) => sql<{ practice: Bytes }[]>`
        SELECT practice FROM serment.practices WHERE practice BETWEEN ${first} AND ${last} LIMIT 1`,
    );
    return rows[0]?.practice ?? null;
  }

  head(practice: Bytes): Promise<Head | null> {
    return inPractice(this.database, practice, (sql) => readHead(sql, practice));
  }

  /** Throws PRACTICE_UNKNOWN. */
  async status(practice: Bytes): Promise<PracticeStatus> {
    const [head, governance] = [await this.head(practice), await this.governance(practice)];
    if (head === null || governance === null) throw new StoreError('PRACTICE_UNKNOWN', 'No such practice');
    const { size, fence, restored } = head;
    return { size, fence, restored: restored !== null && governance.fence < fence ? { fence, ...restored } : null };
  }

  /** The newest checkpoint; null when there is no such practice. */
  async checkpoint(practice: Bytes): Promise<{ size: number; note: string } | null> {
    const head = await this.head(practice);
    if (head === null || head.size === 0) return null;
    const { size, root, fence } = head;
    return { size, note: await signCheckpoint({ practice, fence, size, root }, this.hostKeys.signer) };
  }

  /** Tells of each checkpoint, after its commit. Returns what ends the subscription. */
  onCheckpoint(listener: (news: CheckpointNews) => void): () => void {
    this.#checkpointListeners.add(listener);
    return () => this.#checkpointListeners.delete(listener);
  }

  /** Tells of what each author reads, before it leaves, and wrote, once it is durable. Returns what ends the subscription. */
  onDeed(listener: (deed: Deed) => void): () => void {
    this.#deedListeners.add(listener);
    return () => this.#deedListeners.delete(listener);
  }

  /** Tells copies that drafts or accounts changed; entries tell by themselves. */
  tellChange(change: CaptureChange): void {
    for (const listener of this.#changeListeners) listener(change);
  }

  /** What is done now and then: drops old uploads and sessions, writes traces that were kept aside. */
  async sweep(): Promise<void> {
    await this.sessions.sweep();
    await this.operators.sweep();
    const rows = await asHost(
      this.database,
      (sql) => sql<{ practice: Bytes }[]>`SELECT practice FROM serment.practices`,
    );
    for (const { practice } of rows) {
      await this.uploads.sweep(practice);
      await sweepAlarms(this.database, practice, this.clock());
      const status = await this.status(practice);
      if (status.restored === null) await this.#traces.release(practice);
    }
  }

  /** Finishes the appends under way and closes the pool. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#appenders.values()].map((appender) => appender.close()));
    await this.#news?.close();
    await Promise.all(this.#databases.map((database) => database.end({ timeout: 5 })));
  }

  #appender(practice: Bytes): Appender {
    const name = bytesToHex(practice);
    const known = this.#appenders.get(name);
    if (known !== undefined) {
      this.#appenders.delete(name);
      this.#appenders.set(name, known);
      return known;
    }
    this.#evictIdle();
    const { database, clock } = this;
    const appender = new Appender(practice, {
      database,
      clock,
      writer: this.#writer,
      signer: this.hostKeys.signer,
      onCommit: (_, checkpoint) => {
        this.#tell({ practice, ...checkpoint });
        this.#news?.announce(practice);
      },
    });
    this.#appenders.set(name, appender);
    return appender;
  }

  /** The practices asked for least lately make room; what they keep in memory is read again when needed. */
  #evictIdle(): void {
    for (const [name, appender] of this.#appenders) {
      if (this.#appenders.size < maxAppenders) return;
      if (!appender.isIdle) continue;
      this.#appenders.delete(name);
      appender.close().catch(() => undefined);
    }
  }

  #tell(news: CheckpointNews): void {
    for (const listener of this.#checkpointListeners) listener(news);
    this.tellChange({ kind: 'entries', practice: bytesToHex(news.practice) });
  }

  #tellDeed(deed: Deed): void {
    for (const listener of this.#deedListeners) listener(deed);
  }

  async #refuseMissing(practice: Bytes, checked: readonly CheckedEntry[]): Promise<void> {
    const wanted = checked.flatMap(({ statement: { header, payloadHash }, payload }) => {
      const uploaded = payloadHash !== null && payload === null ? [{ hash: payloadHash, size: null }] : [];
      return [...header.blobs, ...uploaded];
    });
    const missing = await this.uploads.missing(practice, wanted);
    if (missing === null) return;
    throw new StoreError('BLOB_MISSING', 'A document that the entry names is not stored', {
      fields: { hash: bytesToHex(missing) },
      hint: 'Upload it first.',
    });
  }

  /** A large payload is durable as a blob before its entry. */
  async #setAside(practice: Bytes, entry: CheckedEntry): Promise<CheckedEntry> {
    const { payload, statement } = entry;
    if (payload === null || statement.payloadHash === null || payload.length <= maxInlinePayloadBytes) return entry;
    await this.uploads.put(practice, statement.payloadHash, payload);
    return { statement, payload: null };
  }
}
