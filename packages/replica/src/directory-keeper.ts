import { bytesToHex } from '@serment/core/bytes';
import type { Finding } from '@serment/core/journal/finding';
import { patientsTold } from '@serment/records/fhir/related-person';
import type { FoldedVersion, RecordState, WrittenBatch } from '@serment/records/fold';
import { isFields } from '@serment/records/page/element-text';
import { displayName } from '@serment/records/page/resource-words';
import { Directory, type PatientRow, patientRow } from './directory.ts';
import { decodeDirectory, encodeDirectory, type Held } from './directory-code.ts';
import type { StreamRef } from './keyring.ts';
import type { LocalVault } from './local-vault.ts';
import type { OutboxItem } from './outbox.ts';
import type { PendingSaves } from './pending-saves.ts';
import { checkSnapshot, isOfHost, loadStream, readWritten, type StreamParts } from './stream-view.ts';

export interface DirectoryParts extends StreamParts {
  readonly stream: StreamRef;
  readonly vault: LocalVault;
  readonly pending: PendingSaves;
  readonly badSnapshots: Set<number>;
}

/** A record of the directory that is no patient. */
export interface DirectoryRecord {
  /** Of the version that came last. */
  readonly content: string;
  /** Names of the current versions, in hexadecimal. */
  readonly versions: readonly string[];
  /** Numbers of the entries that hold them, ascending: the last one holds the content. */
  readonly currentOf: readonly number[];
}

const key = 'directory';
/** So many entries are folded again at an opening rather than all of them written now. */
const worthEntries = 32;
const patientType = 'Patient/';

/**
 * The practice's directory in memory, followed entry by entry. Its fold is kept sealed on the device, so that search is
 * ready as soon as the vault is unlocked; a patient's own record is read from its entry when it is opened.
 */
export class DirectoryKeeper {
  readonly directory = new Directory();
  readonly #parts: DirectoryParts;
  readonly #held = new Map<string, Held>();
  /** Ids of records that are no patient. */
  readonly #others = new Set<string>();
  /** By patient, what is told of them or links somebody to them. */
  readonly #told = new Map<string, Set<string>>();
  /** Patients whose row shows a save that waits. */
  readonly #overlaid = new Set<string>();
  #findings: Finding[] = [];
  #upTo = -1;
  #storedUpTo = -1;
  /** The snapshot that the fold began with, until a full check found it right. */
  #uncheckedSnapshot: number | null = null;
  #following: Promise<unknown> = Promise.resolve();

  constructor(parts: DirectoryParts) {
    this.#parts = parts;
  }

  get stream(): StreamRef {
    return this.#parts.stream;
  }

  get findings(): readonly Finding[] {
    return this.#findings;
  }

  /** Takes what the device kept; false when there is nothing. */
  async restore(): Promise<boolean> {
    const content = await this.#parts.vault.get(key);
    const stored = content === null ? null : decodeDirectory(content);
    // What the host withheld then is asked for again, from the start.
    if (stored === null || stored.findings.some(isOfHost)) return false;
    this.#upTo = stored.upTo;
    this.#storedUpTo = stored.upTo;
    this.#findings = [...stored.findings];
    this.#uncheckedSnapshot = stored.snapshot;
    for (const [id, held] of stored.held) this.#keep(id, held);
    this.overlay();
    return true;
  }

  /** Folds what the journal holds beyond; true when something changed. Calls that overlap take their turn. */
  follow(): Promise<boolean> {
    const turn = this.#following.then(async () => {
      const { mirror } = this.#parts;
      const last = mirror.entriesOf(this.stream.id).at(-1) ?? -1;
      // A `heads` that knows of no directory is not taken at its word.
      if (last <= this.#upTo && !(mirror.unread !== null && this.#upTo < 0)) return false;
      if (this.#upTo < 0) await this.#loadWhole();
      else await this.#followEntries();
      this.#parts.pending.folded(this.stream.id, this.#upTo);
      this.overlay();
      return true;
    });
    this.#following = turn.catch(() => undefined);
    return turn;
  }

