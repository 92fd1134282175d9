import { bytesToHex } from '@serment/core/bytes';
import type { Finding } from '@serment/core/journal/finding';
import { isShutOut } from '@serment/core/journal/restriction';
import { isSigned } from '@serment/records/fhir/note';
import type { WrittenBatch } from '@serment/records/fold';
import { patientStream } from '@serment/records/route';
import type { DocumentKey } from '@serment/records/version';
import { AdministrativeRecords, isAdministrative } from './administrative-records.ts';
import type { DirectoryKeeper } from './directory-keeper.ts';
import { ReplicaError } from './error.ts';
import { FileViews } from './file-views.ts';
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
  emptyView,
  foldRead,
  loadStream,
  readWritten,
  type StreamParts,
  type StreamView,
  viewAt,
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

interface FilePart {
  readonly identity: readonly RecordView[];
  readonly records: readonly RecordView[];
  readonly findings: readonly Finding[];
  readonly isShut: boolean;
}

/** The files that are open or were lately, folded with what waits in the outbox. */
export class PatientFiles {
  readonly #parts: PatientFilesParts;
  readonly #views: FileViews;
  readonly #administrative: AdministrativeRecords;
  /** Being read ahead of who will ask. */
  readonly #expected = new Map<string, Promise<PatientFile>>();
  /** Patients whose files were shown with another one, without what never came here. */
  readonly #absent = new Set<string>();

