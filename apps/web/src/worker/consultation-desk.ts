import { bytesToHex } from '@serment/core/bytes';
import type { MeetingPlace } from '@serment/records/fhir/encounter';
import type { MeasureKind } from '@serment/records/measures/measure-types';
import type { PatientRow } from '@serment/replica/directory';
import { ReplicaError } from '@serment/replica/error';
import type { PatientFile } from '@serment/replica/patient-file';
import { draftValue, patientOfDraft } from '../file-view/draft-key.ts';
import {
  type ConsultationParts,
  consultationParts,
  continued,
  type LastMeasure,
  lastMeasures,
} from './consultation-reading.ts';
import { type ConsultationContext, consultationRecords } from './consultation-records.ts';
import { Desk } from './desk.ts';

export type { ConsultationParts, LastMeasure };

/** A record that a consultation was begun on: what it said then, and the versions that said it. */
export interface BegunRecord {
  /** `Type/…` */
  readonly id: string;
  readonly versions: readonly string[];
  /** Of an item, `itemMark` of it. */
  readonly was: string;
}

export interface MeasureItem {
  readonly recordId: string | null;
  readonly kind: MeasureKind;
  readonly value: number;
  readonly second?: number | undefined;
}

export interface DiagnosisItem {
  readonly recordId: string | null;
  readonly text: string;
  /** CIM-10 */
  readonly code: string | null;
}

export interface ActItem {
  readonly recordId: string | null;
  readonly text: string;
}

export interface SectionInput {
  readonly title: string;
  readonly loinc: string;
  readonly text: string;
}

/** A consultation as it is to stand, whole. */
export interface ConsultationInput {
  readonly patient: string;
  /** `Composition/…`; that of a new one was drawn as it was begun. */
  readonly note: string;
  /** `Encounter/…` */
  readonly encounter: string;
  /** Versions of the note that were on the screen; none for a new one. */
  readonly replaces: readonly string[];
  /** Everything else that was on the screen as it was begun: what is not there any more is withdrawn. */
  readonly begun: readonly BegunRecord[];
  /** `Composition/…` that an addendum completes: it has no meeting of its own. */
  readonly appends: string | null;
  readonly title: string;
  /** Date and time with its offset. */
  readonly date: string;
  readonly place: MeetingPlace;
  readonly reason: string;
  readonly sections: readonly SectionInput[];
  /** Names of the sections that list what has records of its own. */
  readonly titles: { readonly measures: string; readonly diagnoses: string; readonly acts: string };
  readonly measures: readonly MeasureItem[];
  readonly diagnoses: readonly DiagnosisItem[];
  readonly acts: readonly ActItem[];
  /** The clock on the wall, date and time with its offset. */
  readonly now: string;
  readonly sign: boolean;
}

/** What a consultation's editor begins with. */
export interface ConsultationStart {
  /** Null for a new consultation. */
  readonly parts: ConsultationParts | null;
  /** The last value of each measure before this one. */
  readonly last: readonly LastMeasure[];
  readonly birthDate: string | null;
  /** Whether this member may answer for a note. */
  readonly maySign: boolean;
}

/** A consultation that another patient interrupted. */
export interface ParkedDraft {
  readonly key: string;
  readonly patient: string;
  /** Null for a patient who is not on this device. */
  readonly row: PatientRow | null;
  /** When it was left, ms, and by which window. */
  readonly at: number;
  readonly window: string;
}

const signingRoles: ReadonlySet<string> = new Set(['doctor', 'substitute']);

/** Consultations, as the pages ask for them. */
export class ConsultationDesk extends Desk {
  async begin(patient: string, note: string | null): Promise<ConsultationStart> {
    const file = await this.practice.readPatient(patient);
    const parts = note === null ? null : consultationParts(file, note);
    return {
      parts,
      last: lastMeasures(file, parts?.encounter ?? null),
      birthDate: file.row.birthDate,
      maySign: this.#maySign(),
    };
  }

  /** What waits for its patient's file to be opened again, the last one first. */
  async parked(): Promise<readonly ParkedDraft[]> {
    const drafts = await this.practice.drafts.list();
    const parked = drafts.flatMap(({ key, text }): ParkedDraft[] => {
      const patient = patientOfDraft(key);
      const left = draftValue(text)?.parked;
      if (patient === null || typeof left !== 'object' || left === null || !('at' in left && 'window' in left))
        return [];
      const { at, window } = left;
      if (typeof at !== 'number' || typeof window !== 'string') return [];
      return [{ key, patient, row: this.practice.directory.get(patient), at, window }];
    });
    return parked.sort((one, other) => other.at - one.at);
  }

  /** All of it or nothing. Throws NOTE_SIGNED, SIGNER_FORBIDDEN, RESOURCE_INVALID, SAVE_INVALID. */
  async save(input: ConsultationInput): Promise<{ id: string }> {
    if (input.sign && !this.#maySign())
      throw new ReplicaError('SIGNER_FORBIDDEN', 'A note is signed by who answers for it');
    const file = await this.practice.readPatient(input.patient);
    const records = consultationRecords(continued(input, file), this.#context(file));
    const saved = await this.practice.save({ patient: input.patient, records });
    this.at.send({ type: 'patient', patient: input.patient });
    return saved;
  }

  #maySign(): boolean {
    return signingRoles.has(this.practice.status().role);
  }

  #context(file: PatientFile): ConsultationContext {
    const { practice } = this;
    const contents = new Map(file.records.map(({ id, content }) => [id, content]));
    return {
      contentOf: (id) => contents.get(id) ?? null,
      self: `Practitioner/${bytesToHex(practice.keyring.member)}`,
      organization: `Organization/${bytesToHex(practice.practice)}`,
      newId: () => crypto.randomUUID(),
    };
  }
}
