import { bytesToHex } from '@serment/core/bytes';
import type { Finding } from '@serment/core/journal/finding';
import { isShutOut } from '@serment/core/journal/restriction';
import { foldInto } from '@serment/records/fold';
import { patientStream } from '@serment/records/route';
import type { DirectoryKeeper } from './directory-keeper.ts';
import { ReplicaError } from './error.ts';
import type { Keyring, StreamRef } from './keyring.ts';
import type { OutboxItem } from './outbox.ts';
import {
  type PatientFile,
  type RecordView,
  recordView,
  type VersionContext,
  type VersionView,
  versionView,
} from './patient-file.ts';
import { absentFinding, isAbsent, isSilence } from './payload-reader.ts';
import type { PendingSaves } from './pending-saves.ts';
import {
  checkSnapshot,
  emptyView,
  foldRead,
  followStream,
  isOfHost,
  loadStream,
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

const keptViews = 24;

/** The files that are open or were lately, folded with what waits in the outbox. */
export class PatientFiles {
  readonly #parts: PatientFilesParts;
  readonly #views = new Map<string, StreamView>();
  readonly #turns = new Map<string, Promise<unknown>>();
  readonly #checked = new Set<number>();

  constructor(parts: PatientFilesParts) {
    this.#parts = parts;
  }

  /**
   * A file as this device knows it: without the line, as far as it was read here. Throws PATIENT_UNKNOWN, and UNREACHABLE
   * for what was never read here.
   */
  async read(id: string): Promise<PatientFile> {
    const { keyring } = this.#parts;
    const row = this.#directory().directory.get(id);
    if (row === null) throw new ReplicaError('PATIENT_UNKNOWN', 'No such patient in this practice');
    const canReadClinical = keyring.canRead('clinical');
    if (canReadClinical) await this.#requireOpen(id);
    const view = canReadClinical ? await this.#view(id) : null;
    const context = this.#context();
    const records = [...(view?.state.records.values() ?? [])].flatMap((record) => recordView(record, context) ?? []);
    const identity = await this.#identity(id, context);
    const all = [...identity.findings, ...(view?.findings ?? []), ...this.#voidIn(view)];
    const findings = all.filter((finding) => !isAbsent(finding));
    const absent = all.length - findings.length;
    return {
      row,
      records: [...(identity.record === null ? [] : [identity.record]), ...records],
      findings,
      absent,
      isComplete: canReadClinical && all.length === 0,
      canReadClinical,
    };
  }

  /** Whether all that a file shows is on this device, sealed: it reads without the line. */
  async isHere(id: string): Promise<boolean> {
    const { keyring, mirror, reader } = this.#parts;
    if (this.#directory().directory.get(id) === null) return false;
    const { stream: names, currentOf } = this.#directory().placesOf(id);
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

  /**
   * Brings a file to this device, sealed, and shows it to nobody: the host sees a reading, and no opening is traced. Throws
   * PATIENT_UNKNOWN, PATIENT_RESTRICTED, UNREACHABLE.
   */
  async fetch(id: string): Promise<void> {
    const { keyring, reader } = this.#parts;
    if (this.#directory().directory.get(id) === null)
      throw new ReplicaError('PATIENT_UNKNOWN', 'No such patient in this practice');
    const { stream, currentOf } = this.#directory().placesOf(id);
    for (const index of currentOf) await reader.content(index, stream);
    if (!keyring.canRead('clinical')) return;
    await this.#requireOpen(id);
    await loadStream(this.#streamOf(id), this.#parts);
  }

  /** Every version of a record, newest first. */
  async history(patient: string, recordId: string): Promise<VersionView[]> {
    const isIdentity = recordId.startsWith('Patient/');
    if (!isIdentity) await this.#requireOpen(patient);
    const stream = isIdentity ? this.#directory().stream : this.#streamOf(patient);
    const view = await loadStream(stream, this.#parts, { isWhole: true });
    this.#foldPending(view);
    const context = this.#context();
    const versions = view.state.records.get(recordId)?.history ?? [];
    return versions.map((version) => versionView(version, context)).reverse();
  }

  /** Shows a save that has just been kept. */
  show(item: OutboxItem): void {
    for (const view of this.#views.values())
      for (const batch of this.#parts.pending.batchesOf(item, view.stream.id)) foldInto(view.state, batch);
  }

  /** Folds what is new; returns the patients whose file changed. */
  async follow(): Promise<string[]> {
    const changed: string[] = [];
    for (const [patient, { stream, findings }] of [...this.#views])
      if (this.#isShutOut(stream.id) || findings.some(isAbsent)) {
        this.#views.delete(patient);
        changed.push(patient);
      } else if (await this.#inTurn(patient, () => this.#followOne(patient))) changed.push(patient);
    return changed;
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
    this.#views.clear();
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
      const view = await loadStream(this.#streamOf(patient), this.#parts, { isPartial: true });
      this.#foldPending(view);
      requireSomething(view);
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

  /** The patient's own record, from the entries of the directory that hold its current versions. */
  async #identity(id: string, context: VersionContext): Promise<{ record: RecordView | null; findings: Finding[] }> {
    const { reader, pending } = this.#parts;
    const { stream, currentOf } = this.#directory().placesOf(id);
    const view = emptyView(stream);
    for (const index of currentOf)
      try {
        foldRead(view, await reader.content(index, stream));
      } catch (error) {
        // The list holds the names; the rest of the file may be here.
        if (!isSilence(error)) throw error;
        view.findings.push(absentFinding(index, stream.id));
      }
    for (const batch of pending.of(stream.id)) foldInto(view.state, batch);
    const record = view.state.records.get(id);
    return { record: record === undefined ? null : recordView(record, context), findings: view.findings };
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

/** Throws UNREACHABLE for a file of which this device has nothing. */
function requireSomething({ state, findings }: StreamView): void {
  if (state.records.size === 0 && findings.some(isAbsent))
    throw new ReplicaError('UNREACHABLE', 'This file was never read on this device, and the line is cut');
}
