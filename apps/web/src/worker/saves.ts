import { isSigned } from '@serment/records/fhir/note';
import { checkResource } from '@serment/records/fhir/own-resource';
import { newPatient, type Patient, patientSchema } from '@serment/records/fhir/patient';
import { isJsonObject, parseJson } from '@serment/records/json-text';
import { ReplicaError } from '@serment/replica/error';
import type { Practice } from '@serment/replica/practice';
import type { NewPatientInput } from './protocol.ts';

interface Saved {
  readonly id: string;
}

/** Throws RESOURCE_INVALID, SAVE_INVALID. */
export async function savePatient(practice: Practice, input: NewPatientInput): Promise<Saved & { patient: string }> {
  const resource = withAddress(newPatient(crypto.randomUUID(), input.traits), input.address);
  const patient = `Patient/${resource.id}`;
  const saved = await practice.save({ patient, records: [{ resource, change: 'create', replaces: [] }] });
  return { id: saved.id, patient };
}

export interface VersionChoice {
  readonly patient: string;
  readonly recordId: string;
  readonly version: string;
}

/**
 * The chosen version's content goes on as it is, and replaces all that stood beside it: a signed note among them gives way
 * to a choice, never to an edit. Throws RECORD_UNKNOWN, NOTE_SIGNED.
 */
export async function keepVersion(practice: Practice, { patient, recordId, version }: VersionChoice): Promise<Saved> {
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

/** An address with only what was given of it, checked as the rest is. */
function withAddress(patient: Patient, { line, ...place }: NewPatientInput['address']): Patient {
  if (line === undefined && Object.keys(place).length === 0) return patient;
  const home = { use: 'home', ...(line === undefined ? {} : { line: [line] }), ...place };
  return checkResource(patientSchema, { ...patient, address: [home] });
}
