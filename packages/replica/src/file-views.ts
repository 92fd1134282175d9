import type { Finding } from '@serment/core/journal/finding';
import { foldInto, hasConflict } from '@serment/records/fold';
import { ReplicaError } from './error.ts';
import type { StreamRef } from './keyring.ts';
import type { OutboxItem } from './outbox.ts';
import { isAbsent, isSilence } from './payload-reader.ts';
import type { PendingSaves } from './pending-saves.ts';
import { checkSnapshot, followStream, isOfHost, loadStream, type StreamParts, type StreamView } from './stream-view.ts';

export interface FileViewsParts extends StreamParts {
  readonly pending: PendingSaves;
  readonly badSnapshots: Set<number>;
  readonly streamOf: (patient: string) => StreamRef;
}

/** Each with the whole history that was read. */
const keptViews = 12;

/** The streams of the files that were read last, each folded once, with what waits in the outbox. */
export class FileViews {
  readonly #parts: FileViewsParts;
  readonly #views = new Map<string, StreamView>();
  readonly #turns = new Map<string, Promise<unknown>>();
  readonly #checked = new Set<number>();
  /** Another one once what is here was thrown away: what was being read before then does not stay. */
  #clearing = 0;

  constructor(parts: FileViewsParts) {
    this.#parts = parts;
  }

  /** A patient's, with all that is new. Throws UNREACHABLE for a file of which this device has nothing. */
  of(patient: string): Promise<StreamView> {
    return this.#inTurn(patient, async () => {
      const known = this.#views.get(patient);
      // What the host withheld once it may give now.
      const isKnown = known !== undefined && !known.findings.some(isOfHost);
      if (isKnown && (await this.#isFollowed(patient))) return known;
      const clearing = this.#clearing;
      const view = await loadStream(this.#parts.streamOf(patient), this.#parts, { isPartial: true });
      this.#parts.pending.foldInto(view);
      requireSomething(view);
      if (this.#clearing !== clearing) return view;
      this.#views.delete(patient);
      const oldest = this.#views.keys().next();
      if (this.#views.size >= keptViews && !oldest.done) this.#views.delete(oldest.value);
      this.#views.set(patient, view);
      return view;
    });
  }

  /** Patients in whose files several versions wait for a choice, of those that are here. */
  inConflict(): string[] {
    const isUnsettled = ({ state }: StreamView) => [...state.records.values()].some(hasConflict);
    return [...this.#views].flatMap(([patient, view]) => (isUnsettled(view) ? patient : []));
  }

  /** Shows a save that has just been kept. */
  show(item: OutboxItem): void {
    for (const view of this.#views.values())
      for (const batch of this.#parts.pending.batchesOf(item, view.stream.id)) foldInto(view.state, batch);
  }

  /** Folds what is new, and drops those of streams that are shut; returns the patients whose stream changed. */
  async follow(isShut: (stream: Uint8Array) => boolean): Promise<string[]> {
    const changed: string[] = [];
    for (const [patient, { stream, findings }] of [...this.#views])
      if (isShut(stream.id) || findings.some(isAbsent)) {
        this.#views.delete(patient);
        changed.push(patient);
      } else if (await this.#inTurn(patient, () => this.#followOne(patient))) changed.push(patient);
    return changed;
  }

  /** Checks whole, once in a session, the snapshots that were begun with; a wrong one serves no more. */
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

  drop(patient: string): void {
    this.#views.delete(patient);
  }

  clear(): void {
    this.#clearing += 1;
    this.#views.clear();
  }

  /** False where the line is cut before all that is new came: what is here is read without it. */
  async #isFollowed(patient: string): Promise<boolean> {
    try {
      await this.#followOne(patient);
      return true;
    } catch (error) {
      if (!isSilence(error)) throw error;
      return false;
    }
  }

  async #followOne(patient: string): Promise<boolean> {
    const view = this.#views.get(patient);
    return view !== undefined && (await followStream(view, this.#parts));
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
