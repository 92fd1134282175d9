import { type Bytes, bytesToHex, equalBytes } from '@serment/core/bytes';
import { sha256 } from '@serment/core/hash';
import { type FoldedVersion, hasConflict, type RecordState } from '@serment/records/fold';
import { isOfficial } from '@serment/records/tables/official';
import {
  newTable,
  type ReadTable,
  readTable,
  type TableFile,
  type TableInput,
  type TableKind,
  tableKinds,
  tableRecordId,
} from '@serment/records/tables/table-record';
import type { DocumentKey } from '@serment/records/version';
import { openDocumentBytes, uploadDocument } from './documents.ts';
import { ReplicaError } from './error.ts';
import { LocalVault } from './local-vault.ts';
import type { SaveState } from './patient-file.ts';
import type { Practice } from './practice.ts';
import type { StreamRecords } from './stream-records.ts';
import { isOfHost } from './stream-view.ts';

/** One version of a table, as those see it who read clinical. */
export interface TableVersion {
  /** Its name, in hexadecimal. */
  readonly version: string;
  readonly edition: string;
  /** The host's clock, ms; this device's until the host has it. */
  readonly at: number;
  readonly authorName: string | null;
  readonly state: SaveState;
  readonly files: readonly (TableFile & {
    /** Of its bytes, in hexadecimal; '' where the vault has not its key. */
    readonly sha256: string;
    readonly size: number;
    readonly isOfficial: boolean;
  })[];
}

export interface TableView extends TableVersion {
  readonly kind: TableKind;
  /** Two devices loaded it at the same time: the one that came last counts until one is loaded over both. */
  readonly isConflict: boolean;
}

export interface NewTableFile {
  readonly name: string;
  readonly part: string | null;
  readonly bytes: Bytes;
}

const folder = 'table/';

/**
 * Tables of reference that the practice loaded for all who read clinical: sealed like its records, and read offline
 * once read.
 */
export class ReferenceTables {
  readonly #practice: Practice;
  readonly #records: StreamRecords;
  readonly #kept: LocalVault;

  constructor(practice: Practice, records: StreamRecords) {
    this.#practice = practice;
    this.#records = records;
    this.#kept = new LocalVault({ cache: practice.cache, keyring: practice.keyring, practice: practice.practice });
  }

  /**
   * The tables that are in force. Throws COMPARTMENT_CLOSED for who does not read clinical, UNREACHABLE where none
   * was read here yet.
   */
  async list(): Promise<TableView[]> {
    const { state, findings } = await this.#records.read();
    // What the host does not give may be a table: that there is none cannot be said.
    if (findings.some(isOfHost)) throw new ReplicaError('UNREACHABLE', 'The practice’s own records are not all here');
    return tableKinds.flatMap((kind) => {
      const record = state.records.get(tableRecordId(kind));
      const last = record?.current.at(-1);
      const seen = last === undefined ? null : this.#version(last, state.documents);
      return seen === null ? [] : [{ ...seen, kind, isConflict: record !== undefined && hasConflict(record) }];
    });
  }

