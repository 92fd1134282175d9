import {
  type FileInstant,
  fileDifferences,
  fileInstants,
  restoreFile,
  restoreVersion,
} from '@serment/replica/file-travel';
import { moveRecord, recordsToMove } from '@serment/replica/record-move';
import { type DifferenceView, differenceViews, recordLine } from '../file-view/travel-view.ts';
import type { FileView } from '../file-view/view.ts';
import type { Language } from '../i18n/language.ts';
import { Desk } from './desk.ts';
import { shownFile } from './shown-file.ts';
import { toldIn } from './told.ts';

export type { FileInstant };

/** A file as it was, and what is otherwise now. */
export interface PastFile {
  readonly file: FileView;
  readonly differences: readonly DifferenceView[];
}

interface Saved {
  readonly id: string;
}

/** What a file was, and how it becomes that again; what is in the wrong file, and how it leaves it. */
export class TravelDesk extends Desk {
  /** When the file changed, newest first. */
  async instants(patient: string): Promise<readonly FileInstant[]> {
    return fileInstants(this.practice, patient);
  }

  /** `at` in ms on the host's clock. */
  async past(patient: string, at: number, language: Language): Promise<PastFile> {
    const { practice } = this;
    const file = shownFile(practice, await practice.files.at(patient, at), language);
    return {
      file,
      differences: differenceViews(await fileDifferences(practice, patient, at), toldIn(practice, language)),
    };
  }

  /** Makes these records what they were. */
  async restore(patient: string, at: number, ids: readonly string[]): Promise<Saved> {
    return this.#saved(patient, await restoreFile(this.practice, patient, { at, ids }));
  }

  async restoreVersion(patient: string, recordId: string, version: string): Promise<Saved> {
    return this.#saved(patient, await restoreVersion(this.practice, patient, { recordId, version }));
  }

  /** What goes with a record to another file, in words. */
  async movedWith(patient: string, recordId: string, language: Language): Promise<readonly string[]> {
    const records = await recordsToMove(this.practice, patient, recordId);
    return records.map(({ content }) => recordLine(content, language));
  }

  async move(recordId: string, { from, to }: { readonly from: string; readonly to: string }): Promise<Saved> {
    const saved = await moveRecord(this.practice, { from, to, recordId });
    this.at.send({ type: 'patient', patient: to });
    return this.#saved(from, saved);
  }

  #saved(patient: string, { id }: Saved): Saved {
    this.at.send({ type: 'patient', patient });
    return { id };
  }
}
