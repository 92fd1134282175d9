import { type Bytes, bytesToHex, hexToBytes, ownBytes } from '@serment/core/bytes';
import { encodeCanonical } from '@serment/core/cbor';
import type { Finding } from '@serment/core/journal/finding';
import { seedToSigner } from '@serment/core/keys/signing';
import { type RandomSource, randomBytes } from '@serment/core/random';
import type { CopyStatus, RestoredStatus } from '@serment/core/wire/status';
import { emptyStream, foldInto } from '@serment/records/fold';
import { type JsonObject, parseJson } from '@serment/records/json-text';
import { patientStream, routeOf } from '@serment/records/route';
import { type DocumentKey, encodeRecordBatch, newVersion, parseRecordBatch, type RecordBatch } from '@serment/records/version';
import { type Cache, cacheUnder } from './cache.ts';
import type { Directory, PatientRow } from './directory.ts';
import { DirectoryKeeper } from './directory-keeper.ts';
import { Drafts } from './drafts.ts';
import { ReplicaError } from './error.ts';
import { Follower } from './follower.ts';
import { JournalMirror, type SyncReport } from './journal-mirror.ts';
import { Keyring, type StreamRef } from './keyring.ts';
import { LocalVault } from './local-vault.ts';
import { Outbox, type OutboxItem, type OutboxPart } from './outbox.ts';
import { type PatientFile, pendingFrom, type RecordView, recordView, type SaveState, type VersionContext, type VersionView, versionView } from './patient-file.ts';
import { PayloadReader } from './payload-reader.ts';
import { type SealedView, sealedView } from './sealed-view.ts';
import { type VaultView, vaultView } from './vault.ts';
import { followStream, loadStream, type StreamParts, type StreamView } from './stream-view.ts';
import type { Transport } from './transport.ts';

export interface PracticeOptions {
  readonly transport: Transport;
  readonly cache: Cache;
  readonly practice: Bytes;
  /** Of the holder (device or kit) that opens. */
  readonly seed: Bytes;
  readonly clock?: () => number;
  readonly random?: RandomSource;
  /** For a kit before a restored vault that no member has acknowledged. */
  readonly isRecovering?: boolean;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface PracticeStatus {
  readonly practice: string;
  readonly practiceName: string | null;
  readonly member: string;
  readonly memberName: string | null;
  readonly role: string;
  readonly size: number;
  readonly online: boolean;
  readonly syncing: boolean;
  /** Saves that the host has not acknowledged. */
  readonly pending: number;
  readonly refused: number;
  readonly restored: RestoredStatus | null;
  readonly findings: readonly Finding[];
  readonly copies: readonly CopyStatus[];
  readonly lastSyncAt: number | null;
  /** The finding when the host's history does not hold together; nothing more is taken from it. */
  readonly hostLie: string | null;
  readonly compartments: readonly string[];
}

export type PracticeEvent =
  | { readonly type: 'status'; readonly status: PracticeStatus }
  | { readonly type: 'save'; readonly id: string; readonly state: SaveState }
  | { readonly type: 'patient'; readonly patient: string }
  | { readonly type: 'directory' }
  | { readonly type: 'draft'; readonly key: string }
  | { readonly type: 'closed' };

export interface SaveRequest {
  /** `Patient/…` that the records concern; null for the practice's own. */
  readonly patient: string | null;
  readonly records: readonly {
    readonly resource: object;
    readonly change: 'create' | 'edit' | 'restore' | 'entered-in-error';
    /** Names, in hexadecimal, of the versions that were on the screen. */
    readonly replaces: readonly string[];
  }[];
  /** Documents that the records refer to, uploaded already. */
  readonly documents?: readonly DocumentKey[];
}

const keptViews = 24;
const recentKept = 12;

/** Opens a practice on this device: verifies what is new when the host can be reached, else what the cache holds. */
export async function openPractice(options: PracticeOptions): Promise<Practice> {
  const { transport, practice } = options;
  const cache = cacheUnder(options.cache, `practice/${bytesToHex(practice)}`);
  const signer = await seedToSigner(options.seed);
  const online = await transport.openSession(practice, signer).then(
    () => true,
    (error: unknown) => {
      if (error instanceof ReplicaError && error.code === 'UNREACHABLE') return false;
      throw error;
    },
  );
  const isRecovering = options.isRecovering ?? false;
  const mirror = await JournalMirror.open({ practice, source: transport, cache, isRecovering });
  if (online) await mirror.sync(options.onProgress);
  const keyring = await Keyring.open(options.seed, mirror.governance);
  const opened = new Practice({ ...options, cache, mirror, keyring, online });
  await opened.load();
  return opened;
}

export class Practice {
  readonly transport: Transport;
  readonly mirror: JournalMirror;
  readonly keyring: Keyring;
  readonly reader: PayloadReader;
  readonly drafts: Drafts;
  readonly random: RandomSource;
  readonly clock: () => number;
  readonly cache: Cache;
  readonly #vault: LocalVault;
  readonly #directory: DirectoryKeeper | null;
  readonly #follower: Follower;
  readonly #views = new Map<string, StreamView>();
  readonly #listeners = new Set<(event: PracticeEvent) => void>();
  readonly #awaitingCopy = new Map<string, number>();
  readonly #pendingIndexes = new Map<string, number>();
  #outbox: Outbox | null = null;
  #nextPending = pendingFrom;
  #copies: readonly CopyStatus[] = [];
  #restored: RestoredStatus | null = null;
  #online: boolean;
  #syncing = false;
  #lastSyncAt: number | null = null;
  #hostLie: string | null = null;
  #recent: string[] = [];
  #isClosed = false;

