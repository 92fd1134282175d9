import { isFields, itemsAt, textAt } from '../page/element-text.ts';

/** Where a patient is with an appointment; `unconfirmed` while one side has not agreed, `other` for what is not known. */
export type AppointmentState =
  | 'expected'
  | 'arrived'
  | 'ongoing'
  | 'seen'
  | 'absent'
  | 'cancelled'
  | 'unconfirmed'
  | 'other';

/** What an appointment says, of whatever software wrote it. */
export interface AppointmentRead {
  /** Ms since 1970; null where it says none, or none that names an instant. */
  readonly startMs: number | null;
  readonly endMs: number | null;
  readonly state: AppointmentState;
  /** `Patient/…`, as it names them. */
  readonly patients: readonly string[];
  /** `Practitioner/…` */
  readonly practitioners: readonly string[];
}

/** FHIR R4, AppointmentStatus (hl7.org/fhir/R4/valueset-appointmentstatus.html). */
const states: Readonly<Record<string, AppointmentState>> = {
  ...{ proposed: 'unconfirmed', pending: 'unconfirmed', waitlist: 'unconfirmed', booked: 'expected' },
  ...{ arrived: 'arrived', 'checked-in': 'ongoing', fulfilled: 'seen', noshow: 'absent', cancelled: 'cancelled' },
};

/** Null for what is no appointment, and for one that was entered in error. Foreign ones are read as far as they go. */
export function readAppointment(resource: unknown): AppointmentRead | null {
  if (!isFields(resource) || resource.resourceType !== 'Appointment') return null;
  const status = textAt(resource, 'status');
  if (status === 'entered-in-error') return null;
  const actors = itemsAt(resource, 'participant').map((one) => textAt(one, 'actor.reference'));
  return {
    startMs: instantOf(textAt(resource, 'start')),
    endMs: instantOf(textAt(resource, 'end')),
    state: Object.hasOwn(states, status) ? (states[status] ?? 'other') : 'other',
    patients: actors.flatMap((actor) => localReference(actor, 'Patient')),
    practitioners: actors.flatMap((actor) => localReference(actor, 'Practitioner')),
  };
}

/** A FHIR instant says its offset: without it nobody knows when that is. */
function instantOf(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text)) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}

/** `Type/id` of a reference to that type, also of an absolute one or of a version. */
function localReference(reference: string, type: string): string[] {
  const id = new RegExp(`(?:^|/)${type}/([A-Za-z0-9.-]{1,64})(?:/_history/.*)?$`).exec(reference)?.[1];
  return id === undefined ? [] : [`${type}/${id}`];
}
