import { type Encounter, encounterSchema } from './clinical.ts';
import { codeSystems } from './coding-system.ts';
import { checkResource } from './own-resource.ts';

/** Where a patient was seen: at the practice, at home, or through a screen (v3-ActCode AMB, HH, VR). */
export const meetingPlaces = {
  practice: { code: 'AMB', display: 'ambulatory' },
  home: { code: 'HH', display: 'home health' },
  remote: { code: 'VR', display: 'virtual' },
} as const;

export type MeetingPlace = keyof typeof meetingPlaces;

export interface Meeting {
  /** `Patient/…` */
  readonly patient: string;
  /** `Practitioner/…` of those who saw the patient. */
  readonly practitioners: readonly string[];
  readonly place: MeetingPlace;
  /** Dates and times with their offset. */
  readonly start: string;
  readonly end?: string | undefined;
  /** Why the patient came; '' when nobody said. */
  readonly reason: string;
  /** `Organization/…` */
  readonly organization?: string | undefined;
}

/** A consultation that took place, as a finished Encounter. Throws RESOURCE_INVALID. */
export function newMeeting(id: string, meeting: Meeting): Encounter {
  const { practitioners, end, reason, organization } = meeting;
  return checkResource(encounterSchema, {
    resourceType: 'Encounter',
    id,
    status: 'finished',
    class: { system: codeSystems.actCode, ...meetingPlaces[meeting.place] },
    subject: { reference: meeting.patient },
    participant: practitioners.map((practitioner) => ({ individual: { reference: practitioner } })),
    period: { start: meeting.start, ...(end === undefined ? {} : { end }) },
    ...(reason === '' ? {} : { reasonCode: [{ text: reason }] }),
    ...(organization === undefined ? {} : { serviceProvider: { reference: organization } }),
  });
}

/** Where an Encounter says that it was; null when it is none of the three. */
export function meetingPlace(code: string): MeetingPlace | null {
  const places = Object.entries(meetingPlaces).find(([, place]) => place.code === code);
  return places === undefined ? null : (places[0] as MeetingPlace);
}
