import { isDepositTask } from './fhir/deposit.ts';
import { isPrivateNote } from './fhir/private-note.ts';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from './json-text.ts';
import type { PatientLink } from './patient-link.ts';
import { splitRecordId } from './record-id.ts';

export type Compartment = 'admin' | 'clinical' | 'billing' | 'private';

export interface Route {
  /** `private` is that of the member who writes. */
  readonly compartment: Compartment;
  /** Name of the stream inside the compartment; what the host sees is derived from it under a key. */
  readonly stream: string;
}

const directoryTypes = new Set([
  'Patient',
  'RelatedPerson',
  'Coverage',
  'Practitioner',
  'PractitionerRole',
  'Organization',
  'Location',
]);

/** Where the date that places a record in its month or year is looked for, in order. */
const agendaDates: Readonly<Record<string, readonly string[]>> = {
  Appointment: ['start', 'created'],
  Schedule: ['planningHorizon.start'],
  Slot: ['start'],
};
const ledgerDates: Readonly<Record<string, readonly string[]>> = {
  Claim: ['created', 'billablePeriod.start'],
  ExplanationOfBenefit: ['created', 'billablePeriod.start'],
  Invoice: ['date'],
  ChargeItem: ['occurrenceDateTime', 'occurrencePeriod.start', 'enteredDate'],
  Account: ['servicePeriod.start'],
  PaymentNotice: ['created', 'paymentDate'],
};

/** All that an appointment may say in `admin`, which a desk reads; anything else (reason, comment, narrative) is clinical. */
const appointmentFields = new Set([
  'resourceType',
  'id',
  'meta',
  'identifier',
  'status',
  'serviceCategory',
  'appointmentType',
  'priority',
  'start',
  'end',
  'minutesDuration',
  'slot',
  'created',
  'participant',
]);

/** All that a record of a practice's own device may say: who reads the directory reads it. Any other Device is care's. */
const ownDeviceFields = new Set(['resourceType', 'id', 'deviceName', 'owner']);

/**
 * Compartment and stream of a new record. A record keeps the stream it was first written to, whatever its dates become:
 * versions of one record in two streams would never meet.
 */
export function routeOf(resource: JsonObject, link: PatientLink): Route {
  const type = typeof resource.resourceType === 'string' ? resource.resourceType : '';
  if (directoryTypes.has(type) || isOwnDevice(resource)) return { compartment: 'admin', stream: 'directory' };
  if (isDepositTask(resource)) return { compartment: 'admin', stream: 'deposits' };
  const agenda = own(agendaDates, type);
  if (agenda !== undefined && !isClinicalAppointment(resource))
    return { compartment: 'admin', stream: `agenda/${dateAt(resource, agenda, 7) ?? 'undated'}` };
  const ledger = own(ledgerDates, type);
  if (ledger !== undefined)
    return { compartment: 'billing', stream: `ledger/${dateAt(resource, ledger, 4) ?? 'undated'}` };
  if (isPrivateNote(resource)) return { compartment: 'private', stream: 'notes' };
  if (link.kind !== 'one') return { compartment: 'clinical', stream: 'practice' };
  return { compartment: 'clinical', stream: patientStream(link.patient) };
}

/** `patient/<logical id>` for `Patient/<logical id>`. */
export function patientStream(patient: string): string {
  return `patient/${splitRecordId(patient)?.logicalId ?? patient}`;
}

/** True when an appointment says more than a desk may read. */
export function isClinicalAppointment(resource: JsonObject): boolean {
  return resource.resourceType === 'Appointment' && Object.keys(resource).some((key) => !appointmentFields.has(key));
}

/** True for a device that members work on: named by its author, it says whose it is and what it is called. */
function isOwnDevice(resource: JsonObject): boolean {
  if (resource.resourceType !== 'Device') return false;
  const isAuthor = typeof resource.id === 'string' && /^[0-9a-f]{64}$/.test(resource.id);
  return isAuthor && Object.keys(resource).every((key) => ownDeviceFields.has(key));
}

function dateAt(resource: JsonObject, paths: readonly string[], length: 4 | 7): string | null {
  for (const path of paths) {
    const value = path.split('.').reduce<JsonValue | undefined>(stepInto, resource);
    const month = typeof value === 'string' ? /^\d{4}(-(0[1-9]|1[0-2]))?/.exec(value)?.[0] : undefined;
    if (month !== undefined && month.length >= length) return month.slice(0, length);
  }
  return null;
}

function stepInto(value: JsonValue | undefined, key: string): JsonValue | undefined {
  return isJsonObject(value) && !isJsonArray(value) ? value[key] : undefined;
}

function own<Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
