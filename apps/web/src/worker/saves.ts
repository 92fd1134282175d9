import { bytesToHex } from '@serment/core/bytes';
import { newNote } from '@serment/records/fhir/note';
import { checkResource } from '@serment/records/fhir/own-resource';
import { newPatient, type Patient, patientSchema } from '@serment/records/fhir/patient';
import { isJsonObject, parseJson } from '@serment/records/json-text';
import { ReplicaError } from '@serment/replica/error';
import type { Practice } from '@serment/replica/practice';
import type { NewPatientInput, NoteInput } from './protocol.ts';

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

/** A note is unsigned until there is a signature to give it. Throws RESOURCE_INVALID, SAVE_INVALID. */
export async function saveNote(practice: Practice, note: NoteInput): Promise<Saved> {
  // What belongs to a note of a file that was merged stands where the note does.
  const about = note.recordId ?? note.appends;
  const patient = about === null ? note.patient : await practice.ownerOf(note.patient, about);
  const id = note.recordId?.slice('Composition/'.length) ?? crypto.randomUUID();
  const resource = newNote(id, {
    status: 'preliminary',
    patient,
    author: `Practitioner/${bytesToHex(practice.keyring.member)}`,
    date: note.date,
    title: note.title,
    sections: note.sections,
    ...(note.appends === null ? {} : { appends: note.appends }),
  });
  const change = note.recordId === null ? ('create' as const) : ('edit' as const);
  return practice.save({ patient, records: [{ resource, change, replaces: note.replaces }] });
}

export interface VersionChoice {
  readonly patient: string;
  readonly recordId: string;
  readonly version: string;
}

/** The chosen version's content goes on as it is, and replaces all that stood beside it. Throws RECORD_UNKNOWN. */
export async function keepVersion(practice: Practice, { patient, recordId, version }: VersionChoice): Promise<Saved> {
  const file = await practice.readPatient(patient);
  const record = file.records.find((one) => one.id === recordId);
  const content = record?.versions.find((one) => one.version === version)?.content;
  if (!record || content == null) throw new ReplicaError('RECORD_UNKNOWN', 'That version is not there any more');
  const resource = parseJson(content);
  if (!isJsonObject(resource)) throw new ReplicaError('RECORD_UNKNOWN', 'That version is no resource');
  const replaces = record.versions.map((one) => one.version);
  return practice.save({ patient, records: [{ resource, change: 'edit', replaces }] });
}

/** An address with only what was given of it, checked as the rest is. */
function withAddress(patient: Patient, { line, ...place }: NewPatientInput['address']): Patient {
  if (line === undefined && Object.keys(place).length === 0) return patient;
  const home = { use: 'home', ...(line === undefined ? {} : { line: [line] }), ...place };
  return checkResource(patientSchema, { ...patient, address: [home] });
}
