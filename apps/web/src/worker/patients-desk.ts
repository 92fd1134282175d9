import { type Identity, readIdentity } from '@serment/records/fhir/identity';
import { editIdentity } from '@serment/records/fhir/identity-edit';
import { checkResource } from '@serment/records/fhir/own-resource';
import { newPatient, type Patient, patientSchema } from '@serment/records/fhir/patient';
import { isJsonObject, type JsonObject, parseJson } from '@serment/records/json-text';
import type { Alike } from '@serment/replica/alike';
import type { DuplicatePair, PatientRow } from '@serment/replica/directory';
import { ReplicaError } from '@serment/replica/error';
import type { RecordView } from '@serment/replica/patient-file';
import { type MergeRequest, mergeRecords, separateRecords } from '@serment/replica/patient-merge';
import { identityTexts } from '../file-view/identity-texts.ts';
import { doctorsOf, type NamedPractitioner } from '../file-view/practitioners.ts';
import type { Language } from '../i18n/language.ts';
import { Desk } from './desk.ts';
import { nextTask } from './next-task.ts';
import type { NewPatientInput } from './protocol.ts';

/** Who a patient is, to be shown and changed. */
export interface IdentityView {
  readonly row: PatientRow;
  readonly identity: Identity;
  /** Names of the current versions. */
  readonly versions: readonly string[];
  /** Two versions stand side by side: one is to be chosen first. */
  readonly isConflict: boolean;
  /** Who may be the attending doctor among those of the practice. */
  readonly doctors: readonly NamedPractitioner[];
  readonly merged: readonly PatientRow[];
  readonly mergedInto: PatientRow | null;
}

export interface IdentityChange {
  readonly patient: string;
  readonly identity: Identity;
  /** The versions that were on the screen when it was begun. */
  readonly versions: readonly string[];
  /** Of this device's calendar, `2026-11-23`. */
  readonly today: string;
}

export interface LookAlike {
  readonly row: PatientRow;
  readonly alike: Alike;
}

/** Two records side by side. */
export interface Comparison {
  readonly left: ComparedRecord;
  readonly right: ComparedRecord;
}

export interface ComparedRecord {
  readonly row: PatientRow;
  /** What it says, each under its name, the same names in the same order for all; '' for what it does not say. */
  readonly texts: readonly (readonly [label: string, text: string])[];
  readonly versions: readonly string[];
  readonly isConflict: boolean;
}

/** Patients: who they are, and which records are one person's. */
export class PatientsDesk extends Desk {
  /** Throws RESOURCE_INVALID, SAVE_INVALID. */
  async create({ traits, address }: NewPatientInput): Promise<{ id: string; patient: string }> {
    const resource = withAddress(newPatient(crypto.randomUUID(), traits), address);
    const patient = `Patient/${resource.id}`;
    const saved = await this.practice.save({ patient, records: [{ resource, change: 'create', replaces: [] }] });
    return { id: saved.id, patient };
  }

  /** Patients who may be the one that is typed. */
  async duplicates({ traits }: Pick<NewPatientInput, 'traits'>): Promise<readonly LookAlike[]> {
    return this.practice.directory.duplicatesOf({
      family: traits.usedName ?? traits.birthName,
      birthFamily: traits.birthName,
      given: traits.usedGivenName ?? traits.firstGivenName,
      birthDate: traits.birthDate ?? null,
      sex: traits.sex,
      identifiers: traits.ins === undefined ? [] : [traits.ins.value],
      phones: [traits.mobile, traits.phone].flatMap((phone) => phone ?? []),
    });
  }

  async identity(patient: string): Promise<IdentityView> {
    const { directory } = this.practice;
    const record = await this.#record(patient);
    const survivor = directory.survivorOf(patient);
    return {
      ...shownOf(directory.get(patient), record),
      identity: readIdentity(resourceOf(record.content)),
      doctors: doctorsOf(this.practice.directoryRecords()),
      merged: directory.mergedInto(patient),
      mergedInto: survivor === patient ? null : directory.get(survivor),
    };
  }

