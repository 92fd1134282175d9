import { bytesToHex } from '@serment/core/bytes';
import { decodeCanonical, encodeCanonical } from '@serment/core/cbor';
import { CodedError } from '@serment/core/error';
import type { Finding } from '@serment/core/journal/finding';
import type { FoldedVersion, RecordState } from '@serment/records/fold';
import { parseRecordBatch } from '@serment/records/version';
import { Directory, type PatientRow, patientRow } from './directory.ts';
import type { StreamRef } from './keyring.ts';
import type { LocalVault } from './local-vault.ts';
import { loadStream, type StreamParts } from './stream-view.ts';

/** The current versions of one record of the directory, without what they say. */
interface Held {
  readonly row: PatientRow | null;
  /** Version names in hexadecimal with the number of their entry; several stand side by side in a conflict. */
  readonly current: readonly (readonly [version: string, index: number])[];
  /** Kept for what is no patient: practitioners, organisations and the like are few. */
  readonly content: string | null;
}

const key = 'directory';
const patientType = 'Patient/';

/**
 * The practice's directory in memory, followed entry by entry. Its fold is kept sealed on the device, so that search is
 * ready as soon as the vault is unlocked; a patient's own record is read from its entry when it is opened.
 */
export class DirectoryKeeper {
  readonly directory = new Directory();
  readonly findings: Finding[] = [];
  readonly #held = new Map<string, Held>();
  readonly #vault: LocalVault;
  readonly #stream: StreamRef;
  readonly #parts: StreamParts;
  #upTo = -1;
  #storedUpTo = -1;

  constructor(stream: StreamRef, vault: LocalVault, parts: StreamParts) {
    this.#stream = stream;
    this.#vault = vault;
    this.#parts = parts;
  }

  /** Takes what the device kept; false when there is nothing. */
  async restore(): Promise<boolean> {
    const content = await this.#vault.get(key);
    if (content === null) return false;
    const stored = decodeStored(content);
    if (stored === null) return false;
    this.#upTo = stored.upTo;
    this.#storedUpTo = stored.upTo;
    for (const [id, held] of stored.held) this.#keep(id, held);
    return true;
  }

  /** Folds what the journal holds beyond; true when something changed. */
  async follow(): Promise<boolean> {
    const last = this.#parts.mirror.entriesOf(this.#stream.id).at(-1) ?? -1;
    if (last <= this.#upTo) return false;
    if (this.#upTo < 0) await this.#loadWhole();
    else await this.#followEntries();
    return true;
  }

  /** Keeps the fold for the next opening. */
  async persist(): Promise<void> {
    if (this.#upTo === this.#storedUpTo) return;
    const held = JSON.stringify([...this.#held].map(([id, { row, current, content }]) => [id, row, current, content]));
    await this.#vault.put(key, encodeCanonical([1, this.#upTo, held]), this.#stream.compartment);
    this.#storedUpTo = this.#upTo;
  }

  /** Entries that hold the current versions of a record; empty when it is not known. */
  currentOf(id: string): Held['current'] {
    return this.#held.get(id)?.current ?? [];
  }

  /** JSON text of a record that is no patient. */
  contentOf(id: string): string | null {
    return this.#held.get(id)?.content ?? null;
  }

  /** Ids of records that are no patient. */
  otherIds(): string[] {
    return [...this.#held.keys()].filter((id) => !id.startsWith(patientType));
  }

  async #loadWhole(): Promise<void> {
    const view = await loadStream(this.#stream, this.#parts);
    this.findings.push(...view.findings);
    for (const record of view.state.records.values()) this.#keep(record.id, heldOf(record));
    this.#upTo = view.upTo;
  }

  async #followEntries(): Promise<void> {
    const before = this.#upTo;
    for await (const read of this.#parts.reader.contents(this.#stream, (index) => index > before)) {
      this.#upTo = read.index;
      if (read.finding !== null) {
        this.findings.push(read.finding);
        continue;
      }
      if (read.entry.header.kind !== 'records') continue;
      const { id: entryId, receivedAt, header } = read.entry;
      try {
        const { versions } = parseRecordBatch(read.content);
        versions.forEach((version, position) => {
          this.#add({
            ...version,
            index: read.index,
            position,
            entryId,
            author: header.author,
            receivedAt,
            time: header.time,
          });
        });
      } catch (error) {
        if (!(error instanceof CodedError)) throw error;
        this.findings.push({
          code: 'PAYLOAD_UNREADABLE',
          index: read.index,
          detail: error.code,
          stream: bytesToHex(this.#stream.id),
        });
      }
    }
  }

  /** Entries come in order, and a version replaces only what stands before it: no history is needed. */
  #add(version: FoldedVersion): void {
    const known = this.#held.get(version.id);
    const name = bytesToHex(version.version);
    if (known?.current.some(([held]) => held === name)) return;
    const replaced = new Set(version.replaces.map(bytesToHex));
    const others = (known?.current ?? []).filter(([held]) => !replaced.has(held));
    const record = { id: version.id, current: [version], history: [] };
    const row = version.id.startsWith(patientType) ? patientRow(record) : null;
    const current = [...others, [name, version.index] as const];
    this.#keep(version.id, {
      row: row && { ...row, conflict: current.length > 1 },
      current,
      content: version.id.startsWith(patientType) ? null : version.content,
    });
  }

  #keep(id: string, held: Held): void {
    this.#held.set(id, held);
    if (held.row !== null) this.directory.set(held.row);
    else this.directory.delete(id);
  }
}

function heldOf(record: RecordState): Held {
  const isPatient = record.id.startsWith(patientType);
  return {
    row: isPatient ? patientRow(record) : null,
    current: record.current.map((version) => [bytesToHex(version.version), version.index]),
    content: isPatient ? null : (record.current.at(-1)?.content ?? null),
  };
}

function decodeStored(bytes: Uint8Array): { upTo: number; held: [string, Held][] } | null {
  const value = decodeCanonical(bytes);
  const [format, upTo, text] = Array.isArray(value) ? value : [];
  if (format !== 1 || typeof upTo !== 'number' || typeof text !== 'string') return null;
  // Sealed by this device: what opens is what it wrote.
  const rows = JSON.parse(text) as [string, Held['row'], Held['current'], Held['content']][];
  return { upTo, held: rows.map(([id, row, current, content]) => [id, { row, current, content }]) };
}