  /** The host took a save under these entry numbers: its patients stay in the list until the entries are folded. */
  accept(item: OutboxItem, indexes: readonly number[]): void {
    this.#parts.pending.accept(item, indexes, this.stream.id);
    this.#parts.pending.folded(this.stream.id, this.#upTo);
  }

  /** Shows what waits in the outbox over what the journal holds, and nothing of what waits no more. */
  overlay(): void {
    for (const id of this.#overlaid) this.#show(id, this.#held.get(id)?.row ?? null);
    this.#overlaid.clear();
    for (const written of this.#parts.pending.of(this.stream.id))
      for (const version of foldedOf(written)) {
        if (!version.id.startsWith(patientType)) continue;
        this.#overlaid.add(version.id);
        this.#show(version.id, patientRow({ id: version.id, current: [version], history: [] }));
      }
  }

  /** Checks whole, once, the snapshot that the fold began with; a wrong one is left, and the fold made again. */
  async checkSnapshot(): Promise<Finding | null> {
    const snapshot = this.#uncheckedSnapshot;
    if (snapshot === null) return null;
    const finding = await checkSnapshot(this.stream, snapshot, this.#parts);
    if (finding !== null && isOfHost(finding)) return null;
    this.#uncheckedSnapshot = null;
    this.#storedUpTo = -1;
    if (finding === null) return null;
    this.#parts.badSnapshots.add(snapshot);
    await this.reload();
    return finding;
  }

  /** Folds everything again from the journal. */
  async reload(): Promise<void> {
    await this.#following;
    this.#held.clear();
    this.#others.clear();
    this.#told.clear();
    this.directory.clear();
    this.#findings = [];
    this.#upTo = -1;
    await this.follow();
  }

  /** Keeps the fold for the next opening, once enough has changed: it is written whole. */
  async persist(): Promise<void> {
    await this.#following;
    const entries = this.#parts.mirror.entriesOf(this.stream.id);
    const isFar = this.#storedUpTo < 0 || (entries.at(-worthEntries) ?? -1) > this.#storedUpTo;
    if (this.#upTo === this.#storedUpTo || !isFar) return;
    const upTo = this.#upTo;
    const stored = { upTo, held: this.#inOrder(), findings: this.#findings, snapshot: this.#uncheckedSnapshot };
    await this.#parts.vault.put(key, encodeDirectory(stored), this.stream.compartment);
    this.#storedUpTo = upTo;
  }

  /** Where a record stands: entries that hold its current versions, none when it is not known. */
  placesOf(id: string): { stream: StreamRef; currentOf: readonly number[] } {
    const currentOf = [...new Set((this.#held.get(id)?.current ?? []).map(([, index]) => index))];
    return { stream: this.stream, currentOf };
  }

  /** Ids of what is told of a patient beside their own record: coverages, persons of theirs. */
  toldOf(patient: string): string[] {
    return [...(this.#told.get(patient) ?? [])].filter((id) => this.#held.get(id)?.told[0] === patient);
  }

  /** Ids of what is told of other patients and links them to this one. */
  linkedTo(patient: string): string[] {
    return [...(this.#told.get(patient) ?? [])].filter((id) => this.#held.get(id)?.told[0] !== patient);
  }

  /** `Patient/…` of whom a record of the directory is told; null for one that it does not hold, or that is told of nobody. */
  ownerOf(id: string): string | null {
    return this.#held.get(id)?.told[0] ?? null;
  }

  /** A record that is of no patient; null for one that it does not hold. */
  recordOf(id: string): DirectoryRecord | null {
    const { content = null, current = [] } = this.#held.get(id) ?? {};
    if (content === null) return null;
    return { content, versions: current.map(([version]) => version), currentOf: this.placesOf(id).currentOf };
  }

  /** Ids and JSON texts of all of them. */
  otherRecords(): { id: string; content: string }[] {
    return [...this.#others].flatMap((id) => {
      const content = this.#held.get(id)?.content;
      return content ? [{ id, content }] : [];
    });
  }

  /** Of a member or of the practice; null for one that it does not name. */
  nameOf(id: string): string | null {
    const content = this.#held.get(id)?.content ?? null;
    return content === null ? null : displayName(JSON.parse(content)) || null;
  }

  clear(): void {
    this.directory.clear();
    this.#held.clear();
    this.#others.clear();
    this.#told.clear();
    this.#overlaid.clear();
  }

  async #loadWhole(): Promise<void> {
    const view = await loadStream(this.stream, this.#parts);
    this.#findings.push(...view.findings);
    for (const record of view.state.records.values()) this.#keep(record.id, heldOf(record));
    this.#uncheckedSnapshot = view.snapshot;
    this.#upTo = view.upTo;
  }

  async #followEntries(): Promise<void> {
    const before = this.#upTo;
    for await (const read of this.#parts.reader.contents(this.stream, { after: before })) {
      const written = readWritten(read);
      if (written !== null && 'code' in written) this.#findings.push(written);
      else if (written !== null) for (const version of foldedOf(written)) this.#add(version);
      this.#upTo = read.index;
    }
  }

  /** Patients in the order of their names, then what the list does not show. */
  #inOrder(): [string, Held][] {
    const inOrder = new Map<string, Held>();
    for (const { id } of this.directory.list()) {
      const held = this.#held.get(id);
      if (held !== undefined) inOrder.set(id, held);
    }
    for (const [id, held] of this.#held) inOrder.set(id, held);
    return [...inOrder];
  }

  /** Entries come in order, and a version replaces only what stands before it: no history is needed. */
  #add(version: FoldedVersion): void {
    const known = this.#held.get(version.id);
    const name = bytesToHex(version.version);
    if (known?.current.some(([held]) => held === name)) return;
    const replaced = new Set(version.replaces.map(bytesToHex));
    const others = (known?.current ?? []).filter(([held]) => !replaced.has(held));
    const isPatient = version.id.startsWith(patientType);
    const row = isPatient ? patientRow({ id: version.id, current: [version], history: [] }) : null;
    const current = [...others, [name, version.index] as const];
    const told = toldIn(version.content);
    this.#keep(version.id, {
      // Nobody is hidden by a record that stands in two versions.
      row: row && (current.length > 1 ? { ...row, conflict: true, replacedBy: null } : row),
      current,
      content: isPatient || told.length > 0 ? null : version.content,
      told,
    });
  }

  #keep(id: string, held: Held): void {
    for (const patient of this.#held.get(id)?.told ?? []) this.#told.get(patient)?.delete(id);
    for (const patient of held.told) {
      const known = this.#told.get(patient) ?? new Set();
      this.#told.set(patient, known.add(id));
    }
    this.#held.set(id, held);
    if (id.startsWith(patientType)) this.#show(id, held.row);
    else this.#others.add(id);
  }

  #show(id: string, row: PatientRow | null): void {
    if (row !== null) this.directory.set(row);
    else this.directory.delete(id);
  }
}

function foldedOf({ batch, index, entryId, author, receivedAt, time }: WrittenBatch): FoldedVersion[] {
  return batch.versions.map((version, position) => ({
    ...version,
    index,
    position,
    entryId,
    author,
    receivedAt,
    time,
  }));
}

function heldOf(record: RecordState): Held {
  const isPatient = record.id.startsWith(patientType);
  const content = record.current.at(-1)?.content ?? null;
  const told = toldIn(content);
  return {
    row: isPatient ? patientRow(record) : null,
    current: record.current.map((version) => [bytesToHex(version.version), version.index]),
    content: isPatient || told.length > 0 ? null : content,
    told,
  };
}

/** Read from the text alone: what an import refers to by another name than an id is told of nobody here. */
function toldIn(content: string | null): string[] {
  if (content === null || !content.includes('"Patient/')) return [];
  const resource: unknown = JSON.parse(content);
  return isFields(resource) ? patientsTold(resource) : [];
}
