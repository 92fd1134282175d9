import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { refuseStanding } from '@serment/core/journal/standing';
import { type RandomSource, randomBytes } from '@serment/core/random';
import type { PracticeAlert } from '@serment/core/wire/alert';
import type { CopyStatus } from '@serment/core/wire/status';
import type { DocumentKey } from '@serment/records/version';
import type { Agenda } from './agenda.ts';
import { type Cache, sparingCache } from './cache.ts';
import { CopiesWatch } from './copies-watch.ts';
import { Courtesy } from './courtesy.ts';
import { DayPatients } from './day-patients.ts';
import { Deposits } from './deposits.ts';
import { DeviceWatch } from './device-watch.ts';
import type { Directory, PatientRow } from './directory.ts';
import type { DirectoryRecord } from './directory-keeper.ts';
import { Drafts } from './drafts.ts';
import { DrillRecord } from './drill-record.ts';
import { ReplicaError } from './error.ts';
import { Follower } from './follower.ts';
import { HeadsKeeper } from './heads-keeper.ts';
import { isOwnDeviceHeld } from './holds.ts';
import { Inbox } from './inbox.ts';
import type { JournalMirror, SyncReport } from './journal-mirror.ts';
import { KeptFiles } from './kept-files.ts';
import { renewKeys } from './key-renewal.ts';
import type { Keyring } from './keyring.ts';
import { KitReads } from './kit-reads.ts';
import { LocalVault } from './local-vault.ts';
import { NewsMarks } from './news-marks.ts';
import { OpeningTraces } from './opening-traces.ts';
import type { Outbox } from './outbox.ts';
import { OutboxSender } from './outbox-sender.ts';
import type { PatientFile, RecordView, SaveState, VersionView } from './patient-file.ts';
import type { PatientFiles } from './patient-files.ts';
import { isSilence, PayloadReader } from './payload-reader.ts';
import { PracticeLine } from './practice-line.ts';
import { PracticeRecords } from './practice-records.ts';
import { type PracticeEvent, type PracticeStatus, practiceStatus } from './practice-status.ts';
import { Presence } from './presence.ts';
import { RecentPatients } from './recent-patients.ts';
import { ReferenceTables } from './reference-tables.ts';
import { RereadRecord } from './reread-record.ts';
import { RescueSettings } from './rescue-settings.ts';
import { partsOfSave, type SaveRequest } from './saving.ts';
import { requestsByOwner } from './saving-owners.ts';
import { ScannedBatches } from './scanned-batches.ts';
import type { OutboxPart } from './sending.ts';
import { SeparatorSheets } from './separator-sheets.ts';
import { SnapshotWriter } from './snapshot-writer.ts';
import type { StreamRecords } from './stream-records.ts';
import type { StreamParts } from './stream-view.ts';
import { TextSearch } from './text-search.ts';
import type { Transport } from './transport.ts';
import { Upkeep, type UpkeepParts } from './upkeep.ts';
import { WitnessWatch } from './witnesses.ts';

export interface PracticeParts {
  readonly transport: Transport;
  /** This device's own part of it. */
  readonly cache: Cache;
  readonly practice: Bytes;
  readonly mirror: JournalMirror;
  readonly keyring: Keyring;
  readonly clock?: () => number;
  readonly random?: RandomSource;
}

/** How long a lock waits for drafts that are being sealed, and for traces on their way. */
const sealingMs = 2000;
/** At most, for a disk that does not answer: what is not written by then is read again from the host. */
const persistingMs = 10_000;

/** A practice that is open on this device: its parts, put together, and the order in which they take in what the journal says. */
export class Practice {
  readonly transport: Transport;
  readonly mirror: JournalMirror;
  readonly keyring: Keyring;
  readonly reader: PayloadReader;
  readonly cache: Cache;
  readonly clock: () => number;
  readonly random: RandomSource;

  readonly files: PatientFiles;
  /** What belongs to the practice and to no patient, such as templates. */
  readonly shared: StreamRecords;
  /** What this member writes for themself alone. */
  readonly privateNotes: StreamRecords;
  readonly agenda: Agenda;
  readonly tables: ReferenceTables;
  readonly inbox: Inbox;
  readonly deposits: Deposits;
  readonly scanned: ScannedBatches;
  readonly sheets: SeparatorSheets;
  /** Null when this member's rights do not open medical files. */
  readonly texts: TextSearch | null;
  readonly kept: KeptFiles;
  readonly drafts: Drafts;
  readonly traces: OpeningTraces;
  readonly presence: Presence;

