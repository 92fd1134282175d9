import type { StreamRef } from './keyring.ts';
import { type RecordView, recordView, type VersionContext, type VersionView, versionView } from './patient-file.ts';
import type { PendingSaves } from './pending-saves.ts';
import { followStream, isOfHost, loadStream, type StreamParts, type StreamView } from './stream-view.ts';

export interface StreamRecordsParts extends StreamParts {
  /** Asked each time: who may not read it is told so, COMPARTMENT_CLOSED. */
  readonly stream: () => StreamRef;
  readonly pending: PendingSaves;
  readonly context: () => Omit<VersionContext, 'isRefused'>;
}

/** The records of one stream that is no patient's file, folded with what waits in the outbox. */
export class StreamRecords {
  readonly #parts: StreamRecordsParts;
  #view: StreamView | null = null;
  #reading: Promise<unknown> = Promise.resolve();
  /** Another one once what is here was thrown away: what was being read before then does not stay. */
  #clearing = 0;

  constructor(parts: StreamRecordsParts) {
    this.#parts = parts;
  }

  /** Throws COMPARTMENT_CLOSED, UNREACHABLE for what was never read here. */
  read(): Promise<StreamView> {
    const turn = this.#reading.then(() => this.#read());
    this.#reading = turn.catch(() => undefined);
    return turn;
  }

  /** As they are shown, in the order of their first entries. Throws as `read`. */
  async views(): Promise<RecordView[]> {
    const { state } = await this.read();
    const context = this.#context();
    return [...state.records.values()].flatMap((record) => recordView(record, null, context) ?? []);
  }

  /** With all that was before. Throws as `read`. */
  async whole(): Promise<StreamView> {
    const view = await loadStream(this.#parts.stream(), this.#parts, { isWhole: true });
    this.#parts.pending.foldInto(view);
    return view;
  }

  /** Every version of a record, newest first. Throws as `read`. */
  async history(recordId: string): Promise<VersionView[]> {
    const { state } = await this.whole();
    const context = this.#context();
    return (state.records.get(recordId)?.history ?? []).map((version) => versionView(version, context)).reverse();
  }

  /** After a save was given up, or the journal became another. */
  clear(): void {
    this.#clearing += 1;
    this.#view = null;
  }

  async #read(): Promise<StreamView> {
    const stream = this.#parts.stream();
    const clearing = this.#clearing;
    let view = this.#view;
    if (view === null || view.findings.some(isOfHost)) view = await loadStream(stream, this.#parts);
    else await followStream(view, this.#parts);
    if (this.#clearing === clearing) this.#view = view;
    this.#parts.pending.foldInto(view);
    return view;
  }

  #context(): VersionContext {
    return { ...this.#parts.context(), isRefused: (index) => this.#parts.pending.isRefused(index) };
  }
}
