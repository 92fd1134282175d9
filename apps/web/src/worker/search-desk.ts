import type { PatientRow } from '@serment/replica/directory';
import { ReplicaError } from '@serment/replica/error';
import { textTerms } from '@serment/replica/text-index';
import type { TextSearch, TextSearchStatus } from '@serment/replica/text-search';
import { foundExtract, markedText } from '../file-view/found-text.ts';
import type { Segment } from '../file-view/view.ts';
import { Desk } from './desk.ts';
import { nextTask } from './next-task.ts';

/** A record of a file in which the words were found. */
export interface FoundRecord {
  readonly row: PatientRow;
  /** `Composition/…` and the like. */
  readonly record: string;
  readonly day: string;
  readonly title: readonly Segment[];
  readonly extract: readonly Segment[];
}

export interface FoundRecords {
  readonly records: readonly FoundRecord[];
  /** How many match, shown or not. */
  readonly total: number;
}

/** The search in the texts of all files. */
export class SearchDesk extends Desk {
  /** Null for who reads no medical file. */
  async status(): Promise<TextSearchStatus | null> {
    const { texts } = this.practice;
    await texts?.load();
    return texts?.status() ?? null;
  }

  /** Reads all files, or goes on, and keeps what is searched of them sealed on this device. */
  async prepare(): Promise<void> {
    await this.#texts().begin((status) => this.at.send({ type: 'texts', status }));
    this.#tell();
  }

  /** Takes away from this device what is searched. */
  async forget(): Promise<void> {
    await this.#texts().forget();
    this.#tell();
  }

  /** Something is told of each of these patients: their files say that it was. */
  async find(query: string, limit: number): Promise<FoundRecords> {
    const { directory, traces } = this.practice;
    const { hits, total } = await this.#texts().search(query, { limit, goesOn: lettingOthers() });
    const terms = textTerms(query);
    const records = hits.flatMap(({ document: { patient, record, title, text, day } }): FoundRecord[] => {
      const row = directory.get(patient);
      if (row === null) return [];
      return [{ row, record, day, title: markedText(title, terms), extract: foundExtract(text, terms) }];
    });
    await traces.told(records.map(({ row }) => row.id));
    return { records, total };
  }

  #texts(): TextSearch {
    const { texts } = this.practice;
    if (texts === null) throw new ReplicaError('COMPARTMENT_CLOSED', 'Your rights do not open medical files');
    return texts;
  }

  #tell(): void {
    this.at.send({ type: 'texts', status: this.#texts().status() });
  }
}

const sliceMs = 12;

/** Lets what others ask of the worker come between two parts of a search, as often as a person would notice. */
function lettingOthers(): () => Promise<true> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < sliceMs) return true;
    await nextTask();
    since = performance.now();
    return true;
  };
}
