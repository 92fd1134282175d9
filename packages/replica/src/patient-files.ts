import { bytesToHex } from '@serment/core/bytes';
import type { Finding } from '@serment/core/journal/finding';
import { isShutOut } from '@serment/core/journal/restriction';
import { isSigned } from '@serment/records/fhir/note';
import { patientsTold } from '@serment/records/fhir/related-person';
import { foldInto, hasConflict, type WrittenBatch } from '@serment/records/fold';
import type { Fields } from '@serment/records/page/element-text';
import { patientStream } from '@serment/records/route';
import type { DocumentKey } from '@serment/records/version';
import type { DirectoryKeeper } from './directory-keeper.ts';
import { ReplicaError } from './error.ts';
import type { Keyring, StreamRef } from './keyring.ts';
import type { OutboxItem } from './outbox.ts';
import {
  type MergedRecord,
  type PatientFile,
  type RecordView,
  recordView,
  type VersionContext,
  type VersionView,
  versionView,
} from './patient-file.ts';
import { absentFinding, isAbsent, isSilence, type PayloadReader } from './payload-reader.ts';
import type { PendingSaves } from './pending-saves.ts';
import type { SaveRequest } from './saving.ts';
import {
  checkSnapshot,
  emptyView,
  foldRead,
  followStream,
  isOfHost,
  loadStream,
  readWritten,
  type StreamParts,
  type StreamView,
} from './stream-view.ts';

export interface PatientFilesParts extends StreamParts {
  readonly keyring: Keyring;
  readonly directory: DirectoryKeeper | null;
  readonly pending: PendingSaves;
  readonly badSnapshots: Set<number>;
  readonly context: () => Omit<VersionContext, 'isRefused'>;
}

/** Where a file is read from, and below which entry. */
export interface FileSource {
  readonly reader: PayloadReader;
  readonly size: number;
}

/** A file as one source gives it. */
export interface SourcedFile {
  readonly records: readonly RecordView[];
  readonly documents: readonly DocumentKey[];
  /** What the source did not give whole. */
  readonly findings: readonly Finding[];
}

/** Each with the whole history that was read. */
const keptViews = 12;

/** Of what the directory tells of a patient. */
const directoryType = /^(?:Patient|Coverage|RelatedPerson)\//;

interface FilePart {
  readonly identity: readonly RecordView[];
  readonly records: readonly RecordView[];
  readonly findings: readonly Finding[];
  readonly isShut: boolean;
}

/** The files that are open or were lately, folded with what waits in the outbox. */
export class PatientFiles {
  readonly #parts: PatientFilesParts;
  readonly #views = new Map<string, StreamView>();
  readonly #turns = new Map<string, Promise<unknown>>();
  /** Being read ahead of who will ask. */
  readonly #expected = new Map<string, Promise<PatientFile>>();
  readonly #checked = new Set<number>();
  /** Another one once what is here was thrown away: what was being read before then does not stay. */
  #clearing = 0;
  /** Patients whose files were shown with another one, without what never came here. */
  readonly #absent = new Set<string>();

  constructor(parts: PatientFilesParts) {
    this.#parts = parts;
  }

  /**
   * A file as this device knows it, with those of the records that were merged into it; without the line, as far as it was
   * read here. Throws PATIENT_UNKNOWN, and UNREACHABLE for a file that was never read here.
   */
  read(id: string): Promise<PatientFile> {
    return this.#expected.get(id) ?? this.#read(id);
  }