  /** Every version of a table, newest first. */
  async history(kind: TableKind): Promise<TableVersion[]> {
    const view = await this.#records.whole();
    const versions = view.state.records.get(tableRecordId(kind))?.history ?? [];
    return versions.flatMap((version) => this.#version(version, view.state.documents) ?? []).reverse();
  }

  /**
   * Seals files that were checked and brings them to the host, then makes them the practice's table of a kind. Files
   * of the table in force that are of other parts stay. Throws UNREACHABLE, SAVE_INVALID, COMPARTMENT_CLOSED.
   */
  async load(kind: TableKind, edition: string, files: readonly NewTableFile[]): Promise<{ id: string }> {
    const { keyring, transport, cache, random, clock, practice, canWrite } = this.#practice;
    if (!canWrite || files.length === 0) throw new ReplicaError('SAVE_INVALID', 'Nothing can be written here now');
    const { state } = await this.#records.read();
    const record = state.records.get(tableRecordId(kind));
    const parts = { practice, transport, cache, random };
    const added: TableInput['files'][number][] = [];
    for (const { name, part, bytes } of files) {
      const key = await uploadDocument({ clear: new Blob([bytes]).stream(), mediaType: 'text/plain' }, parts);
      const blobId = bytesToHex(key.blobId);
      await this.#kept.put(`${folder}${blobId}`, bytes, 'clinical');
      added.push({ name, part, blobId, key, sha256: bytesToHex(key.hash) });
    }
    const replaced = new Set(files.map(({ part }) => part));
    const inForce = this.#tableOf(record)?.files ?? [];
    const staying = inForce.flatMap((file) => {
      const key = state.documents.get(file.blobId);
      return key === undefined || replaced.has(file.part) ? [] : [{ ...file, key, sha256: bytesToHex(key.hash) }];
    });
    const resource = newTable({
      ...{ kind, edition, files: [...staying, ...added] },
      author: `Practitioner/${bytesToHex(keyring.member)}`,
      at: new Date(clock()).toISOString(),
    });
    const documents = added.map(({ key }) => key);
    return this.#practice.save({ patient: null, records: [changeOf(record, resource)], documents });
  }

  /** Makes an earlier version the one in force again. Throws RECORD_UNKNOWN. */
  async restore(kind: TableKind, version: string): Promise<{ id: string }> {
    const view = await this.#records.whole();
    const record = view.state.records.get(tableRecordId(kind));
    const content = record?.history.find((one) => bytesToHex(one.version) === version)?.content;
    if (content == null) throw new ReplicaError('RECORD_UNKNOWN', 'That version is not there any more');
    const { state } = await this.#records.read();
    const { replaces } = changeOf(state.records.get(tableRecordId(kind)), {});
    const resource = JSON.parse(content) as object;
    return this.#practice.save({ patient: null, records: [{ resource, change: 'restore', replaces }] });
  }

  /**
   * The bytes of a file of a table in force, from this device where it read them before. Throws DOCUMENT_UNKNOWN,
   * DOCUMENT_INVALID, UNREACHABLE.
   */
  async bytes(blobId: string): Promise<Bytes> {
    const { state } = await this.#records.read();
    const key = state.documents.get(blobId);
    if (key === undefined) throw new ReplicaError('DOCUMENT_UNKNOWN', 'The practice holds no such table');
    const kept = await this.#kept.get(`${folder}${blobId}`);
    if (kept !== null && equalBytes(sha256(kept), key.hash)) return kept;
    const { practice, transport } = this.#practice;
    const bytes = await openDocumentBytes(key, { practice, transport });
    await this.#kept.put(`${folder}${blobId}`, bytes, 'clinical');
    return bytes;
  }

  #tableOf(record: RecordState | undefined): ReadTable | null {
    const content = record?.current.at(-1)?.content;
    return content == null ? null : readTable(JSON.parse(content));
  }

  /** Null for a version that is no table: whoever writes in the practice may have written anything. */
  #version(version: FoldedVersion, documents: ReadonlyMap<string, DocumentKey>): TableVersion | null {
    const table = version.content === null ? null : readTable(JSON.parse(version.content));
    if (table === null || version.change === 'entered-in-error') return null;
    const holder = this.#practice.mirror.governance.authors.get(bytesToHex(version.author));
    const files = table.files.map((file) => {
      const key = documents.get(file.blobId);
      const hash = key === undefined ? '' : bytesToHex(key.hash);
      return { ...file, sha256: hash, size: key?.size ?? 0, isOfficial: isOfficial(hash) };
    });
    return {
      ...{ version: bytesToHex(version.version), edition: table.edition, at: version.receivedAt, files },
      authorName: holder?.member == null ? null : this.#practice.memberName(holder.member),
      state: this.#practice.saveState(version.index),
    };
  }
}

function changeOf(record: RecordState | undefined, resource: object) {
  const replaces = (record?.current ?? []).map(({ version }) => bytesToHex(version));
  return { resource, change: replaces.length === 0 ? ('create' as const) : ('edit' as const), replaces };
}
