import type { MeetingPlace } from '@serment/records/fhir/encounter';
import type { ActItem, DiagnosisItem, MeasureItem } from './consultation-desk.ts';

/** What an item of a consultation says, as one text: the same text says the same, and needs no other version. */
export function measureMark({ kind, value, second }: Omit<MeasureItem, 'recordId'>): string {
  return JSON.stringify([kind, value, second ?? null]);
}

export function diagnosisMark({ text, code }: Omit<DiagnosisItem, 'recordId'>): string {
  return JSON.stringify([text, code]);
}

export function actMark({ text }: Omit<ActItem, 'recordId'>): string {
  return JSON.stringify([text]);
}

export function meetingMark(place: MeetingPlace, reason: string): string {
  return JSON.stringify([place, reason]);
}
