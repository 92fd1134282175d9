import { type Bytes, bytesToHex, hexToBytes } from '@serment/core/bytes';
import { isShutOut } from '@serment/core/journal/restriction';
import { compartmentRoles, privateMember } from '@serment/core/journal/rules';
import { snapshotParts } from '@serment/records/snapshot';
import { gatherParts } from './courtesy.ts';
import type { Keyring, StreamRef } from './keyring.ts';
import type { OutboxPart } from './sending.ts';
import { loadStream, type StreamParts } from './stream-view.ts';

export interface SnapshotParts extends StreamParts {
  readonly keyring: Keyring;
  readonly write: (part: OutboxPart) => Promise<unknown>;
}

/** Entries of a stream after its last snapshot that make another one worth its bytes. */
const worthEntries = 256;
const directoryWorthEntries = 1024;
/** Before a `heads`: what a new device would read one by one of what stands before it. */
const directoryWorthEntriesThen = 64;

/** Writes snapshots of streams that have grown, so that opening one costs what it weighs and not how old it is. */
export class SnapshotWriter {
  readonly #parts: SnapshotParts;
  #running: Promise<number> | null = null;
  #scannedSize = 0;

  constructor(parts: SnapshotParts) {
    this.#parts = parts;
  }

  /** Returns how many were written. Calls that overlap share one run. */
  run(): Promise<number> {
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #run(): Promise<number> {
    const { mirror } = this.#parts;
    if (mirror.size - this.#scannedSize < worthEntries) return 0;
    const { size } = mirror;
    let written = 0;
    for (const stream of this.#grown()) if (await this.#write(stream)) written += 1;
    this.#scannedSize = size;
    return written;
  }

  /** Writes one of the directory, grown or not as much as for its own sake. True when it did. */
  async writeDirectory(): Promise<boolean> {
    const { keyring } = this.#parts;
    if (!keyring.canRead('admin')) return false;
    const { id } = keyring.stream('admin', 'directory');
    return this.#since(id) > directoryWorthEntriesThen && this.#write(id);
  }

  #grown(): Bytes[] {
    const { mirror, keyring } = this.#parts;
    const directory = keyring.canRead('admin') ? bytesToHex(keyring.stream('admin', 'directory').id) : '';
    return mirror
      .streams()
      .filter((name) => this.#since(hexToBytes(name)) > (name === directory ? directoryWorthEntries : worthEntries))
      .map(hexToBytes);
  }

  /** Entries of the stream after its last snapshot. */
  #since(stream: Bytes): number {
    const { mirror } = this.#parts;
    const last = mirror.snapshotOf(stream) ?? -1;
    const entries = mirror.entriesOf(stream);
    return entries.length - 1 - entries.findLastIndex((index) => index <= last);
  }

  /** A stream in which anything is wrong gets no snapshot: it would pass for whole. */
  async #write(id: Bytes): Promise<boolean> {
    const stream = await this.#writable(id);
    if (stream === null) return false;
    const { mirror, write } = this.#parts;
    const view = await loadStream(stream, this.#parts, { isBehind: true });
    if (view.findings.length > 0 || view.state.records.size === 0) return false;
    const { id: last } = await mirror.entry(view.upTo);
    const content = await gatherParts(snapshotParts(view.state), this.#parts.giveWay);
    await write({ stream, body: { kind: 'snapshot', index: view.upTo, id: last }, content, blobs: [] });
    return true;
  }

  /** The stream when it holds records in a compartment that this member may write to, under its current epoch. */
  async #writable(id: Bytes): Promise<StreamRef | null> {
    const { mirror, keyring } = this.#parts;
    const last = mirror.entriesOf(id).at(-1);
    const header = last === undefined ? null : (await mirror.entry(last)).header;
    if (header?.compartment == null || (header.kind !== 'records' && header.kind !== 'snapshot')) return null;
    const { compartment } = header;
    const { governance } = mirror;
    if (!keyring.canRead(compartment)) return null;
    if (keyring.currentEpoch(compartment).epoch !== governance.compartments.get(compartment)?.number) return null;
    const member = bytesToHex(keyring.member);
    if (isShutOut(governance, id, member)) return null;
    const role = governance.members.get(member)?.role;
    const isAllowed = role !== undefined && compartmentRoles.get(compartment)?.includes(role);
    return isAllowed || privateMember(compartment) === member ? { compartment, name: '', id } : null;
  }
}