  readonly kitReads: KitReads;
  readonly drills: DrillRecord;
  readonly rereads: RereadRecord;
  readonly witnesses: WitnessWatch = new WitnessWatch(this, () => this.#emitStatus());
  readonly news: NewsMarks;
  readonly upkeep: Upkeep;

  readonly #vault: LocalVault;
  readonly #records: PracticeRecords;
  readonly #sender: OutboxSender;
  readonly #line: PracticeLine;
  readonly #follower: Follower;
  readonly #copies: CopiesWatch;
  readonly #devices: DeviceWatch;
  readonly #recent: RecentPatients;
  readonly #courtesy = new Courtesy();
  readonly #listeners = new Set<(event: PracticeEvent) => void>();
  #alerts: readonly PracticeAlert[] = [];
  /** How far of the journal all was taken in that it says; what was sent may have been read further. */
  #followedSize = 0;
  #isFollowing = false;
  #isListening = false;
  #hasGathered = false;
  #isClosed = false;

  constructor(parts: PracticeParts) {
    const { transport, cache, mirror, keyring, practice } = parts;
    this.transport = transport;
    this.mirror = mirror;
    this.keyring = keyring;
    this.cache = cache;
    this.random = parts.random ?? randomBytes;
    this.clock = parts.clock ?? Date.now;
    this.#line = this.#makeLine();
    this.kitReads = new KitReads(mirror);
    this.drills = new DrillRecord(mirror);
    this.reader = new PayloadReader({ mirror, source: transport, cache: sparingCache(cache), keyring });
    this.#vault = new LocalVault({ cache, keyring, practice });
    const { clock, random, reader } = this;
    const vault = this.#vault;
    const giveWay = () => this.giveWay();
    const emit = (event: PracticeEvent) => this.#emit(event);
    const sparing = new LocalVault({ cache: sparingCache(cache), keyring, practice });
    this.drafts = new Drafts({ practice, keyring, vault, transport, clock, random });
    this.#recent = new RecentPatients(sparing, () => this.#emit({ type: 'recent' }));
    this.news = new NewsMarks(vault);
    this.#devices = new DeviceWatch({ mirror, keyring, vault, reader, giveWay, onChange: () => this.#emitStatus() });
    this.#copies = new CopiesWatch((id, copiedAt) => this.#emit({ type: 'save', id, state: 'copy', copiedAt }));
    this.#records = new PracticeRecords({
      ...{ mirror, keyring, reader, random, giveWay, vault: sparing, emit },
      waiting: () => this.#sender.items,
      copiedSize: () => this.#copies.size,
    });
    const { keeper: directory, files, shared, privateNotes, agenda, depositStates } = this.#records;
    this.files = files;
    this.shared = shared;
    this.privateNotes = privateNotes;
    this.agenda = agenda;
    this.#sender = new OutboxSender({
      ...{ line: this.#line, reader, directory, files, copies: this.#copies, emit },
      isListening: () => this.#isListening,
      sync: () => this.sync(),
      follow: () => this.#records.follow(),
    });
    this.kept = new KeptFiles({
      ...{ vault, files },
      today: keyring.canRead('admin') ? new DayPatients(agenda, clock) : null,
      onChange: () => this.#emit({ type: 'kept' }),
    });
    this.traces = this.#makeTraces();
    const patients = () => this.directory.ids();
    this.texts =
      keyring.canRead('clinical') && directory !== null
        ? new TextSearch({ mirror, reader, keyring, vault: sparing, patients })
        : null;
    this.tables = new ReferenceTables(this, shared);
    this.deposits = new Deposits(this, depositStates);
    this.inbox = new Inbox(this, shared);
    this.sheets = new SeparatorSheets({
      keyring,
      directory: () => this.directory,
      pause: () => new Promise((resolve) => setTimeout(resolve)),
    });
    this.scanned = new ScannedBatches(this, vault);
    const write = (part: OutboxPart) => this.#sender.write(part);
    this.rereads = this.#makeRereads(write);
    const snapshots = new SnapshotWriter({ ...this.streamParts(), keyring, write });
    const prepare = () => snapshots.writeDirectory();
    const heads = new HeadsKeeper({ mirror, reader, keyring, cache: sparingCache(cache), write, prepare, giveWay });
    this.upkeep = this.#makeUpkeep({ directory, files, snapshots, heads });
    this.presence = this.#makePresence(sparing);
    this.#follower = this.#makeFollower();
  }

  /** Reads what the device kept, then what is new. Called once, by `openPractice`, with what kept the host from answering. */
  async load(problem: ReplicaError | null): Promise<void> {
    const { mirror, keyring, transport, clock, random } = this;
    await this.#sender.open({
      ...{ mirror, keyring, transport, clock, random, cache: this.cache, vault: this.#vault },
      onChange: () => this.#emitStatus(),
      onUpload: () => this.#emit({ type: 'upload' }),
    });
    if (mirror.wasReplaced) await this.#afterReplacement();
    await this.#devices.followHolds();
    await this.deposits.forgetOwn();
    await this.#recent.load();
    await this.news.load();
    await this.kept.load();
    const isKnown = (await this.#records.keeper?.restore()) ?? false;
    await this.drills.follow().catch((error: unknown) => {
      if (!isSilence(error)) throw error;
    });
    if (problem !== null) {
      await this.#takeRestored(problem);
      await this.#followDirectoryHere(isKnown);
      return this.#line.takeError(problem);
    }
    this.#line.setOnline(true);
    try {
      await this.#line.followRestored();
      await this.#records.keeper?.follow();
      if (!isKnown) await this.#records.keeper?.persist();
    } catch (error) {
      if (!(error instanceof ReplicaError && isKnown)) throw error;
      this.#line.takeError(error);
    }
  }

  /** As far as the list reads without the line. Throws UNREACHABLE rather than show none to who has some. */
  async #followDirectoryHere(isKnown: boolean): Promise<void> {
    try {
      await this.#records.keeper?.follow();
    } catch (error) {
      if (!(error instanceof ReplicaError) || (isSilence(error) && !isKnown)) throw error;
    }
  }

  get practice(): Bytes {
    return this.mirror.practice;
  }

  /** False for a kit, which opens and recovers and writes no record, and for whoever may not act now. */
  get canWrite(): boolean {
    const holder = this.mirror.governance.authors.get(bytesToHex(this.keyring.signer.author));
    if (holder?.type !== 'device' || this.#line.restored !== null || this.#isClosed) return false;
    return refuseStanding(this.mirror.governance, holder, { receivedAt: this.clock() }) === null;
  }

  /** Whether nothing of this device is taken until a member says that what it did is meant. It goes on reading. */
  get isHeld(): boolean {
    return isOwnDeviceHeld(this);
  }

  status(): PracticeStatus {
    return practiceStatus(this, {
      line: this.#line,
      items: this.#sender.items,
      damaged: this.#sender.damaged,
      directoryFindings: this.#records.keeper?.findings ?? [],
      copies: this.#copies.copies,
      alerts: this.#alerts,
      massChanges: this.#devices.massChanges,
      held: this.#devices.held,
    });
  }

  subscribe(listener: (event: PracticeEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** How this device makes rescue copies. */
  get rescue(): RescueSettings {
    return new RescueSettings(this.#vault);
  }

  /** That what is told of entries below this number was seen by this member. */
  async setNewsSeen(seenSize: number): Promise<void> {
    await this.news.set({ seenSize });
    this.#emitStatus();
  }

  /** Follows the server from now on. */
  start(): void {
    this.#isFollowing = true;
    this.#follower.start();
    this.witnesses.start();
    // Nobody waits for it.
    void this.rereads.follow().then((isNew) => isNew && this.#emitStatus());
  }

  retry(): void {
    this.#follower.retry();
  }

  /** Verifies and folds what is new, sends what waits. Throws HOST_LIES, UNREACHABLE and the like. */
  sync(): Promise<SyncReport> {
    return this.#line.during(() => this.#sync());
  }

  /**
   * Reads and verifies the entries that a `heads` stood for when this device was new; done by itself at idle. Throws
   * HOST_LIES, UNREACHABLE and the like.
   */
  async readUnread(): Promise<void> {
    await this.mirror.complete();
    if (!this.mirror.wasReplaced) return;
    await this.keyring.refresh(this.mirror.governance);
    await this.#afterReplacement();
    this.#emit({ type: 'directory' });
    this.#emitStatus();
  }

  /** Judges what came since the last time: devices that ruin faster than a person could. */
  followChanges(): Promise<void> {
    return this.#devices.followChanges();
  }

  /** A person says that what a device, in hexadecimal, did in numbers is meant. */
  acceptChanges(author: string): Promise<void> {
    return this.#devices.acceptChanges(author);
  }

  /** Between two steps of long work: waits while somebody waits for an answer. */
  giveWay(): Promise<void> {
    return this.#courtesy.giveWay();
  }

  get directory(): Directory {
    return this.#records.directory;
  }

  search(query: string, limit: number): PatientRow[] {
    return this.directory.search(query, limit);
  }

  /** Patients opened last on this device, newest first. */
  recent(limit: number): PatientRow[] {
    return this.#recent.ids.flatMap((id) => this.directory.get(id) ?? []).slice(0, limit);
  }

  /** Begins to read a file that is about to be opened. */
  expectPatient(id: string): void {
    void this.#courtesy.serve(() => this.files.expect(id));
  }

  /** Opens a file and leaves the trace of it. Throws PATIENT_UNKNOWN, UNREACHABLE when it is not on this device. */
  openPatient(id: string): Promise<PatientFile> {
    return this.#courtesy.serve(() => this.#openPatient(id));
  }

  async #openPatient(id: string): Promise<PatientFile> {
    const file = await this.traces.leaveOf(this.readPatient(id), this.files.toBeShown(id), ({ merged }) => [
      id,
      ...merged.flatMap(({ row, isShut }) => (isShut ? [] : [row.id])),
    ]);
    this.#recent.add(id);
    return file;
  }

  /** A file as this device knows it, without a trace: for showing again what is open already. */
  readPatient(id: string): Promise<PatientFile> {
    return this.files.read(id);
  }

  /** A patient's own record, whoever may read the file; null when it is not known. */
  patientRecord(id: string): Promise<RecordView | null> {
    return this.files.patientRecord(id);
  }

  /** The patient in whose file a record stands: of merged records, each keeps its own. */
  ownerOf(patient: string, recordId: string): Promise<string> {
    return this.files.ownerOf(patient, recordId);
  }

  /** Every version of a record, newest first. */
  history(patient: string, recordId: string): Promise<VersionView[]> {
    return this.files.history(patient, recordId);
  }

  /** The key of a document of a file; null for one that it does not hold. Throws as `readPatient`. */
  documentKey(patient: string, blobId: string): Promise<DocumentKey | null> {
    return this.files.documentKey(patient, blobId);
  }

  /** A record of the directory that is no patient: its JSON text, its current versions, and the entries that hold them. */
  directoryRecord(id: string): DirectoryRecord | null {
    return this.#records.keeper?.recordOf(id) ?? null;
  }

  /** Ids and JSON texts of the directory's records that are no patient. */
  directoryRecords(): { id: string; content: string }[] {
    return this.#records.keeper?.otherRecords() ?? [];
  }

  /** Of a member or of the practice, as the directory has it; null for one that it does not name. */
  nameOf(id: string): string | null {
    return this.#records.keeper?.nameOf(id) ?? null;
  }

  memberName(member: string): string | null {
    return this.nameOf(`Practitioner/${member}`);
  }

  streamParts(): StreamParts {
    return this.#records.streamParts;
  }

  /** Keeps a save on this device, then sends it; what it says is shown at once. Throws SAVE_INVALID, NOTE_SIGNED. */
  save(request: SaveRequest): Promise<{ id: string }> {
    return this.saveAll([request]);
  }

  /** The same of what concerns several patients: all of it or nothing. Throws SAVE_INVALID. */
  async saveAll(requests: readonly SaveRequest[]): Promise<{ id: string }> {
    this.#requireWritable();
    const owned: SaveRequest[] = [];
    for (const request of requests)
      owned.push(...(await requestsByOwner(request, (patient, record) => this.files.ownerOf(patient, record))));
    for (const one of owned) await this.files.requireUnsigned(one);
    const parts = owned.flatMap((one) => partsOfSave(one, this.keyring, this.random));
    return { id: (await this.#sender.add(parts)).id };
  }

  /** The same of parts that are made already. Throws SAVE_INVALID. */
  async saveParts(parts: readonly OutboxPart[]): Promise<{ id: string }> {
    this.#requireWritable();
    return { id: (await this.#sender.add(parts)).id };
  }

  #requireWritable(): void {
    if (!this.canWrite)
      throw new ReplicaError('SAVE_INVALID', 'Nothing can be written here now', {
        fields: { restored: this.#line.restored !== null },
      });
  }

  /** Where what an entry says is. */
  saveState(index: number): SaveState {
    return this.#records.saveState(index);
  }

  get outbox(): Outbox {
    return this.#sender.outbox;
  }

  /** Sends again a save that the host refused. */
  async retrySave(id: string): Promise<void> {
    await this.#sender.retry(id);
  }

  /** Gives up a save that the host refused: it is shown no more. */
  async discardSave(id: string): Promise<void> {
    await this.outbox.discard(id);
    this.#clearViews();
    this.#records.keeper?.overlay();
    this.#emit({ type: 'directory' });
    this.#emitStatus();
  }

  /** Writes what is worth keeping to the cache. */
  async persist(): Promise<void> {
    await this.reader.settled();
    await this.mirror.persist();
    await this.#records.keeper?.persist();
  }

  /** Forgets the keys, whatever else fails. What was typed and not sent stays sealed on the device. */
  async lock(): Promise<void> {
    this.#follower.stop();
    this.presence.follow(false);
    this.upkeep.stop();
    this.witnesses.stop();
    try {
      // The last words typed are sealed, and the last traces sent, with keys that go now; what hangs keeps nobody's keys.
      const spared = Promise.allSettled([this.#sender.sendRest(), this.#recent.settle()]);
      await within(sealingMs, Promise.all([this.drafts.settled(), spared]));
      await within(persistingMs, this.persist());
    } finally {
      this.#isClosed = true;
      this.#sender.close();
      this.keyring.close();
      this.#records.keeper?.clear();
      this.#clearViews();
      this.kept.clear();
      this.texts?.close();
      this.#emit({ type: 'closed' });
      this.#listeners.clear();
    }
    await this.transport.closeSession().catch(() => undefined);
  }

  async #sync(): Promise<SyncReport> {
    try {
      const report = await this.mirror.sync();
      const { size } = this.mirror;
      await this.keyring.refresh(this.mirror.governance);
      await this.#devices.followHolds();
      await this.#line.followRestored();
      this.#line.takeSynced();
      if (this.mirror.wasReplaced) await this.#afterReplacement();
      await this.#records.follow();
      await this.kitReads.follow();
      await this.drills.follow();
      // Nothing waits for it.
      void this.witnesses.follow().catch(() => undefined);
      await this.rereads.follow();
      // Nor for what devices did in numbers.
      if (!this.isHeld) void this.followChanges().catch(() => undefined);
      await this.deposits.forgetOwn();
      await this.outbox.retryStale();
      if (this.#sender.isDue && this.#line.restored === null) await this.#sender.flush();
      if (!this.isHeld) void this.#followDrafts().catch(() => undefined);
      // What reads and writes by itself waits for whom a member lets go on.
      if (this.#isFollowing && !this.#isClosed && !this.isHeld) this.upkeep.postpone();
      this.#followedSize = size;
      return report;
    } catch (error) {
      if (error instanceof ReplicaError) await this.#takeRestored(error);
      if (error instanceof ReplicaError) this.#line.takeError(error);
      throw error;
    }
  }

  async #takeRestored(error: ReplicaError): Promise<void> {
    if (error.code === 'VAULT_RESTORED') await this.#line.followRestored();
  }

  /** The journal is another than was folded: after a restore, what this device alone still holds is given back. */
  async #afterReplacement(): Promise<void> {
    await this.reader.forget();
    this.kitReads.forget();
    this.drills.forget();
    this.rereads.forget();
    this.#clearViews();
    this.#records.forgetAccepted();
    await this.#sender.giveBack();
    await this.news.restart(await this.mirror.acknowledgedSize());
    await this.drafts.giveBack();
    await this.#records.keeper?.reload();
    await this.#records.keeper?.persist();
    await this.texts?.restart();
    await this.mirror.settleReplacement();
  }

  /** Sends what the host has not, and once in a session takes in what another device left there. */
  async #followDrafts(): Promise<void> {
    await this.drafts.sendAll();
    if (this.#hasGathered || !this.#isFollowing) return;
    const came = await this.drafts.gather();
    this.#hasGathered = true;
    for (const key of came) this.#emit({ type: 'draft', key });
  }

  /** All that was folded, but the directory: it is read again when it is asked for. */
  #clearViews(): void {
    this.#records.clear();
    this.deposits.clear();
  }

  #takeCopies(copies: readonly CopyStatus[]): void {
    this.#copies.take(copies);
    this.#emitStatus();
  }

  #takeAlerts(alerts: readonly PracticeAlert[]): void {
    this.#alerts = alerts;
    this.#emitStatus();
  }

  #setListening(isListening: boolean): void {
    if (isListening === this.#isListening) return;
    this.#isListening = isListening;
    this.#followPresence();
  }

  #followPresence(): void {
    this.presence.follow(this.#line.isOnline && this.#isListening && !this.#isClosed);
  }

  #emitStatus(): void {
    this.#followPresence();
    if (this.#listeners.size > 0 && !this.#isClosed) this.#emit({ type: 'status', status: this.status() });
  }

  #emit(event: PracticeEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  #makeLine(): PracticeLine {
    return new PracticeLine({
      clock: this.clock,
      askRestored: async () => (await this.transport.status()).restored,
      onChange: () => this.#emitStatus(),
      onEnd: (end) => (this.#isClosed ? undefined : this.#emit({ type: 'ended', end })),
    });
  }

  #makeTraces(): OpeningTraces {
    const { keyring, clock } = this;
    return new OpeningTraces({
      ...{ keyring, clock },
      canWrite: () => this.canWrite,
      reserve: (parts) => this.#sender.reserve(parts),
    });
  }

  #makeRereads(write: (part: OutboxPart) => Promise<void>): RereadRecord {
    const { mirror, keyring, transport, random, clock, reader } = this;
    return new RereadRecord({
      ...{ mirror, keyring, transport, random, clock, reader, write },
      copies: () => this.#copies.copies,
      since: () => this.drills.status.since,
      canWrite: () => this.canWrite && this.#line.isOnline && !this.isHeld,
      sync: () => this.sync(),
      giveWay: () => this.giveWay(),
    });
  }

  #makeUpkeep(steps: Pick<UpkeepParts, 'directory' | 'files' | 'snapshots' | 'heads'>): Upkeep {
    return new Upkeep({
      ...steps,
      persist: () => this.persist(),
      fetchAhead: () => this.kept.fetchAhead(),
      giveWay: () => this.giveWay(),
      canWrite: () => this.canWrite,
      hasUnread: () => this.mirror.unread !== null,
      readUnread: () => this.readUnread(),
      renewKeys: () => renewKeys(this),
      followTexts: () => this.texts?.follow() ?? Promise.resolve(),
      rereadCopies: () => this.rereads.runDue(),
      onChange: ({ directory, patients }) => {
        if (directory) this.#emit({ type: 'directory' });
        for (const patient of patients) this.#emit({ type: 'patient', patient });
        this.#emitStatus();
      },
      onError: (error) => {
        if (error instanceof ReplicaError && !this.#isClosed) this.#line.takeError(error);
      },
    });
  }

  #makePresence(vault: LocalVault): Presence {
    const { mirror, keyring, transport } = this;
    return new Presence({
      ...{ practice: mirror.practice, keyring, vault },
      governance: () => mirror.governance,
      send: (beat) => transport.putPresence(beat),
      memberName: (member) => this.memberName(member),
      onChange: (present) => this.#emit({ type: 'presence', present }),
    });
  }

  #makeFollower(): Follower {
    const { transport, mirror } = this;
    return new Follower({
      ...{ transport, isKnown: (note: string) => mirror.hasRead(note, this.#followedSize) },
      onJournal: () => this.sync().then(() => undefined),
      onCopies: (copies) => this.#takeCopies(copies),
      onAlerts: (alerts) => this.#takeAlerts(alerts),
      onPresence: (data) => this.presence.take(data),
      onLine: (isOnline) => this.#line.setOnline(isOnline),
      onListening: (isListening) => this.#setListening(isListening),
      onError: (error) => this.#line.takeError(error),
    });
  }
}

/** Waits for work no longer than that, and throws what it throws until then. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, ms);
  try {
    await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
