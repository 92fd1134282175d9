import { textAt } from '@serment/records/page/element-text';
import {
  type CopyChoice,
  type CopyComparison,
  compareWithCopy,
  restoreFromCopy,
} from '@serment/replica/copy-comparison';
import type { Practice } from '@serment/replica/practice';
import { readResource } from '../file-view/reading.ts';
import { type DifferenceView, differenceViews } from '../file-view/travel-view.ts';
import type { Language } from '../i18n/language.ts';
import { Stoppable } from './stoppable.ts';
import { toldIn } from './told.ts';
import { parsedResource, UndoDesk } from './undo.ts';

export interface CopyDifferenceView extends DifferenceView {
  readonly isSince: boolean;
}

export interface LostDocumentView {
  readonly blobId: string;
  /** '' when no record names it any more. */
  readonly title: string;
  readonly isInCopy: boolean;
}

export interface CopyComparisonView
  extends Pick<CopyComparison, 'copy' | 'size' | 'at' | 'same' | 'since' | 'lost' | 'documents'> {
  readonly differences: readonly CopyDifferenceView[];
  readonly lostDocuments: readonly LostDocumentView[];
}

export interface CopyRestoredView {
  /** What `undo` takes back; null when documents alone were put back. */
  readonly id: string | null;
  readonly records: number;
  readonly documents: number;
}

type Progress = (done: number, total: number) => void;

/** One patient's file in a copy, beside the live one, and what comes back from there. */
export class CopyDesk extends UndoDesk {
  /** Forgotten with the practice that it is of. */
  readonly #compared = new WeakMap<Practice, CopyComparison>();
  readonly #work = new Stoppable();

  /** Null when `stop` was called meanwhile. */
  async compare(
    patient: string,
    copy: string,
    language: Language,
    onProgress: Progress,
  ): Promise<CopyComparisonView | null> {
    const { practice } = this;
    return this.#work.run(async (signal) => {
      const comparison = await compareWithCopy(practice, { patient, copy }, { onProgress, signal });
      this.#compared.set(practice, comparison);
      // What is shown of a file is told as an opening of it, wherever one came from.
      await practice.traces.told([patient]);
      return this.#view(comparison, language);
    });
  }

  /** Of the comparison that was made last. */
  async restore(chosen: CopyChoice): Promise<CopyRestoredView> {
    const { practice } = this;
    const comparison = this.#compared.get(practice);
    if (comparison === undefined) return { id: null, records: 0, documents: 0 };
    const { id, records, documents } = await restoreFromCopy(practice, comparison, chosen);
    const { patient } = comparison;
    const written = records.map(({ id: recordId, versions, before, after }) => ({
      ...{ recordId, versions, after: parsedResource(after) },
      before: before === null ? null : parsedResource(before),
    }));
    if (id !== null) this.remember(id, { patient, written });
    this.at.send({ type: 'patient', patient });
    return { id, records: records.length, documents };
  }

  async stop(): Promise<void> {
    this.#work.stop();
  }

  async #view(comparison: CopyComparison, language: Language): Promise<CopyComparisonView> {
    const { copy, size, at, same, since, lost, documents, differences } = comparison;
    const isSince = new Map(differences.map((one) => [one.id, one.isSince]));
    const views = differenceViews(differences, toldIn(this.practice, language)).map((view) => ({
      ...view,
      isSince: isSince.get(view.recordId) ?? false,
    }));
    const { records } = await this.practice.readPatient(comparison.patient);
    const contents = [...differences.map(({ was }) => was), ...records.flatMap(({ content }) => content ?? [])];
    const lostDocuments = comparison.lostDocuments.map(({ blobId, isInCopy }) => {
      const named = contents.find((content) => content.includes(blobId));
      const title = named === undefined ? '' : textAt(readResource(named), 'content.attachment.title');
      return { blobId, isInCopy, title };
    });
    return { copy, size, at, same, since, lost, documents, differences: views, lostDocuments };
  }
}
