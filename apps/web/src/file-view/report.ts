import { codeSystems } from '@serment/records/fhir/coding-system';
import { readReadingTask } from '@serment/records/fhir/reading-task';
import {
  conceptText,
  dayOf,
  elementAt,
  type Fields,
  isFields,
  itemsAt,
  quantityText,
  textAt,
} from '@serment/records/page/element-text';
import { previousCoding } from '@serment/records/received/received-records';
import { fold } from '@serment/replica/search-terms';
import type { Language } from '../i18n/language.ts';
import { observationValue, type Read } from './reading.ts';
import type { ReadMark, ReportView, ResultRow } from './view.ts';

const shownPoints = 12;

export interface ReportContext {
  readonly earlier: readonly Fields[];
  readonly language: Language;
  readonly hasDocument?: boolean;
}

/** A report's results, each with its range, its flag and what it was before. */
export function reportView(
  report: Fields,
  results: readonly Fields[],
  { earlier, language, hasDocument = false }: ReportContext,
): ReportView {
  const series = earlier.map((resource) => ({ resource, keys: keysOf(resource), day: dayOfResult(resource, '') }));
  const day = dayOf(textAt(report, 'effectiveDateTime'));
  return {
    reportId: `DiagnosticReport/${textAt(report, 'id')}`,
    patient: textAt(report, 'subject.reference').replace(/^(?!Patient\/).*$/, ''),
    sender: textAt(report, 'performer.display'),
    day,
    hasDocument,
    rows: results.map((result, place) => rowOf(result, { place, series, day: dayOfResult(result, day), language })),
  };
}

interface Earlier {
  readonly resource: Fields;
  readonly keys: ReadonlySet<string>;
  readonly day: string;
}

interface RowContext {
  readonly place: number;
  readonly series: readonly Earlier[];
  readonly day: string;
  readonly language: Language;
}

function rowOf(result: Fields, { place, series, day, language }: RowContext): ResultRow {
  const keys = keysOf(result);
  const unit = unitOf(result);
  const before = series
    .filter((one) => one.day !== '' && one.day < day && [...keys].some((key) => one.keys.has(key)))
    .sort((left, right) => (left.day < right.day ? -1 : left.day > right.day ? 1 : 0));
  const last = before.at(-1);
  const points = [...before, { resource: result, day }]
    .filter(({ resource }) => unitOf(resource) === unit && textAt(resource, 'valueQuantity.comparator') === '')
    .flatMap(({ resource, day: on }) => {
      const value = Number(textAt(resource, 'valueQuantity.value') || 'x');
      return Number.isFinite(value) ? [{ day: on, value }] : [];
    });
  const recalled = recalledIn(result);
  return {
    key: textAt(result, 'id') || String(place),
    label: conceptText(elementAt(result, 'code')),
    value: observationValue(result, language),
    range: rangeText(result, language),
    flag: flagOf(result),
    note: itemsAt(result, 'note')
      .map((note) => textAt(note, 'text'))
      .filter(Boolean)
      .join(' ; '),
    previous: last === undefined ? recalled : { value: observationValue(last.resource, language), day: last.day },
    points: points.slice(-shownPoints),
  };
}

/** Two results are of one analysis by LOINC, by their laboratory's own code, or by their name and unit. */
function keysOf(result: Fields): ReadonlySet<string> {
  const codings = itemsAt(result, 'code.coding');
  const codes = codings.flatMap((coding) => {
    const [system, code] = [textAt(coding, 'system'), textAt(coding, 'code')];
    return system === '' || code === '' ? [] : [`${system}|${code}`];
  });
  const loinc = codes.filter((code) => code.startsWith(`${codeSystems.loinc}|`));
  const name = fold(conceptText(elementAt(result, 'code')));
  return new Set([...codes, ...loinc, ...(name === '' ? [] : [`${name}|${unitOf(result)}`])]);
}

function unitOf(result: Fields): string {
  return textAt(result, 'valueQuantity.code') || textAt(result, 'valueQuantity.unit').toLowerCase();
}

function dayOfResult(result: Fields, fallback: string): string {
  return dayOf(textAt(result, 'effectiveDateTime') || textAt(result, 'effectivePeriod.start')) || fallback;
}

/** What the laboratory itself says that it was before. */
function recalledIn(result: Fields): ResultRow['previous'] {
  const { system, code } = previousCoding;
  const recalled = itemsAt(result, 'component').find(
    (one) => textAt(one, 'code.coding.system') === system && textAt(one, 'code.coding.code') === code,
  );
  if (recalled === undefined) return null;
  return { value: textAt(recalled, 'valueString'), day: dayOf(textAt(recalled, 'code.text')) };
}

/** `12,5 – 15,5`, `≤ 6,0`: the unit is the value's, unless the range has another. */
function rangeText(result: Fields, language: Language): string {
  const [range] = itemsAt(result, 'referenceRange');
  if (range === undefined) return '';
  const unit = textAt(result, 'valueQuantity.unit');
  const bound = (side: string) => {
    const element = elementAt(range, side);
    const own = textAt(element, 'unit');
    return isFields(element) ? quantityText(own === unit ? { value: element.value } : element, language) : '';
  };
  const [low, high] = [bound('low'), bound('high')];
  const told = low === '' ? (high === '' ? '' : `≤ ${high}`) : high === '' ? `≥ ${low}` : `${low} – ${high}`;
  return told || textAt(range, 'text');
}

const flags: ReadonlySet<string> = new Set<NonNullable<ResultRow['flag']>>(['L', 'LL', 'H', 'HH', 'A', 'N']);

/** As the laboratory said; else by the range that it gave. */
function flagOf(result: Fields): ResultRow['flag'] {
  const said = itemsAt(result, 'interpretation')
    .map((one) => textAt(one, 'coding.code'))
    .find((code) => flags.has(code));
  if (said !== undefined) return said as ResultRow['flag'];
  const value = Number(textAt(result, 'valueQuantity.value') || 'x');
  const comparator = textAt(result, 'valueQuantity.comparator');
  const bound = (side: string) => Number(textAt(result, `referenceRange.${side}.value`) || 'x');
  if (value < bound('low') && !comparator.startsWith('>')) return 'L';
  return value > bound('high') && !comparator.startsWith('<') ? 'H' : null;
}

/** Who read what, and who told the patient: by the record that each is about. */
export function readMarks(
  reads: readonly Read[],
  isDoctor: (member: string) => boolean,
): ReadonlyMap<string, readonly ReadMark[]> {
  const marks = new Map<string, ReadMark[]>();
  for (const { record, type } of reads) {
    const read = type === 'Task' && record.content !== null ? readReadingTask(JSON.parse(record.content)) : null;
    const focus = read?.task.focus?.reference ?? '';
    if (read === null || (read.code !== 'read' && read.code !== 'told')) continue;
    const last = record.versions.at(-1);
    const mark: ReadMark = {
      kind: read.code,
      // Whose word it is stands in the journal, whatever the Task says.
      by: last?.authorName ?? null,
      day: (read.task.executionPeriod?.end ?? '').slice(0, 10),
      counts: read.code === 'told' || (last?.authorMember != null && isDoctor(last.authorMember)),
    };
    marks.set(focus, [...(marks.get(focus) ?? []), mark]);
  }
  return marks;
}
