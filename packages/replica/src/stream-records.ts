import { foldInto, type StreamState } from '@serment/records/fold';
import type { StreamRef } from './keyring.ts';
import type { PendingSaves } from './pending-saves.ts';
import { followStream, isOfHost, loadStream, type StreamParts, type StreamView } from './stream-view.ts';

export interface StreamRecordsParts extends StreamParts {
  /** Asked each time: who may not read it is told so. */
  readonly stream: () => StreamRef;
  readonly pending: PendingSaves;
}

/** One stream that is no file, folded with what waits in the outbox. */
export class StreamRecords {
  readonly #parts: StreamRecordsParts;
  #view: StreamView | null = null;
  #reading: Promise<unknown> = Promise.resolve();

  constructor(parts: StreamRecordsParts) {
    this.#parts = parts;
  }

  /** Throws COMPARTMENT_CLOSED for who may not read it. */
  read(): Promise<StreamState> {
    const turn = this.#reading.then(() => this.#read());
    this.#reading = turn.catch(() => undefined);
    return turn;
  }

  /** After a save was given up, or the journal became another. */
  clear(): void {
    this.#view = null;
  }

  async #read(): Promise<StreamState> {
    const stream = this.#parts.stream();
    let view = this.#view;
    if (view === null || view.findings.some(isOfHost)) view = await loadStream(stream, this.#parts);
    else await followStream(view, this.#parts);
    this.#view = view;
    for (const batch of this.#parts.pending.of(stream.id)) foldInto(view.state, batch);
    return view.state;
  }
}