  constructor(parts: PatientFilesParts) {
    this.#parts = parts;
    const { reader, pending, directory } = parts;
    this.#views = new FileViews({ ...parts, streamOf: (patient) => this.#streamOf(patient) });
    this.#administrative = new AdministrativeRecords({ reader, pending, directory, context: () => this.#context() });
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
      const { records, findings } = await this.#administrative.of(one);
      return { identity: records, records: [], findings, isShut: false };
    };
    const file = await this.#whole(id, false, { own: () => readOne(id), merged: readOne });
    return { ...file, isComplete: file.findings.length === 0 && file.absent === 0 };
  }

  /** Whether a record stands in the directory: it is read and written whoever may read its patient's file. */
  isAdministrative(recordId: string): boolean {
    return isAdministrative(recordId);
  }

  /** What links other patients to this one, as it stands in what is told of them. Throws PATIENT_UNKNOWN. */
  async linkedTo(id: string): Promise<RecordView[]> {
    return this.#administrative.linkedTo(new Set([id, ...this.#mergedInto(id)]));
  }

  async #whole(
    id: string,
    canReadClinical: boolean,
    read: { readonly own: () => Promise<FilePart>; readonly merged: (id: string) => Promise<FilePart> },
  ): Promise<PatientFile> {
    const { directory } = this.#administrative.keeper;
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
      const known = now.records.filter((record) => record.patient === patient && isAdministrative(record.id));
      const isAsThen = known.length > 0 && known.every(({ savedAt }) => savedAt <= at);
      identities.push(...(isAsThen ? known : await this.#administrative.at(patient, at)));
      if (shut.has(patient)) continue;
      const view = await viewAt(this.#streamOf(patient), at, this.#parts.reader);
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
      const told = await this.#administrative.from(patient, { reader, size }, context);
      identities.push(...told.records);
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
      const key = (await this.#views.of(id)).state.documents.get(blobId);
      if (key !== undefined) return key;
    }
    return null;
  }

  /** A patient's own record, whoever may read the file; null when it is not known. */
  async patientRecord(id: string): Promise<RecordView | null> {
    const { records } = await this.#administrative.of(id);
    return records.find((record) => record.id === id) ?? null;
  }

  /**
   * The patient in whose file a record stands: `patient`, or one that was merged into it. What was moved from one of them
   * to the other stands where it came to.
   */
  async ownerOf(patient: string, recordId: string): Promise<string> {
    const merged = this.#mergedInto(patient);
    if (merged.includes(recordId)) return recordId;
    if (isAdministrative(recordId)) return this.#administrative.keeper.ownerOf(recordId) ?? patient;
    if (merged.length === 0 || !this.#parts.keyring.canRead('clinical')) return patient;
    let past: string | null = null;
    for (const id of this.#openParts(patient)) {
      const record = (await this.#views.of(id)).state.records.get(recordId);
      if (record?.current.some(({ content }) => content !== null)) return id;
      if (record !== undefined) past ??= id;
    }
    return past ?? patient;
  }

  /** The files that opening one shows, as far as it is known before it is read; none of one that does not open. */
  toBeShown(id: string): readonly string[] {
    const { directory } = this.#administrative.keeper;
    const isShut = this.#parts.keyring.canRead('clinical') && this.#isShutOut(this.#streamOf(id).id);
    return directory.get(id) === null || isShut ? [] : this.#openParts(id);
  }

  /** Whether all that a file shows is on this device, sealed: it reads without the line. */
  async isHere(id: string): Promise<boolean> {
    if (this.#administrative.keeper.directory.get(id) === null) return false;
    for (const one of this.#openParts(id)) if (!(await this.#isPartHere(one))) return false;
    return true;
  }

  /**
   * Brings a file to this device, sealed, and shows it to nobody: the host sees a reading, and no opening is traced. Throws
   * PATIENT_UNKNOWN, PATIENT_RESTRICTED, UNREACHABLE.
   */
  async fetch(id: string): Promise<void> {
    if (this.#administrative.keeper.directory.get(id) === null)
      throw new ReplicaError('PATIENT_UNKNOWN', 'No such patient in this practice');
    const { keyring, reader } = this.#parts;
    if (keyring.canRead('clinical')) await this.#requireOpen(id);
    for (const one of this.#openParts(id)) {
      await this.#administrative.fetch(one);
      if (keyring.canRead('clinical')) await loadStream(this.#streamOf(one), this.#parts);
    }
    await reader.settled();
  }

  /** Every version of a record, newest first. */
  async history(patient: string, recordId: string): Promise<VersionView[]> {
    const isIdentity = isAdministrative(recordId);
    const owner = isIdentity ? patient : await this.ownerOf(patient, recordId);
    if (!isIdentity) await this.#requireOpen(owner);
    const stream = isIdentity ? this.#administrative.keeper.stream : this.#streamOf(owner);
    const view = await loadStream(stream, this.#parts, { isWhole: true });
    this.#parts.pending.foldInto(view);
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
    const { state } = await this.#views.of(patient);
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
    return this.#views.inConflict();
  }

  /** Shows a save that has just been kept. */
  show(item: OutboxItem): void {
    this.#views.show(item);
  }

  /** Folds what is new; returns the patients whose file changed. */
  async follow(): Promise<string[]> {
    const absent = [...this.#absent];
    this.#absent.clear();
    const changed = [...absent, ...(await this.#views.follow((stream) => this.#isShutOut(stream)))];
    // A file shows those that were merged into it.
    const { directory } = this.#parts.directory ?? {};
    return [...new Set(changed.flatMap((patient) => [patient, directory?.survivorOf(patient) ?? patient]))];
  }

  /** Checks whole, once in a session, the snapshots that files were opened from; a wrong one serves no more. */
  checkSnapshots(): Promise<{ patient: string; finding: Finding }[]> {
    return this.#views.checkSnapshots();
  }

  clear(): void {
    this.#expected.clear();
    this.#views.clear();
    this.#absent.clear();
  }

  async #readOne(id: string): Promise<FilePart> {
    const canReadClinical = this.#parts.keyring.canRead('clinical');
    if (canReadClinical) await this.#requireOpen(id);
    const context = this.#context();
    const [view, identity] = await Promise.all([
      canReadClinical ? this.#views.of(id) : null,
      this.#administrative.of(id, context),
    ]);
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
      const { records: identity, findings } = await this.#administrative.of(id);
      const { id: stream } = this.#streamOf(id);
      if (!isShut) this.#absent.add(id);
      const absent = isShut ? [] : this.#parts.mirror.entriesOf(stream).map((index) => absentFinding(index, stream));
      return { identity, records: [], findings: [...findings, ...absent], isShut };
    }
  }

  async #isPartHere(id: string): Promise<boolean> {
    const { keyring, mirror, reader } = this.#parts;
    if (!(await this.#administrative.isHere(id))) return false;
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

  #streamOf(patient: string): StreamRef {
    return this.#parts.keyring.stream('clinical', patientStream(patient));
  }

  #isShutOut(stream: Uint8Array): boolean {
    return isShutOut(this.#parts.mirror.governance, stream, bytesToHex(this.#parts.keyring.member));
  }

  /** Throws PATIENT_RESTRICTED; what this device kept of the file goes. */
  async #requireOpen(patient: string): Promise<void> {
    const { id } = this.#streamOf(patient);
    if (!this.#isShutOut(id)) return;
    this.#views.drop(patient);
    await this.#parts.reader.forgetStream(id);
    throw new ReplicaError('PATIENT_RESTRICTED', 'This file is restricted to others', {
      hint: 'It is opened with a reason, which is signed and shown to all.',
    });
  }
}

function isNote(resource: object): resource is { readonly resourceType: 'Composition'; readonly id: string } {
  return 'resourceType' in resource && resource.resourceType === 'Composition' && 'id' in resource;
}

/** Without what was taken out of one file and stands in another one that is shown with it. */
function standingOnes(records: readonly RecordView[]): RecordView[] {
  const standing = new Set(records.flatMap(({ id, content }) => (content === null ? [] : [id])));
  return records.filter(({ id, content }) => content !== null || !standing.has(id));
}

/** Throws UNREACHABLE: what would be done with a part of a file would be wrong of the whole. */
export function requireWhole({ absent }: PatientFile): void {
  if (absent > 0) throw new ReplicaError('UNREACHABLE', 'Not all of this file is on this device, and the line is cut');
}
