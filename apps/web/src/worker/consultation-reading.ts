import { codeSystems } from '@serment/records/fhir/coding-system';
import { type MeetingPlace, meetingPlace } from '@serment/records/fhir/encounter';
import { type MeasureKind, measureTypes } from '@serment/records/measures/measure-types';
import { codesOf, conceptText, elementAt, type Fields, itemsAt, textAt } from '@serment/records/page/element-text';
import type { PatientFile } from '@serment/replica/patient-file';
import { type Read, readRecord } from '../file-view/reading.ts';
import type { ActItem, BegunRecord, ConsultationInput, DiagnosisItem } from './consultation-desk.ts';
import { actMark, diagnosisMark, measureMark, meetingMark } from './consultation-marks.ts';

/** A measure of the file, in the unit of its kind. */
export interface LastMeasure {
  readonly kind: MeasureKind;
  readonly value: number;
  readonly second: number | undefined;
  /** FHIR date or date and time. */
  readonly when: string;
}

/** The records that one consultation is made of, as its editor takes them up. */
export interface ConsultationParts {
  /** `Encounter/…`; null for a note that has none. */
  readonly encounter: string | null;
  readonly place: MeetingPlace;
  readonly begun: readonly BegunRecord[];
  /** As a hand would type them. */
  readonly measures: readonly { readonly kind: MeasureKind; readonly recordId: string; readonly text: string }[];
  readonly diagnoses: readonly DiagnosisItem[];
  readonly acts: readonly ActItem[];
  /** `Composition/…` that the note completes. */
  readonly appends: string | null;
}

const kindByLoinc = new Map<string, MeasureKind>(
  Object.entries(measureTypes).map(([kind, { loinc }]) => [loinc, kind as MeasureKind]),
);

/** What of a consultation can be changed here: what another program wrote in its own way is left as it stands. */
export function consultationParts(file: PatientFile, note: string): ConsultationParts {
  const reads = file.records.flatMap((record) => readRecord(record) ?? []);
  const composition = reads.find(({ id }) => id === note);
  const encounter = composition?.encounter || null;
  const own = encounter === null ? [] : reads.filter((read) => read.encounter === encounter);
  const meeting = reads.find(({ id }) => id === encounter);
  const parts = { measures: new Map<MeasureKind, Measured>(), diagnoses: [] as DiagnosisItem[], acts: [] as ActItem[] };
  const begun: BegunRecord[] = [];
  const place = meetingPlace(textAt(meeting?.resource, 'class.code')) ?? 'practice';
  if (meeting !== undefined)
    begun.push(begunOn(meeting, meetingMark(place, conceptText(elementAt(meeting.resource, 'reasonCode')))));
  for (const read of own) {
    const measure = read.type === 'Observation' ? measureOf(read) : null;
    const diagnosis = read.type === 'Condition' ? diagnosisOf(read) : null;
    const act = read.type === 'Procedure' ? actOf(read) : null;
    if (measure !== null && !parts.measures.has(measure.kind)) {
      parts.measures.set(measure.kind, { ...measure, recordId: read.id });
      begun.push(begunOn(read, measureMark(measure)));
    }
    if (diagnosis !== null) {
      parts.diagnoses.push(diagnosis);
      begun.push(begunOn(read, diagnosisMark(diagnosis)));
    }
    if (act !== null) {
      parts.acts.push(act);
      begun.push(begunOn(read, actMark(act)));
    }
  }
  const appended = itemsAt(composition?.resource, 'relatesTo').find((one) => textAt(one, 'code') === 'appends');
  return {
    ...{ encounter, place, begun, diagnoses: parts.diagnoses, acts: parts.acts },
    measures: [...parts.measures.values()].map(({ kind, recordId, typed }) => ({ kind, recordId, text: typed })),
    appends: textAt(appended, 'targetReference.reference') || null,
  };
}

/**
 * A consultation that goes on from what its file holds of it: its draft outlived its saving when the window ended between
 * the two, or when another device typed on. Saved again, it is an edit of the same note, not a second version beside it.
 */
export function continued(input: ConsultationInput, file: PatientFile): ConsultationInput {
  const known = file.records.find(({ id }) => id === input.note);
  if (input.replaces.length > 0 || known === undefined || known.content === null) return input;
  const { begun } = consultationParts(file, input.note);
  return { ...input, replaces: known.versions.map(({ version }) => version), begun };
}

/** The last value of each kind, outside one meeting. */
export function lastMeasures(file: PatientFile, encounter: string | null): LastMeasure[] {
  const last = new Map<MeasureKind, LastMeasure>();
  for (const record of file.records) {
    if (record.type !== 'Observation') continue;
    const read = readRecord(record);
    const measure = read === null || (encounter !== null && read.encounter === encounter) ? null : measureOf(read);
    if (read === null || measure === null || read.when === '') continue;
    const { kind, value, second } = measure;
    if ((last.get(kind)?.when ?? '') < read.when) last.set(kind, { kind, value, second, when: read.when });
  }
  return [...last.values()];
}

interface Measured {
  readonly recordId: string;
  readonly kind: MeasureKind;
  readonly value: number;
  readonly second: number | undefined;
  readonly typed: string;
}

/** Null for what is no measure of a kind that is typed here, or stands in another unit. */
function measureOf({ resource }: Read): Omit<Measured, 'recordId'> | null {
  const kind = codesOf(elementAt(resource, 'code'))
    .map((code) => kindByLoinc.get(code))
    .find((one) => one !== undefined);
  if (kind === undefined) return null;
  if (kind === 'bloodPressure') return pressureOf(resource);
  const quantity = quantityOf(resource, measureTypes[kind].ucum);
  return quantity === null ? null : { kind, value: quantity.value, second: undefined, typed: quantity.typed };
}

function pressureOf(resource: Fields): Omit<Measured, 'recordId'> | null {
  const [systolic, diastolic] = ['8480-6', '8462-4'].map((code) => {
    const part = itemsAt(resource, 'component').find((one) => codesOf(elementAt(one, 'code')).includes(code));
    return part === undefined ? null : quantityOf(part, measureTypes.bloodPressure.ucum);
  });
  if (systolic == null || diastolic == null) return null;
  return {
    ...{ kind: 'bloodPressure', value: systolic.value, second: diastolic.value },
    typed: `${systolic.typed}/${diastolic.typed}`,
  };
}

function quantityOf(element: unknown, ucum: string): { readonly value: number; readonly typed: string } | null {
  const text = textAt(element, 'valueQuantity.value');
  const value = Number(text || 'x');
  if (!Number.isFinite(value) || textAt(element, 'valueQuantity.code') !== ucum) return null;
  return { value, typed: text.replace('.', ',') };
}

function diagnosisOf({ id, resource }: Read): DiagnosisItem | null {
  const categories = itemsAt(resource, 'category').flatMap(codesOf);
  if (!categories.includes('encounter-diagnosis') || categories.includes('problem-list-item')) return null;
  const coding = itemsAt(elementAt(resource, 'code'), 'coding').find(
    (one) => textAt(one, 'system') === codeSystems.cim10,
  );
  const text = textAt(resource, 'code.text') || conceptText(elementAt(resource, 'code'));
  return { recordId: id, text, code: textAt(coding, 'code') || null };
}

function actOf({ id, resource }: Read): ActItem | null {
  return { recordId: id, text: conceptText(elementAt(resource, 'code')) };
}

function begunOn({ record }: Read, was: string): BegunRecord {
  return { id: record.id, versions: record.versions.map(({ version }) => version), was };
}