  constructor(parts: PracticeOptions & { mirror: JournalMirror; keyring: Keyring; online: boolean }) {
    const { transport, cache, mirror, keyring, practice } = parts;
    this.transport = transport;
    this.mirror = mirror;
    this.keyring = keyring;
    this.cache = cache;
    this.random = parts.random ?? randomBytes;
    this.clock = parts.clock ?? Date.now;
    this.#online = parts.online;
    this.reader = new PayloadReader({ mirror, source: transport, cache, keyring });
    this.#vault = new LocalVault({ cache, keyring, practice });
    const { clock, random } = this;
    this.drafts = new Drafts({ practice, keyring, vault: this.#vault, transport, clock, random });
    this.#directory = keyring.canRead('admin')
      ? new DirectoryKeeper(keyring.stream('admin', 'directory'), this.#vault, this.#streamParts())
      : null;
    this.#follower = new Follower({
      transport,
      onJournal: () => this.sync().then(() => undefined),
      onCopies: (copies) => this.#takeCopies(copies),
      onLine: (isOnline) => this.#setOnline(isOnline),
      onError: (error) => this.#takeError(error),
    });
  }

  /** Reads what the device kept, then what is new. Called once, by `openPractice`. */
  async load(): Promise<void> {
    this.#outbox = await Outbox.open({
      mirror: this.mirror,
      keyring: this.keyring,
      vault: this.#vault,
      clock: this.clock,
      random: this.random,
      sender: { append: (entries) => this.transport.append(entries), uploadPayload: (hash, payload) => this.#uploadPayload(hash, payload) },
      onAccepted: (item, entries, receipts) => {
        receipts.forEach(({ index }, place) => {
          const payload = entries[place]?.payload;
          if (payload) this.reader.remember(index, payload);
        });
        this.#awaitingCopy.set(item.id, receipts.at(-1)?.index ?? 0);
        this.#emit({ type: 'save', id: item.id, state: 'host' });
      },
      onChange: () => this.#emitStatus(),
    });
    const recent = await this.#vault.get('recent');
    if (recent !== null) this.#recent = JSON.parse(new TextDecoder().decode(recent)) as string[];
    const isKnown = (await this.#directory?.restore()) ?? false;
    if (this.#online) {
      this.#restored = (await this.transport.status()).restored;
      await this.#directory?.follow();
      if (!isKnown) await this.#directory?.persist();
    }
  }

  get practice(): Bytes {
    return this.mirror.practice;
  }

  /** False for a kit, which opens and recovers and writes no record. */
  get canWrite(): boolean {
    return this.#holder()?.type === 'device' && this.#restored === null;
  }

  get outbox(): Outbox {
    if (this.#outbox === null || this.#isClosed) throw new ReplicaError('CLOSED', 'The vault is locked on this device');
    return this.#outbox;
  }

  get directory(): Directory {
    if (this.#directory === null) throw new ReplicaError('COMPARTMENT_CLOSED', 'Your rights do not open the directory');
    return this.#directory.directory;
  }

  status(): PracticeStatus {
    const member = this.mirror.governance.members.get(bytesToHex(this.keyring.member));
    const items = this.#outbox?.items ?? [];
    return {
      practice: bytesToHex(this.practice),
      practiceName: this.#nameOf(`Organization/${bytesToHex(this.practice)}`),
      member: bytesToHex(this.keyring.member),
      memberName: this.memberName(bytesToHex(this.keyring.member)),
      role: member?.role ?? '',
      size: this.mirror.size,
      online: this.#online,
      syncing: this.#syncing,
      pending: items.filter((item) => item.problem === null).length,
      refused: items.filter((item) => item.problem !== null).length,
      restored: this.#restored,
      findings: [...this.mirror.findings, ...(this.#directory?.findings ?? [])],
      copies: this.#copies,
      lastSyncAt: this.#lastSyncAt,
      hostLie: this.#hostLie,
      compartments: this.keyring.compartments(),
    };
  }

  subscribe(listener: (event: PracticeEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Follows the server from now on. */
  start(): void {
    this.#follower.start();
  }

  retry(): void {
    this.#follower.retry();
  }

  /** Verifies and folds what is new, sends what waits. Throws HOST_LIES, UNREACHABLE and the like. */
  async sync(): Promise<SyncReport> {
    this.#syncing = true;
    try {
      const report = await this.mirror.sync();
      await this.keyring.refresh(this.mirror.governance);
      this.#restored = (await this.transport.status()).restored;
      this.#lastSyncAt = this.clock();
      await this.#followViews();
      if (this.outbox.items.some((item) => item.problem === null) && this.#restored === null) {
        await this.outbox.flush();
        await this.mirror.sync();
        await this.#followViews();
      }
      void this.drafts.sendAll().catch(() => undefined);
      return report;
    } catch (error) {
      if (error instanceof ReplicaError) this.#takeError(error);
      throw error;
    } finally {
      this.#syncing = false;
      this.#emitStatus();
    }
  }

  search(query: string, limit: number): PatientRow[] {
    return this.directory.search(query, limit);
  }

  /** Patients opened last on this device, newest first. */
  recent(limit: number): PatientRow[] {
    return this.#recent.flatMap((id) => this.directory.get(id) ?? []).slice(0, limit);
  }

  /** Opens a file and leaves the trace of it. Throws PATIENT_UNKNOWN, UNREACHABLE when it is not on this device. */
  async openPatient(id: string): Promise<PatientFile> {
    const file = await this.readPatient(id);
    this.#recent = [id, ...this.#recent.filter((one) => one !== id)].slice(0, recentKept);
    await this.#vault.put('recent', new TextEncoder().encode(JSON.stringify(this.#recent)));
    if (this.canWrite) {
      const stream = this.keyring.stream('admin', `opened/${bytesToHex(this.keyring.signer.author)}`);
      const content = encodeCanonical([1, id, this.clock()]);
      await this.#enqueue([{ stream, body: { kind: 'opened' }, content, blobs: [] }]);
    }
    return file;
  }

  /** A file as this device knows it, without a trace: for showing again what is open already. */
  async readPatient(id: string): Promise<PatientFile> {
    const row = this.directory.get(id);
    if (row === null) throw new ReplicaError('PATIENT_UNKNOWN', 'No such patient in this practice');
    const canReadClinical = this.keyring.canRead('clinical');
    const view = canReadClinical ? await this.#view(id) : null;
    const context = this.#versionContext();
    const records = [...(view?.state.records.values() ?? [])].flatMap((record) => recordView(record, context) ?? []);
    const patient = await this.#patientRecord(id, context);
    return {
      row,
      records: [...(patient === null ? [] : [patient]), ...records],
      findings: view?.findings ?? [],
      isComplete: canReadClinical && (view?.findings.length ?? 0) === 0,
      canReadClinical,
    };
  }

  /** Every version of a record, newest first. */
  async history(patient: string, recordId: string): Promise<VersionView[]> {
    const stream = recordId.startsWith('Patient/') ? this.keyring.stream('admin', 'directory') : this.#patientStream(patient);
    const record = recordId.startsWith('Patient/')
      ? await this.#directoryHistory(stream, recordId)
      : await loadStream(stream, this.#streamParts(), true);
    this.#foldPending(record);
    const context = this.#versionContext();
    return (record.state.records.get(recordId)?.history ?? []).map((version) => versionView(version, context)).reverse();
  }

  /** Keeps a save on this device, then sends it; what it says is shown at once. Throws SAVE_INVALID. */
  async save(request: SaveRequest): Promise<{ id: string }> {
    if (!this.canWrite) throw new ReplicaError('SAVE_INVALID', 'Nothing can be written here now', { fields: { restored: this.#restored !== null } });
    const parts = this.#partsOf(request);
    return { id: (await this.#enqueue(parts)).id };
  }

  memberName(member: string): string | null {
    return this.#nameOf(`Practitioner/${member}`);
  }

  /** Ids and JSON texts of the directory's records that are no patient. */
  directoryRecords(): { id: string; content: string }[] {
    const keeper = this.#directory;
    return (keeper?.otherIds() ?? []).flatMap((id) => {
      const content = keeper?.contentOf(id);
      return content ? [{ id, content }] : [];
    });
  }

  /** What happened to the vault, who may open it, and where it is copied. */
  vault(): Promise<VaultView> {
    return vaultView(this);
  }

  /** A patient's file as the host holds it. */
  sealedView(patient: string): Promise<SealedView[]> {
    return sealedView(this, patient);
  }

  /** Writes what is worth keeping to the cache. */
  async persist(): Promise<void> {
    await this.mirror.persist();
    await this.#directory?.persist();
  }

  /** Forgets the keys. What was typed and not sent stays sealed on the device. */
  async lock(): Promise<void> {
    this.#follower.stop();
    await this.persist();
    this.#isClosed = true;
    await this.transport.closeSession().catch(() => undefined);
    this.keyring.close();
    this.#directory?.directory.clear();
    this.#views.clear();
    this.#emit({ type: 'closed' });
    this.#listeners.clear();
  }

  streamParts(): StreamParts {
    return this.#streamParts();
  }

  #streamParts(): StreamParts {
    return { mirror: this.mirror, reader: this.reader, random: this.random };
  }

  #holder() {
    return this.mirror.governance.authors.get(bytesToHex(this.keyring.signer.author));
  }

  #patientStream(patient: string): StreamRef {
    return this.keyring.stream('clinical', patientStream(patient));
  }

  async #view(patient: string): Promise<StreamView> {
    const known = this.#views.get(patient);
    if (known !== undefined) {
      await followStream(known, this.#streamParts());
      return known;
    }
    const view = await loadStream(this.#patientStream(patient), this.#streamParts());
    this.#foldPending(view);
    const oldest = this.#views.keys().next();
    if (this.#views.size >= keptViews && !oldest.done) this.#views.delete(oldest.value);
    this.#views.set(patient, view);
    return view;
  }

  /** What waits in the outbox is shown as saved on this device; its entry takes its place when it comes. */
  #foldPending(view: StreamView): void {
    const stream = bytesToHex(view.stream.id);
    for (const item of this.outbox.items)
      for (const part of item.parts) if (bytesToHex(part.stream.id) === stream) this.#foldPart(view, item, part);
  }

  #foldPart(view: StreamView, item: OutboxItem, part: OutboxPart): void {
    if (part.body.kind !== 'records') return;
    const index = this.#pendingIndexes.get(item.id) ?? this.#nextPending++;
    this.#pendingIndexes.set(item.id, index);
    const place = { index, entryId: hexToBytes(item.id.repeat(2)), author: this.keyring.signer.author };
    foldInto(view.state, { ...place, receivedAt: item.createdAt, time: item.createdAt, batch: parseRecordBatch(part.content) });
  }

  async #patientRecord(id: string, context: VersionContext): Promise<RecordView | null> {
    const stream = this.keyring.stream('admin', 'directory');
    const view: StreamView = await this.#directoryHistory(stream, id, this.#directory?.currentOf(id).map(([, index]) => index) ?? []);
    this.#foldPending(view);
    const record = view.state.records.get(id);
    return record === undefined ? null : recordView(record, context);
  }

  /** Folds the entries of the directory that concern one record: those given, or all that replaced each other. */
  async #directoryHistory(stream: StreamRef, recordId: string, indexes?: readonly number[]): Promise<StreamView> {
    if (indexes === undefined) return loadStream(stream, this.#streamParts(), true);
    const view: StreamView = { stream, state: emptyStream(), findings: [], upTo: -1, isShortened: true };
    for (const index of indexes) {
      const read = await this.reader.content(index, stream.compartment);
      if (read.finding !== null) view.findings.push(read.finding);
      else if (read.entry.header.kind === 'records') {
        const { id: entryId, receivedAt, header } = read.entry;
        const batch = parseRecordBatch(read.content);
        const versions = batch.versions.filter((version) => version.id === recordId);
        foldInto(view.state, { index, entryId, author: header.author, receivedAt, time: header.time, batch: { ...batch, versions } });
      }
    }
    return view;
  }

  #partsOf(request: SaveRequest): OutboxPart[] {
    const batches = new Map<string, { stream: StreamRef; batch: { patient: string | null; versions: RecordBatch['versions'][number][]; documents: DocumentKey[] } }>();
    for (const { resource, change, replaces } of request.records) {
      if (!isResource(resource)) throw new ReplicaError('SAVE_INVALID', 'A record needs a type and an id');
      const link = request.patient === null ? ({ kind: 'none' } as const) : ({ kind: 'one', patient: request.patient } as const);
      const route = routeOf(parseJson(JSON.stringify(resource)) as JsonObject, link);
      const stream = this.keyring.stream(route.compartment, route.stream);
      const version = newVersion({ resource, change, replaces: replaces.map(hexToBytes) }, this.random);
      const known = batches.get(bytesToHex(stream.id)) ?? { stream, batch: { patient: request.patient, versions: [], documents: [] } };
      known.batch.versions.push(version);
      batches.set(bytesToHex(stream.id), known);
    }
    const documents = request.documents ?? [];
    const target = [...batches.values()].find(({ stream }) => stream.compartment === 'clinical') ?? [...batches.values()][0];
    if (target === undefined) throw new ReplicaError('SAVE_INVALID', 'Nothing to save');
    target.batch.documents.push(...documents);
    return [...batches.values()].map(({ stream, batch }) => recordsPart(stream, batch));
  }

  async #enqueue(parts: readonly OutboxPart[]): Promise<OutboxItem> {
    const item = await this.outbox.add(parts);
    for (const view of this.#views.values())
      for (const part of parts) if (bytesToHex(part.stream.id) === bytesToHex(view.stream.id)) this.#foldPart(view, item, part);
    this.#emit({ type: 'save', id: item.id, state: 'device' });
    void this.#sendSoon();
    return item;
  }

  async #sendSoon(): Promise<void> {
    try {
      await this.outbox.flush();
      this.#setOnline(true);
      if (!this.#isClosed) await this.sync();
    } catch (error) {
      if (!(error instanceof ReplicaError)) throw error;
      if (error.code === 'UNREACHABLE') this.#setOnline(false);
      else if (error.code !== 'CLOSED') this.#takeError(error);
    }
  }

  async #uploadPayload(hash: Bytes, payload: Bytes): Promise<void> {
    const answer = await this.transport.startUpload(hash, payload.length);
    if (answer.upload === null) return;
    for (let part = 0; part * answer.partSize < payload.length; part += 1)
      if (!answer.received.includes(part))
        await this.transport.putPart(answer.upload, part, ownBytes(payload.subarray(part * answer.partSize, (part + 1) * answer.partSize)));
    await this.transport.closeUpload(answer.upload);
  }

  async #followViews(): Promise<void> {
    if (await this.#directory?.follow()) this.#emit({ type: 'directory' });
    for (const [patient, view] of this.#views)
      if (await followStream(view, this.#streamParts())) this.#emit({ type: 'patient', patient });
  }

  #versionContext(): VersionContext {
    const refused = new Set(this.outbox.items.filter((item) => item.problem !== null).map((item) => this.#pendingIndexes.get(item.id)));
    return {
      copiedSize: this.#copiedSize(),
      isRefused: (index) => refused.has(index),
      authorOf: (author) => {
        const holder = this.mirror.governance.authors.get(bytesToHex(author));
        const member = holder?.member ?? null;
        return { name: member === null ? null : this.memberName(member), member, label: holder?.label ?? null };
      },
    };
  }

  #copiedSize(): number {
    return Math.max(0, ...this.#copies.map((copy) => copy.size));
  }

  #nameOf(id: string): string | null {
    const content = this.#directory?.contentOf(id);
    if (!content) return null;
    const resource = JSON.parse(content) as { name?: string | { prefix?: string[]; given?: string[]; family?: string; text?: string }[] };
    if (typeof resource.name === 'string') return resource.name;
    const [name] = resource.name ?? [];
    const words = [...(name?.prefix ?? []), ...(name?.given ?? []), name?.family ?? name?.text ?? ''];
    return words.filter((word) => word !== '').join(' ') || null;
  }

  #takeCopies(copies: readonly CopyStatus[]): void {
    this.#copies = copies;
    const copied = this.#copiedSize();
    for (const [id, index] of this.#awaitingCopy) {
      if (index >= copied) continue;
      this.#awaitingCopy.delete(id);
      this.#emit({ type: 'save', id, state: 'copy' });
    }
    this.#emitStatus();
  }

  #setOnline(isOnline: boolean): void {
    if (this.#online === isOnline) return;
    this.#online = isOnline;
    this.#emitStatus();
  }

  #takeError(error: ReplicaError): void {
    if (error.code === 'HOST_LIES') this.#hostLie = String(error.fields.finding ?? error.code);
    this.#emitStatus();
  }

  #emitStatus(): void {
    if (this.#listeners.size > 0 && !this.#isClosed) this.#emit({ type: 'status', status: this.status() });
  }

  #emit(event: PracticeEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

/** One entry's worth of records. */
export function recordsPart(stream: StreamRef, batch: RecordBatch): OutboxPart {
  const blobs = batch.documents.map((document) => ({ hash: ownBytes(document.sealedHash), size: document.sealedSize }));
  return { stream, body: { kind: 'records', binding: false }, content: ownBytes(encodeRecordBatch(batch)), blobs };
}

function isResource(resource: object): resource is { resourceType: string; id: string } {
  return 'resourceType' in resource && typeof resource.resourceType === 'string' && 'id' in resource && typeof resource.id === 'string';
}

export type { RecordView, SaveState, VersionView };
