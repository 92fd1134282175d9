import { bytesToHex } from '@serment/core/bytes';
import { type AppointmentState, readAppointment } from '@serment/records/fhir/appointment';
import { dayOf } from '@serment/replica/day-patients';
import type { PatientRow } from '@serment/replica/directory';
import { patientOfDraft } from '../file-view/draft-key.ts';
import { Desk } from './desk.ts';

/** Somebody who is expected, or was. */
export interface DayAppointment {
  readonly id: string;
  /** Ms since 1970. */
  readonly startMs: number;
  readonly state: AppointmentState;
  /** Null for an appointment of nobody that the directory knows. */
  readonly row: PatientRow | null;
  /** Whether it is with the member who asks. */
  readonly isOwn: boolean;
}

export interface Day {
  readonly appointments: readonly DayAppointment[];
  /** Entries of the agenda that could not be read: the day may hold more. */
  readonly missing: number;
}

/** Something that was begun, without a word of what it says. */
export interface DayDraft {
  readonly key: string;
  readonly updatedAt: number;
  /** `Patient/…` of the file that it is of; null for any other. */
  readonly patient: string | null;
  readonly row: PatientRow | null;
}

/** What a day begins with. */
export class TodayDesk extends Desk {
  /** By this device's clock and zone, in the order of the hours; null for who may not read the agenda. */
  async day(): Promise<Day | null> {
    const { agenda, clock, directory, keyring } = this.practice;
    if (!keyring.canRead('admin')) return null;
    const today = dayOf(clock());
    const self = `Practitioner/${bytesToHex(keyring.member)}`;
    const { records, withheld, unreadable } = await agenda.around(today.slice(0, 7));
    const appointments = records.flatMap(({ id, resource }): DayAppointment[] => {
      const read = readAppointment(resource);
      if (read === null || read.startMs === null || dayOf(read.startMs) !== today) return [];
      const row = read.patients.map((patient) => directory.get(patient)).find((one) => one !== null) ?? null;
      return [{ id, startMs: read.startMs, state: read.state, row, isOwn: read.practitioners.includes(self) }];
    });
    appointments.sort((left, right) => left.startMs - right.startMs);
    return { appointments, missing: withheld + unreadable };
  }

  /** What this member was writing on this device, newest first. */
  async drafts(): Promise<readonly DayDraft[]> {
    const { drafts, directory, keyring } = this.practice;
    const rowOf = (patient: string | null) =>
      patient === null || !keyring.canRead('admin') ? null : directory.get(patient);
    const begun = (await drafts.list()).filter(({ text }) => text !== '');
    return begun
      .map(({ key, updatedAt }): DayDraft => {
        const patient = patientOfDraft(key);
        return { key, updatedAt, patient, row: rowOf(patient) };
      })
      .sort((left, right) => right.updatedAt - left.updatedAt);
  }
}
