import { bytesToHex } from '@serment/core/bytes';
import { newPrivateNote, privateNoteText } from '@serment/records/fhir/private-note';
import { isJsonObject, parseJson } from '@serment/records/json-text';
import { textAt } from '@serment/records/page/element-text';
import type { SaveState } from '@serment/replica/patient-file';
import { Desk } from './desk.ts';

/** What a member wrote for themself alone. */
export interface PrivateNoteView {
  readonly recordId: string;
  /** Names of the current versions. */
  readonly versions: readonly string[];
  readonly text: string;
  /** Date and time with its offset. */
  readonly date: string;
  /** `Encounter/…` that it stands beside; '' for none. */
  readonly encounter: string;
  readonly state: SaveState;
  readonly savedAt: number;
}

export interface PrivateNoteInput {
  readonly patient: string;
  /** Null for a new one. */
  readonly recordId: string | null;
  readonly replaces: readonly string[];
  readonly title: string;
  readonly text: string;
  readonly date: string;
  readonly encounter: string;
}

/** Private notes, as the pages of their author ask for them. */
export class PrivateNoteDesk extends Desk {
  /**
   * Of one patient, and of those whose records were merged into it, the last one first. Throws COMPARTMENT_CLOSED,
   * UNREACHABLE for what was never read here.
   */
  async list(patient: string): Promise<readonly PrivateNoteView[]> {
    const merged = this.practice.directory.mergedInto(patient).map(({ id }) => id);
    const patients = new Set([patient, ...merged]);
    const records = await this.practice.privateNotes.views();
    const notes = records.flatMap(({ id, content, change, versions, state, savedAt }): PrivateNoteView[] => {
      const resource = content === null || change === 'entered-in-error' ? null : parseJson(content);
      if (resource === null || !isJsonObject(resource)) return [];
      if (!patients.has(textAt(resource, 'subject.reference'))) return [];
      const [date, encounter] = [textAt(resource, 'date'), textAt(resource, 'encounter.reference')];
      const names = versions.map(({ version }) => version);
      return [{ recordId: id, versions: names, text: privateNoteText(resource), date, encounter, state, savedAt }];
    });
    return notes.sort((one, other) => (one.date < other.date ? 1 : -1));
  }

  /** Throws RESOURCE_INVALID, SAVE_INVALID, COMPARTMENT_CLOSED. */
  async save(input: PrivateNoteInput): Promise<{ id: string }> {
    const { patient, recordId, replaces, encounter, title, text, date } = input;
    const resource = newPrivateNote(recordId?.slice('Composition/'.length) ?? crypto.randomUUID(), {
      ...{ patient, title, text, date, author: `Practitioner/${bytesToHex(this.practice.keyring.member)}` },
      ...(encounter === '' ? {} : { encounter }),
    });
    const change = recordId === null ? 'create' : 'edit';
    const saved = await this.practice.save({ patient, records: [{ resource, change, replaces }] });
    this.at.send({ type: 'patient', patient });
    return saved;
  }
}
