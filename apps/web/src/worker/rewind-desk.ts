import type { PatientRow } from '@serment/replica/directory';
import type { Practice } from '@serment/replica/practice';
import {
  type ChosenFile,
  type Undone,
  undoWrites,
  type Writes,
  type WritesAsked,
  type WrittenFile,
  writesSince,
} from '@serment/replica/practice-rewind';
import { type DifferenceView, differenceViews } from '../file-view/travel-view.ts';
import type { Language } from '../i18n/language.ts';
import { Desk } from './desk.ts';
import { Stoppable } from './stoppable.ts';
import { toldIn } from './told.ts';

export interface WrittenFileView {
  /** `Patient/…`; null for what is the practice's own. */
  readonly patient: string | null;
  /** Null for the practice's own, and for a patient whom the directory does not hold any more. */
  readonly row: PatientRow | null;
  readonly records: readonly {
    readonly id: string;
    readonly kind: 'changed' | 'added' | 'gone';
    /** Somebody else has written over it since. */
    readonly isFollowed: boolean;
  }[];
}

export interface WritesView {
  /** Patients by name, then the practice's own. */
  readonly files: readonly WrittenFileView[];
  readonly entries: number;
  readonly closed: number;
}

export interface UndoneView extends Undone {
  /** ms on the host's clock: what was written for it comes after. */
  readonly startedAt: number;
}

type Progress = (done: number, total: number) => void;

/** What a device or a member wrote since an instant, and the way back from it. */
export class RewindDesk extends Desk {
  /** Forgotten with the practice that it is of: nothing of it is left once that is locked. */
  readonly #looked = new WeakMap<Practice, Writes>();
  readonly #work = new Stoppable();

  /** Null when `stop` was called meanwhile. */
  async look(asked: WritesAsked, onProgress: Progress): Promise<WritesView | null> {
    const { practice } = this;
    return this.#work.run(async (signal) => {
      const writes = await writesSince(practice, asked, { onProgress, signal });
      this.#looked.set(practice, writes);
      const files = writes.files.map(({ patient, records }): WrittenFileView => {
        const row = patient === null ? null : practice.directory.get(patient);
        return { patient, row, records: records.map(({ id, kind, isFollowed }) => ({ id, kind, isFollowed })) };
      });
      return { files: inOrder(files), entries: writes.entries, closed: writes.closed };
    });
  }

  /** What each record of one of the files would say again. */
  async details(patient: string | null, language: Language): Promise<readonly DifferenceView[]> {
    return differenceViews(this.#file(patient)?.records ?? [], toldIn(this.practice, language));
  }

  /** Null when `stop` was called meanwhile: what was done until then stays. */
  async undo(chosen: readonly ChosenFile[], onProgress: Progress): Promise<UndoneView | null> {
    const { practice } = this;
    const writes = this.#looked.get(practice);
    if (writes === undefined) return null;
    const { mirror } = practice;
    const startedAt = (await mirror.entry(mirror.size - 1)).receivedAt;
    return this.#work.run(async (signal) => {
      const undone = await undoWrites(practice, writes, chosen, { onProgress, signal });
      return { ...undone, startedAt };
    });
  }

  /** What a device, in hexadecimal, did in numbers is meant: nothing more is said of it. */
  async accept(author: string): Promise<void> {
    await this.practice.acceptChanges(author);
  }

  async stop(): Promise<void> {
    this.#work.stop();
  }

  #file(patient: string | null): WrittenFile | undefined {
    return this.#looked.get(this.practice)?.files.find((file) => file.patient === patient);
  }
}

function inOrder(files: readonly WrittenFileView[]): WrittenFileView[] {
  const nameOf = ({ row, patient }: WrittenFileView) => [row?.family ?? '', row?.given ?? '', patient ?? ''].join(' ');
  const compare = new Intl.Collator('fr').compare;
  return [
    ...files.filter(({ patient }) => patient !== null).sort((left, right) => compare(nameOf(left), nameOf(right))),
    ...files.filter(({ patient }) => patient === null),
  ];
}
