import { parseJson } from '@serment/records/json-text';
import {
  codesOf,
  conceptText,
  dateText,
  dayOf,
  elementAt,
  type Fields,
  isFields,
  itemsAt,
  quantityText,
  scalarText,
  textAt,
} from '@serment/records/page/element-text';
import { displayName, isInError, whenOf } from '@serment/records/page/resource-words';
import type { RecordView } from '@serment/replica/patient-file';
import type { Language } from '../i18n/language.ts';
import type { Line } from './view.ts';

/** A record of a file, read for display. */
export interface Read {
  readonly record: RecordView;
  readonly resource: Fields;
  readonly type: string;
  readonly id: string;
  readonly when: string;
  readonly day: string;
  /** `Encounter/…` that it belongs to. */
  readonly encounter: string;
}

/** A record, and the names of its versions that were shown: what a change of it replaces. */
export interface ShownVersions {
  readonly recordId: string;
  readonly versions: readonly string[];
}

export interface ReadingContext {
  readonly language: Language;
  /** The name behind a reference, '' when unknown. */
  readonly nameOf: (reference: unknown) => string;
  readonly isDoctor?: (member: string) => boolean;
}

/** Null for a record that was removed or entered in error, or whose text cannot be read. */
export function readRecord(record: RecordView): Read | null {
  if (record.content === null || record.change === 'entered-in-error') return null;
  const resource = readResource(record.content);
  if (resource === null || isInError(resource)) return null;
  const when = whenOf(resource);
  const encounter = textAt(resource, 'encounter.reference') || textAt(resource, 'context.encounter.reference');
  return { record, resource, type: record.type, id: record.id, when, day: dayOf(when), encounter };
}

/** The resource of a record's text, numbers as they were written. */
export function readResource(content: string): Fields | null {
  try {
    const value: unknown = parseJson(content);
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}

const shortNames: Readonly<Record<string, string>> = { '85354-9': 'TA', '55284-4': 'TA' };

/** An observation as a name and a value: `TA`, `128/76`. */
export function measureLine(read: Read, { language }: ReadingContext): Line {
  const code = codesOf(elementAt(read.resource, 'code')).find((one) => Object.hasOwn(shortNames, one));
  const label = code === undefined ? conceptText(elementAt(read.resource, 'code')) : (shortNames[code] ?? '');
  return { label, detail: observationValue(read.resource, language) };
}

/** The value of an observation, whatever its type; the parts of a panel joined, a blood pressure as 128/76. */
export function observationValue(resource: Fields, language: Language): string {
  const own = valueText(resource, language);
  if (own !== '') return own;
  const parts = itemsAt(resource, 'component').filter(isFields);
  const pressure = ['8480-6', '8462-4'].map((wanted) =>
    parts.find((part) => codesOf(elementAt(part, 'code')).includes(wanted)),
  );
  if (pressure.every((part) => part !== undefined))
    return pressure.map((part) => textAt(part, 'valueQuantity.value')).join('/');
  const told = parts.map((part) => `${conceptText(elementAt(part, 'code'))} ${valueText(part, language)}`.trim());
  return told.join(', ') || conceptText(elementAt(resource, 'dataAbsentReason')) || '–';
}

function valueText(element: Fields, language: Language): string {
  for (const [name, value] of Object.entries(element)) {
    if (!name.startsWith('value')) continue;
    if (name === 'valueQuantity') return quantityText(rounded(value), language);
    if (name === 'valueDateTime') return dateText(scalarText(value), language);
    return conceptText(value) || scalarText(value);
  }
  return '';
}

/** A list shows a few figures of a measure; its record has them all. */
function rounded(quantity: unknown): unknown {
  const text = textAt(quantity, 'value');
  if (!(isFields(quantity) && /^-?\d+\.\d{3,}$/.test(text))) return quantity;
  return { ...quantity, value: String(Number(Number(text).toPrecision(4))) };
}

export function medicineText(resource: Fields): string {
  return (
    conceptText(elementAt(resource, 'medicationCodeableConcept')) ||
    textAt(resource, 'medicationReference.display') ||
    textAt(resource, 'medicationReference.reference')
  );
}

export function medicineLine(read: Read): Line {
  const detail = textAt(read.resource, 'dosageInstruction.text') || textAt(read.resource, 'dosage.text');
  return { label: medicineText(read.resource), detail };
}

/** Names by reference, from the directory's practitioners and organisations. */
export function namesOf(
  records: readonly { readonly id: string; readonly content: string }[],
): ReadingContext['nameOf'] {
  const names = new Map<string, string>();
  for (const { id, content } of records) {
    const resource = readResource(content);
    const name = resource === null ? '' : displayName(resource);
    if (name !== '') names.set(id, name);
  }
  return (reference) => textAt(reference, 'display') || (names.get(textAt(reference, 'reference')) ?? '');
}
