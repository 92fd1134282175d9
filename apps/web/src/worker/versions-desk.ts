import { isSigned } from '@serment/records/fhir/note';
import { isJsonObject, parseJson } from '@serment/records/json-text';
import { ReplicaError } from '@serment/replica/error';
import { type HistoryView, historyView } from '../file-view/history.ts';
import type { Language } from '../i18n/language.ts';
import { Desk } from './desk.ts';
import { toldIn } from './told.ts';
import type { Saved } from './undo.ts';

export interface VersionChoice {
  readonly patient: string;
  readonly recordId: string;
  readonly version: string;
}

/** The versions of a record of a file. */
export class VersionsDesk extends Desk {
  async history(patient: string, recordId: string, language: Language): Promise<HistoryView> {
    return historyView(await this.practice.history(patient, recordId), toldIn(this.practice, language));
  }

  /**
   * Settles a conflict. The chosen version's content goes on as it is, and replaces all that stood beside it: a signed note
   * among them gives way to a choice, never to an edit. Throws RECORD_UNKNOWN, NOTE_SIGNED.
   */
  async keep({ patient, recordId, version }: VersionChoice): Promise<Saved> {
    const { practice } = this;
    const file = await practice.readPatient(patient);
    const record = file.records.find((one) => one.id === recordId);
    const content = record?.versions.find((one) => one.version === version)?.content;
    if (!record || content == null) throw new ReplicaError('RECORD_UNKNOWN', 'That version is not there any more');
    const resource = parseJson(content);
    if (!isJsonObject(resource)) throw new ReplicaError('RECORD_UNKNOWN', 'That version is no resource');
    const replaces = record.versions.map((one) => one.version);
    const isSettled = record.versions.some((one) => one.content !== null && isSigned(JSON.parse(one.content)));
    return practice.save({ patient, records: [{ resource, change: isSettled ? 'restore' : 'edit', replaces }] });
  }
}
