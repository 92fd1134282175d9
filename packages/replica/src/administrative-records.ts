import type { Finding } from '@serment/core/journal/finding';
import { patientsTold } from '@serment/records/fhir/related-person';
import { foldInto } from '@serment/records/fold';
import type { Fields } from '@serment/records/page/element-text';
import type { DirectoryKeeper } from './directory-keeper.ts';
import { ReplicaError } from './error.ts';
import type { StreamRef } from './keyring.ts';
import { type RecordView, recordView, type VersionContext } from './patient-file.ts';
import type { FileSource } from './patient-files.ts';
import { absentFinding, isSilence, type PayloadReader } from './payload-reader.ts';
import type { PendingSaves } from './pending-saves.ts';
import { emptyView, foldRead, viewAt } from './stream-view.ts';

export interface AdministrativeRecordsParts {
  readonly reader: PayloadReader;
  readonly pending: PendingSaves;
  /** Null when this member's rights do not open the directory. */
  readonly directory: DirectoryKeeper | null;
  readonly context: () => VersionContext;
}

/** Records as they are read, with what did not verify or open. */
export interface FoundRecords {
  readonly records: RecordView[];
  readonly findings: Finding[];
}

const directoryType = /^(?:Patient|Coverage|RelatedPerson)\//;

/** Whether a record stands in the directory: it is read and written whoever may read its patient's file. */
export function isAdministrative(recordId: string): boolean {
  return directoryType.test(recordId);
}

/** What the directory tells of patients, read from its entries: who each is, who pays, whose relative. */
export class AdministrativeRecords {
  readonly #parts: AdministrativeRecordsParts;

  constructor(parts: AdministrativeRecordsParts) {
    this.#parts = parts;
  }

  /** Throws COMPARTMENT_CLOSED. */
  get keeper(): DirectoryKeeper {
    if (this.#parts.directory !== null) return this.#parts.directory;
    throw new ReplicaError('COMPARTMENT_CLOSED', 'Your rights do not open the directory');
  }

  /** The patient's own record, and what is told of them beside it, from the entries that hold their current versions. */
  async of(id: string, context = this.#parts.context()): Promise<FoundRecords> {
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
    if (this.#placesOf(id).currentOf.join() !== currentOf.join()) return this.of(id, context);
    const waiting = new Set<string>();
    for (const batch of pending.of(stream.id)) {
      foldInto(view.state, batch);
      if (batch.batch.patient === id) for (const version of batch.batch.versions) waiting.add(version.id);
    }
    const ids = new Set([id, ...this.keeper.toldOf(id), ...waiting]);
    const records = [...ids].flatMap((one) => view.state.records.get(one) ?? []);
    return {
      records: records.flatMap((record) => recordView(record, id, context) ?? []),
      findings: view.findings,
    };
  }

  /** As it was at an instant, ms on the host's clock: the directory is read whole for that, which takes its time. */
  async at(id: string, at: number): Promise<RecordView[]> {
    const { state } = await viewAt(this.keeper.stream, at, this.#parts.reader);
    const context = this.#parts.context();
    const views = [...state.records.values()].flatMap((record) => recordView(record, id, context) ?? []);
    const isTold = ({ content }: RecordView) => content !== null && toldOf(content)[0] === id;
    return views.filter((view) => view.id === id || (isAdministrative(view.id) && isTold(view)));
  }

  /** As a source of payloads gives it. */
  async from(id: string, { reader, size }: FileSource, context: VersionContext): Promise<FoundRecords> {
    const told = emptyView(this.keeper.stream);
    for (const index of this.#placesOf(id).currentOf)
      if (index < size) foldRead(told, await reader.content(index, told.stream));
    const records = [id, ...this.keeper.toldOf(id)].flatMap((one) => {
      const record = told.state.records.get(one);
      return (record && recordView(record, id, context)) ?? [];
    });
    return { records, findings: told.findings };
  }

  /** What links others to one of these patients, as it stands in what is told of those others. */
  async linkedTo(patients: ReadonlySet<string>): Promise<RecordView[]> {
    const { keeper } = this;
    const owners = [...patients].flatMap((one) => keeper.linkedTo(one)).flatMap((link) => keeper.ownerOf(link) ?? []);
    const waiting = this.#parts.pending.of(keeper.stream.id).flatMap(({ batch }) => batch.patient ?? []);
    const files = [...new Set([...owners, ...waiting])].filter((owner) => !patients.has(owner));
    const told = await Promise.all(files.map((owner) => this.of(owner)));
    return told.flatMap(({ records }) =>
      records.filter(
        ({ content }) =>
          content !== null &&
          toldOf(content)
            .slice(1)
            .some((one) => patients.has(one)),
      ),
    );
  }

  /** Whether it is on this device. */
  isHere(id: string): Promise<boolean> {
    const { stream, currentOf } = this.#placesOf(id);
    return this.#parts.reader.hasAll(stream, currentOf);
  }

  /** Brings it to this device. Throws UNREACHABLE. */
  async fetch(id: string): Promise<void> {
    const { stream, currentOf } = this.#placesOf(id);
    for (const index of currentOf) await this.#parts.reader.content(index, stream);
  }

  /** Where the directory tells of a patient: their own record, and what is told beside it. */
  #placesOf(id: string): { stream: StreamRef; currentOf: readonly number[] } {
    const { keeper } = this;
    const indexes = [id, ...keeper.toldOf(id)].flatMap((one) => keeper.placesOf(one).currentOf);
    return { stream: keeper.stream, currentOf: [...new Set(indexes)].sort((left, right) => left - right) };
  }
}

function toldOf(content: string): readonly string[] {
  return patientsTold(JSON.parse(content) as Fields);
}