  /** Begins to read a file that is about to be opened: who reads it meanwhile is given that. It is shown to nobody, and not traced. */
  async expect(id: string): Promise<void> {
    if (this.#expected.has(id)) return;
    const reading = this.#read(id);
    this.#expected.set(id, reading);
    const done = () => void this.#expected.delete(id);
    await reading.then(done, done);
  }

  async #read(id: string): Promise<PatientFile> {
    const canReadClinical = this.#parts.keyring.canRead('clinical');
    return this.#whole(id, canReadClinical, {
      own: () => this.#readOne(id),
      merged: (other) => this.#readMerged(other),
    });
  }

  /**
   * What the directory tells of a patient: who it is, who pays, whose relative. Whoever reads the directory reads it, a
   * restricted file's too. Throws PATIENT_UNKNOWN.
   */
  async administrative(id: string): Promise<PatientFile> {
    const readOne = async (one: string): Promise<FilePart> => {
      const { records, findings } = await this.#identity(one, this.#context());
      return { identity: records, records: [], findings, isShut: false };
    };
    const file = await this.#whole(id, false, { own: () => readOne(id), merged: readOne });
    return { ...file, isComplete: file.findings.length === 0 && file.absent === 0 };
  }

  /** Whether a record stands in the directory: it is read and written whoever may read its patient's file. */
  isAdministrative(recordId: string): boolean {
    return directoryType.test(recordId);
  }

  /** What links other patients to this one, as it stands in what is told of them. Throws PATIENT_UNKNOWN. */
  async linkedTo(id: string): Promise<RecordView[]> {
    const keeper = this.#directory();
    const linked = new Set([id, ...this.#mergedInto(id)]);
    const owners = [...linked].flatMap((one) => keeper.linkedTo(one)).flatMap((link) => keeper.ownerOf(link) ?? []);
    const waiting = this.#parts.pending.of(keeper.stream.id).flatMap(({ batch }) => batch.patient ?? []);
    const files = [...new Set([...owners, ...waiting])].filter((owner) => !linked.has(owner));
    const told = await Promise.all(files.map((owner) => this.#identity(owner, this.#context())));
    return told.flatMap(({ records }) =>
      records.filter(
        ({ content }) =>
          content !== null &&
          toldOf(content)
            .slice(1)
            .some((one) => linked.has(one)),
      ),
    );
  }

  async #whole(
    id: string,
    canReadClinical: boolean,
    read: { readonly own: () => Promise<FilePart>; readonly merged: (id: string) => Promise<FilePart> },
  ): Promise<PatientFile> {
    const { directory } = this.#directory();
    const row = directory.get(id);
    if (row === null) throw new ReplicaError('PATIENT_UNKNOWN', 'No such patient in this practice');
    const own = await read.own();
    const merged: MergedRecord[] = [];
    const parts = [own];
    for (const other of directory.mergedInto(id)) {
      const part = await read.merged(other.id);
      parts.push(part);
      merged.push({ row: other, isShut: part.isShut });
    }
    const all = parts.flatMap((part) => part.findings);
    const findings = all.filter((finding) => !isAbsent(finding));
    const absent = all.length - findings.length;
    const survivor = directory.survivorOf(id);
    return {
      row,
      // The Patient itself comes first, whatever was merged.
      records: [...parts.flatMap((part) => part.identity), ...standingOnes(parts.flatMap((part) => part.records))],
      findings,
      absent,
      isComplete: canReadClinical && all.length === 0 && merged.every(({ isShut }) => !isShut),
      canReadClinical,
      merged,
      mergedInto: survivor === id ? null : directory.get(survivor),
    };
  }

  /**
   * The file as it was at an instant, ms on the host's clock: of what was written until then, in those that were merged
   * into it since too. Throws as `read`.
   */
  async at(id: string, at: number): Promise<PatientFile> {
    const now = await this.read(id);
    if (!now.canReadClinical) throw new ReplicaError('COMPARTMENT_CLOSED', 'Your rights do not open this file');
    requireWhole(now);
    const shut = new Set(now.merged.flatMap(({ row, isShut }) => (isShut ? [row.id] : [])));
    const context = this.#context();
    const identities: RecordView[] = [];
    const records: RecordView[] = [];
    const findings: Finding[] = [];
    for (const patient of [id, ...now.merged.map(({ row }) => row.id)]) {
      const known = now.records.filter((record) => record.patient === patient && this.isAdministrative(record.id));
      const isAsThen = known.length > 0 && known.every(({ savedAt }) => savedAt <= at);
      identities.push(...(isAsThen ? known : await this.#identityAt(patient, at)));
      if (shut.has(patient)) continue;
      const view = await this.#viewAt(this.#streamOf(patient), at);
      records.push(...[...view.state.records.values()].flatMap((record) => recordView(record, patient, context) ?? []));
      findings.push(...view.findings);
    }
    const isComplete = findings.length === 0 && shut.size === 0;
    return { ...now, records: [...identities, ...standingOnes(records)], findings, isComplete };
  }

  /**
   * The file as a source of payloads gives it, of the entries below `size`: nothing that is folded or kept here stands in.
   * Throws as `at`.
   */
  async from(id: string, { reader, size }: FileSource): Promise<SourcedFile> {
    const shown = await this.read(id);
    if (!shown.canReadClinical) throw new ReplicaError('COMPARTMENT_CLOSED', 'Your rights do not open this file');
    const context = this.#context();
    const identities: RecordView[] = [];
    const records: RecordView[] = [];
    const findings: Finding[] = [];
    const documents: DocumentKey[] = [];
    for (const patient of this.#openParts(id)) {
      const told = emptyView(this.#directory().stream);
      for (const index of this.#placesOf(patient).currentOf)
        if (index < size) foldRead(told, await reader.content(index, told.stream));
      const own = [patient, ...this.#directory().toldOf(patient)];
      identities.push(
        ...own.flatMap((one) => {
          const record = told.state.records.get(one);
          return (record && recordView(record, patient, context)) ?? [];
        }),
      );
      const view = emptyView(this.#streamOf(patient));
      for await (const read of reader.contents(view.stream, { upTo: size - 1 })) foldRead(view, read);
      records.push(...[...view.state.records.values()].flatMap((record) => recordView(record, patient, context) ?? []));
      documents.push(...view.state.documents.values());
      findings.push(...told.findings, ...view.findings);
    }
    return { records: [...identities, ...standingOnes(records)], documents, findings };
  }

  /** All that was written in the file, in the order of its entries. Throws as `read`. */
  async written(id: string): Promise<WrittenBatch[]> {
    const { merged, canReadClinical } = await this.read(id);
    if (!canReadClinical) throw new ReplicaError('COMPARTMENT_CLOSED', 'Your rights do not open this file');
    const batches: WrittenBatch[] = [];
    for (const patient of [id, ...merged.flatMap(({ row, isShut }) => (isShut ? [] : [row.id]))])
      for await (const read of this.#parts.reader.contents(this.#streamOf(patient))) {
        const written = readWritten(read);
        if (written !== null && !('code' in written)) batches.push(written);
      }
    return batches.sort((left, right) => left.index - right.index);
  }

  /** The key of a document that a file shows, by its blob id in hexadecimal; null for one that it does not hold. */
  async documentKey(patient: string, blobId: string): Promise<DocumentKey | null> {
    await this.#requireOpen(patient);
    for (const id of this.#openParts(patient)) {
      const key = (await this.#view(id)).state.documents.get(blobId);
      if (key !== undefined) return key;
    }
    return null;
  }

  /** A patient's own record, whoever may read the file; null when it is not known. */
  async patientRecord(id: string): Promise<RecordView | null> {
    const { records } = await this.#identity(id, this.#context());
    return records.find((record) => record.id === id) ?? null;
  }

  /**
   * The patient in whose file a record stands: `patient`, or one that was merged into it. What was moved from one of them
   * to the other stands where it came to.
   */
  async ownerOf(patient: string, recordId: string): Promise<string> {
    const merged = this.#mergedInto(patient);
    if (merged.includes(recordId)) return recordId;
    if (this.isAdministrative(recordId)) return this.#directory().ownerOf(recordId) ?? patient;
    if (merged.length === 0 || !this.#parts.keyring.canRead('clinical')) return patient;
    let past: string | null = null;
    for (const id of this.#openParts(patient)) {
      const record = (await this.#view(id)).state.records.get(recordId);
      if (record?.current.some(({ content }) => content !== null)) return id;
      if (record !== undefined) past ??= id;
    }
    return past ?? patient;
  }

  /** The files that opening one shows, as far as it is known before it is read; none of one that does not open. */
  toBeShown(id: string): readonly string[] {
    const { directory } = this.#directory();
    const isShut = this.#parts.keyring.canRead('clinical') && this.#isShutOut(this.#streamOf(id).id);
    return directory.get(id) === null || isShut ? [] : this.#openParts(id);
  }

  /** Whether all that a file shows is on this device, sealed: it reads without the line. */
  async isHere(id: string): Promise<boolean> {
    if (this.#directory().directory.get(id) === null) return false;
    for (const one of this.#openParts(id)) if (!(await this.#isPartHere(one))) return false;
    return true;
  }

  /**
   * Brings a file to this device, sealed, and shows it to nobody: the host sees a reading, and no opening is traced. Throws
   * PATIENT_UNKNOWN, PATIENT_RESTRICTED, UNREACHABLE.
   */
  async fetch(id: string): Promise<void> {
    if (this.#directory().directory.get(id) === null)
      throw new ReplicaError('PATIENT_UNKNOWN', 'No such patient in this practice');
    const { keyring, reader } = this.#parts;
    if (keyring.canRead('clinical')) await this.#requireOpen(id);
    for (const one of this.#openParts(id)) {
      const { stream, currentOf } = this.#placesOf(one);
      for (const index of currentOf) await reader.content(index, stream);
      if (keyring.canRead('clinical')) await loadStream(this.#streamOf(one), this.#parts);
    }
    await reader.settled();
  }

  /** Every version of a record, newest first. */
  async history(patient: string, recordId: string): Promise<VersionView[]> {
    const isIdentity = this.isAdministrative(recordId);
    const owner = isIdentity ? patient : await this.ownerOf(patient, recordId);
    if (!isIdentity) await this.#requireOpen(owner);
    const stream = isIdentity ? this.#directory().stream : this.#streamOf(owner);
    const view = await loadStream(stream, this.#parts, { isWhole: true });
    this.#foldPending(view);
    const context = this.#context();
    const versions = view.state.records.get(recordId)?.history ?? [];
    return versions.map((version) => versionView(version, context)).reverse();
  }

  /**
   * A signed note is not changed, only withdrawn or chosen among others: the fold would keep both (docs/format/record.md),
   * and a person had rather hear it before. Throws NOTE_SIGNED.
   */
  async requireUnsigned({ patient, records }: SaveRequest): Promise<void> {
    const changes = records.filter(({ change, replaces }) => change !== 'entered-in-error' && replaces.length > 0);
    const notes = changes.flatMap(({ resource }) => (isNote(resource) ? [resource] : []));
    if (patient === null || notes.length === 0 || !this.#parts.keyring.canRead('clinical')) return;
    const { state } = await this.#view(patient);
    for (const note of notes) {
      const current = state.records.get(`Composition/${note.id}`)?.current ?? [];
      const signed = current.flatMap(({ content }) =>
        content !== null && isSigned(JSON.parse(content)) ? content : [],
      );
      if (signed.length > 0 && !signed.includes(JSON.stringify(note)))
        throw new ReplicaError('NOTE_SIGNED', 'A signed note is not changed: an addendum completes it');
    }
  }

  /** The patients in whose files several versions wait for a choice, of those that are open or were lately. */
  inConflict(): string[] {
    const isUnsettled = ({ state }: StreamView) => [...state.records.values()].some(hasConflict);
    return [...this.#views].flatMap(([patient, view]) => (isUnsettled(view) ? patient : []));
  }

  /** Shows a save that has just been kept. */
  show(item: OutboxItem): void {
    for (const view of this.#views.values())
      for (const batch of this.#parts.pending.batchesOf(item, view.stream.id)) foldInto(view.state, batch);
  }

  /** Folds what is new; returns the patients whose file changed. */
  async follow(): Promise<string[]> {
    const changed = [...this.#absent];
    this.#absent.clear();
    for (const [patient, { stream, findings }] of [...this.#views])
      if (this.#isShutOut(stream.id) || findings.some(isAbsent)) {
        this.#views.delete(patient);
        changed.push(patient);
      } else if (await this.#inTurn(patient, () => this.#followOne(patient))) changed.push(patient);
    // A file shows those that were merged into it.
    const { directory } = this.#parts.directory ?? {};
    return [...new Set(changed.flatMap((patient) => [patient, directory?.survivorOf(patient) ?? patient]))];
  }

  /** Checks whole, once in a session, the snapshots that files were opened from; a wrong one serves no more. */
  async checkSnapshots(): Promise<{ patient: string; finding: Finding }[]> {
    const found: { patient: string; finding: Finding }[] = [];
    for (const [patient, { stream, snapshot }] of [...this.#views]) {
      if (snapshot === null || this.#checked.has(snapshot)) continue;
      const finding = await checkSnapshot(stream, snapshot, this.#parts);
      if (finding !== null && isOfHost(finding)) continue;
      this.#checked.add(snapshot);
      if (finding === null) continue;
      this.#parts.badSnapshots.add(snapshot);
      this.#views.delete(patient);
      found.push({ patient, finding });
    }
    return found;
  }

  clear(): void {
    this.#clearing += 1;
    this.#expected.clear();
    this.#views.clear();
    this.#absent.clear();
  }

  async #readOne(id: string): Promise<FilePart> {
    const canReadClinical = this.#parts.keyring.canRead('clinical');
    if (canReadClinical) await this.#requireOpen(id);
    const context = this.#context();
    const [view, identity] = await Promise.all([canReadClinical ? this.#view(id) : null, this.#identity(id, context)]);
    const records = [...(view?.state.records.values() ?? [])];
    return {
      identity: identity.records,
      records: records.flatMap((record) => recordView(record, id, context) ?? []),
      findings: [...identity.findings, ...(view?.findings ?? []), ...this.#voidIn(view)],
      isShut: false,
    };
  }

  /** Of a file that is restricted to others, who it is of; of one that was never read here, how much there is. */
  async #readMerged(id: string): Promise<FilePart> {
    try {
      return await this.#readOne(id);
    } catch (error) {
      const isShut = error instanceof ReplicaError && error.code === 'PATIENT_RESTRICTED';
      if (!(isShut || isSilence(error))) throw error;
      const { records: identity, findings } = await this.#identity(id, this.#context());
      const { id: stream } = this.#streamOf(id);
      if (!isShut) this.#absent.add(id);
      const absent = isShut ? [] : this.#parts.mirror.entriesOf(stream).map((index) => absentFinding(index, stream));
      return { identity, records: [], findings: [...findings, ...absent], isShut };
    }
  }

  async #isPartHere(id: string): Promise<boolean> {
    const { keyring, mirror, reader } = this.#parts;
    const { stream: names, currentOf } = this.#placesOf(id);
    if (!(await reader.hasAll(names, currentOf))) return false;
    if (!keyring.canRead('clinical')) return true;
    const stream = this.#streamOf(id);
    const last = mirror.snapshotOf(stream.id);
    try {
      const { body } = last === null ? { body: null } : (await mirror.entry(last)).header;
      const isFromSnapshot = last !== null && (await reader.hasAll(stream, [last]));
      const after = isFromSnapshot && body?.kind === 'snapshot' ? body.index : -1;
      return await reader.hasAll(
        stream,
        mirror.entriesOf(stream.id).filter((index) => index > after),
      );
    } catch (error) {
      if (!isSilence(error)) throw error;
      return false;
    }
  }

  #mergedInto(patient: string): string[] {
    return this.#parts.directory?.directory.mergedInto(patient).map(({ id }) => id) ?? [];
  }

  /** The files that one is made of, itself first, without those that are restricted to others. */
  #openParts(patient: string): string[] {
    const merged = this.#mergedInto(patient);
    if (!this.#parts.keyring.canRead('clinical')) return [patient, ...merged];
    return [patient, ...merged.filter((id) => !this.#isShutOut(this.#streamOf(id).id))];
  }

  /** Entries of the file's stream that the rules do not let count: somebody wrote something that is not shown. */
  #voidIn(view: StreamView | null): Finding[] {
    const stream = view === null ? null : bytesToHex(view.stream.id);
    return this.#parts.mirror.findings.filter(
      (finding) => finding.stream === stream && finding.code === 'UNAUTHORIZED',
    );
  }

  #context(): VersionContext {
    return { ...this.#parts.context(), isRefused: (index) => this.#parts.pending.isRefused(index) };
  }

  #directory(): DirectoryKeeper {
    if (this.#parts.directory !== null) return this.#parts.directory;
    throw new ReplicaError('COMPARTMENT_CLOSED', 'Your rights do not open the directory');
  }

  #streamOf(patient: string): StreamRef {
    return this.#parts.keyring.stream('clinical', patientStream(patient));
  }

  #view(patient: string): Promise<StreamView> {
    return this.#inTurn(patient, async () => {
      const known = this.#views.get(patient);
      // What the host withheld once it may give now.
      if (known !== undefined && !known.findings.some(isOfHost)) {
        await this.#followOne(patient);
        return known;
      }
      const clearing = this.#clearing;
      const view = await loadStream(this.#streamOf(patient), this.#parts, { isPartial: true });
      this.#foldPending(view);
      requireSomething(view);
      if (this.#clearing !== clearing) return view;
      this.#views.delete(patient);
      const oldest = this.#views.keys().next();
      if (this.#views.size >= keptViews && !oldest.done) this.#views.delete(oldest.value);
      this.#views.set(patient, view);
      return view;
    });
  }

  async #followOne(patient: string): Promise<boolean> {
    const view = this.#views.get(patient);
    return view !== undefined && (await followStream(view, this.#parts));
  }

  #foldPending(view: StreamView): void {
    for (const batch of this.#parts.pending.of(view.stream.id)) foldInto(view.state, batch);
  }

  /** Where the directory tells of a patient: their own record, and what is told beside it. */
  #placesOf(id: string): { stream: StreamRef; currentOf: readonly number[] } {
    const keeper = this.#directory();
    const indexes = [id, ...keeper.toldOf(id)].flatMap((one) => keeper.placesOf(one).currentOf);
    return { stream: keeper.stream, currentOf: [...new Set(indexes)].sort((left, right) => left - right) };
  }

  /** The patient's own record, and what is told of them beside it, from the entries that hold their current versions. */
  async #identity(id: string, context: VersionContext): Promise<{ records: RecordView[]; findings: Finding[] }> {
    const { reader, pending } = this.#parts;
    const { stream, currentOf } = this.#placesOf(id);
    const view = emptyView(stream);
    const reads = await Promise.all(
      currentOf.map((index) =>
        reader.content(index, stream).catch((error: unknown) => {
          // The list holds the names; the rest of the file may be here.
          if (!isSilence(error)) throw error;
          return absentFinding(index, stream.id);
        }),
      ),
    );
    for (const read of reads)
      if ('code' in read) view.findings.push(read);
      else foldRead(view, read);
    // What waited was folded while this was read: it is in entries of its own now.
    if (this.#placesOf(id).currentOf.join() !== currentOf.join()) return this.#identity(id, context);
    const waiting = new Set<string>();
    for (const batch of pending.of(stream.id)) {
      foldInto(view.state, batch);
      if (batch.batch.patient === id) for (const version of batch.batch.versions) waiting.add(version.id);
    }
    const ids = new Set([id, ...this.#directory().toldOf(id), ...waiting]);
    const records = [...ids].flatMap((one) => view.state.records.get(one) ?? []);
    return {
      records: records.flatMap((record) => recordView(record, id, context) ?? []),
      findings: view.findings,
    };
  }

  async #viewAt(stream: StreamRef, at: number): Promise<StreamView> {
    const view = emptyView(stream);
    for await (const read of this.#parts.reader.contents(stream)) {
      if (read.entry !== null && read.entry.receivedAt > at) break;
      foldRead(view, read);
    }
    return view;
  }

  /** What the directory said of a patient: it is read whole for that, which takes its time. */
  async #identityAt(id: string, at: number): Promise<RecordView[]> {
    const { state } = await this.#viewAt(this.#directory().stream, at);
    const context = this.#context();
    const views = [...state.records.values()].flatMap((record) => recordView(record, id, context) ?? []);
    const isTold = ({ content }: RecordView) => content !== null && toldOf(content)[0] === id;
    return views.filter((view) => view.id === id || (this.isAdministrative(view.id) && isTold(view)));
  }

  #isShutOut(stream: Uint8Array): boolean {
    return isShutOut(this.#parts.mirror.governance, stream, bytesToHex(this.#parts.keyring.member));
  }

  /** Throws PATIENT_RESTRICTED; what this device kept of the file goes. */
  async #requireOpen(patient: string): Promise<void> {
    const { id } = this.#streamOf(patient);
    if (!this.#isShutOut(id)) return;
    this.#views.delete(patient);
    await this.#parts.reader.forgetStream(id);
    throw new ReplicaError('PATIENT_RESTRICTED', 'This file is restricted to others', {
      hint: 'It is opened with a reason, which is signed and shown to all.',
    });
  }

  /** Two readings of one file at the same time would fold the same entries twice. */
  #inTurn<Result>(patient: string, work: () => Promise<Result>): Promise<Result> {
    const turn = (this.#turns.get(patient) ?? Promise.resolve()).then(work, work);
    const settled = turn.then(
      () => undefined,
      () => undefined,
    );
    this.#turns.set(patient, settled);
    void settled.then(() => {
      if (this.#turns.get(patient) === settled) this.#turns.delete(patient);
    });
    return turn;
  }
}

function toldOf(content: string): readonly string[] {
  return patientsTold(JSON.parse(content) as Fields);
}

function isNote(resource: object): resource is { readonly resourceType: 'Composition'; readonly id: string } {
  return 'resourceType' in resource && resource.resourceType === 'Composition' && 'id' in resource;
}

/** Without what was taken out of one file and stands in another one that is shown with it. */
function standingOnes(records: readonly RecordView[]): RecordView[] {
  const standing = new Set(records.flatMap(({ id, content }) => (content === null ? [] : [id])));
  return records.filter(({ id, content }) => content !== null || !standing.has(id));
}

/** Throws UNREACHABLE for a file of which this device has nothing. */
function requireSomething({ state, findings }: StreamView): void {
  if (state.records.size === 0 && findings.some(isAbsent))
    throw new ReplicaError('UNREACHABLE', 'This file was never read on this device, and the line is cut');
}

/** Throws UNREACHABLE: what would be done with a part of a file would be wrong of the whole. */
export function requireWhole({ absent }: PatientFile): void {
  if (absent > 0) throw new ReplicaError('UNREACHABLE', 'Not all of this file is on this device, and the line is cut');
}