  /**
   * Writes what was changed over the version that was on the screen: what somebody else wrote meanwhile stands beside it.
   * Throws RESOURCE_INVALID, SAVE_INVALID, RECORD_UNKNOWN.
   */
  async saveIdentity({ patient, identity, versions, today }: IdentityChange): Promise<{ id: string }> {
    const resource = editIdentity(await this.#version(patient, versions), identity, today);
    const saved = await this.practice.save({ patient, records: [{ resource, change: 'edit', replaces: versions }] });
    this.at.send({ type: 'patient', patient });
    return saved;
  }

  /** Pairs of records that may be of one person; the pages are answered between two pieces of the work. */
  async possibleDuplicates(): Promise<readonly DuplicatePair[]> {
    return this.practice.directory.possibleDuplicates(nextTask);
  }

  async compare(left: string, right: string, language: Language): Promise<Comparison> {
    const { directory } = this.practice;
    const names = new Map(doctorsOf(this.practice.directoryRecords()).map(({ id, name }) => [id, name]));
    const nameOf = (reference: string) => names.get(reference) ?? reference;
    const texts = (record: RecordView) => [...identityTexts(resourceOf(record.content), language, nameOf)];
    const [one, other] = [await this.#record(left), await this.#record(right)];
    return {
      left: { ...shownOf(directory.get(left), one), texts: texts(one) },
      right: { ...shownOf(directory.get(right), other), texts: texts(other) },
    };
  }

  async merge(request: MergeRequest): Promise<{ id: string }> {
    const saved = await mergeRecords(this.practice, request);
    for (const patient of [request.kept, request.gone]) this.at.send({ type: 'patient', patient });
    this.at.send({ type: 'directory' });
    return saved;
  }

  /** Brings back a record that was merged into another one. */
  async separate(gone: string): Promise<{ id: string }> {
    const kept = this.practice.directory.survivorOf(gone);
    const saved = await separateRecords(this.practice, gone);
    for (const patient of [kept, gone]) this.at.send({ type: 'patient', patient });
    this.at.send({ type: 'directory' });
    return saved;
  }

  async #record(patient: string): Promise<RecordView> {
    const record = this.practice.directory.get(patient) === null ? null : await this.practice.patientRecord(patient);
    if (record === null) throw new ReplicaError('PATIENT_UNKNOWN', 'No such patient in this practice');
    return record;
  }

  /** The resource that was on the screen, though another version may stand in its place by now. */
  async #version(patient: string, versions: readonly string[]): Promise<JsonObject> {
    const wanted = versions.at(-1);
    const current = (await this.#record(patient)).versions.find(({ version }) => version === wanted);
    const found = current ?? (await this.practice.history(patient, patient)).find(({ version }) => version === wanted);
    return resourceOf(found?.content ?? null);
  }
}

function shownOf(row: PatientRow | null, record: RecordView): Pick<ComparedRecord, 'row' | 'versions' | 'isConflict'> {
  if (row === null) throw new ReplicaError('PATIENT_UNKNOWN', 'No such patient in this practice');
  return { row, versions: record.versions.map(({ version }) => version), isConflict: record.isConflict };
}

function resourceOf(content: string | null): JsonObject {
  const value = content === null ? null : parseJson(content);
  if (!isJsonObject(value)) throw new ReplicaError('RECORD_UNKNOWN', 'That version is no resource');
  return value;
}

/** An address with only what was given of it, checked as the rest is. */
function withAddress(patient: Patient, { line, ...place }: NewPatientInput['address']): Patient {
  if (line === undefined && Object.keys(place).length === 0) return patient;
  const home = { use: 'home', ...(line === undefined ? {} : { line: [line] }), ...place };
  return checkResource(patientSchema, { ...patient, address: [home] });
}
