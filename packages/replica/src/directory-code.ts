import { decodeCanonical, encodeCanonical } from '@serment/core/cbor';
import type { Finding } from '@serment/core/journal/finding';
import type { PatientRow } from './directory.ts';

/** The current versions of one record of the directory, without what they say. */
export interface Held {
  readonly row: PatientRow | null;
  /** Version names in hexadecimal with the number of their entry; several stand side by side in a conflict. */
  readonly current: readonly (readonly [version: string, index: number])[];
  /** Kept for what is of no patient: practitioners, organisations and the like are few. */
  readonly content: string | null;
  /** Of what is told of a patient, such as a coverage: `Patient/…` whose it is, then who it links them to. */
  readonly told: readonly string[];
}

/** What a device keeps of the directory's fold. */
export interface StoredDirectory {
  /** Number of the last entry that it holds. */
  readonly upTo: number;
  /** Those of patients in the order of names, so that reading them sorts nothing. */
  readonly held: readonly (readonly [id: string, held: Held])[];
  readonly findings: readonly Finding[];
  /** Number of the snapshot that the fold began with, as long as nobody checked it. */
  readonly snapshot: number | null;
}

const format = 5;

// Arrays, not objects: the names of the fields would be most of the text, and half the time of an unlocking.
type RowFields = readonly [
  family: string,
  birthFamily: string | null,
  given: string,
  birthDate: string | null,
  sex: PatientRow['sex'],
  deceased: 0 | 1,
  phones: readonly string[],
  identifiers: readonly string[],
  otherNames: readonly string[],
  replacedBy: string | null,
  changedAt: number,
];
type HeldFields = readonly [
  id: string,
  row: RowFields | null,
  current: Held['current'],
  content: Held['content'],
  ...told: string[],
];

export function encodeDirectory({ upTo, held, findings, snapshot }: StoredDirectory): Uint8Array {
  const fields = held.map(
    ([id, { row, current, content, told }]): HeldFields => [id, row && fieldsOf(row), current, content, ...told],
  );
  return encodeCanonical([format, upTo, JSON.stringify({ held: fields, findings, snapshot })]);
}

/** Reads what this device sealed; null when that was another version's. */
export function decodeDirectory(bytes: Uint8Array): StoredDirectory | null {
  const value = decodeCanonical(bytes);
  const [version, upTo, text] = Array.isArray(value) ? value : [];
  if (version !== format || typeof upTo !== 'number' || typeof text !== 'string') return null;
  const { held, findings, snapshot } = JSON.parse(text) as {
    held: HeldFields[];
    findings: Finding[];
    snapshot: number | null;
  };
  return {
    ...{ upTo, findings, snapshot },
    held: held.map(([id, row, current, content, ...told]) => [
      id,
      { row: row && rowOf(id, row, current), current, content, told },
    ]),
  };
}

function fieldsOf(row: PatientRow): RowFields {
  const { family, birthFamily, given, birthDate, sex, deceased, phones, identifiers, otherNames, ...rest } = row;
  const { replacedBy, changedAt } = rest;
  const plain = [family, birthFamily, given, birthDate, sex, deceased ? 1 : 0, phones, identifiers] as const;
  return [...plain, otherNames, replacedBy, changedAt];
}

function rowOf(id: string, fields: RowFields, current: Held['current']): PatientRow {
  const [family, birthFamily, given, birthDate, sex, deceased, phones, identifiers, ...rest] = fields;
  const [otherNames, replacedBy, changedAt] = rest;
  const names = { id, family, birthFamily, given, otherNames };
  const conflict = current.length > 1;
  const state = { deceased: deceased === 1, replacedBy, changedAt, conflict };
  return { ...names, birthDate, sex, phones, identifiers, ...state };
}
