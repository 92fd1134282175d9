import { type DepositTask, readDepositTask } from '@serment/records/fhir/deposit';
import { type FoldedVersion, foldInto } from '@serment/records/fold';
import type { Keyring } from './keyring.ts';
import type { PendingSaves } from './pending-saves.ts';
import { followStream, isOfHost, loadStream, type StreamParts, type StreamView } from './stream-view.ts';

/** How far a deposit is, with the version that says so. */
export interface DepositState {
  /** Logical id: that of the deposit, in hexadecimal. */
  readonly id: string;
  readonly task: DepositTask;
  readonly last: FoldedVersion;
  /** Names of the current versions. */
  readonly versions: readonly Uint8Array[];
}

export interface DepositStatesParts extends StreamParts {
  readonly keyring: Keyring;
  readonly pending: PendingSaves;
}

/** What the practice's desk knows of deposits, folded with what waits in the outbox. */
export class DepositStates {
  readonly #parts: DepositStatesParts;
  #view: StreamView | null = null;
  #reading: Promise<unknown> = Promise.resolve();

  constructor(parts: DepositStatesParts) {
    this.#parts = parts;
  }

  /** By id, in the order of their entries. Throws COMPARTMENT_CLOSED for who does not read `admin`. */
  read(): Promise<ReadonlyMap<string, DepositState>> {
    const turn = this.#reading.then(() => this.#read());
    this.#reading = turn.catch(() => undefined);
    return turn;
  }

  /** After a save was given up, or the journal became another. */
  clear(): void {
    this.#view = null;
  }

  async #read(): Promise<ReadonlyMap<string, DepositState>> {
    const stream = this.#parts.keyring.stream('admin', 'deposits');
    let view = this.#view;
    if (view === null || view.findings.some(isOfHost)) view = await loadStream(stream, this.#parts);
    else await followStream(view, this.#parts);
    this.#view = view;
    for (const batch of this.#parts.pending.of(stream.id)) foldInto(view.state, batch);
    const states = new Map<string, DepositState>();
    for (const { id: name, current } of view.state.records.values()) {
      const last = current.at(-1);
      const task = last?.content == null ? null : readDepositTask(JSON.parse(last.content));
      if (last === undefined || task === null) continue;
      const id = name.slice('Task/'.length);
      states.set(id, { id, task, last, versions: current.map(({ version }) => version) });
    }
    return states;
  }
}
