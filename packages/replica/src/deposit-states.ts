import { type DepositTask, readDepositTask } from '@serment/records/fhir/deposit';
import type { FoldedVersion } from '@serment/records/fold';
import type { StreamRecords } from './stream-records.ts';

/** How far a deposit is, with the version that says so. */
export interface DepositState {
  /** Logical id: that of the deposit, in hexadecimal. */
  readonly id: string;
  readonly task: DepositTask;
  readonly last: FoldedVersion;
  /** Names of the current versions. */
  readonly versions: readonly Uint8Array[];
}

/** What the practice's desk knows of deposits. */
export class DepositStates {
  readonly #records: StreamRecords;

  constructor(records: StreamRecords) {
    this.#records = records;
  }

  /** By id, in the order of their entries. Throws COMPARTMENT_CLOSED for who does not read `admin`. */
  async read(): Promise<ReadonlyMap<string, DepositState>> {
    const states = new Map<string, DepositState>();
    for (const { id: name, current } of (await this.#records.read()).state.records.values()) {
      const last = current.at(-1);
      const task = last?.content == null ? null : readDepositTask(JSON.parse(last.content));
      if (last === undefined || task === null) continue;
      const id = name.slice('Task/'.length);
      states.set(id, { id, task, last, versions: current.map(({ version }) => version) });
    }
    return states;
  }

  /** After a save was given up, or the journal became another. */
  clear(): void {
    this.#records.clear();
  }
}
